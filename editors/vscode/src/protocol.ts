/** Shapes that the server sends. Further fields may come; unknown states are shown as they are. */

export type RunStatus =
  | "starting"
  | "running"
  | "pausing"
  | "stopping"
  | "paused"
  | "stopped"
  | "completed"
  | "completed_with_failures"
  | "failed"
  | "interrupted"
  | "removed";

export type AgentStatus =
  | "queued"
  | "running"
  | "waiting"
  | "done"
  | "replayed"
  | "failed"
  | "skipped"
  | "stopped";

export interface Usage {
  input?: number;
  output?: number;
  total?: number;
  cost?: number | null;
  estimated?: boolean;
}

export interface Counts {
  total: number;
  done: number;
  running: number;
  queued: number;
  failed: number;
  replayed: number;
}

export interface ErrorInfo {
  code: string;
  message: string;
  /** The nested workflow's file that `line` counts in, where it was one. */
  file?: string | null;
  line?: number | null;
  column?: number | null;
}

export interface Reason {
  code: string;
  message: string;
}

export interface Worktree {
  path: string;
  ref: string | null;
}

/** `callsheet/run`, and one entry of `callsheet.runs`. Durations in milliseconds. */
export interface RunSummary {
  runId: string;
  uri: string | null;
  name: string;
  status: RunStatus;
  phase: string | null;
  counts: Counts;
  usage: Usage;
  /** ISO 8601. */
  startedAt: string | null;
  durationMs: number | null;
  error: ErrorInfo | null;
  /** Whether answers are made up. */
  simulated?: boolean;
  /** Calls that wait for an answer. */
  questions?: number[];
}

/** `callsheet/agent`. `line` starts at 1, and counts in `file` where a nested workflow made the call. */
export interface AgentState {
  runId: string;
  call: number;
  label: string;
  phase: string | null;
  model: string | null;
  status: AgentStatus;
  line: number | null;
  file?: string | null;
  tokens: number | null;
  cost: number | null;
  /** ISO 8601, null before the first try. */
  startedAt?: string | null;
  durationMs: number | null;
  worktree: Worktree | null;
  reason: Reason | null;
}

/** `callsheet/question`. */
export interface Question {
  runId: string;
  call: number;
  kind: "confirm" | "input" | "select";
  question: string;
  choices?: string[] | null;
}

/** One entry of `callsheet.changes` with the action `list`. */
export interface Changes {
  call: number;
  /** Tries before the newest one, 0 for that. */
  earlier: number;
  ref: string;
  commit: string;
  base: string;
  files: { path: string; status: "added" | "deleted" | "modified" | "renamed"; oldPath: string | null }[];
}

/** Answer of `callsheet.changes` with the action `apply`. */
export interface Applied {
  ok: boolean;
  files: string[];
  conflicts: string[];
}
