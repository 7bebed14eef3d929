"""Puts the parts of a run together, the same for a run and for its preview."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from callsheet.agents.backend import AgentBackend
from callsheet.agents.definitions import find_definitions
from callsheet.agents.models import ModelResolver
from callsheet.language.discovery import FileWorkspace
from callsheet.language.tables.limits import MAX_AGENTS
from callsheet.runs.budget import Budget, Ceiling
from callsheet.runs.calls import CallResolver
from callsheet.runs.driver import Driver
from callsheet.runs.history import History, Replay
from callsheet.runs.intake import Intake
from callsheet.runs.isolation import Isolation
from callsheet.runs.ledger import Ledger
from callsheet.runs.nested import ChildScripts
from callsheet.runs.options import RunOptions, default_concurrency
from callsheet.runs.rundir import RunDir, project_root
from callsheet.runs.scripts import Script
from callsheet.runs.tries import TryRunner
from callsheet.sandbox import Sandbox
from callsheet.settings import Settings


@frozen(kw_only=True)
class Parts:
    """What a driver is made of.

    Attributes:
        script: what to run.
        history: what happened so far.
        replay: the walk through it.
        options: options of this segment.
        settings: settings in force in the working directory.
        backend: answers the agents.
        ledger: takes what happens.
        isolation: gives the calls their places.
        run_id: the run's id.
        cwd: the run's working directory.
        run_dir: where sources of nested workflows and transcripts are kept.
        given: whether the script was given anew, so that the workflows it calls are read again.
        preview: whether nothing is to be kept.
    """

    script: Script
    history: History
    replay: Replay
    options: RunOptions
    settings: Settings
    backend: AgentBackend
    ledger: Ledger
    isolation: Isolation
    run_id: str
    cwd: Path
    run_dir: RunDir
    given: bool = False
    preview: bool = False


def walk(
    history: History, script: Script, args: list[Any], options: RunOptions, *, given: bool
) -> tuple[Replay, bool]:
    """The walk of a script through a history, and whether script or args may differ from those that ran last.

    Args:
        history: what happened so far.
        script: what is to run.
        args: its args, one element or none.
        options: options of the segment.
        given: whether the script was given anew; then the workflows that it calls may have been edited, too.
    """
    edited = given or (bool(history.script) and (script.sha != history.script or args != history.args))
    return Replay(history, edited=edited, match=options.match, keep_failed=options.keep_failed), edited


def make_driver(sandbox: Sandbox, parts: Parts) -> Driver:
    """A driver ready to run the script."""
    options = parts.options
    budget = Budget(Ceiling(options.budget))
    return Driver(
        sandbox=sandbox,
        ledger=parts.ledger,
        intake=_intake(parts, budget),
        runner=TryRunner(
            parts.backend,
            parts.run_id,
            parts.run_dir.transcript,
            parts.isolation,
            budget,
            parts.ledger.redactor,
            parts.ledger.emit,
        ),
        replay=parts.replay,
        budget=budget,
        concurrency=options.concurrency or default_concurrency(),
        attended=options.attended,
        cwd=str(parts.cwd),
    )


def _intake(parts: Parts, budget: Budget) -> Intake:
    options, script = parts.options, parts.script
    asks_no_provider = parts.backend.simulated or parts.backend.name == "scripted"
    models = ModelResolver(parts.settings, options.model, simulated=asks_no_provider)
    # As long as the run's own script is resumed as it was, so are the workflows that it calls.
    known: Mapping[str, tuple[str, str]] = {}
    if script.sha == parts.history.script and not parts.given:
        known = parts.history.children
    return Intake(
        ledger=parts.ledger,
        resolver=CallResolver(models, find_definitions(parts.cwd), options.agent_timeout_s),
        replay=parts.replay,
        next_call=parts.history.next_call,
        budget=budget,
        children=ChildScripts(
            parts.run_dir.path / "workflows",
            known,
            script.path,
            project_root(parts.cwd),
            FileWorkspace.at(parts.cwd),
            keep=not parts.preview,
        ),
        max_agents=options.max_agents or MAX_AGENTS,
    )
