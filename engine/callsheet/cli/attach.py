"""`callsheet attach`: the progress of a run that another process runs."""

from __future__ import annotations

import typer

from callsheet.cli.attend import attend, choose_view, hold_interrupts, on_terminal
from callsheet.cli.common import JsonOption, RunArgument, print_json, run_store
from callsheet.runs.control import NotRunning
from callsheet.runs.follow import JournalTail
from callsheet.runs.lease import is_held
from callsheet.runs.state import RunState


def attach(run: RunArgument, json: JsonOption = False) -> None:
    """Follow a run under way until it ends. Ctrl-C leaves it alone."""
    run_dir = run_store().find(run)
    if not is_held(run_dir.lock):
        raise NotRunning(
            f"Run {run_dir.run_id} is not running.",
            hint=f"See how it ended with: callsheet show {run_dir.run_id}",
        )
    state, tail = RunState(), JournalTail(run_dir.journal)
    hold_interrupts()
    view = choose_view(silent=json)
    while records := tail.look().records:
        for record in records:
            state.apply(record)
    view.caught_up(state)
    stored, status = attend(
        run_dir, view, ask=on_terminal() and not json, owner=False, tail=tail, state=state
    )
    if json:
        print_json(stored.to_json())
    raise typer.Exit(status)
