import * as vscode from "vscode";
import type { AgentState, Question } from "../protocol";
import type { Run } from "../runs/store";
import { cost, duration, joined, tokens } from "../runs/format";
import { agentLook, combined, isActive, isFailed, isResumable, runLook } from "../runs/status";

export interface RunNode {
  kind: "run";
  id: string;
  runId: string;
}

export interface PhaseNode {
  kind: "phase";
  id: string;
  runId: string;
  title: string;
}

export interface AgentNode {
  kind: "agent";
  id: string;
  runId: string;
  call: number;
}

export interface QuestionNode {
  kind: "question";
  id: string;
  runId: string;
  call: number;
}

export interface ErrorNode {
  kind: "error";
  id: string;
  runId: string;
}

export type Node = RunNode | PhaseNode | AgentNode | QuestionNode | ErrorNode;

export function runItem(run: Run): vscode.TreeItem {
  const { summary } = run;
  const look = runLook(summary.status);
  const { counts, usage } = summary;
  const active = isActive(summary.status);
  const state = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(summary.name, active ? state.Expanded : state.Collapsed);
  item.iconPath = icon(look);
  const said = summary.status === "running" || summary.status.startsWith("completed");
  item.description = joined(
    summary.simulated && "simulated",
    !said && look.text,
    counts.total > 0 && `${counts.done + counts.replayed}/${counts.total}`,
    counts.failed > 0 && `${counts.failed} failed`,
    duration(summary.durationMs),
    tokens(usage.total),
    cost(usage.cost),
  );
  item.tooltip = runTooltip(run);
  const flags = ["run"];
  if (summary.status === "running") flags.push("pausable");
  if (active) flags.push("stoppable");
  if (isResumable(summary.status)) flags.push("resumable");
  if (isResumable(summary.status) && summary.status !== "completed") flags.push("unfinished");
  if (!active) flags.push("removable");
  if ([...run.agents.values()].some((agent) => agent.worktree?.ref)) flags.push("changed");
  if (run.questions.size) flags.push("asks");
  item.contextValue = flags.join(".");
  item.accessibilityInformation = { label: `Run ${summary.name}, ${look.text}, ${item.description}` };
  return item;
}

function runTooltip({ summary }: Run): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown("**").appendText(summary.name).appendMarkdown(`** \`${summary.runId}\`\n\n`);
  text.appendText(joined(runLook(summary.status).text, summary.phase));
  if (summary.error) text.appendMarkdown("\n\n").appendText(`${summary.error.code}: ${summary.error.message}`);
  return text;
}

export function phaseItem(title: string, agents: readonly AgentState[]): vscode.TreeItem {
  const finished = agents.filter((agent) => agent.status === "done" || agent.status === "replayed").length;
  const look = agentLook(combined(agents));
  const item = new vscode.TreeItem(title, vscode.TreeItemCollapsibleState.Expanded);
  item.iconPath = icon(look);
  item.description = joined(
    `${finished}/${agents.length}`,
    tokens(agents.reduce((sum, agent) => sum + (agent.tokens ?? 0), 0)),
  );
  item.contextValue = "phase";
  item.accessibilityInformation = { label: `Phase ${title}, ${item.description}` };
  return item;
}

export function agentItem(agent: AgentState): vscode.TreeItem {
  const look = agentLook(agent.status);
  const item = new vscode.TreeItem(agent.label, vscode.TreeItemCollapsibleState.None);
  item.iconPath = icon(look);
  const said = agent.status === "done" || agent.status === "running" || agent.reason;
  item.description = joined(
    !said && look.text,
    agent.reason?.message,
    duration(agent.durationMs),
    tokens(agent.tokens),
    cost(agent.cost),
    agent.worktree?.ref && "changed files",
  );
  const tooltip = new vscode.MarkdownString();
  tooltip.appendMarkdown(`**${agent.call}** `).appendText(joined(agent.label, look.text, agent.model));
  if (agent.reason) tooltip.appendMarkdown("\n\n").appendText(`${agent.reason.code}: ${agent.reason.message}`);
  if (agent.worktree) tooltip.appendMarkdown("\n\n").appendText(agent.worktree.ref ?? agent.worktree.path);
  item.tooltip = tooltip;
  const flags = ["agent"];
  if (agent.worktree?.ref) flags.push("changed");
  if (agent.status === "running" || agent.status === "queued" || agent.status === "waiting") flags.push("skippable");
  if (isFailed(agent)) flags.push("failed");
  item.contextValue = flags.join(".");
  item.command = {
    command: "callsheet.ui.openTranscript",
    title: "Open Transcript",
    arguments: [{ kind: "agent", id: "", runId: agent.runId, call: agent.call } satisfies AgentNode],
  };
  item.accessibilityInformation = { label: `Agent ${agent.label}, ${look.text}, ${item.description}` };
  return item;
}

export function questionItem(question: Question): vscode.TreeItem {
  const item = new vscode.TreeItem(question.question, vscode.TreeItemCollapsibleState.None);
  item.iconPath = icon({ icon: "question", color: "list.warningForeground" });
  item.description = "waits for an answer";
  item.contextValue = "question.asks";
  item.command = {
    command: "callsheet.ui.answerQuestion",
    title: "Answer",
    arguments: [{ kind: "question", id: "", runId: question.runId, call: question.call } satisfies QuestionNode],
  };
  return item;
}

export function errorItem(run: Run): vscode.TreeItem {
  const error = run.summary.error;
  const item = new vscode.TreeItem(error?.message ?? "", vscode.TreeItemCollapsibleState.None);
  item.iconPath = icon({ icon: "error", color: "testing.iconFailed" });
  item.description = joined(error?.code, error?.line ? `line ${error.line}` : undefined);
  item.tooltip = error?.message ?? "";
  item.contextValue = "error";
  item.command = {
    command: "callsheet.ui.openScript",
    title: "Open Script",
    arguments: [{ kind: "error", id: "", runId: run.summary.runId } satisfies ErrorNode],
  };
  return item;
}

function icon(look: { icon: string; color: string | undefined }): vscode.ThemeIcon {
  return new vscode.ThemeIcon(look.icon, look.color ? new vscode.ThemeColor(look.color) : undefined);
}
