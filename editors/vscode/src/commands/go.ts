import * as vscode from "vscode";
import { runFolder } from "../runs/folder";
import type { Run } from "../runs/store";
import type { LineMap } from "../views/lineMap";

/** Opens the script of a run, or of a workflow in it, at a line of the script as it was run (from 1). */
export async function openScript(run: Run, lines: LineMap, line?: number | null, file?: string | null): Promise<void> {
  const document = file ? await vscode.workspace.openTextDocument(vscode.Uri.file(file)) : await scriptOf(run);
  if (!file) await lines.ready(run, document);
  const known = file ? undefined : lines.current(run, document, (line ?? 1) - 1);
  const now = line ? (known ?? line - 1) : 0;
  const at = Math.min(now, document.lineCount - 1);
  const selection = new vscode.Range(at, 0, at, 0);
  await vscode.window.showTextDocument(document, line ? { selection } : {});
}

/** The document that was run; where it is gone, the copy that the run keeps. */
async function scriptOf(run: Run): Promise<vscode.TextDocument> {
  const { uri } = run.summary;
  if (uri) {
    try {
      return await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
    } catch {
      // Deleted since, or an untitled buffer that was closed.
    }
  }
  const folder = await runFolder(run);
  if (!folder) throw new Error("The script of this run is not on this machine.");
  return vscode.workspace.openTextDocument(vscode.Uri.file(`${folder}/script.js`));
}
