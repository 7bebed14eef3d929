import * as vscode from "vscode";
import type { RunStore } from "../runs/store";
import { runFolder } from "../runs/folder";
import { FollowedFile } from "./follow";
import { TranscriptText } from "./render";

const SCHEME = "callsheet-transcript";

/** The address of an agent's transcript: a read-only Markdown document, so that it folds and has an outline. */
export function transcriptUri(runId: string, call: number, label: string): vscode.Uri {
  const name = label.replace(/[/\\?#\s]+/g, " ").trim().slice(0, 60);
  return vscode.Uri.from({ scheme: SCHEME, path: `/${runId}/${call} ${name}.md`, query: `${runId}/${call}` });
}

interface Open {
  file: FollowedFile;
  text: TranscriptText;
  /** Whether the reader is at the end, and so wants to stay there. */
  atEnd: boolean;
}

/** Transcripts as virtual documents that grow as the agent works. */
export class Transcripts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly open = new Map<string, Open>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly store: RunStore) {
    this.subscriptions = [
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidCloseTextDocument((document) => this.close(document.uri)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.followEnd(document)),
      store.onDidChange((change) => this.onAgents(change.agents)),
    ];
  }

  dispose(): void {
    for (const { file } of this.open.values()) file.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  async show(runId: string, call: number): Promise<void> {
    const run = await this.store.load(runId);
    const agent = run?.agents.get(call);
    const uri = transcriptUri(runId, call, agent?.label ?? "agent");
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true, preserveFocus: false });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const [runId, call] = address(uri);
    const run = await this.store.load(runId);
    if (!run) return `# ${runId}\n\nThere is no such run any more.\n`;
    const key = uri.toString();
    let open = this.open.get(key);
    if (!open) {
      const folder = await runFolder(run);
      if (!folder) return `# ${runId}\n\nThe folder of this run is not on this machine.\n`;
      const text = new TranscriptText();
      const file = new FollowedFile(`${folder}/agents/${call}.jsonl`, (lines, restarted) => {
        if (restarted) text.clear();
        text.add(lines);
        this.rememberPlace(uri);
        this.changed.fire(uri);
      });
      open = { file, text, atEnd: true };
      this.open.set(key, open);
      open.text.add(await file.start());
    }
    return open.text.render(run.agents.get(call), run.summary);
  }

  /** The head of a transcript tells the agent's state. */
  private onAgents(agents: ReadonlyMap<string, ReadonlySet<number>>): void {
    for (const key of this.open.keys()) {
      const uri = vscode.Uri.parse(key);
      const [runId, call] = address(uri);
      if (agents.get(runId)?.has(call)) {
        this.rememberPlace(uri);
        this.changed.fire(uri);
      }
    }
  }

  private close(uri: vscode.Uri): void {
    this.open.get(uri.toString())?.file.dispose();
    this.open.delete(uri.toString());
  }

  private rememberPlace(uri: vscode.Uri): void {
    const open = this.open.get(uri.toString());
    const editor = this.editor(uri);
    if (open && editor) open.atEnd = (editor.visibleRanges.at(-1)?.end.line ?? 0) >= editor.document.lineCount - 2;
  }

  private followEnd(document: vscode.TextDocument): void {
    const editor = this.open.get(document.uri.toString())?.atEnd ? this.editor(document.uri) : undefined;
    if (!editor) return;
    const end = document.lineAt(document.lineCount - 1).range.end;
    editor.revealRange(new vscode.Range(end, end));
  }

  private editor(uri: vscode.Uri): vscode.TextEditor | undefined {
    return vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
  }
}

function address(uri: vscode.Uri): [string, number] {
  const [runId = "", call = "0"] = uri.query.split("/");
  return [runId, Number(call)];
}
