import * as vscode from "vscode";
import type { Server } from "../client/server";
import { cost, joined } from "../runs/format";
import { isActive, runLook } from "../runs/status";
import type { RunStore } from "../runs/store";

const PRIORITY = 50;

/** One item for the newest run; a click shows it in the run view. */
export class RunStatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("callsheet.run", vscode.StatusBarAlignment.Left, PRIORITY);
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly store: RunStore,
    private readonly server: Server,
  ) {
    this.item.name = "Callsheet Run";
    this.item.command = "callsheet.ui.showRuns";
    this.subscriptions = [this.item, store.onDidChange(() => this.show()), server.onDidChangeState(() => this.show())];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private show(): void {
    const run = this.store.newest();
    if (!run || this.server.state !== "running") {
      this.showServer();
      return;
    }
    const { name, status, counts, usage, phase, error } = run.summary;
    const look = runLook(status);
    const counted = status === "running" || status.startsWith("completed");
    const progress = counts.total && counted ? `${counts.done + counts.replayed}/${counts.total}` : look.text;
    this.item.text = `$(${look.icon}) ${joined(`${name} ${progress}`, cost(usage.cost))}`;
    this.item.tooltip = joined(run.summary.simulated && "simulated agents", look.text, isActive(status) && phase, counts.failed > 0 && `${counts.failed} failed`, error?.message);
    const failed = status === "failed";
    this.item.backgroundColor = failed ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
    if (run.questions.size) {
      this.item.text = `$(question) ${name}: waits for an answer`;
      this.item.backgroundColor = new vscode.ThemeColor("statusBarItem.warningBackground");
    }
    this.item.show();
  }

  private showServer(): void {
    this.item.backgroundColor = undefined;
    if (this.server.state === "starting") {
      this.item.text = "$(sync~spin) Callsheet";
      this.item.tooltip = "The server is starting";
      this.item.show();
    } else if (this.server.state === "failed") {
      this.item.text = "$(error) Callsheet";
      this.item.tooltip = "The server is not running";
      this.item.show();
    } else this.item.hide();
  }
}
