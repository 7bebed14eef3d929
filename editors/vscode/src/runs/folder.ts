import { access } from "node:fs/promises";
import * as path from "node:path";
import * as vscode from "vscode";
import type { Run } from "./store";

/** The folder `.callsheet/runs/<run id>` of a run, looked for from the script and the workspace folders upwards. */
export async function runFolder(run: Run): Promise<string | undefined> {
  if (run.folder) return run.folder;
  for (const start of starts(run)) {
    for (let folder = start; ; folder = path.dirname(folder)) {
      const candidate = path.join(folder, ".callsheet", "runs", run.summary.runId);
      if (await exists(candidate)) return (run.folder = candidate);
      if (folder === path.dirname(folder)) break;
    }
  }
  return undefined;
}

/** The folder that holds `.callsheet/`. */
export async function projectFolder(run: Run): Promise<string | undefined> {
  const folder = await runFolder(run);
  return folder && path.dirname(path.dirname(path.dirname(folder)));
}

function starts(run: Run): string[] {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file").map(({ uri }) => uri.fsPath);
  const script = run.summary.uri ? vscode.Uri.parse(run.summary.uri) : undefined;
  return script?.scheme === "file" ? [path.dirname(script.fsPath), ...folders] : folders;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
