import { readFile } from "node:fs/promises";
import * as vscode from "vscode";
import { runFolder } from "../runs/folder";
import type { Run } from "../runs/store";

interface Edit {
  start: number;
  end: number;
  /** Lines more, or fewer, than before. */
  growth: number;
  /** Whether the first line, or the last one, of what was replaced stands as it did. */
  keepsFirst: boolean;
  keepsLast: boolean;
}

/** A run in a document: where each line of its script stood when it was first seen there, and how many edits came before. */
interface Start {
  lines: (number | undefined)[];
  edits: number;
}

/** Follows lines of a run's script: through the edits made before the run was seen, by its text, and since, one by one. */
export class LineMap implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly edits = new Map<string, Edit[]>();
  private readonly starts = new Map<string, Promise<void> | Start>();
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

  /** Makes sure that lines of the run are known in the document. */
  async ready(run: Run, document: vscode.TextDocument): Promise<void> {
    const key = keyOf(run, document);
    if (!this.starts.has(key)) this.starts.set(key, this.begin(run, document, key));
    await this.starts.get(key);
  }

  /** The line, from 0, where a line of the run's script is now; undefined when it was edited, or is not known yet. */
  current(run: Run, document: vscode.TextDocument, line: number): number | undefined {
    const start = this.starts.get(keyOf(run, document));
    if (!start) void this.ready(run, document);
    if (!start || start instanceof Promise) return undefined;
    let now: number | undefined = start.lines.length ? start.lines[line] : line;
    for (const each of this.editsOf(document).slice(start.edits)) {
      if (now === undefined) return undefined;
      now = moved(now, each);
    }
    return now;
  }

  /** The run goes on with a script of which nothing is known yet. */
  forget(run: Run): void {
    for (const key of this.starts.keys()) if (key.startsWith(`${run.summary.runId} `)) this.starts.delete(key);
  }

  private async begin(run: Run, document: vscode.TextDocument, key: string): Promise<void> {
    const folder = await runFolder(run);
    const script = folder && (await readFile(`${folder}/script.js`, "utf8").catch(() => undefined));
    this.starts.set(key, { lines: script ? sameLines(script, document) : [], edits: this.editsOf(document).length });
    this.changed.fire(document.uri);
  }

  private editsOf(document: vscode.TextDocument): Edit[] {
    return this.edits.get(document.uri.toString()) ?? [];
  }
}

function keyOf(run: Run, document: vscode.TextDocument): string {
  return `${run.summary.runId} ${document.uri.toString()}`;
}

/** For each line of a script the nearest line of the document with the same text. */
function sameLines(script: string, document: vscode.TextDocument): (number | undefined)[] {
  const places = new Map<string, number[]>();
  for (let line = 0; line < document.lineCount; line++) {
    const { text } = document.lineAt(line);
    const known = places.get(text);
    if (known) known.push(line);
    else places.set(text, [line]);
  }
  return script.split(/\r\n|\r|\n/).map((text, line) => {
    const found = places.get(text) ?? [];
    return found.reduce<number | undefined>(
      (best, place) => (best === undefined || Math.abs(place - line) < Math.abs(best - line) ? place : best),
      undefined,
    );
  });
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
