import * as vscode from "vscode";
import type { AgentState } from "../protocol";
import { duration, joined } from "../runs/format";
import { agentLook, runLook } from "../runs/status";
import type { Run, RunStore } from "../runs/store";

/** What a command may be given: a node of the tree, or the same fields from a lens, a notice or another extension. */
export interface Target {
  runId?: string;
  call?: number;
}

export function targetOf(argument: unknown): Target {
  return typeof argument === "object" && argument !== null ? (argument as Target) : {};
}

/** The run that a command is about: the one it was given, the only one it fits, or one that the person picks. */
export async function chooseRun(
  store: RunStore,
  target: Target,
  fits: (run: Run) => boolean,
  none: string,
): Promise<Run | undefined> {
  if (target.runId) return store.load(target.runId);
  const editor = vscode.window.activeTextEditor;
  const ofDocument = editor ? store.forDocument(editor.document.uri).find(fits) : undefined;
  if (ofDocument) return store.load(ofDocument.summary.runId);
  const runs = store.list().filter(fits);
  if (!runs.length) {
    void vscode.window.showInformationMessage(none);
    return undefined;
  }
  if (runs.length === 1 && runs[0]) return store.load(runs[0].summary.runId);
  const picked = await vscode.window.showQuickPick(
    runs.map((run) => ({
      label: `$(${runLook(run.summary.status).icon}) ${run.summary.name}`,
      description: joined(runLook(run.summary.status).text, duration(run.summary.durationMs)),
      detail: run.summary.runId,
      run,
    })),
    { title: "Run", matchOnDetail: true },
  );
  return picked && store.load(picked.run.summary.runId);
}

/** The agent that a command is about. */
export async function chooseAgent(
  store: RunStore,
  target: Target,
  fits: (agent: AgentState) => boolean,
  none: string,
): Promise<{ run: Run; agent: AgentState } | undefined> {
  const run = await chooseRun(store, target, ({ agents, complete }) => !complete || [...agents.values()].some(fits), none);
  if (!run) return undefined;
  if (target.call !== undefined) {
    const agent = run.agents.get(target.call);
    return agent && { run, agent };
  }
  const agents = [...run.agents.values()].filter(fits);
  if (!agents.length) {
    void vscode.window.showInformationMessage(none);
    return undefined;
  }
  const picked =
    agents.length === 1
      ? { agent: agents[0] }
      : await vscode.window.showQuickPick(
          agents.map((agent) => ({
            label: `${agentLook(agent.status).sign} ${agent.label}`,
            description: joined(agent.phase, agentLook(agent.status).text),
            agent,
          })),
          { title: "Agent" },
        );
  return picked?.agent && { run, agent: picked.agent };
}
