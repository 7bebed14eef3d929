import * as vscode from "vscode";
import type { Server } from "../client/server";
import { run } from "./start";

const META = /^\s*export\s+const\s+meta\b/m;

function template(name: string, description: string): string {
  return `export const meta = {
  name: ${JSON.stringify(name)},
  description: ${JSON.stringify(description)},
  phases: [{ title: 'Look' }, { title: 'Report' }],
};

phase('Look');
const files = await agent('List the source files of this project, one path a line.', {
  label: 'list files',
  schema: {
    type: 'object',
    properties: { paths: { type: 'array', items: { type: 'string' } } },
    required: ['paths'],
  },
});

const notes = await parallel(
  (files?.paths ?? []).slice(0, 5).map((path) => () => agent(\`Say in one sentence what \${path} is for.\`, { label: path })),
);

phase('Report');
return agent(\`Write a short overview of the project from these notes:\\n\${notes.filter(Boolean).join('\\n')}\`, { label: 'overview' });
`;
}

/** Asks for a name, and opens a new script that runs as it is. */
export async function newWorkflow(): Promise<void> {
  const name = await vscode.window.showInputBox({
    title: "New Workflow Script",
    prompt: "Name of the workflow",
    value: "my-workflow",
    validateInput: (value) => (value.trim() ? undefined : "A workflow needs a name."),
  });
  if (!name) return;
  const description = await vscode.window.showInputBox({ title: "New Workflow Script", prompt: "What it does" });
  if (description === undefined) return;
  const text = template(name.trim(), description.trim() || name.trim());
  const folder = await chooseFolder();
  if (!folder) {
    await open(await vscode.workspace.openTextDocument({ language: "callsheet", content: text }));
    return;
  }
  const slug = name.trim().toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "") || "workflow";
  const directory = vscode.Uri.joinPath(folder.uri, ".callsheet", "workflows");
  const uri = await freeName(directory, slug);
  await vscode.workspace.fs.createDirectory(directory);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  await open(await vscode.workspace.openTextDocument(uri));
}

/** Runs the selected text as a workflow of its own, in an untitled buffer; `meta` is added where it has none. */
export async function runSelection(server: Server): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const text = editor?.document.getText(editor.selection);
  if (!text?.trim()) {
    void vscode.window.showInformationMessage("Select the statements to run first.");
    return;
  }
  const name = editor?.document.uri.path.split("/").at(-1) ?? "editor";
  const head = `export const meta = { name: 'selection', description: ${JSON.stringify(`Selection of ${name}`)} };\n\n`;
  const content = META.test(text) ? text : head + text + "\n";
  const document = await vscode.workspace.openTextDocument({ language: "callsheet", content });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside });
  await run(server, document.uri);
}

async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length > 1 ? vscode.window.showWorkspaceFolderPick() : folders[0];
}

async function freeName(directory: vscode.Uri, slug: string): Promise<vscode.Uri> {
  for (let number = 1; ; number++) {
    const uri = vscode.Uri.joinPath(directory, number === 1 ? `${slug}.js` : `${slug}-${number}.js`);
    try {
      await vscode.workspace.fs.stat(uri);
    } catch {
      return uri;
    }
  }
}

async function open(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document);
}
