import * as vscode from "vscode";
import type { Server } from "../client/server";
import type { AgentState, Question, RunSummary } from "../protocol";
import { isActive } from "./status";

export interface Run {
  summary: RunSummary;
  agents: Map<number, AgentState>;
  logs: string[];
  questions: Map<number, Question>;
  /** Folder of the run, where the server told it. */
  folder: string | undefined;
  /** Whether `agents` holds every agent, not only those heard of since the server started. */
  complete: boolean;
}

/** What changed since the last event. */
export interface Change {
  /** Runs came or went. */
  list: boolean;
  /** Runs whose summary, phases or questions changed. */
  runs: ReadonlySet<string>;
  /** Agents that changed, by run. */
  agents: ReadonlyMap<string, ReadonlySet<number>>;
}

/** `callsheet.showRun`: a summary with everything that is known of the run. */
interface RunDetail extends Omit<RunSummary, "questions"> {
  agents?: AgentState[];
  logs?: string[];
  questions?: Question[];
  folder?: string;
}

const BATCH_MS = 100;
const LOGS_KEPT = 500;

/** The runs of the workspace, as the server tells them. Every view reads from here, none keeps a state of its own. */
export class RunStore implements vscode.Disposable {
  private readonly runs = new Map<string, Run>();
  private readonly loading = new Map<string, Promise<void>>();
  private readonly changed = new vscode.EventEmitter<Change>();
  readonly onDidChange = this.changed.event;
  private readonly asked = new vscode.EventEmitter<Question>();
  readonly onDidAsk = this.asked.event;
  private readonly ended = new vscode.EventEmitter<Run>();
  /** A run that was seen active has ended. */
  readonly onDidEnd = this.ended.event;
  private readonly resumed = new vscode.EventEmitter<Run>();
  /** A run goes on, maybe with another script. */
  readonly onDidResume = this.resumed.event;

  private pendingList = false;
  private pendingRuns = new Set<string>();
  private pendingAgents = new Map<string, Set<number>>();
  private timer: NodeJS.Timeout | undefined;
  private lastFlush = 0;

  constructor(private readonly server: Server) {
    server.onNotification<RunSummary>("callsheet/run", (run) => this.onRun(run));
    server.onNotification<AgentState>("callsheet/agent", (agent) => this.onAgent(agent));
    server.onNotification<{ runId: string; line: string }>("callsheet/log", ({ runId, line }) => this.onLog(runId, line));
    server.onNotification<Question>("callsheet/question", (question) => this.onQuestion(question));
    server.onDidChangeState((state) => {
      if (state === "running") void this.reload();
    });
  }

  /** Newest first. */
  list(): Run[] {
    return [...this.runs.values()].sort((a, b) => (a.summary.runId < b.summary.runId ? 1 : -1));
  }

  get(runId: string): Run | undefined {
    return this.runs.get(runId);
  }

  newest(): Run | undefined {
    const all = this.list();
    return all.find((run) => isActive(run.summary.status)) ?? all[0];
  }

  active(): Run[] {
    return this.list().filter((run) => isActive(run.summary.status));
  }

  forDocument(uri: vscode.Uri): Run[] {
    const wanted = uri.toString();
    return this.list().filter((run) => run.summary.uri && vscode.Uri.parse(run.summary.uri).toString() === wanted);
  }

  /** The run with all its agents; asks the server once. */
  async load(runId: string): Promise<Run | undefined> {
    if (!this.runs.get(runId)?.complete) {
      let under = this.loading.get(runId);
      if (!under) {
        under = this.fetch(runId).finally(() => this.loading.delete(runId));
        this.loading.set(runId, under);
      }
      await under;
    }
    return this.runs.get(runId);
  }

  /** Shows at once what was ordered; the server's next word on the run replaces it. */
  async expect(runId: string, status: "stopping" | "pausing", order: () => Promise<unknown>): Promise<void> {
    const run = this.runs.get(runId);
    const before = run?.summary;
    if (run && before) run.summary = { ...before, status };
    this.mark({ runs: [runId] });
    try {
      await order();
    } catch (error) {
      if (run && before && run.summary.status === status) run.summary = before;
      this.mark({ runs: [runId] });
      throw error;
    }
  }

  forget(runId: string): void {
    if (this.runs.delete(runId)) this.mark({ list: true });
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const emitter of [this.changed, this.asked, this.ended, this.resumed]) emitter.dispose();
  }

  private async reload(): Promise<void> {
    const summaries = await this.server.execute<RunSummary[]>("callsheet.runs", {});
    const known = new Set(summaries.map((summary) => summary.runId));
    for (const runId of this.runs.keys()) if (!known.has(runId)) this.runs.delete(runId);
    for (const summary of summaries) this.onRun(summary);
    const complete = [...this.runs.values()].filter((run) => run.complete);
    for (const run of complete) run.complete = false;
    this.mark({ list: true });
    const wanted = new Set([...complete, ...this.active()].map((run) => run.summary.runId));
    const newest = this.newest()?.summary.runId;
    if (newest) wanted.add(newest);
    await Promise.all([...wanted].map((runId) => this.load(runId)));
  }

  private async fetch(runId: string): Promise<void> {
    const detail = await this.server.execute<RunDetail | null>("callsheet.showRun", { runId });
    if (!detail) return;
    const { agents = [], logs = [], questions = [], folder, ...summary } = detail;
    const run = this.ensure(summary);
    run.summary = { ...run.summary, ...summary };
    run.agents = new Map(agents.map((agent) => [agent.call, { ...agent, runId }]));
    run.logs = logs.slice(-LOGS_KEPT);
    run.folder = folder;
    run.complete = true;
    for (const question of questions) this.onQuestion({ ...question, runId });
    this.mark({ runs: [runId] });
  }

  private ensure(summary: RunSummary): Run {
    let run = this.runs.get(summary.runId);
    if (!run) {
      run = { summary, agents: new Map(), logs: [], questions: new Map(), folder: undefined, complete: false };
      this.runs.set(summary.runId, run);
      this.mark({ list: true });
    }
    return run;
  }

  private onRun(summary: RunSummary): void {
    if (summary.status === "removed") {
      this.forget(summary.runId);
      return;
    }
    const run = this.ensure(summary);
    const wasActive = isActive(run.summary.status);
    run.summary = { ...run.summary, ...summary };
    this.mark({ runs: [summary.runId] });
    if (!wasActive && isActive(summary.status)) this.resumed.fire(run);
    const open = summary.questions;
    if (open) for (const call of run.questions.keys()) if (!open.includes(call)) this.settle(run, call);
    if (isActive(summary.status)) {
      if (!run.complete && this.server.state === "running") void this.load(summary.runId);
    } else {
      run.questions.clear();
      if (wasActive) void this.settleEnd(run);
    }
  }

  /** The end may be told before the last of the agents: the whole is asked for once more. */
  private async settleEnd(run: Run): Promise<void> {
    await this.loading.get(run.summary.runId);
    run.complete = false;
    await this.load(run.summary.runId);
    this.ended.fire(run);
  }

  private onAgent(agent: AgentState): void {
    const run = this.runs.get(agent.runId);
    if (!run) return;
    const before = run.agents.get(agent.call);
    run.agents.set(agent.call, agent);
    if (agent.status !== "running" && agent.status !== "waiting") this.settle(run, agent.call);
    this.mark(before && before.phase === agent.phase ? { agents: [agent] } : { agents: [agent], runs: [agent.runId] });
  }

  private onLog(runId: string, line: string): void {
    const run = this.runs.get(runId);
    if (!run) return;
    run.logs.push(line);
    if (run.logs.length > LOGS_KEPT) run.logs.splice(0, run.logs.length - LOGS_KEPT);
  }

  private onQuestion(question: Question): void {
    const run = this.runs.get(question.runId);
    if (!run || run.questions.has(question.call)) return;
    run.questions.set(question.call, question);
    this.mark({ runs: [question.runId] });
    this.asked.fire(question);
  }

  /** The question of this call was answered, here or elsewhere. */
  settle(run: Run, call: number): void {
    if (run.questions.delete(call)) this.mark({ runs: [run.summary.runId] });
  }

  private mark(what: { list?: boolean; runs?: string[]; agents?: AgentState[] }): void {
    this.pendingList ||= what.list ?? false;
    for (const runId of what.runs ?? []) this.pendingRuns.add(runId);
    for (const agent of what.agents ?? []) {
      const calls = this.pendingAgents.get(agent.runId) ?? new Set();
      this.pendingAgents.set(agent.runId, calls.add(agent.call));
    }
    // The first change shows at once, what follows within the batch together.
    this.timer ??= setTimeout(() => this.flush(), Math.max(0, this.lastFlush + BATCH_MS - Date.now()));
  }

  private flush(): void {
    const change = { list: this.pendingList, runs: this.pendingRuns, agents: this.pendingAgents };
    this.pendingList = false;
    this.pendingRuns = new Set();
    this.pendingAgents = new Map();
    this.timer = undefined;
    this.lastFlush = Date.now();
    this.changed.fire(change);
  }
}
