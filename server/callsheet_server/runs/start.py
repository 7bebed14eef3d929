"""Starting and resuming runs from the editor."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve
from callsheet.language.problem import Problem, Severity
from callsheet.language.syntax import Parsed
from callsheet.runs.launch import launch, launch_resume, options_from
from callsheet.runs.options import RunOptions
from callsheet.runs.rundir import RunDir, project_root
from callsheet.settings import ConfirmOver, Settings, load_settings
from lsprotocol import types

from callsheet_server.documents import Snapshot
from callsheet_server.protocol import RequestFailed
from callsheet_server.runs.arguments import Arguments
from callsheet_server.runs.tracked import TrackedRun

if TYPE_CHECKING:
    from callsheet.runs.plan import Plan

    from callsheet_server.server import CallsheetServer

NAMED_PROBLEMS = 3
"""How many of a script's errors a refusal names."""


async def run(server: CallsheetServer, arguments: Arguments) -> str:
    """Start a run of a document as it stands in the editor; returns its id.

    Raises:
        RequestFailed: the workspace is not trusted, the script has errors, or the person said no.
        UsageError: the run cannot be started.
    """
    _refuse_untrusted(server)
    snapshot, script = script_of(server, arguments)
    await refuse_errors(server, snapshot, script)
    cwd = server.folders.base_of(snapshot.path)
    settings = await asyncio.to_thread(_settings, server, snapshot.path, cwd)
    options = _options(settings, arguments)
    text = script_text(script)
    await _confirm_large(server, text, options, settings, cwd)
    args = (arguments.any("args"),) if arguments.any("args") is not None else ()
    run_id = await asyncio.to_thread(
        lambda: launch(
            text,
            path=snapshot.path,
            uri=snapshot.uri,
            args=args,
            options=options,
            settings=settings,
            cwd=cwd,
        )
    )
    server.runs.watch_root(project_root(cwd))
    return run_id


async def resume(server: CallsheetServer, run_dir: RunDir, arguments: Arguments) -> str:
    """Resume a run, with the edited script where a document is named.

    Raises:
        RequestFailed: the workspace is not trusted, or the script has errors.
        CallsheetError: the run cannot be resumed.
    """
    _refuse_untrusted(server)
    text: str | None = None
    cwd = run_dir.root
    path: Path | None = None
    if "uri" in arguments:
        snapshot, script = script_of(server, arguments)
        before = await asyncio.to_thread(run_dir.script.read_text, "utf-8")
        if script_text(script) != before:
            await refuse_errors(server, snapshot, script)
            text = script_text(script)
        path = snapshot.path
        cwd = server.folders.base_of(path)
    settings = await asyncio.to_thread(_settings, server, path, cwd)
    args = (arguments.any("args"),) if "args" in arguments else None
    changes = {
        "budget": arguments.maybe_number("budget"),
        "model": arguments.maybe_text("model"),
        "match": arguments.flag("match") or None,
        "keep_failed": arguments.flag("keepFailed") or None,
        "attended": True,
    }
    await asyncio.to_thread(
        lambda: launch_resume(run_dir, settings=settings, script_text=text, args=args, changes=changes)
    )
    server.runs.watch_root(run_dir.root)
    return run_dir.run_id


def _refuse_untrusted(server: CallsheetServer) -> None:
    if not server.trusted:
        raise RequestFailed("Workflows run in trusted workspaces only. Trust this workspace to run them.")


def script_of(server: CallsheetServer, arguments: Arguments) -> tuple[Snapshot, Parsed]:
    """The script that a command names by its document, and by its number where that holds several.

    Raises:
        RequestFailed: the document is not open, or holds no such script.
    """
    snapshot = server.snapshot(arguments.text("uri"))
    if snapshot is None:
        raise RequestFailed(f"{arguments.text('uri')} is not open in the editor.")
    number = arguments.maybe_number("fence") or 1
    if number > len(snapshot.scripts):
        which = f"no workflow script number {number}" if snapshot.scripts else "no workflow script"
        raise RequestFailed(f"There is {which} in this document.")
    return snapshot, snapshot.scripts[number - 1]


def script_text(script: Parsed) -> str:
    """The text to run. Its lines are those of the document, so that positions in views are the document's."""
    if not script.embedded:
        return script.source.text
    above = script.source.line_of(script.script.start)
    return "\n" * above + script.source.slice(script.script.start, script.script.end)


async def refuse_errors(server: CallsheetServer, snapshot: Snapshot, script: Parsed) -> None:
    """Refuse a script with errors, naming the first of them.

    Raises:
        RequestFailed: it has some.
    """
    errors = [
        problem
        for problem in await server.analysis.complete(snapshot)
        if problem.severity is Severity.ERROR and snapshot.script_at(problem.span.start) is script
    ]
    if not errors:
        return
    named = "; ".join(_named(snapshot, problem) for problem in errors[:NAMED_PROBLEMS])
    more = f"; and {len(errors) - NAMED_PROBLEMS} more" if len(errors) > NAMED_PROBLEMS else ""
    count = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
    raise RequestFailed(f"The script has {count}; nothing was started. {named}{more}")


def _named(snapshot: Snapshot, problem: Problem) -> str:
    line = snapshot.source.line_of(problem.span.start) + 1
    return f"line {line}: {problem.message} ({problem.code})"


def _settings(server: CallsheetServer, path: Path | None, cwd: Path) -> Settings:
    return load_settings(cwd, server.settings.editor_of(path))[0]


async def _confirm_large(
    server: CallsheetServer, text: str, options: RunOptions, settings: Settings, cwd: Path
) -> None:
    """Ask the person before a run whose plan is over their limits.

    Raises:
        RequestFailed: they said no.
    """
    from callsheet.runs.plan import plan_run

    planned = await asyncio.to_thread(lambda: plan_run(text, options=options, settings=settings, cwd=cwd))
    over = over_limits(planned, settings.run.confirm_over)
    if not over:
        return
    message = (
        f"Run {planned.name}? It may take {' and '.join(over)}, more than your settings let pass unasked."
    )
    actions = [types.MessageActionItem("Run"), types.MessageActionItem("Cancel")]
    params = types.ShowMessageRequestParams(types.MessageType.Warning, message, actions)
    answer = await server.ask(types.WINDOW_SHOW_MESSAGE_REQUEST, params)
    if answer is None or answer.title != "Run":
        raise RequestFailed("The run was not started.")


def over_limits(planned: Plan, limits: ConfirmOver) -> list[str]:
    """What of a plan is over the limits, in words; simulated agents cost nothing."""
    if planned.simulated:
        return []
    measures = (
        (planned.at_most, limits.agents, "{:,} agents"),
        (planned.tokens, limits.tokens, "about {:,} tokens"),
        (planned.cost, limits.cost_usd, "about ${:.2f}"),
    )
    return [
        words.format(value)
        for value, limit, words in measures
        if value is not None and limit is not None and value > limit
    ]


async def plan(server: CallsheetServer, run_dir: RunDir | None, arguments: Arguments) -> dict[str, Any]:
    """What a run of a document would do, or with a run what resuming it would, before anything is spent.

    Raises:
        RequestFailed: the document is not open, or the script has errors.
        CallsheetError: the run cannot be read.
    """
    from callsheet.runs.plan import plan_run
    from callsheet.runs.replay_plan import plan_replay

    text: str | None = None
    path: Path | None = None
    if run_dir is None or "uri" in arguments:
        snapshot, script = script_of(server, arguments)
        await refuse_errors(server, snapshot, script)
        text, path = script_text(script), snapshot.path
    cwd = server.folders.base_of(path) if run_dir is None else run_dir.root
    settings = await asyncio.to_thread(_settings, server, path, cwd)
    options = _options(settings, arguments)
    if run_dir is None:
        assert text is not None
        script_now = text
        planned = await asyncio.to_thread(
            lambda: plan_run(script_now, options=options, settings=settings, cwd=cwd)
        )
        return planned.to_json()
    before = await asyncio.to_thread(run_dir.script.read_text, "utf-8")
    edited = text if text is not None and text != before else None
    args = [arguments.any("args")] if "args" in arguments else None
    replay = await plan_replay(run_dir, settings=settings, text=edited, args=args)
    planned = await asyncio.to_thread(
        lambda: plan_run(text or before, options=options, settings=settings, cwd=cwd)
    )
    return evolve(planned, replay=replay).to_json()


def _options(settings: Settings, arguments: Arguments) -> RunOptions:
    return options_from(
        settings,
        model=arguments.maybe_text("model"),
        budget=arguments.maybe_number("budget"),
        dry_run=arguments.flag("dryRun") or None,
        attended=True,
    )


def stored_detail(server: CallsheetServer, run_dir: RunDir) -> dict[str, Any]:
    """`callsheet.showRun` for a run that is not under watch. Call it off the event loop."""
    run = TrackedRun(server, server.runs, run_dir)
    run.load()
    return run.detail()
