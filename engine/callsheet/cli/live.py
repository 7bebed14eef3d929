"""Progress on a terminal: phases and agents redrawn in place, what was said above them.

However many agents a run has, the drawing fits the terminal: those at work and those that failed come first, the
rest is counted.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

from rich.cells import cell_len, set_cell_size
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from callsheet.cli.lines import LinesView
from callsheet.cli.text import (
    RUN_STYLES,
    SIGNS,
    SIMULATED,
    cost,
    counted,
    duration,
    joined,
    one_line,
    spent,
    spent_by,
    status_words,
    tokens,
)
from callsheet.runs.state import ACTIVE, AgentState, RunState
from callsheet.runs.store import StoredRun

_REDRAW_S: Final = 0.12
_SAID_ABOVE: Final = frozenset({"segment", "fork", "log", "question"})
"""Records that are told as lines above the drawing."""

_WIDE_CHARS: Final = 70
"""Columns from which on each agent's tokens are shown."""
_NARROW_CHARS: Final = 55
"""Columns up to which phases show no tokens."""
_SIGN_AND_TIME_CHARS: Final = 18
_TOKENS_CHARS: Final = 24
_LEAST_LABEL_CHARS: Final = 12

_URGENCY: Final = {"waiting": 0, "running": 0, "failed": 1, "skipped": 1, "queued": 2}


class LiveView:
    """Draws the state of a run on a terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live: Live | None = None
        self._drawn_at = 0.0
        self._suspended = False
        self._above = _Above(console)

    def caught_up(self, state: RunState) -> None:
        """Tell how a run stands whose beginning was not shown."""
        self._above.caught_up(state)

    def news(self, state: RunState, record: Mapping[str, Any]) -> None:
        """Take in one record that `state` has taken in."""
        failed = record["k"] == "done" and record["status"] == "failed"
        if failed or record["k"] in _SAID_ABOVE:
            self._above.news(state, record)
        self.tick(state)

    def tick(self, state: RunState) -> None:
        """Redraw when it is time to."""
        now = time.monotonic()
        if self._suspended or now - self._drawn_at < _REDRAW_S:
            return
        self._drawn_at = now
        if self._live is None:
            self._live = Live(console=self._console, auto_refresh=False, transient=True)
            self._live.start()
        self._live.update(self._draw(state), refresh=True)

    def suspend(self) -> None:
        """Take the drawing off the terminal, for a question or for good."""
        self._suspended = True
        if self._live is not None:
            self._live.stop()
            self._live = None

    def resume(self) -> None:
        """Draw again with the next `tick`."""
        self._suspended = False

    def say(self, line: str) -> None:
        """Print a line above the drawing."""
        self._above.say(line)

    def finish(self, run: StoredRun) -> None:
        """Replace the drawing with how the run ended."""
        self.suspend()
        phases = self._phases(run.state)
        if phases.row_count:
            self._console.print(phases)
        self._above.finish(run)

    def _draw(self, state: RunState) -> RenderableType:
        parts: list[RenderableType] = [self._head(state)]
        if state.simulated:
            parts.append(Text(SIMULATED, style="magenta", no_wrap=True))
        phases = self._phases(state)
        room = max(3, self._console.height - len(parts) - 3)
        if phases.row_count > room // 2:
            phases = self._phases(state, current_only=True)
        agents, hidden = _chosen(state, room - phases.row_count - 1)
        parts += [phases, self._agents(agents)]
        if hidden:
            parts.append(Text(f"  … {hidden}", style="dim", no_wrap=True))
        return Group(*parts)

    def _head(self, state: RunState) -> Text:
        """The run in one line; where it does not fit, the id goes first, and then the end of the name."""
        name = one_line(state.name, 60)
        stands = Text.assemble(
            (status_words(state.status), RUN_STYLES.get(state.status, "")),
            f"  {joined(duration(state.elapsed_ms(time.time())), counted(state), spent(state.usage()))}",
        )
        room = self._console.width - stands.cell_len - 2
        run_id = f"  {state.run_id}"
        if cell_len(name) + len(run_id) > room:
            run_id = ""
        if cell_len(name) > room:
            name = f"{set_cell_size(name, max(_LEAST_LABEL_CHARS, room - 1)).rstrip()}…"
        return Text.assemble((name, "bold"), run_id, "  ", stands, no_wrap=True, overflow="ellipsis")

    def _phases(self, state: RunState, *, current_only: bool = False) -> Table:
        narrow = self._console.width < _NARROW_CHARS
        table = Table.grid(padding=(0, 2))
        table.add_column(
            no_wrap=True, overflow="ellipsis", max_width=max(8, self._console.width - (19 if narrow else 42))
        )
        for _ in range(4):
            table.add_column(no_wrap=True)
        by_phase: dict[str | None, list[AgentState]] = {title: [] for title in state.declared_phases}
        for agent in state.agents():
            by_phase.setdefault(agent.phase, []).append(agent)
        for title, agents in by_phase.items():
            if title is None or (current_only and title != state.phase):
                continue
            ended = sum(agent.status not in ACTIVE for agent in agents)
            failed = sum(agent.status == "failed" for agent in agents)
            used = sum(agent.tokens for agent in agents)
            estimated = any(agent.usage["estimated"] for agent in agents)
            costs = [agent.usage["cost"] for agent in agents if agent.usage["cost"] is not None]
            table.add_row(
                Text(one_line(title, 40), style="bold" if title == state.phase else ""),
                Text(f"{ended}/{len(agents)}" if agents else "-", style="dim" if not agents else ""),
                Text(f"{failed} failed" if failed else "", style="red"),
                Text("" if narrow else tokens(used, estimated=estimated)),
                Text(cost(sum(costs)) if costs and not narrow else ""),
            )
        return table

    def _agents(self, agents: list[AgentState]) -> Table:
        labels = [one_line(agent.label, 60) for agent in agents]
        # What is short is never cut: numbers say nothing without their end, and labels still do.
        with_tokens = self._console.width >= _WIDE_CHARS
        room = self._console.width - _SIGN_AND_TIME_CHARS - (_TOKENS_CHARS if with_tokens else 0)
        with_activity = room >= 2 * _LEAST_LABEL_CHARS
        most = max(_LEAST_LABEL_CHARS, room // 2 if with_activity else room)
        table = Table.grid(padding=(0, 1), expand=True)
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True, width=min(most, max(map(cell_len, labels), default=0)))
        table.add_column(no_wrap=True)
        if with_tokens:
            table.add_column(no_wrap=True)
        table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        now = time.time()
        for agent, label in zip(agents, labels, strict=True):
            sign, style = SIGNS[agent.status]
            took = agent.duration_ms or (now - agent.started_at) * 1000 if agent.started_at else 0
            table.add_row(
                Text(f"  {sign}", style=style),
                Text(f"#{agent.call}", style="dim"),
                Text(label, overflow="ellipsis"),
                Text(duration(took) if agent.started_at else agent.status, style="dim"),
                *([Text(spent_by(agent))] if with_tokens else []),
                Text(
                    _doing(agent) if with_activity else "",
                    style="yellow" if agent.status == "waiting" else "dim",
                ),
            )
        return table


class _Above(LinesView):
    """The lines of `LinesView`, printed above the drawing with a little colour."""

    def __init__(self, console: Console) -> None:
        super().__init__(console.file)
        self._console = console

    def say(self, line: str) -> None:
        word = line.strip().partition(" ")[0].rstrip(":")
        style = {
            "warning": "yellow",
            "question": "bold",
            SIMULATED.partition(" ")[0].rstrip(":"): "magenta",
        }.get(word)
        text = escape(line)
        self._console.print(text, style=style, highlight=False, soft_wrap=True)


def _doing(agent: AgentState) -> str:
    if agent.reason is not None:
        return one_line(agent.reason["message"], 120)
    return one_line(agent.activity, 120)


def _chosen(state: RunState, room: int) -> tuple[list[AgentState], str]:
    """The agents to draw in `room` lines, by number, and a count of the others."""
    agents = [agent for agent in state.agents() if agent.status in _URGENCY]
    agents.sort(key=lambda agent: (_URGENCY[agent.status], agent.call))
    shown = agents[: max(1, room)]
    rest: dict[str, int] = {}
    for agent in agents[len(shown) :]:
        rest[agent.status] = rest.get(agent.status, 0) + 1
    hidden = ", ".join(f"{count} more {status}" for status, count in rest.items())
    return sorted(shown, key=lambda agent: agent.call), hidden
