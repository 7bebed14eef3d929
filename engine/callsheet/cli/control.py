"""`callsheet stop`, `pause`, `skip` and `answer`: control of a run that another process runs."""

from __future__ import annotations

import time
from typing import Annotated, Any, Final

import typer

from callsheet.cli.common import CallArgument, RunArgument, run_store
from callsheet.cli.exits import Exit
from callsheet.runs.control import NotRunning, ask, kill_runner
from callsheet.runs.lease import is_held

_ANSWER_S: Final = 5.0
_FORCED_ANSWER_S: Final = 0.5
_GONE_S: Final = 10.0
"""How long `stop` waits for the runner to be gone."""


def stop(
    run: RunArgument,
    force: Annotated[
        bool, typer.Option("--force", help="Kill the runner at once; the run can be resumed.")
    ] = False,
) -> None:
    """Stop a run. Whatever finished is kept; a second stop kills what is left of it."""
    run_dir = run_store().find(run)
    try:
        ask(run_dir, "stop", hard=force, patience_s=_FORCED_ANSWER_S if force else _ANSWER_S)
    except NotRunning:
        if not (force and kill_runner(run_dir)):
            raise
    deadline = time.monotonic() + _GONE_S
    while is_held(run_dir.lock):
        if time.monotonic() > deadline:
            print(f"Run {run_dir.run_id} is stopping. `callsheet stop --force {run_dir.run_id}` kills it.")
            raise typer.Exit(Exit.FAILED)
        time.sleep(0.01)
    print(f"Stopped run {run_dir.run_id}. Go on with: callsheet resume {run_dir.run_id}")


def pause(run: RunArgument) -> None:
    """Let the agents under way finish and start no new one."""
    _tell(run, "pause", "Pausing run {}: agents under way finish, no new one starts.")


def skip(run: RunArgument, call: CallArgument) -> None:
    """Skip one agent; the script gets null for it."""
    _tell(run, "skip", f"Skipped call {call} of run {{}}.", call=call)


def answer(
    run: RunArgument,
    call: CallArgument,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="The answer, as a person would type it.")],
) -> None:
    """Answer the question of a checkpoint."""
    _tell(run, "answer", f"Answered call {call} of run {{}}.", call=call, value=value)


def _tell(run: str, do: str, done: str, **fields: Any) -> None:
    run_dir = run_store().find(run)
    ask(run_dir, do, **fields)
    print(done.format(run_dir.run_id))
