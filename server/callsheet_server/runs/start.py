"""Starting and resuming runs from the editor."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callsheet.language.problem import Problem, Severity
from callsheet.language.syntax import Parsed
from callsheet.runs.launch import launch, launch_resume, options_from
from callsheet.runs.rundir import RunDir, project_root
from callsheet.settings import Settings, load_settings
from lsprotocol import types

from callsheet_server.documents import Snapshot
from callsheet_server.protocol import RequestFailed
from callsheet_server.runs.arguments import Arguments
from callsheet_server.runs.tracked import TrackedRun

if TYPE_CHECKING:
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
    options = options_from(
        settings,
        model=arguments.maybe_text("model"),
        budget=arguments.maybe_number("budget"),
        dry_run=arguments.flag("dryRun") or None,
        attended=True,
    )
    args = (arguments.any("args"),) if arguments.any("args") is not None else ()
    run_id = await asyncio.to_thread(
        lambda: launch(
            script_text(script),
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
    server.runs.resumed(run_dir.run_id)
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
        raise RequestFailed("There is no workflow script in this document.")
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


async def confirm(server: CallsheetServer, message: str) -> bool:
    """Ask the person before something that may be dear; a client that cannot ask means yes to what it sent."""
    actions = [types.MessageActionItem("Run"), types.MessageActionItem("Cancel")]
    params = types.ShowMessageRequestParams(types.MessageType.Warning, message, actions)
    answer = await server.ask(types.WINDOW_SHOW_MESSAGE_REQUEST, params)
    return answer is not None and answer.title == "Run"


async def plan(server: CallsheetServer, run_dir: RunDir | None, arguments: Arguments) -> Any:
    """What a run or a resume would do, before anything is spent."""
    raise RequestFailed("Previews are not there yet.")


def stored_detail(server: CallsheetServer, run_dir: RunDir) -> dict[str, Any]:
    """`callsheet.showRun` for a run that is not under watch. Call it off the event loop."""
    run = TrackedRun(server, server.runs, run_dir)
    run.load()
    return run.detail()
