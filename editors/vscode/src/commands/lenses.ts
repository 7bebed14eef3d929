import * as vscode from "vscode";
import type { Review } from "../changes/review";
import type { Intercept } from "../client/server";
import type { Transcripts } from "../transcript/provider";

interface Argument {
  runId: string;
  call?: number;
  action?: string;
}

/** Commands of lenses and code actions that only ask the server for something to show: here they show it. */
export function inEditor(views: { transcripts: Transcripts; review: Review }): Intercept {
  const target = ({ runId, call }: Argument) => ({ runId, ...(call !== undefined && { call }) });
  const shown: Record<string, (argument: Argument) => Promise<unknown> | undefined> = {
    "callsheet.showRun": async ({ runId }) => vscode.commands.executeCommand("callsheet.ui.showRuns", { runId }),
    "callsheet.showChanges": (argument) => views.review.show(target(argument)),
    "callsheet.changes": (argument) =>
      argument.action === "list" || argument.action === "diff" ? views.review.show(target(argument)) : undefined,
    "callsheet.transcript": ({ runId, call }) => views.transcripts.show(runId, call ?? 1),
  };
  return (command, [argument]) => shown[command]?.((argument ?? {}) as Argument);
}
