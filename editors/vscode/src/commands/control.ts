import * as vscode from "vscode";
import type { Server } from "../client/server";
import { isActive, isResumable } from "../runs/status";
import type { Run, RunStore } from "../runs/store";
import { chooseAgent, chooseRun, type Target } from "./target";

const REMOVE = "Remove";
const SKIPPABLE = new Set(["queued", "running", "waiting"]);

/** Acts on runs: stop, pause, resume, skip, remove. */
export class Control {
  constructor(
    private readonly server: Server,
    private readonly store: RunStore,
  ) {}

  async stop(target: Target): Promise<void> {
    const run = await chooseRun(this.store, target, active, "No run is active.");
    if (run) await this.order("stop", run.summary.runId);
  }

  async pause(target: Target): Promise<void> {
    const run = await chooseRun(this.store, target, active, "No run is active.");
    if (run) await this.order("pause", run.summary.runId);
  }

  /** Gives the order, and shows at once that it was given. */
  order(what: "stop" | "pause", runId: string): Promise<void> {
    const status = what === "stop" ? "stopping" : "pausing";
    return this.store.expect(runId, status, () => this.server.execute(`callsheet.${what}`, { runId }));
  }

  /** Resumes a run: what finished is replayed, what failed or never ran is run. */
  async resume(target: Target, edited = false): Promise<void> {
    const run = await chooseRun(this.store, target, resumable, "There is no run to resume.");
    if (!run) return;
    const { runId, uri } = run.summary;
    if (edited && uri) await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
    await this.server.execute("callsheet.resume", edited && uri ? { runId, uri } : { runId });
  }

  async skip(target: Target): Promise<void> {
    const chosen = await chooseAgent(this.store, target, ({ status }) => SKIPPABLE.has(status), "No agent is at work.");
    if (chosen) await this.server.execute("callsheet.skipAgent", { runId: chosen.run.summary.runId, call: chosen.agent.call });
  }

  async remove(target: Target): Promise<void> {
    const run = await chooseRun(this.store, target, (each) => !active(each), "There is no run to remove.");
    if (!run) return;
    const { runId, name } = run.summary;
    const detail = "Its results, transcripts and the changes that its agents left are deleted.";
    const choice = await vscode.window.showWarningMessage(`Remove run ${runId} of "${name}"?`, { modal: true, detail }, REMOVE);
    if (choice !== REMOVE) return;
    await this.server.execute("callsheet.removeRun", { runId });
    this.store.forget(runId);
  }
}

function active(run: Run): boolean {
  return isActive(run.summary.status);
}

function resumable(run: Run): boolean {
  return isResumable(run.summary.status);
}
