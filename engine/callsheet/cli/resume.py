"""`callsheet resume`: go on with a run; agents that finished are not asked again."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from callsheet.cli.attend import hold_interrupts, on_terminal
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
    RunArgument,
    read_args,
    run_store,
    settings_of,
)
from callsheet.cli.run import Started, go
from callsheet.cli.script import check_script, read_script
from callsheet.runs.backends import absolute_backend
from callsheet.runs.control import NotRunning, Refused, ask
from callsheet.runs.follow import JournalTail
from callsheet.runs.launch import launch_resume
from callsheet.runs.lease import is_held, locked
from callsheet.runs.rundir import RunDir
from callsheet.runs.state import RunState

_ANSWER_S: Final = 0.4
"""How long to wait for a pausing runner: a run that cannot be had is refused within a second."""


def resume(
    run: RunArgument,
    script: Annotated[
        str | None, typer.Option("--script", metavar="FILE", help="Go on with an edited script.")
    ] = None,
    args: ArgsOption = None,
    match: Annotated[
        bool,
        typer.Option("--match", help="Replay any call that matches, also behind the first that differs."),
    ] = False,
    keep_failed: Annotated[
        bool, typer.Option("--keep-failed", help="Keep failed and skipped calls as they are.")
    ] = False,
    budget: BudgetOption = None,
    concurrency: ConcurrencyOption = None,
    max_agents: MaxAgentsOption = None,
    model: ModelOption = None,
    backend: BackendOption = None,
    detach: DetachOption = False,
    allow_failures: AllowFailuresOption = False,
    json: JsonOption = False,
) -> None:
    """Go on with a run, or run again what failed. Finished agents are not asked again."""

    def start() -> Started:
        run_dir = run_store().find(run)
        if is_held(run_dir.lock):
            anew = (script, args, budget, concurrency, max_agents, model, backend)
            return _taken_back(run_dir, as_it_is=not (match or keep_failed or any(anew)))
        settings = settings_of(run_dir)
        edited = None if script is None else read_script(script)
        if edited is not None:
            check_script(edited, settings)
        given = read_args(args)
        hold_interrupts()
        before = launch_resume(
            run_dir,
            settings=settings,
            script_text=None if edited is None else edited.text,
            args=given or None,
            changes={
                "budget": budget,
                "concurrency": concurrency,
                "max_agents": max_agents,
                "model": model,
                "backend": absolute_backend(backend),
                "match": match or None,
                "keep_failed": keep_failed or None,
                "attended": detach or (on_terminal() and not json),
            },
        )
        return Started(run_dir, JournalTail(run_dir.journal, before.size_bytes), before.state)

    go(start, detach=detach, json=json, allow_failures=allow_failures)


def _taken_back(run_dir: RunDir, *, as_it_is: bool) -> Started:
    """A run that is pausing goes on in the process that it has; any other that is being run is refused.

    Args:
        run_dir: the run.
        as_it_is: whether nothing is given anew, which takes another process.

    Raises:
        WorkflowError: `RUN_LOCKED`, naming the holder.
    """
    tail, state = JournalTail(run_dir.journal), RunState()
    while records := tail.look().records:
        for record in records:
            state.apply(record)
    if state.status != "pausing" or not as_it_is:
        raise locked(run_dir.lock)
    try:
        ask(run_dir, "resume", patience_s=_ANSWER_S)
    except (NotRunning, Refused) as error:
        raise locked(run_dir.lock) from error
    return Started(run_dir, tail, state)
