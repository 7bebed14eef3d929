import * as vscode from "vscode";
import type { Server } from "./server";

const FENCE = /^ {0,3}(?:`{3,}|~{3,})\s*(?:js +)?workflow\b/m;
const SCRIPTS = "**/*.workflow.{js,mjs}";

/** Starts the server when there is something for it to do: a script, a fence with one, or runs in the workspace. */
export function startOnDemand(server: Server): vscode.Disposable {
  const consider = (document: vscode.TextDocument): void => {
    if (wants(document)) void server.start();
  };
  vscode.workspace.textDocuments.forEach(consider);
  void hasRuns().then((found) => {
    if (found) void server.start();
  });
  const house = vscode.workspace.createFileSystemWatcher("**/.callsheet/**", false, true, true);
  return vscode.Disposable.from(
    house,
    house.onDidCreate(() => void server.start()),
    vscode.workspace.onDidOpenTextDocument(consider),
    vscode.workspace.onDidSaveTextDocument(consider),
  );
}

function wants(document: vscode.TextDocument): boolean {
  if (document.languageId === "callsheet") return true;
  return document.languageId === "markdown" && FENCE.test(document.getText());
}

async function hasRuns(): Promise<boolean> {
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    const found = await vscode.workspace.fs.stat(vscode.Uri.joinPath(uri, ".callsheet")).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return (await vscode.workspace.findFiles(SCRIPTS, undefined, 1)).length > 0;
}
