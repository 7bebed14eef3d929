import type { AgentState } from "../../protocol";
import { cost, duration, joined, tokens } from "../../runs/format";
import { agentLook } from "../../runs/status";
import { bars, type ReportRequest } from "../model";
import { element } from "./dom";

type Act = (kind: Exclude<ReportRequest["kind"], "ready">, call: number) => void;

interface Row {
  row: HTMLButtonElement;
  sign: HTMLElement;
  label: HTMLElement;
  bar: HTMLElement;
  note: HTMLElement;
}

/** Agents by phase, each with the time that it worked. Arrow keys move, Enter opens the transcript, `c` the call. */
export class Timeline {
  readonly element = element("section", { class: "timeline" }, element("h2", {}, "Timeline"));
  private readonly scale = element("div", { class: "scale", "aria-hidden": "true" });
  private readonly groups = new Map<string, HTMLElement>();
  private readonly rows = new Map<number, Row>();

  constructor(private readonly act: Act) {
    this.element.append(this.scale);
    this.element.addEventListener("keydown", (event) => this.onKey(event));
  }

  render(agents: readonly AgentState[], now: number): void {
    const { bars: found, span } = bars(agents, now);
    this.scale.replaceChildren(...[0, 0.25, 0.5, 0.75, 1].map((part) => element("span", {}, duration(span * part) || "0 s")));
    const calls = new Set(agents.map((agent) => agent.call));
    for (const [call, { row }] of this.rows) {
      if (calls.has(call)) continue;
      row.remove();
      this.rows.delete(call);
    }
    for (const agent of agents) {
      const { row, sign, label, bar, note } = this.row(agent);
      const group = this.group(agent.phase ?? "Agents");
      if (row.parentElement !== group) group.append(row);
      const look = agentLook(agent.status);
      row.className = `agent ${agent.status}`;
      sign.textContent = look.sign;
      label.textContent = agent.label;
      note.textContent = joined(duration(agent.durationMs), tokens(agent.tokens), cost(agent.cost));
      row.title = joined(agent.label, look.text, agent.model, agent.reason?.message);
      row.setAttribute("aria-label", joined(agent.label, look.text, note.textContent));
      const place = found.get(agent.call);
      bar.hidden = !place;
      if (place) {
        bar.style.left = `${(place.start / span) * 100}%`;
        bar.style.width = `${Math.max(0.4, ((place.end - place.start) / span) * 100)}%`;
      }
    }
  }

  private row(agent: AgentState): Row {
    const known = this.rows.get(agent.call);
    if (known) return known;
    const sign = element("span", { class: "sign", "aria-hidden": "true" });
    const label = element("span", { class: "label" });
    const bar = element("span", { class: "bar" });
    const note = element("span", { class: "note" });
    const track = element("span", { class: "track" }, bar);
    const row = element("button", { type: "button" }, sign, label, track, note);
    row.dataset["call"] = String(agent.call);
    row.addEventListener("click", () => this.act("transcript", agent.call));
    const made = { row, sign, label, bar, note };
    this.rows.set(agent.call, made);
    return made;
  }

  private group(title: string): HTMLElement {
    const known = this.groups.get(title);
    if (known) return known;
    const group = element("div", { class: "phase", role: "group", "aria-label": title }, element("h3", {}, title));
    this.groups.set(title, group);
    this.element.append(group);
    return group;
  }

  private onKey(event: KeyboardEvent): void {
    const rows = [...this.element.querySelectorAll<HTMLButtonElement>("button.agent")];
    const at = rows.indexOf(document.activeElement as HTMLButtonElement);
    if (at < 0) return;
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (next !== undefined) {
      rows[next]?.focus();
      event.preventDefault();
    } else if (event.key === "c" || event.key === "d") {
      this.act(event.key === "c" ? "call" : "changes", Number(rows[at]?.dataset["call"]));
    }
  }
}
