import * as vscode from "vscode";

interface Edit {
  start: number;
  end: number;
  /** Lines more, or fewer, than before. */
  growth: number;
  /** Whether the first line, or the last one, of what was replaced stands as it did. */
  keepsFirst: boolean;
  keepsLast: boolean;
}

/** Follows lines of a run's script through the edits made since the run was first seen. */
export class LineMap implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly edits = new Map<string, Edit[]>();
  /** How many of a document's edits came before a run was seen. */
  private readonly starts = new Map<string, number>();
  private readonly subscriptions: vscode.Disposable[];

  constructor() {
    this.subscriptions = [
      this.changed,
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const followed = document.languageId === "callsheet" || document.languageId === "markdown";
        if (!followed || !contentChanges.length) return;
        const key = document.uri.toString();
        // From the last to the first in the file, so that none moves another.
        const changes = [...contentChanges].sort((a, b) => b.rangeOffset - a.rangeOffset);
        this.edits.set(key, [...(this.edits.get(key) ?? []), ...changes.map((change) => edit(document, change))]);
        this.changed.fire(document.uri);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        const key = document.uri.toString();
        this.edits.delete(key);
        for (const start of this.starts.keys()) if (start.endsWith(` ${key}`)) this.starts.delete(start);
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** The line, from 0, where a line of the run's script is now; undefined when it was edited. */
  current(runId: string, document: vscode.TextDocument, line: number): number | undefined {
    const edits = this.edits.get(document.uri.toString()) ?? [];
    const key = `${runId} ${document.uri.toString()}`;
    const start = this.starts.get(key) ?? edits.length;
    this.starts.set(key, start);
    let now: number | undefined = line;
    for (const each of edits.slice(start)) {
      now = moved(now, each);
      if (now === undefined) return undefined;
    }
    return now;
  }
}

function edit(document: vscode.TextDocument, change: vscode.TextDocumentContentChangeEvent): Edit {
  const { start, end } = change.range;
  const added = change.text.split(/\r\n|\r|\n/).length - 1;
  const tail = document.lineAt(Math.min(start.line + added, document.lineCount - 1)).text;
  return {
    start: start.line,
    end: end.line,
    growth: added - (end.line - start.line),
    // A line broken at its very end, as the Enter key does.
    keepsFirst: change.range.isEmpty && start.character > 0 && /^\r?\n/.test(change.text) && tail.trim() === "",
    // Whole lines put in, or taken away, above it.
    keepsLast: end.character === 0 && (start.character === 0 || change.text.endsWith("\n")) && (change.text === "" || change.text.endsWith("\n")),
  };
}

function moved(line: number, edit: Edit): number | undefined {
  if (line < edit.start) return line;
  if (line > edit.end) return line + edit.growth;
  if (line === edit.end && edit.keepsLast) return line + edit.growth;
  return line === edit.start && edit.keepsFirst ? line : undefined;
}
