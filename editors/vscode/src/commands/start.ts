import * as vscode from "vscode";
import type { Server } from "../client/server";

const FENCES = /^ {0,3}(?:`{3,}|~{3,})\s*(?:js +)?workflow\b/gm;
const TRUST = "Manage Workspace Trust";

export interface RunOptions {
  dryRun?: boolean;
  args?: unknown;
}

/** Has the server run a document as it stands in the editor. */
export async function run(server: Server, uri: vscode.Uri, options: RunOptions = {}): Promise<string | undefined> {
  if (!vscode.workspace.isTrusted) {
    const text = "Workflows run in trusted workspaces only.";
    if ((await vscode.window.showWarningMessage(text, TRUST)) === TRUST)
      await vscode.commands.executeCommand("workbench.trust.manage");
    return undefined;
  }
  // The server knows only documents that are open.
  await vscode.workspace.openTextDocument(uri);
  const fence = fenceAt(uri);
  const started = vscode.window.setStatusBarMessage(options.dryRun ? "$(sync~spin) Starting the dry run…" : "$(sync~spin) Starting the run…");
  try {
    const answer = await server.execute<{ runId?: string } | null>("callsheet.run", { uri: uri.toString(), fence, ...options });
    return answer?.runId;
  } finally {
    started.dispose();
  }
}

export async function runWithArguments(server: Server, uri: vscode.Uri): Promise<void> {
  const text = await vscode.window.showInputBox({
    title: "Arguments of the workflow",
    prompt: 'JSON, such as {"path": "src"}; the script reads it as `args`',
    ignoreFocusOut: true,
    validateInput: (value) => (parse(value) === undefined ? "This is no JSON." : undefined),
  });
  if (text !== undefined) await run(server, uri, { args: parse(text)?.value });
}

/** The script a command is about: the file it was called on, else the one in the editor. */
export function scriptUri(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  const document = vscode.window.activeTextEditor?.document;
  if (document && (document.languageId === "callsheet" || document.languageId === "markdown")) return document.uri;
  void vscode.window.showInformationMessage("Open a workflow script first.");
  return undefined;
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: text.trim() ? JSON.parse(text) : undefined };
  } catch {
    return undefined;
  }
}

/** Number of the workflow fence that the cursor is in or behind, from 1; undefined in a script of its own. */
export function fenceAt(uri: vscode.Uri): number | undefined {
  const editor = vscode.window.activeTextEditor;
  const document = editor?.document;
  if (!editor || document?.languageId !== "markdown" || document.uri.toString() !== uri.toString()) return undefined;
  const above = document.getText(new vscode.Range(0, 0, editor.selection.active.line + 1, 0));
  return Math.max(1, above.match(FENCES)?.length ?? 1);
}
