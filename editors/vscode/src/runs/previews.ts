import * as vscode from "vscode";
import type { Server } from "../client/server";
import { type Plan, planText } from "./plan";

const SCHEME = "callsheet-plan";

/** What a run or a resume would do, as read-only documents. */
export class Previews implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly texts = new Map<string, string>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly server: Server) {
    this.subscriptions = [
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.texts.delete(uri.toString())),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? "";
  }

  async show(request: { uri?: string; fence?: number; runId?: string }): Promise<void> {
    const plan = await this.server.execute<Plan>("callsheet.plan", request);
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/Preview of ${plan.name}.md`, query: request.runId ?? "" });
    this.texts.set(uri.toString(), planText(plan));
    this.changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
  }
}
