"""A run as one page of HTML: no script, nothing loaded from anywhere, light or dark as the reader's system is."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import Final

from callsheet.cli.text import (
    SIGNS,
    SIMULATED,
    cost,
    counted,
    duration,
    error_text,
    joined,
    one_line,
    printable,
    result_text,
    spent,
    spent_by,
    status_words,
)
from callsheet.runs.state import AgentState, RunState, timestamp
from callsheet.runs.store import StoredRun

_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1c1e21; --paper: #fff; --line: #d5d9de; --soft: #6a727c; --bar: #3b7dd8;
  --good: #1f8a4c; --bad: #c8352b; --warn: #b06f00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e6ea; --paper: #16181b; --line: #363b42; --soft: #98a1ab;
  --bar: #5b9bf0; --good: #4cc07d; --bad: #f0695f; --warn: #e0a33a; } }
* { box-sizing: border-box; }
body { margin: 2rem auto; max-width: 70rem; padding: 0 1rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.soft { color: var(--soft); } .simulated { color: var(--warn); font-weight: 600; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; font-weight: 600; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem .3rem 0; vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.wide { overflow-wrap: anywhere; }
pre { background: color-mix(in srgb, var(--line) 30%, transparent); border-radius: 6px; padding: .8rem; overflow: auto;
  white-space: pre-wrap; overflow-wrap: anywhere; max-height: 24rem; }
svg { display: block; width: 100%; height: auto; font: 11px system-ui, sans-serif; }
svg text { fill: var(--ink); } svg line { stroke: var(--line); }
.done, .replayed { color: var(--good); } .failed { color: var(--bad); }
.skipped, .stopped, .waiting { color: var(--warn); }
rect { fill: var(--bar); } rect.failed { fill: var(--bad); }
rect.skipped, rect.stopped, rect.waiting { fill: var(--warn); } rect.replayed { fill: var(--good); }
.completed { color: var(--good); } .completed_with_failures, .paused { color: var(--warn); }
summary { cursor: pointer; }
"""

_WIDTH: Final = 1000
_LABELS: Final = 260
_ROW: Final = 18


def report_page(run: StoredRun) -> str:
    """The whole page."""
    state = run.state
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    body = "\n".join(part for section in _SECTIONS if (part := section(run)))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none';\
 form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{_text(state.name)} · {_text(run.run_id)}</title>
<style>{_STYLE}</style>
</head>
<body>
{body}
</body>
</html>
"""


def _text(value: str) -> str:
    return escape(printable(value))


def _head(run: StoredRun) -> str:
    state = run.state
    facts = joined(duration(run.elapsed_ms()), counted(state), spent(state.usage()))
    simulated = f'<p class="simulated">{_text(SIMULATED)}</p>' if state.simulated else ""
    error = f'<p class="failed">{_text(error_text(run.error, state.path))}</p>' if run.error else ""
    return f"""<h1>{_text(state.name)}</h1>
<p class="soft">{_text(joined(run.run_id, timestamp(state.started_at), state.path or state.uri or ""))}</p>
<p><strong class="{run.status}">{_text(status_words(run.status))}</strong> · {_text(facts)}</p>
{simulated}{error}"""


def _timeline(run: StoredRun) -> str:
    began = [agent.started_at for agent in run.state.agents() if agent.started_at is not None]
    if not began:
        return ""
    start = min(began)
    ended = [
        agent.started_at + agent.duration_ms / 1000
        for agent in run.state.agents()
        if agent.started_at is not None
    ]
    span_s = max(max(ended) - start, 0.001)
    parts = ["<h2>Timeline</h2>"]
    for phase, agents in _by_phase(run.state):
        rows = "\n".join(_bars(agents, start, span_s))
        height = _ROW * len(agents) + 4
        parts.append(
            f"<details open><summary>{_text(phase)}</summary>"
            f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{_text(phase)}">{rows}</svg></details>'
        )
    parts.append(f'<p class="soft">The width is {_text(duration(span_s * 1000))}.</p>')
    return "\n".join(parts)


def _bars(agents: list[AgentState], start: float, span_s: float) -> Iterator[str]:
    room = _WIDTH - _LABELS
    for row, agent in enumerate(agents):
        y = row * _ROW
        label = _text(one_line(f"#{agent.call} {agent.label}", 40))
        yield f'<text x="0" y="{y + 13}">{label}</text>'
        if agent.started_at is None:
            continue
        x = _LABELS + room * (agent.started_at - start) / span_s
        width = max(2.0, room * agent.duration_ms / 1000 / span_s)
        title = _text(f"{agent.label}: {agent.status}, {duration(agent.duration_ms)}")
        yield (
            f'<rect class="{agent.status}" x="{min(x, _WIDTH - 2):.1f}" y="{y + 3}" width="{width:.1f}" '
            f'height="{_ROW - 6}" rx="3"><title>{title}</title></rect>'
        )


def _spending(run: StoredRun) -> str:
    agents = run.state.agents()
    if not agents:
        return ""
    by_model: dict[str, list[AgentState]] = {}
    for agent in agents:
        by_model.setdefault(agent.model or "no model", []).append(agent)
    return (
        "<h2>Spent by phase</h2>"
        + _spending_table("phase", _by_phase(run.state))
        + "<h2>Spent by model</h2>"
        + _spending_table("model", by_model.items())
    )


def _spending_table(what: str, groups: Iterable[tuple[str, list[AgentState]]]) -> str:
    rows = []
    for name, agents in groups:
        costs = [agent.usage["cost"] for agent in agents if agent.usage["cost"] is not None]
        rows.append(
            f'<tr><td class="wide">{_text(name)}</td><td class="number">{len(agents)}</td>'
            f'<td class="number">{sum(agent.usage["input"] for agent in agents):,}</td>'
            f'<td class="number">{sum(agent.usage["output"] for agent in agents):,}</td>'
            f'<td class="number">{cost(sum(costs)) if costs else "unknown"}</td></tr>'
        )
    head = "".join(
        f'<th class="number">{title}</th>' for title in ("agents", "tokens in", "tokens out", "cost")
    )
    return f"<table><tr><th>{what}</th>{head}</tr>{''.join(rows)}</table>"


def _agents(run: StoredRun) -> str:
    rows = []
    for agent in run.state.agents():
        sign, _ = SIGNS[agent.status]
        reason = f"{agent.reason['code']}: {agent.reason['message']}" if agent.reason else ""
        change = agent.worktree["ref"] if agent.worktree and agent.worktree["ref"] else ""
        rows.append(
            f'<tr><td class="number">{agent.call}</td><td class="wide">{_text(agent.label)}</td>'
            f'<td class="wide">{_text(agent.phase or "")}</td>'
            f'<td class="{agent.status}">{sign} {agent.status}</td>'
            f'<td class="number">{duration(agent.duration_ms)}</td>'
            f'<td class="number">{_text(spent_by(agent))}</td>'
            f'<td class="wide">{_text(joined(reason, agent.warning or "", change))}</td></tr>'
        )
    if not rows:
        return ""
    return (
        "<h2>Agents</h2><table><tr><th>call</th><th>agent</th><th>phase</th><th>status</th>"
        f'<th class="number">time</th><th class="number">spent</th><th></th></tr>{"".join(rows)}</table>'
    )


def _result(run: StoredRun) -> str:
    if not run.status.startswith("completed"):
        return ""
    return f"<h2>Result</h2><pre>{_text(result_text(run.state.result))}</pre>"


def _logs(run: StoredRun) -> str:
    if not run.state.logs:
        return ""
    return f"<h2>Log</h2><pre>{_text(chr(10).join(run.state.logs))}</pre>"


def _script(run: StoredRun) -> str:
    try:
        text = run.run_dir.script.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return f"<h2>Script</h2><details><summary>Show</summary><pre>{_text(text)}</pre></details>"


_SECTIONS: Final[tuple[Callable[[StoredRun], str], ...]] = (
    _head,
    _result,
    _timeline,
    _spending,
    _agents,
    _logs,
    _script,
)


def _by_phase(state: RunState) -> list[tuple[str, list[AgentState]]]:
    groups: dict[str, list[AgentState]] = {}
    for agent in state.agents():
        groups.setdefault(agent.phase or "no phase", []).append(agent)
    return list(groups.items())
