import * as vscode from "vscode";
import type { Server } from "../client/server";
import type { AgentState } from "../protocol";
import { isFailed } from "../runs/status";
import type { Change, Run, RunStore } from "../runs/store";
import { agentItem, errorItem, phaseItem, questionItem, runItem, type Node, type RunNode } from "./nodes";

const RUNS_SHOWN = 200;
const NO_PHASE = "Agents";

/** The run view: runs, their phases, the agents in them. */
export class RunTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<Node[] | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly nodes = new Map<string, Node>();
  private readonly view: vscode.TreeView<Node>;
  private readonly subscriptions: vscode.Disposable[];
  private onlyFailed = false;

  constructor(
    private readonly store: RunStore,
    private readonly server: Server,
  ) {
    this.view = vscode.window.createTreeView("callsheet.runs", { treeDataProvider: this, showCollapseAll: true });
    this.subscriptions = [
      this.view,
      this.changed,
      store.onDidChange((change) => this.onChange(change)),
      server.onDidChangeState(() => this.describe()),
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible) void server.start();
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  filter(onlyFailed: boolean): void {
    this.onlyFailed = onlyFailed;
    void vscode.commands.executeCommand("setContext", "callsheet.onlyFailed", onlyFailed);
    this.describe();
    this.changed.fire(undefined);
  }

  async reveal(runId: string): Promise<void> {
    if (!this.store.get(runId)) return;
    // A run that has only just come may not be in the tree yet; the view is open all the same.
    await Promise.resolve(this.view.reveal(this.runNode(runId), { select: true, focus: false, expand: true })).catch(() => undefined);
  }

  get selection(): Node | undefined {
    return this.view.selection[0];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const item = this.item(node);
    item.id = node.id;
    return item;
  }

  async getChildren(parent?: Node): Promise<Node[]> {
    if (!parent) {
      const runs = this.store.list().filter((run) => !this.onlyFailed || run.summary.counts.failed > 0 || run.summary.error);
      return runs.slice(0, RUNS_SHOWN).map((run) => this.runNode(run.summary.runId));
    }
    if (parent.kind === "run") {
      const run = await this.store.load(parent.runId);
      return run ? this.inRun(run) : [];
    }
    if (parent.kind === "phase") {
      const run = this.store.get(parent.runId);
      return run ? this.agents(run, parent.title).map((agent) => this.agentNode(agent)) : [];
    }
    return [];
  }

  getParent(node: Node): Node | undefined {
    if (node.kind === "run") return undefined;
    const agent = node.kind === "agent" ? this.store.get(node.runId)?.agents.get(node.call) : undefined;
    return agent ? this.phaseNode(agent.runId, agent.phase ?? NO_PHASE) : this.runNode(node.runId);
  }

  private inRun(run: Run): Node[] {
    const { runId, error } = run.summary;
    const titles = new Set(this.agents(run).map((agent) => agent.phase ?? NO_PHASE));
    const questions = [...run.questions.keys()].map((call) =>
      this.node({ kind: "question", id: `${runId}?${call}`, runId, call }),
    );
    // That a person stopped it, the run itself says.
    const errors = error && error.code !== "WORKFLOW_ABORTED" ? [this.node({ kind: "error", id: `${runId}!`, runId })] : [];
    return [...questions, ...errors, ...[...titles].map((title) => this.phaseNode(runId, title))];
  }

  private item(node: Node): vscode.TreeItem {
    const run = this.store.get(node.runId);
    if (!run) return new vscode.TreeItem(node.runId);
    switch (node.kind) {
      case "run":
        return runItem(run);
      case "phase":
        return phaseItem(node.title, this.agents(run, node.title));
      case "agent": {
        const agent = run.agents.get(node.call);
        return agent ? agentItem(agent) : new vscode.TreeItem(String(node.call));
      }
      case "question": {
        const question = run.questions.get(node.call);
        return question ? questionItem(question) : new vscode.TreeItem("answered");
      }
      case "error":
        return errorItem(run);
    }
  }

  private agents(run: Run, phase?: string): AgentState[] {
    const all = [...run.agents.values()].sort((a, b) => a.call - b.call);
    return all.filter(
      (agent) => (phase === undefined || (agent.phase ?? NO_PHASE) === phase) && (!this.onlyFailed || isFailed(agent)),
    );
  }

  private onChange(change: Change): void {
    this.describe();
    if (change.list || this.onlyFailed) {
      this.changed.fire(undefined);
      return;
    }
    const nodes: Node[] = [...change.runs].map((runId) => this.runNode(runId));
    for (const [runId, calls] of change.agents) {
      if (change.runs.has(runId)) continue;
      const phases = new Set<string>();
      for (const call of calls) {
        const agent = this.store.get(runId)?.agents.get(call);
        if (!agent) continue;
        nodes.push(this.agentNode(agent));
        phases.add(agent.phase ?? NO_PHASE);
      }
      for (const title of phases) nodes.push(this.phaseNode(runId, title));
    }
    if (nodes.length) this.changed.fire(nodes);
  }

  private describe(): void {
    const active = this.store.active().length;
    this.view.badge = active ? { value: active, tooltip: active === 1 ? "1 run is active" : `${active} runs are active` } : undefined;
    this.view.description = this.onlyFailed ? "failed only" : "";
    const live = this.server.state === "running" || !this.store.list().length;
    this.view.message = live ? "" : "The server is not connected: what follows is the last that it told.";
  }

  private runNode(runId: string): RunNode {
    return this.node({ kind: "run", id: runId, runId });
  }

  private phaseNode(runId: string, title: string): Node {
    return this.node({ kind: "phase", id: `${runId}#${title}`, runId, title });
  }

  private agentNode(agent: AgentState): Node {
    return this.node({ kind: "agent", id: `${agent.runId}/${agent.call}`, runId: agent.runId, call: agent.call });
  }

  /** One object for one id: the tree finds a node to refresh by identity. */
  private node<N extends Node>(fresh: N): N {
    const known = this.nodes.get(fresh.id);
    if (known) return known as N;
    this.nodes.set(fresh.id, fresh);
    return fresh;
  }
}
