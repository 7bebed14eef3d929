import * as vscode from "vscode";
import { duration, cost, joined } from "./format";
import { runLook } from "./status";
import type { Run, RunStore } from "./store";

const REPORT = "Open Report";
const CHANGES = "Show Changes";
const RESUME = "Resume";

/** Tells of a run's end when its script is not in sight. One notice for one run. */
export function announceEnds(store: RunStore): vscode.Disposable {
  return store.onDidEnd((run) => {
    if (!inSight(run)) void announce(run);
  });
}

function inSight({ summary }: Run): boolean {
  if (!vscode.window.state.focused || !summary.uri) return false;
  const uri = vscode.Uri.parse(summary.uri).toString();
  return vscode.window.visibleTextEditors.some((editor) => editor.document.uri.toString() === uri);
}

async function announce(run: Run): Promise<void> {
  const { runId, name, status, error, durationMs, usage } = run.summary;
  const text = `${name} ${runLook(status).text}. ${joined(error?.message, duration(durationMs), cost(usage.cost))}`;
  const changed = [...run.agents.values()].some((agent) => agent.worktree?.ref);
  const buttons = [REPORT, ...(changed ? [CHANGES] : []), ...(status === "completed" ? [] : [RESUME])];
  const show = status === "failed" ? vscode.window.showErrorMessage : vscode.window.showInformationMessage;
  const choice = await show(text, ...buttons);
  const command = { [REPORT]: "callsheet.ui.openReport", [CHANGES]: "callsheet.ui.showChanges", [RESUME]: "callsheet.ui.resumeRun" };
  if (choice) await vscode.commands.executeCommand(command[choice as keyof typeof command], { runId });
}
