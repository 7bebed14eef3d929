"""`callsheet run`: start a run and attend it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from attrs import frozen

from callsheet.cli.attend import attend, choose_view, hold_interrupts, on_terminal
from callsheet.cli.common import (
    AllowFailuresOption,
    ArgsOption,
    BackendOption,
    BudgetOption,
    ConcurrencyOption,
    DetachOption,
    JsonOption,
    MaxAgentsOption,
    ModelOption,
    print_json,
    read_args,
    run_store,
    settings_here,
)
from callsheet.cli.exits import Exit, usage_error
from callsheet.cli.script import check_script, read_script, refusal
from callsheet.errors import CallsheetError
from callsheet.runs.backends import absolute_backend
from callsheet.runs.follow import JournalTail
from callsheet.runs.launch import launch, options_from
from callsheet.runs.result import RunResult
from callsheet.runs.rundir import RunDir
from callsheet.runs.state import RunState


def run(
    script: Annotated[
        str, typer.Argument(metavar="SCRIPT|NAME", help="A script's file, or a saved workflow.")
    ],
    args: ArgsOption = None,
    model: ModelOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Ask no model: a simulated agent makes up the answers.")
    ] = False,
    budget: BudgetOption = None,
    concurrency: ConcurrencyOption = None,
    max_agents: MaxAgentsOption = None,
    backend: BackendOption = None,
    detach: DetachOption = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before a large run.")] = False,
    allow_failures: AllowFailuresOption = False,
    json: JsonOption = False,
) -> None:
    """Run a workflow script, with its progress on the terminal.

    Ctrl-C stops the run in order, a second one kills it; either way it can be resumed.
    """

    def start() -> Started:
        settings = settings_here()
        found = read_script(script)
        check_script(found, settings)
        given = read_args(args)
        options = options_from(
            settings,
            model=model,
            dry_run=dry_run or None,
            budget=budget,
            concurrency=concurrency,
            max_agents=max_agents,
            backend=absolute_backend(backend),
            attended=detach or (on_terminal() and not json),
        )
        if on_terminal() and not (yes or json):
            from callsheet.cli.confirm import confirm_large_run

            confirm_large_run(found.text, options, settings)
        hold_interrupts()
        run_id = launch(
            found.text, path=found.path, args=given, options=options, settings=settings, cwd=Path.cwd()
        )
        return Started(run_store().find(run_id))

    go(start, detach=detach, json=json, allow_failures=allow_failures)


@frozen
class Started:
    """A run that has just been started.

    Attributes:
        run_dir: the run.
        tail: a reader of its journal that has read what was there before, and `state` what that said.
        state: see `tail`.
    """

    run_dir: RunDir
    tail: JournalTail | None = None
    state: RunState | None = None


def go(start: Callable[[], Started], *, detach: bool, json: bool, allow_failures: bool) -> None:
    """Start a run, attend it unless it is detached, and exit with its status."""
    try:
        started = start()
    except (CallsheetError, OSError) as error:
        if not json:
            raise
        print_refusal(usage_error(error) if isinstance(error, OSError) else error)
        raise typer.Exit(Exit.USAGE) from None
    run_dir = started.run_dir
    if detach:
        if json:
            print_json(run_store().load(run_dir.run_id).to_json())
        else:
            print(run_dir.run_id)
        return
    view = choose_view(silent=json)
    asks = on_terminal() and not json
    stored, status = attend(run_dir, view, ask=asks, owner=True, tail=started.tail, state=started.state)
    if json:
        print_json(stored.to_json())
    if allow_failures and status is Exit.WITH_FAILURES:
        status = Exit.COMPLETED
    raise typer.Exit(status)


def print_refusal(error: CallsheetError) -> None:
    """Print the object of a run that was refused."""
    print_json(RunResult.refused(refusal(error)).to_json())
