import { agentLook, isActive, runLook } from "../../runs/status";
import { cost, duration, tokens } from "../../runs/format";
import type { ReportData, ReportRequest } from "../model";
import { totals } from "../model";
import { element, text } from "./dom";
import { Timeline } from "./timeline";
import { totalsTable } from "./totals";

declare function acquireVsCodeApi(): { postMessage(message: ReportRequest): void };

const TICK_MS = 1000;

const vscode = acquireVsCodeApi();
const root = document.getElementById("report");
const head = element("header");
const timeline = new Timeline((kind, call) => vscode.postMessage({ kind, call }));
const sums = element("div", { class: "sums" });
const failures = element("section");
const logs = element("section");
root?.append(head, timeline.element, failures, sums, logs);

let data: ReportData | undefined;

function render(): void {
  if (!data) return;
  const { summary, agents } = data;
  const look = runLook(summary.status);
  head.replaceChildren(
    element("h1", {}, summary.name),
    element("span", { class: `state ${summary.status}` }, look.text),
    ...(summary.simulated ? [element("span", { class: "state" }, "simulated agents")] : []),
    element("code", {}, summary.runId),
    facts([
      ["Duration", duration(summary.durationMs)],
      ["Agents", `${summary.counts.done + summary.counts.replayed} of ${summary.counts.total}`],
      ["Tokens", tokens(summary.usage.total) || "0 tok"],
      ["Cost", cost(summary.usage.cost) || "unknown"],
    ]),
  );
  if (summary.error) {
    const { code, message, line } = summary.error;
    head.append(element("p", { class: "error", role: "alert" }, `${code}: ${message}${line ? ` (line ${line})` : ""}`));
  }
  timeline.render(agents, Date.now());
  failures.replaceChildren(...failureList());
  sums.replaceChildren(
    totalsTable("By phase", totals(agents, (agent) => agent.phase ?? "no phase")),
    totalsTable("By model", totals(agents, (agent) => agent.model ?? "unknown")),
  );
  const lines = data.logs;
  logs.replaceChildren(...(lines.length ? [element("h2", {}, "Log"), element("pre", {}, lines.join("\n"))] : []));
}

function facts(pairs: [string, string][]): HTMLElement {
  const list = element("dl");
  for (const [name, value] of pairs) list.append(element("div", {}, element("dt", {}, name), element("dd", {}, value)));
  return list;
}

function failureList(): Node[] {
  const failed = data?.agents.filter((agent) => agent.reason || agent.status === "failed") ?? [];
  if (!failed.length) return [];
  const list = element("ul", { class: "failures" });
  for (const agent of failed) {
    const open = element("button", { type: "button" }, agent.label);
    open.addEventListener("click", () => vscode.postMessage({ kind: "transcript", call: agent.call }));
    const reason = agent.reason ? `${agent.reason.code}: ${agent.reason.message}` : agentLook(agent.status).text;
    list.append(element("li", {}, open, text(` ${reason}`)));
  }
  return [element("h2", {}, "Failures"), list];
}

window.addEventListener("message", (event: MessageEvent<ReportData>) => {
  data = event.data;
  render();
});
// Bars of agents at work grow with the clock.
setInterval(() => {
  if (data && isActive(data.summary.status)) timeline.render(data.agents, Date.now());
}, TICK_MS);
vscode.postMessage({ kind: "ready" });
