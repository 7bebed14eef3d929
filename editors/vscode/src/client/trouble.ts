import * as vscode from "vscode";
import type { Missing } from "./locate";

const INSTALL = "Install with pip";
const CHOOSE = "Choose Interpreter";
const OUTPUT = "Show Output";
const RESTART = "Restart Server";
const HELP = "Get Started";

const MESSAGES: Record<Missing["reason"], { text: string; buttons: string[] }> = {
  python: { text: "Callsheet needs Python 3.11 or newer, and found none.", buttons: [CHOOSE, HELP] },
  version: { text: "Callsheet needs Python 3.11 or newer.", buttons: [CHOOSE, HELP] },
  package: { text: "The Python package `callsheet` is not installed.", buttons: [INSTALL, CHOOSE, HELP] },
};

/** Says what is missing, and offers the way out. */
export async function reportMissing(missing: Missing): Promise<void> {
  const { text, buttons } = MESSAGES[missing.reason];
  const choice = await vscode.window.showErrorMessage(`${text} ${missing.detail}`, ...buttons);
  if (choice === INSTALL && missing.reason === "package") install(missing.python);
  else await act(choice);
}

/** Says that the server ended or did not start. */
export async function reportFailure(detail: string): Promise<void> {
  await act(await vscode.window.showErrorMessage(`Callsheet's server is not running: ${detail}`, RESTART, OUTPUT, CHOOSE));
}

function install(python: string): void {
  const terminal = vscode.window.createTerminal({ name: "Install Callsheet" });
  terminal.show();
  terminal.sendText(`"${python}" -m pip install callsheet`);
  const restart = vscode.window.onDidCloseTerminal((closed) => {
    if (closed !== terminal) return;
    restart.dispose();
    void vscode.commands.executeCommand("callsheet.ui.restartServer");
  });
}

async function act(choice: string | undefined): Promise<void> {
  if (choice === CHOOSE) await vscode.commands.executeCommand("workbench.action.openSettings", "callsheet.python");
  else if (choice === OUTPUT) await vscode.commands.executeCommand("callsheet.ui.showOutput");
  else if (choice === RESTART) await vscode.commands.executeCommand("callsheet.ui.restartServer");
  else if (choice === HELP)
    await vscode.commands.executeCommand("workbench.action.openWalkthrough", "callsheet.callsheet#start");
}
