import * as vscode from "vscode";
import type { Review } from "../changes/review";
import type { Intercept } from "../client/server";
import type { Control } from "./control";
import type { Transcripts } from "../transcript/provider";

interface Argument {
  runId: string;
  call?: number;
  action?: string;
}

/** Commands of lenses and code actions that show something: here they show it themselves. */
export function inEditor(views: { transcripts: Transcripts; review: Review; control: Control }): Intercept {
  const target = ({ runId, call }: Argument) => ({ runId, ...(call !== undefined && { call }) });
  const shown: Record<string, (argument: Argument) => Promise<unknown> | undefined> = {
    "callsheet.stop": ({ runId }) => views.control.order("stop", runId),
    "callsheet.pause": ({ runId }) => views.control.order("pause", runId),
    "callsheet.showRun": async ({ runId }) => vscode.commands.executeCommand("callsheet.ui.showRuns", { runId }),
    "callsheet.changes": (argument) =>
      argument.action === "list" || argument.action === "diff" ? views.review.show(target(argument)) : undefined,
    "callsheet.transcript": ({ runId, call }) => views.transcripts.show(runId, call ?? 1),
  };
  return (command, [argument]) => shown[command]?.((argument ?? {}) as Argument);
}
