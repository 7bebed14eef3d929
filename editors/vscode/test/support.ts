import * as vscode from "vscode";
import type { Api } from "../src/extension";

/** Resolves with the first truthy value, looked for whenever one of the events fires. */
export async function when<T>(
  what: string,
  find: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  ...events: vscode.Event<unknown>[]
): Promise<T> {
  const timeoutMs = 90_000;
  return new Promise<T>((resolve, reject) => {
    const subscriptions: vscode.Disposable[] = [];
    const end = (act: () => void): void => {
      clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
      act();
    };
    const look = async (): Promise<void> => {
      try {
        const found = await find();
        if (found) end(() => resolve(found));
      } catch (error) {
        end(() => reject(error));
      }
    };
    const timer = setTimeout(() => end(() => reject(new Error(`did not come: ${what}`))), timeoutMs);
    for (const event of events) subscriptions.push(event(() => void look()));
    void look();
  });
}

/** Asks again until there is an answer: the editor drops what a provider says while it looks at something newer. */
export async function asked<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`did not come: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

export async function api(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>("callsheet.callsheet");
  if (!extension) throw new Error("the extension is not installed");
  return extension.activate();
}

export async function open(name: string): Promise<vscode.TextDocument> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) throw new Error("no folder is open");
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, name));
  await vscode.window.showTextDocument(document);
  return document;
}

/** Replaces the text of a document. */
export async function rewrite(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  await vscode.workspace.applyEdit(edit);
}

/** Problems of a document, once they are as wanted. */
export function problems(
  document: vscode.TextDocument,
  what: string,
  wanted: (found: vscode.Diagnostic[]) => boolean,
  source = "callsheet",
): Promise<vscode.Diagnostic[]> {
  return when(
    what,
    () => {
      const found = vscode.languages.getDiagnostics(document.uri).filter((each) => each.source === source);
      return wanted(found) && found;
    },
    vscode.languages.onDidChangeDiagnostics,
  );
}
