import * as vscode from "vscode";
import type { Review } from "../changes/review";
import type { Server } from "../client/server";
import type { Reports } from "../report/panel";
import type { Previews } from "../runs/previews";
import type { Questions } from "../runs/questions";
import { isResumable } from "../runs/status";
import type { RunStore } from "../runs/store";
import type { Transcripts } from "../transcript/provider";
import type { LineMap } from "../views/lineMap";
import type { RunTree } from "../views/tree";
import type { Control } from "./control";
import { openScript } from "./go";
import { fenceAt, run, runWithArguments, scriptUri } from "./start";
import { chooseAgent, chooseRun, targetOf, type Target } from "./target";
import { newWorkflow, runSelection } from "./write";

export interface Parts {
  server: Server;
  store: RunStore;
  tree: RunTree;
  lines: LineMap;
  transcripts: Transcripts;
  review: Review;
  reports: Reports;
  questions: Questions;
  previews: Previews;
  control: Control;
}

const any = (): boolean => true;

/** Every command of the palette and the menus. The server's own commands (`callsheet.run`, …) are the client's. */
export function registerCommands(parts: Parts): vscode.Disposable[] {
  const { server, store, tree, lines, transcripts, review, reports, questions, previews, control } = parts;
  const withScript = (act: (uri: vscode.Uri) => Promise<unknown>) => async (argument: unknown) => {
    const uri = scriptUri(argument);
    if (uri) await act(uri);
  };
  const withRun = (fits: Parameters<typeof chooseRun>[2], none: string, act: (runId: string) => unknown) => {
    return async (target: Target) => {
      const chosen = await chooseRun(store, target, fits, none);
      if (chosen) await act(chosen.summary.runId);
    };
  };
  const withChanges = (act: (target: { runId: string; call?: number }) => Promise<void>) => async (target: Target) => {
    const given = target.runId ? target : (review.reviewed ?? target);
    const chosen = await chooseRun(store, given, hasChanges, "No isolated agent left changes.");
    if (chosen) await act({ runId: chosen.summary.runId, ...(given.call !== undefined && { call: given.call }) });
  };

  const ofScripts: Record<string, (argument: unknown) => Promise<unknown>> = {
    "callsheet.ui.runWorkflow": withScript((uri) => run(server, uri)),
    "callsheet.ui.dryRun": withScript((uri) => run(server, uri, { dryRun: true })),
    "callsheet.ui.runWithArguments": withScript((uri) => runWithArguments(server, uri)),
    "callsheet.ui.planWorkflow": withScript(async (uri) => {
      await vscode.workspace.openTextDocument(uri);
      const fence = fenceAt(uri);
      await previews.show({ uri: uri.toString(), ...(fence && { fence }) });
    }),
    "callsheet.ui.runSelection": () => runSelection(server),
    "callsheet.ui.newWorkflow": () => newWorkflow(),
  };
  const ofRuns: Record<string, (target: Target) => unknown> = {
    "callsheet.ui.resumeRun": (target) => control.resume(target),
    "callsheet.ui.resumeEdited": (target) => control.resume(target, true),
    "callsheet.ui.stopRun": (target) => control.stop(target),
    "callsheet.ui.pauseRun": (target) => control.pause(target),
    "callsheet.ui.skipCall": (target) => control.skip(target),
    "callsheet.ui.removeRun": (target) => control.remove(target),
    "callsheet.ui.openReport": withRun(any, "There are no runs yet.", (runId) => reports.show(runId)),
    "callsheet.ui.planResume": withRun(({ summary }) => isResumable(summary.status), "There is no run to resume.", (runId) =>
      previews.show({ runId }),
    ),
    "callsheet.ui.copyRunId": withRun(any, "There are no runs yet.", (runId) => vscode.env.clipboard.writeText(runId)),
    "callsheet.ui.openScript": async (target) => {
      const chosen = await chooseRun(store, target, any, "There are no runs yet.");
      if (chosen) await openScript(chosen, lines, chosen.summary.error?.line, chosen.summary.error?.file);
    },
    "callsheet.ui.openCall": async (target) => {
      const chosen = await chooseAgent(store, target, any, "No agent has been called yet.");
      if (chosen) await openScript(chosen.run, lines, chosen.agent.line, chosen.agent.file);
    },
    "callsheet.ui.openTranscript": async (target) => {
      const chosen = await chooseAgent(store, target, any, "No agent has been called yet.");
      if (chosen) await transcripts.show(chosen.run.summary.runId, chosen.agent.call);
    },
    "callsheet.ui.answerQuestion": async (target) => {
      const chosen = await chooseRun(store, target, (each) => each.questions.size > 0, "No run waits for an answer.");
      const question = chosen && (chosen.questions.get(target.call ?? -1) ?? [...chosen.questions.values()][0]);
      if (question) await questions.ask(question);
    },
    "callsheet.ui.showChanges": withChanges((target) => review.show(target)),
    "callsheet.ui.applyChanges": withChanges((target) => review.apply(target)),
    "callsheet.ui.dropChanges": withChanges((target) => review.drop(target)),
    "callsheet.ui.showRuns": async (target) => {
      await vscode.commands.executeCommand("callsheet.runs.focus");
      const runId = target.runId ?? store.newest()?.summary.runId;
      if (runId) await tree.reveal(runId);
    },
    "callsheet.ui.filterFailed": () => tree.filter(true),
    "callsheet.ui.filterOff": () => tree.filter(false),
    "callsheet.ui.restartServer": () => server.restart(),
    "callsheet.ui.showOutput": () => server.showOutput(),
  };
  return [
    ...Object.entries(ofScripts).map(([name, act]) => command(name, act)),
    ...Object.entries(ofRuns).map(([name, act]) => command(name, async (argument) => act(targetOf(argument)))),
  ];
}

function hasChanges({ agents, complete }: { agents: ReadonlyMap<number, { worktree: { ref: string | null } | null }>; complete: boolean }): boolean {
  return !complete || [...agents.values()].some((agent) => agent.worktree?.ref);
}

function command(name: string, act: (argument: unknown) => Promise<unknown>): vscode.Disposable {
  return vscode.commands.registerCommand(name, async (argument: unknown) => {
    try {
      return await act(argument);
    } catch (error) {
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  });
}
