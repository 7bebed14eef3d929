import * as vscode from "vscode";
import type { AgentState, AgentStatus } from "../protocol";
import { agentsLine } from "../runs/format";
import { agentLook, combined } from "../runs/status";
import type { Run, RunStore } from "../runs/store";
import type { LineMap } from "./lineMap";

const GUTTER: Record<AgentStatus, string> = {
  queued: "queued",
  running: "running",
  waiting: "running",
  done: "done",
  replayed: "replayed",
  failed: "failed",
  skipped: "warning",
  stopped: "stopped",
};

/** The state of the newest run beside the lines of its agents: a sign in the gutter, a few words after the text. */
export class Decorations implements vscode.Disposable {
  private readonly types = new Map<string, vscode.TextEditorDecorationType>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly store: RunStore,
    private readonly lines: LineMap,
    media: vscode.Uri,
  ) {
    for (const name of new Set(Object.values(GUTTER))) {
      const failed = name === "failed";
      this.types.set(
        name,
        vscode.window.createTextEditorDecorationType({
          gutterIconPath: vscode.Uri.joinPath(media, "state", `${name}.svg`),
          gutterIconSize: "contain",
          rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
          after: { margin: "0 0 0 2em", color: new vscode.ThemeColor("editorCodeLens.foreground") },
          ...(failed && {
            overviewRulerColor: new vscode.ThemeColor("testing.iconFailed"),
            overviewRulerLane: vscode.OverviewRulerLane.Right,
          }),
        }),
      );
    }
    this.subscriptions = [
      ...this.types.values(),
      store.onDidChange(() => this.showAll()),
      lines.onDidChange(() => this.showAll()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.showAll()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("callsheet.decorations")) this.showAll();
      }),
    ];
    this.showAll();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private showAll(): void {
    for (const editor of vscode.window.visibleTextEditors) this.show(editor);
  }

  private show(editor: vscode.TextEditor): void {
    const on = vscode.workspace.getConfiguration("callsheet").get<boolean>("decorations", true);
    const run = on ? this.store.forDocument(editor.document.uri)[0] : undefined;
    const options = new Map<string, vscode.DecorationOptions[]>();
    for (const [line, agents] of run ? this.sites(run, editor.document) : []) {
      const name = GUTTER[combined(agents)] ?? "queued";
      options.set(name, [...(options.get(name) ?? []), option(editor.document, line, agents)]);
    }
    for (const [name, type] of this.types) editor.setDecorations(type, options.get(name) ?? []);
  }

  /** Agents by the line, from 0, that their call stands on now. */
  private sites(run: Run, document: vscode.TextDocument): Map<number, AgentState[]> {
    const sites = new Map<number, AgentState[]>();
    for (const agent of run.agents.values()) {
      // What a nested workflow called stands in a file of its own.
      if (agent.line === null || agent.line === undefined || agent.file) continue;
      const line = this.lines.current(run, document, agent.line - 1);
      if (line === undefined || line >= document.lineCount) continue;
      sites.set(line, [...(sites.get(line) ?? []), agent]);
    }
    return sites;
  }
}

function option(document: vscode.TextDocument, line: number, agents: AgentState[]): vscode.DecorationOptions {
  const end = document.lineAt(line).range.end;
  const hover = new vscode.MarkdownString();
  for (const agent of agents.slice(0, 20)) {
    hover.appendText(`${agentLook(agent.status).sign} ${agent.label}`).appendMarkdown("  \n");
  }
  if (agents.length > 20) hover.appendText(`and ${agents.length - 20} more`);
  return {
    range: new vscode.Range(end, end),
    hoverMessage: hover,
    renderOptions: { after: { contentText: agentsLine(agents) } },
  };
}
