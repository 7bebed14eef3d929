import type { AgentState, RunSummary } from "../protocol";

/** What the extension tells the report's page. */
export interface ReportData {
  summary: RunSummary;
  agents: AgentState[];
  logs: string[];
}

/** What the page asks of the extension. */
export type ReportRequest = { kind: "ready" } | { kind: "transcript" | "changes" | "call"; call: number };

export interface Total {
  name: string;
  agents: number;
  tokens: number;
  /** US dollars, null when no price is known. */
  cost: number | null;
  durationMs: number;
}

/** Sums of agents by phase, model or another property, in order of first use. */
export function totals(agents: readonly AgentState[], by: (agent: AgentState) => string): Total[] {
  const sums = new Map<string, Total>();
  for (const agent of agents) {
    const name = by(agent);
    const sum = sums.get(name) ?? { name, agents: 0, tokens: 0, cost: null, durationMs: 0 };
    sum.agents += 1;
    sum.tokens += agent.tokens ?? 0;
    sum.durationMs += agent.durationMs ?? 0;
    if (agent.cost !== null && agent.cost !== undefined) sum.cost = (sum.cost ?? 0) + agent.cost;
    sums.set(name, sum);
  }
  return [...sums.values()];
}

export interface Bar {
  /** Milliseconds since the first agent began. */
  start: number;
  end: number;
}

/** When each agent worked. Agents that never began have no bar. */
export function bars(agents: readonly AgentState[], now: number): { bars: Map<number, Bar>; span: number } {
  const begun = agents.filter((agent) => agent.startedAt);
  const first = Math.min(...begun.map((agent) => Date.parse(agent.startedAt ?? "")));
  const found = new Map<number, Bar>();
  let span = 1;
  for (const agent of begun) {
    const start = Date.parse(agent.startedAt ?? "") - first;
    const working = agent.status === "running" || agent.status === "waiting";
    const end = working ? Math.max(start, now - first) : start + (agent.durationMs ?? 0);
    found.set(agent.call, { start, end });
    span = Math.max(span, end);
  }
  return { bars: found, span };
}
