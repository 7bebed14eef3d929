import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import * as path from "node:path";
import * as vscode from "vscode";

/** How the server is started. */
export interface ServerCommand {
  command: string;
  args: string[];
}

export type Missing =
  | { reason: "python"; detail: string }
  | { reason: "version"; python: string; detail: string }
  | { reason: "package"; python: string; detail: string };

const MODULE = "callsheet_server";
const EXECUTABLE = process.platform === "win32" ? "callsheet-lsp.exe" : "callsheet-lsp";
const VENV_BIN = process.platform === "win32" ? "Scripts" : "bin";
const PYTHONS = process.platform === "win32" ? ["python.exe", "py.exe"] : ["python3", "python"];
const PROBE = `import sys, importlib.util as u; print(sys.version_info >= (3, 11), u.find_spec("${MODULE}") is not None)`;
const PROBE_TIMEOUT_MS = 20_000;

/** Finds the command of the server: settings, the workspace's environment, the `PATH`, any Python with the package. */
export async function locateServer(): Promise<ServerCommand | Missing> {
  const settings = vscode.workspace.getConfiguration("callsheet");
  const [command, ...args] = (settings.get<string[] | null>("server.command") ?? []).map(expand);
  if (command) return { command, args };

  const chosen = settings.get<string | null>("python");
  if (chosen) return (await probe(expand(chosen))) ?? { command: expand(chosen), args: ["-m", MODULE] };

  const found = (await inWorkspace()) ?? (await onPath(EXECUTABLE));
  if (found) return { command: found, args: [] };
  return anyPython();
}

async function anyPython(): Promise<ServerCommand | Missing> {
  let closest: Missing | undefined;
  for (const name of PYTHONS) {
    const python = await onPath(name);
    if (!python) continue;
    const missing = await probe(python);
    if (!missing) return { command: python, args: ["-m", MODULE] };
    closest ??= missing;
  }
  return closest ?? { reason: "python", detail: `None of ${PYTHONS.join(", ")} is on the PATH.` };
}

/** What an interpreter lacks, if anything. */
async function probe(python: string): Promise<Missing | undefined> {
  const answer = await new Promise<string | Error>((resolve) => {
    execFile(python, ["-c", PROBE], { timeout: PROBE_TIMEOUT_MS }, (error, out) => resolve(error ?? out.trim()));
  });
  if (answer instanceof Error) return { reason: "python", detail: `${python} does not run: ${answer.message}` };
  const [newEnough, hasPackage] = answer.split(" ");
  if (newEnough !== "True") return { reason: "version", python, detail: `${python} is older than Python 3.11.` };
  if (hasPackage !== "True") return { reason: "package", python, detail: `${python} has no package \`callsheet\`.` };
  return undefined;
}

async function inWorkspace(): Promise<string | undefined> {
  // A workspace that is not trusted must not choose what we start.
  if (!vscode.workspace.isTrusted) return undefined;
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    if (folder.uri.scheme !== "file") continue;
    const file = path.join(folder.uri.fsPath, ".venv", VENV_BIN, EXECUTABLE);
    if (await isExecutable(file)) return file;
  }
  return undefined;
}

async function onPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env["PATH"] ?? "").split(path.delimiter)) {
    const file = path.join(folder, name);
    if (path.isAbsolute(folder) && (await isExecutable(file))) return file;
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function expand(text: string): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  const home = process.env["HOME"] ?? process.env["USERPROFILE"] ?? "";
  return text
    .replaceAll("${workspaceFolder}", folder)
    .replaceAll("${userHome}", home)
    .replace(/^~(?=[/\\])/, home);
}
