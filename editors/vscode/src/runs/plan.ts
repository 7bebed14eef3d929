import { cost, joined, tokens } from "./format";

interface PlannedCall {
  kind: string;
  line: number;
  label: string | null;
  phase: string | null;
  model: string | null;
  isolation: string | null;
  /** The most often that it is made, null where the script does not tell. */
  times: number | null;
}

interface Replay {
  runId: string;
  replays: number;
  runs: number;
  /** Recorded results that may still replay, behind calls that run. */
  ahead: number;
  /** Whether the script comes to its end without asking anything. */
  complete: boolean;
  fork: { call: number; line: number; expected: string | null; actual: string; differs: string[]; forgotten: number } | null;
  error: { code: string; message: string } | null;
  calls: { call: number; label: string; action: "replay" | "run"; why?: string }[];
}

/** Answer of `callsheet.plan`. */
export interface Plan {
  name: string;
  description: string;
  calls: PlannedCall[];
  models: { model: string | null; agents: number | null }[];
  agents: { atMost: number | null; cap: number };
  estimate: { tokens: number | null; cost: number | null };
  concurrency: number;
  budget: number | null;
  simulated: boolean;
  replay: Replay | null;
}

const WHY: Record<string, string> = {
  new: "new",
  failed: "failed before",
  skipped: "skipped before",
  unfinished: "not finished before",
};

/** A preview as Markdown. */
export function planText(plan: Plan): string {
  const body = plan.replay ? replayLines(plan.replay) : callLines(plan);
  return [`# ${plan.name}`, plan.description, ...body, ""].join("\n\n");
}

function callLines(plan: Plan): string[] {
  const { agents, estimate } = plan;
  const bound = agents.atMost === null ? `as many agents as the script makes, at most ${agents.cap}` : `at most ${counted(agents.atMost, "agent")}`;
  const lines = [`**${bound}**, ${plan.concurrency} at a time`];
  if (plan.simulated) lines.push("Agents are **simulated**: no model is asked, nothing is spent.");
  else if (estimate.tokens !== null) lines.push(`Estimate: ${joined(`about ${tokens(estimate.tokens) || "0 tok"}`, cost(estimate.cost))}`);
  if (plan.budget !== null) lines.push(`Budget: ${tokens(plan.budget)}`);
  const rows = plan.calls.map(({ line, kind, label, phase, model, isolation, times }) =>
    row(String(line), phase ?? "", kind, label ?? "made when it runs", times === null ? "any number" : `${times}×`, model ?? "", isolation ?? ""),
  );
  if (!rows.length) return [...lines, "No call of an agent is in sight."];
  const head = [row("Line", "Phase", "Call", "Label", "Times", "Model", "Isolation"), row(..."-------".split("").map(() => "---"))];
  return [...lines, [...head, ...rows].join("\n")];
}

function replayLines(replay: Replay): string[] {
  const lines = [`Resume of \`${replay.runId}\`: **${counted(replay.replays, "call")} to replay, ${replay.runs} to run**`];
  const rows = replay.calls.map(({ call, label, action, why }) =>
    row(`#${call}`, label, action === "replay" ? "replays" : `runs (${WHY[why ?? "new"] ?? why})`),
  );
  if (rows.length) lines.push([row("Call", "Label", ""), row("---", "---", "---"), ...rows].join("\n"));
  const { fork, error } = replay;
  if (fork) {
    const differs = fork.differs.length ? ` (${fork.differs.join(", ")} differs)` : "";
    const expected = fork.expected ? `\`${fork.expected}\`` : "no further call";
    lines.push(
      `Call #${fork.call} on line ${fork.line} is the first that differs: the history has ${expected}, the script calls \`${fork.actual}\`${differs}.`,
    );
    if (fork.forgotten) lines.push(`${counted(fork.forgotten, "recorded result")} would no longer apply.`);
  }
  if (error) lines.push(`The script would fail: ${error.code}: ${error.message}`);
  else if (replay.complete) lines.push("The script comes to its end without asking anything.");
  else if (replay.ahead) lines.push(`${counted(replay.ahead, "more recorded result")} may replay behind the calls that run.`);
  return lines;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function row(...cells: string[]): string {
  return `| ${cells.map((cell) => cell.replace(/\s+/g, " ").replaceAll("|", "\\|")).join(" | ")} |`;
}
