import { cost, duration, tokens } from "../../runs/format";
import type { Total } from "../model";
import { element } from "./dom";

/** A table of sums, with a bar for each row's share of the cost, or of the tokens where no price is known. */
export function totalsTable(title: string, rows: readonly Total[]): HTMLElement {
  const priced = rows.some((row) => row.cost);
  const weight = (row: Total): number => (priced ? (row.cost ?? 0) : row.tokens);
  const largest = Math.max(...rows.map(weight), 0);
  const body = element("tbody");
  for (const row of rows) {
    const bar = element("span", { class: "share" });
    bar.style.width = `${largest ? (weight(row) / largest) * 100 : 0}%`;
    body.append(
      element(
        "tr",
        {},
        element("th", { scope: "row" }, row.name),
        element("td", {}, String(row.agents)),
        element("td", {}, duration(row.durationMs)),
        element("td", {}, tokens(row.tokens) || "0 tok"),
        element("td", {}, cost(row.cost) || "–"),
        element("td", { class: "bar", "aria-hidden": "true" }, bar),
      ),
    );
  }
  const columns = ["", "Agents", "Time", "Tokens", "Cost", ""].map((name) => element("th", { scope: "col" }, name));
  return element("section", {}, element("h2", {}, title), element("table", {}, element("thead", {}, element("tr", {}, ...columns)), body));
}
