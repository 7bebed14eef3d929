import type { AgentState, RunSummary } from "../protocol";
import { cost, duration, joined, tokens } from "../runs/format";
import { agentLook } from "../runs/status";

/** One line of `agents/<call>.jsonl`. */
interface Entry {
  at: number;
  attempt: number;
  kind: string;
  [field: string]: unknown;
}

const RENDERERS: Record<string, (entry: Entry) => string> = {
  start: (entry) => joinBlocks(section("Prompt", entry["prompt"]), section("System", entry["system"]), schema(entry["schema"])),
  assistant: (entry) => joinBlocks(section("Agent", entry["text"]), ...calls(entry["calls"])),
  tool: (entry) => `### ${entry["failed"] ? "✗" : "→"} ${text(entry["name"])}\n\n${fenced(text(entry["text"]))}`,
  usage: () => "",
  waiting: (entry) => `> waiting: ${text(entry["text"])}`,
  end: (entry) => joinBlocks(`## ${entry["status"] === "done" ? "Result" : "Failed"}`, outcome(entry)),
};

/** A transcript as Markdown: headings for the outline, fences for folding. Grows, and is never rendered anew. */
export class TranscriptText {
  private body = "";
  private attempt = 0;

  clear(): void {
    this.body = "";
    this.attempt = 0;
  }

  add(lines: readonly string[]): void {
    for (const line of lines) {
      const entry = parse(line);
      if (!entry) continue;
      if (entry.attempt > 1 && entry.attempt !== this.attempt) this.body += `\n---\n\n# Try ${entry.attempt}\n`;
      this.attempt = entry.attempt;
      const block = (RENDERERS[entry.kind] ?? unknown)(entry);
      if (block) this.body += `\n${block}\n`;
    }
  }

  render(agent: AgentState | undefined, run: RunSummary): string {
    if (!agent) return `# ${run.name}\n${this.body}`;
    const facts = joined(agentLook(agent.status).text, agent.model, duration(agent.durationMs), tokens(agent.tokens), cost(agent.cost));
    const head = [`# ${agent.label}`, "", joined(run.name, agent.phase, `call ${agent.call}`), "", facts];
    if (agent.reason) head.push("", `**${agent.reason.code}**: ${agent.reason.message}`);
    if (agent.worktree) head.push("", `Worktree: \`${agent.worktree.ref ?? agent.worktree.path}\``);
    return `${head.join("\n")}\n${this.body}`;
  }
}

function parse(line: string): Entry | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === "object" && entry !== null ? (entry as Entry) : undefined;
  } catch {
    return undefined;
  }
}

function calls(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.map((call: unknown) => {
    const { name, arguments: args, ...rest } = (call ?? {}) as Record<string, unknown>;
    return `### ${text(name)}\n\n${fenced(text(args ?? rest), "json")}`;
  });
}

function outcome(entry: Entry): string {
  const value = entry["value"] ?? entry["message"];
  if (value === undefined) return "";
  return typeof value === "string" ? value : fenced(text(value), "json");
}

function section(title: string, value: unknown): string {
  const body = text(value).trim();
  return body && `## ${title}\n\n${body}`;
}

function schema(value: unknown): string {
  return value ? `## Schema\n\n${fenced(text(value), "json")}` : "";
}

function unknown(entry: Entry): string {
  return `### ${entry.kind}`;
}

function text(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/** A fence longer than any in the text. */
function fenced(body: string, language = "text"): string {
  const longest = Math.max(2, ...[...body.matchAll(/`{3,}/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${body.replace(/\n$/, "")}\n${fence}`;
}

function joinBlocks(...blocks: string[]): string {
  return blocks.filter(Boolean).join("\n\n");
}
