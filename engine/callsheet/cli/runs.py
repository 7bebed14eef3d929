"""`callsheet runs`, `show` and `rm`: the runs that there are."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from callsheet.cli.common import JsonOption, RunArgument, print_json, run_store

_COLUMNS: Final = {"run": 0, "workflow": 56, "status": 0, "agents": 90, "time": 70, "spent": 110}
"""Headings of the list, and how wide a terminal has to be for each."""

if TYPE_CHECKING:
    from callsheet.runs.store import StoredRun


def runs(
    json: JsonOption = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, help="How many, 0 for all.")] = 20,
) -> None:
    """List the project's runs, the newest first."""
    store = run_store()
    found = store.list(None if json or not limit else limit)
    if json:
        print_json([run.summary() for run in found])
        return
    if not found:
        print(f"There are no runs in {store.root}. Start one with: callsheet run SCRIPT")
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from callsheet.cli.text import RUN_STYLES, counted, duration, one_line, spent, status_words

    console = Console(width=None if sys.stdout.isatty() else 200)
    shown = [heading for heading, least_chars in _COLUMNS.items() if console.width >= least_chars]
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    for heading in shown:
        table.add_column(
            heading,
            no_wrap=heading in ("run", "workflow"),
            min_width={"run": 22, "status": 14}.get(heading),
            max_width=max(12, console.width - 52) if heading == "workflow" else None,
        )
    for run in found:
        status = Text(status_words(run.status), style=RUN_STYLES.get(run.status, ""))
        if run.state.simulated:
            status.append(" (simulated)", style="magenta")
        cells: dict[str, Text | str] = {
            "run": run.run_id,
            "workflow": Text(one_line(run.state.name, 40), overflow="ellipsis"),
            "status": status,
            "agents": counted(run.state),
            "time": duration(run.elapsed_ms()),
            "spent": spent(run.state.usage()),
        }
        table.add_row(*(cells[heading] for heading in shown))
    console.print(table)


def show(run: RunArgument, json: JsonOption = False) -> None:
    """Show one run: its agents, what it said, and its result."""
    stored = run_store().load(run)
    if json:
        print_json(stored.to_json())
        return
    for line in _story(stored):
        print(line)


def rm(
    run: Annotated[list[str], typer.Argument(metavar="RUN…", help="Run ids, beginnings of them, or `last`.")],
) -> None:
    """Remove runs, with the changes that their agents left in git."""
    store = run_store()
    for each in run:
        print(f"Removed run {store.remove(each).run_id}.")


def _story(run: StoredRun) -> list[str]:
    from callsheet.cli.lines import ending
    from callsheet.cli.text import SIGNS, agent_ending, joined, one_line, printable, status_words
    from callsheet.runs.state import timestamp

    state = run.state
    started = timestamp(state.started_at) if state.started_at else ""
    lines = [
        f"{one_line(state.name) or '(unknown)'}: run {run.run_id}",
        f"  {joined(status_words(run.status), started, state.path or state.uri or '')}",
    ]
    by_phase: dict[str | None, list[str]] = {}
    for agent in state.agents():
        sign, _ = SIGNS[agent.status]
        line = f"  {sign} #{agent.call} {one_line(agent.label)}: {agent_ending(agent)}"
        if agent.model:
            line += f" [{agent.model}]"
        if agent.worktree and agent.worktree["ref"]:
            line += f" → {agent.worktree['ref']}"
        by_phase.setdefault(agent.phase, []).append(line)
    for phase, agents in by_phase.items():
        if phase is not None:
            lines.append(one_line(phase))
        lines += agents
    for question in state.questions.values():
        if run.held:
            lines.append(f"  question #{question.call}: {one_line(question.question, 2000)}")
    if state.logs:
        lines += ["log", *(f"  {printable(line)}" for line in state.logs)]
    return [*lines, *ending(run)]
