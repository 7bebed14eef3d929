import type { AgentState } from "../protocol";
import { agentLook } from "./status";

/** `850 ms`, `12.3 s`, `4 min 05 s`, `1 h 12 min`. */
export function duration(ms: number | null | undefined): string {
  if (!ms) return "";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(Math.floor(seconds % 60))} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** `640 tok`, `4.1k tok`, `1.2M tok`. */
export function tokens(count: number | null | undefined): string {
  if (!count) return "";
  if (count < 1000) return `${count} tok`;
  if (count < 1_000_000) return `${(count / 1000).toFixed(1)}k tok`;
  return `${(count / 1_000_000).toFixed(1)}M tok`;
}

/** US dollars; empty where no price is known. */
export function cost(usd: number | null | undefined): string {
  if (usd === null || usd === undefined) return "";
  if (usd > 0 && usd < 0.01) return "<$0.01";
  return `$${usd.toFixed(2)}`;
}

export function joined(...parts: (string | null | undefined | false)[]): string {
  return parts.filter(Boolean).join(" · ");
}

/** One line about one agent or about all the agents of a call site. */
export function agentsLine(agents: readonly AgentState[]): string {
  const [only, ...more] = agents;
  if (!only) return "";
  const sumTokens = agents.reduce((sum, agent) => sum + (agent.tokens ?? 0), 0);
  const known = agents.filter((agent) => agent.cost !== null && agent.cost !== undefined);
  const sumCost = known.length ? known.reduce((sum, agent) => sum + (agent.cost ?? 0), 0) : null;
  if (!more.length) {
    const { sign, text } = agentLook(only.status);
    const state = only.status === "done" ? "" : text;
    return `${sign} ${joined(state, only.reason?.message, duration(only.durationMs), tokens(sumTokens), cost(sumCost))}`;
  }
  const counts = new Map<string, number>();
  for (const agent of agents) counts.set(agent.status, (counts.get(agent.status) ?? 0) + 1);
  const states = [...counts].map(([status, count]) => `${agentLook(status as AgentState["status"]).sign} ${count} ${status}`);
  return joined(`${states.join(", ")} of ${agents.length}`, tokens(sumTokens), cost(sumCost));
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
