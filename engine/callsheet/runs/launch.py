"""Starts runs: prepares the folder of a run and hands it to a runner, a process of its own.

The launcher takes the lease and hands it to the runner it starts, so that two launchers never start two runners, and
whoever looks sees the run as alive from its first moment on.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import asdict, frozen

import callsheet
from callsheet.errors import UsageError
from callsheet.json_values import read_json, write_json
from callsheet.redaction import Redactor
from callsheet.runs.backends import absolute_backend, is_simulated
from callsheet.runs.journal import Journal, JournalUnwritable, read_journal, sync_folder
from callsheet.runs.lease import Lease
from callsheet.runs.options import RunOptions
from callsheet.runs.records import FORMAT_VERSION, Header
from callsheet.runs.rundir import (
    RunDir,
    create_run_dir,
    project_root,
    publish,
    read_script,
    refuse_without,
    touch_runs,
    write_private,
)
from callsheet.runs.spawn import take_runner
from callsheet.runs.state import RunState
from callsheet.settings import Settings


@frozen
class Before:
    """A run's journal as a resume found it.

    Attributes:
        state: what its records said.
        size_bytes: length of its sound lines; the resume writes behind them.
    """

    state: RunState
    size_bytes: int


def launch(
    script_text: str,
    *,
    path: Path | None,
    uri: str | None = None,
    args: tuple[Any, ...] = (),
    options: RunOptions,
    settings: Settings,
    cwd: Path,
) -> str:
    """Start a run of a script that has been checked; it goes on by itself, whatever becomes of this process.

    Args:
        script_text: the script as it stands, saved or not.
        path: where it was read from, None for text never saved.
        uri: the editor's document, for runs started from one.
        args: the script's args as a one-element tuple, empty for none.
        options: options of the run, see `options_from`.
        settings: settings in force in `cwd`.
        cwd: working directory of the run's agents.

    Returns:
        The run's id.

    Raises:
        UsageError: the run's folder cannot be written, or no model can be used.
    """
    run_dir, lease = prepare(
        script_text,
        path=path,
        uri=uri,
        args=args,
        options=options,
        cwd=cwd,
        simulated=is_simulated(options, settings),
    )
    order = {"resume": False, "args": None, "options": options, "settings": settings}
    _hand_over(run_dir, lease, order, cwd.resolve())
    return run_dir.run_id


def prepare(
    script_text: str,
    *,
    path: Path | None,
    uri: str | None = None,
    args: tuple[Any, ...] = (),
    options: RunOptions,
    cwd: Path,
    simulated: bool,
) -> tuple[RunDir, Lease]:
    """Make the folder of a new run, its header on disk; see `launch`. The caller holds its lease.

    Raises:
        UsageError: the folder cannot be written, or the args are no JSON.
    """
    cwd = cwd.resolve()
    args = usable_args(args)
    run_dir = create_run_dir(project_root(cwd))
    lease = Lease.take(run_dir.lock)
    try:
        header = _header(run_dir, script_text, path, uri, args, options, cwd, simulated=simulated)
        write_private(run_dir.script, encode_script(script_text))
        Journal.create(run_dir.journal, header).close()
        run_dir = publish(run_dir)
        # A run whose name is lost with the power would be taken for half-made, and its paid results with it.
        sync_folder(run_dir.path.parent)
    except BaseException as error:
        lease.release()
        shutil.rmtree(run_dir.path, ignore_errors=True)
        if isinstance(error, OSError | JournalUnwritable):
            raise UsageError(f"The run's folder cannot be written: {error}.") from error
        raise
    return run_dir, lease


def launch_resume(
    run_dir: RunDir,
    *,
    settings: Settings,
    script_text: str | None = None,
    args: tuple[Any, ...] | None = None,
    changes: Mapping[str, Any] | None = None,
) -> Before:
    """Resume a run in a process of its own.

    Args:
        run_dir: the run.
        settings: settings in force in the run's working directory.
        script_text: the edited script, checked; None keeps the run's own.
        args: new args as a one-element tuple, None keeps the run's own.
        changes: options of `RunOptions` given anew, by name.

    Returns:
        What the journal said before.

    Raises:
        WorkflowError: `RUN_LOCKED`, naming the holder; `JOURNAL_CORRUPT`.
        UsageError: journal, script, args, working directory, model or backend cannot be used.
    """
    new_args = None if args is None else list(usable_args(args))
    lease = Lease.take(run_dir.lock)
    try:
        contents = read_journal(run_dir.journal)
        state = RunState.from_records(contents.records)
        options = RunOptions.from_record(state.options).resumed(**(changes or {}))
        is_simulated(options, settings)
        absolute_backend(options.backend)
        refuse_without(Path(state.cwd))
        if script_text is not None:
            write_private(run_dir.script, encode_script(script_text))
        else:
            read_script(run_dir)
    except BaseException:
        lease.release()
        raise
    order = {
        "resume": True,
        "args": new_args,
        "given": script_text is not None,
        "options": options,
        "settings": settings,
    }
    _hand_over(run_dir, lease, order, Path(state.cwd))
    touch_runs(run_dir.root)
    return Before(state, contents.size_bytes)


def usable_args(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Args as a script gets them.

    Raises:
        UsageError: they are no JSON.
    """
    try:
        return tuple(read_json(write_json(value)) for value in args)
    except ValueError as error:
        raise UsageError(f"The args cannot be written as JSON: {error}.") from error


def options_from(settings: Settings, **given: Any) -> RunOptions:
    """Options of a run: what was given, else the settings; None gives nothing."""
    defaults = {
        "model": settings.model,
        "budget": settings.run.budget_tokens,
        "concurrency": settings.run.concurrency,
        "max_agents": settings.run.max_agents,
        "agent_timeout_s": settings.run.agent_timeout_s,
        "worktrees_required": settings.worktrees.required,
        "include_uncommitted": settings.worktrees.include_uncommitted,
    }
    return RunOptions(**{**defaults, **{name: value for name, value in given.items() if value is not None}})


def encode_script(text: str) -> bytes:
    """A script's text as `script.js` holds it; an editor's lone surrogates have no UTF-8 and become U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _header(
    run_dir: RunDir,
    script_text: str,
    path: Path | None,
    uri: str | None,
    args: tuple[Any, ...],
    options: RunOptions,
    cwd: Path,
    *,
    simulated: bool,
) -> Header:
    from callsheet.language.model import build_model
    from callsheet.language.source import Source
    from callsheet.language.syntax import parse

    workflow = build_model(parse(Source(script_text)))
    header: Header = {
        "k": "header",
        "v": FORMAT_VERSION,
        "id": run_dir.run_id,
        "name": workflow.name or (path.stem if path else "untitled"),
        "at": time.time(),
        "script": hashlib.sha256(encode_script(script_text)).hexdigest(),
        "path": None if path is None else str(path.resolve()),
        "cwd": str(cwd),
        "options": options.to_record(),
        "phases": [phase.title for phase in workflow.phases],
        "commit": _commit(run_dir, options, cwd),
        "simulated": simulated,
        "callsheet": callsheet.__version__,
    }
    if uri is not None:
        header["uri"] = uri
    if args:
        header["args"] = Redactor(os.environ).value(args[0])
    return header


def _commit(run_dir: RunDir, options: RunOptions, cwd: Path) -> str | None:
    from callsheet.worktrees import open_repository, start_commit

    repository = open_repository(cwd)
    if repository is None:
        return None
    return start_commit(repository, run_id=run_dir.run_id, include_uncommitted=options.include_uncommitted)


def _hand_over(run_dir: RunDir, lease: Lease, order: Mapping[str, Any], cwd: Path) -> None:
    message = {
        **order,
        "run": str(run_dir.path),
        "cwd": str(cwd if cwd.is_dir() else run_dir.root),
        "options": order["options"].to_record(),
        "settings": asdict(order["settings"]),
    }
    try:
        runner = take_runner()
        # Before it begins: what it writes there itself must be the last word.
        lease.sign(pid=runner.pid)
        log = os.open(run_dir.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            runner.give(message, lease.fd, log)
        finally:
            os.close(log)
    except OSError as error:
        lease.release()
        raise UsageError(f"The run's process cannot be started: {error.strerror or error}.") from error
    lease.hand_over()
