import type { AgentState, AgentStatus, RunStatus } from "../protocol";

interface Look {
  /** Codicon. */
  icon: string;
  /** Theme colour of the icon. */
  color: string | undefined;
  text: string;
}

const GREEN = "testing.iconPassed";
const RED = "testing.iconFailed";
const YELLOW = "list.warningForeground";
const BLUE = "charts.blue";
const GREY = "disabledForeground";

interface RunLook extends Look {
  /** Picture of `media/state/`. */
  file: "running" | "stopped" | "done" | "warning" | "failed";
  active: boolean;
}

const RUNS: Record<RunStatus, RunLook> = {
  starting: { icon: "sync~spin", color: BLUE, text: "starting", file: "running", active: true },
  running: { icon: "sync~spin", color: BLUE, text: "running", file: "running", active: true },
  pausing: { icon: "sync~spin", color: YELLOW, text: "pausing", file: "running", active: true },
  stopping: { icon: "sync~spin", color: YELLOW, text: "stopping", file: "running", active: true },
  paused: { icon: "debug-pause", color: YELLOW, text: "paused", file: "stopped", active: false },
  stopped: { icon: "circle-slash", color: GREY, text: "stopped", file: "stopped", active: false },
  completed: { icon: "pass", color: GREEN, text: "completed", file: "done", active: false },
  completed_with_failures: { icon: "warning", color: YELLOW, text: "completed with failures", file: "warning", active: false },
  failed: { icon: "error", color: RED, text: "failed", file: "failed", active: false },
  interrupted: { icon: "debug-disconnect", color: YELLOW, text: "interrupted", file: "stopped", active: false },
  removed: { icon: "trash", color: GREY, text: "removed", file: "stopped", active: false },
};

const AGENTS: Record<AgentStatus, Look & { sign: string }> = {
  queued: { icon: "circle-outline", color: GREY, text: "queued", sign: "○" },
  running: { icon: "sync~spin", color: BLUE, text: "running", sign: "◐" },
  waiting: { icon: "watch", color: YELLOW, text: "waiting", sign: "◔" },
  done: { icon: "pass", color: GREEN, text: "done", sign: "✓" },
  replayed: { icon: "history", color: GREEN, text: "replayed", sign: "↺" },
  failed: { icon: "error", color: RED, text: "failed", sign: "✗" },
  skipped: { icon: "debug-step-over", color: YELLOW, text: "skipped", sign: "⤼" },
  stopped: { icon: "circle-slash", color: GREY, text: "stopped", sign: "■" },
};

export function runLook(status: RunStatus): RunLook {
  return RUNS[status] ?? { icon: "question", color: undefined, text: status, file: "stopped", active: false };
}

export function agentLook(status: AgentStatus): Look & { sign: string } {
  return AGENTS[status] ?? { icon: "question", color: undefined, text: status, sign: "?" };
}

export function isActive(status: RunStatus): boolean {
  return RUNS[status]?.active ?? false;
}

export function isResumable(status: RunStatus): boolean {
  return !isActive(status);
}

export function isFailed(agent: AgentState): boolean {
  return agent.status === "failed" || agent.status === "skipped";
}

/** The state to show for several agents of one line or phase: the one that most wants attention. */
const URGENCY: readonly AgentStatus[] = ["failed", "running", "waiting", "skipped", "stopped", "queued", "done", "replayed"];

export function combined(agents: readonly AgentState[]): AgentStatus {
  return URGENCY.find((status) => agents.some((agent) => agent.status === status)) ?? "queued";
}
