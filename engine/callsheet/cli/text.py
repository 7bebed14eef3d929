"""How numbers and states read, in every view of the command line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from callsheet.runs.state import AgentState, RunState

SIGNS: Final = {
    "queued": ("·", "dim"),
    "running": ("▸", "cyan"),
    "waiting": ("◔", "yellow"),
    "done": ("✓", "green"),
    "replayed": ("↺", "green"),
    "failed": ("✗", "red"),
    "skipped": ("↷", "yellow"),
    "stopped": ("■", "yellow"),
}
"""Sign and style of each status of an agent."""

RUN_STYLES: Final = {
    "running": "cyan",
    "pausing": "yellow",
    "stopping": "yellow",
    "completed": "green",
    "completed_with_failures": "yellow",
    "failed": "red",
    "stopped": "yellow",
    "paused": "yellow",
}

SIMULATED: Final = "SIMULATED: no model was asked, the answers are made up"


def status_words(status: str) -> str:
    return status.replace("_", " ")


def duration(ms: float) -> str:
    """Such as `0.4 s`, `12 s`, `3 min 05 s`, `2 h 07 min`."""
    seconds = ms / 1000
    if seconds < 10:
        return f"{seconds:.1f} s"
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02} min"


def tokens(count: int, *, estimated: bool) -> str:
    """A number of tokens, marked where it is an estimate; empty for none."""
    return f"{'~' if estimated else ''}{count:,} tokens" if count else ""


def cost(usd: float | None) -> str:
    if usd is None:
        return ""
    if 0 < usd < 0.00005:
        return "<$0.0001"
    return f"${usd:.2f}" if usd >= 1 or usd == 0 else f"${usd:.4f}"


def joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def spent(usage: Mapping[str, Any]) -> str:
    """Tokens and cost of a run, empty when it used none."""
    if not usage["total"]:
        return ""
    return joined(tokens(usage["total"], estimated=usage["estimated"]), cost(usage["cost"]))


def spent_by(agent: AgentState) -> str:
    """Tokens and cost of one agent."""
    return joined(tokens(agent.tokens, estimated=agent.usage["estimated"]), cost(agent.usage["cost"]))


def counted(state: RunState) -> str:
    """The agents by what became of them, such as `12 agents: 10 done, 1 failed`."""
    by_status: dict[str, int] = {}
    for agent in state.agents():
        by_status[agent.status] = by_status.get(agent.status, 0) + 1
    total = sum(by_status.values())
    noun = "agent" if total == 1 else "agents"
    parts = [f"{by_status[status]} {status}" for status in SIGNS if status in by_status]
    return f"{total} {noun}" + (f": {', '.join(parts)}" if parts else "")


def agent_ending(agent: AgentState) -> str:
    """What became of an agent, on one line."""
    took = duration(agent.duration_ms) if agent.duration_ms else ""
    facts = joined(took, spent_by(agent))
    reason = f": {agent.reason['code']}: {one_line(agent.reason['message'])}" if agent.reason else ""
    warning = f"; warning: {one_line(agent.warning)}" if agent.warning else ""
    return f"{agent.status}{f' ({facts})' if facts else ''}{reason}{warning}"


def one_line(text: str, limit: int = 200) -> str:
    """Text from agents and scripts as one printable line: no control character reaches the terminal."""
    folded = " ".join(printable(text).split())
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"


def printable(text: str) -> str:
    """Text with control characters replaced, line ends and tabs kept."""
    return "".join(
        character if character.isprintable() or character in "\n\t" else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )


def result_text(value: Any) -> str:
    """A run's result for people: text as it is, anything else as indented JSON."""
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    return printable(text)


def error_text(error: Mapping[str, Any], path: str | None) -> str:
    """A run's error with its place in the script."""
    where = error.get("file") or path
    place = ""
    if error.get("line"):
        place = f"{where or 'script'}:{error['line']}:{error.get('column') or 1}: "
    return printable(f"{place}{error['code']}: {error['message']}")
