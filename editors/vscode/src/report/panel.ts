import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { runLook } from "../runs/status";
import type { RunStore } from "../runs/store";
import type { ReportData, ReportRequest } from "./model";

const UPDATE_MS = 250;
const COMMANDS = { transcript: "callsheet.ui.openTranscript", changes: "callsheet.ui.showChanges", call: "callsheet.ui.openCall" };

/** Reports of runs, one panel each, that follow the run while it goes on. */
export class Reports implements vscode.Disposable {
  private readonly panels = new Map<string, vscode.WebviewPanel>();
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly store: RunStore,
    private readonly extension: vscode.Uri,
  ) {
    this.subscription = store.onDidChange(({ runs, agents }) => {
      for (const runId of this.panels.keys()) if (runs.has(runId) || agents.has(runId)) this.update(runId);
    });
  }

  dispose(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    for (const panel of this.panels.values()) panel.dispose();
    this.subscription.dispose();
  }

  async show(runId: string): Promise<void> {
    const run = await this.store.load(runId);
    if (!run) return;
    const existing = this.panels.get(runId);
    if (existing) {
      existing.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel("callsheet.report", `Report: ${run.summary.name}`, vscode.ViewColumn.Active, {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(this.extension, "dist"), vscode.Uri.joinPath(this.extension, "media")],
      retainContextWhenHidden: true,
    });
    this.panels.set(runId, panel);
    panel.onDidDispose(() => this.panels.delete(runId));
    panel.webview.onDidReceiveMessage((request: ReportRequest) => {
      if (request.kind === "ready") this.send(runId);
      else void vscode.commands.executeCommand(COMMANDS[request.kind], { runId, call: request.call });
    });
    panel.webview.html = this.page(panel.webview);
  }

  private update(runId: string): void {
    if (this.waiting.has(runId)) return;
    this.waiting.set(
      runId,
      setTimeout(() => {
        this.waiting.delete(runId);
        this.send(runId);
      }, UPDATE_MS),
    );
  }

  private send(runId: string): void {
    const run = this.store.get(runId);
    if (!run) return;
    const panel = this.panels.get(runId);
    if (!panel) return;
    const agents = [...run.agents.values()].sort((a, b) => a.call - b.call);
    const data: ReportData = { summary: run.summary, agents, logs: run.logs };
    panel.iconPath = vscode.Uri.joinPath(this.extension, "media", "state", `${runLook(run.summary.status).file}.svg`);
    void panel.webview.postMessage(data);
  }

  private page(webview: vscode.Webview): string {
    const nonce = randomBytes(16).toString("base64");
    const script = webview.asWebviewUri(vscode.Uri.joinPath(this.extension, "dist", "report.js"));
    const style = webview.asWebviewUri(vscode.Uri.joinPath(this.extension, "media", "report.css"));
    const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
    return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>Run report</title>
</head>
<body>
<main id="report"></main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
  }
}
