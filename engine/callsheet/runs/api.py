"""Runs from Python: in this process, without a runner (protocol, "Python")."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from callsheet.agents.backend import AgentBackend
from callsheet.agents.processes import kill_run_processes
from callsheet.errors import UsageError
from callsheet.language.source import Source
from callsheet.language.syntax import parse
from callsheet.runs.backends import is_simulated, open_backend
from callsheet.runs.engine import Engine
from callsheet.runs.history import History
from callsheet.runs.journal import read_header, read_journal
from callsheet.runs.launch import encode_script, options_from, prepare, usable_args
from callsheet.runs.lease import Lease
from callsheet.runs.options import RunOptions
from callsheet.runs.result import RunResult
from callsheet.runs.rundir import RunDir, project_root, refuse_without, write_private
from callsheet.runs.scripts import refuse_errors
from callsheet.runs.store import RunStore
from callsheet.runs.sweep import sweep_run, sweeping
from callsheet.settings import Settings, load_settings


async def run_workflow(
    script: str | Path,
    *,
    args: Any = None,
    options: RunOptions | None = None,
    backend: AgentBackend | None = None,
    cwd: Path | None = None,
) -> RunResult:
    """Run a workflow script to its end, in this process. Cancelling stops the run in order.

    Args:
        script: the script's text, or its file as a `Path`.
        args: what the script gets as `args`, as JSON; None gives none.
        options: options of the run; None for those of the settings.
        backend: answers the agents, and is left open; None takes what options, settings and machine say.
        cwd: working directory of the agents; by default this process's.

    Returns:
        How it ended. The run is kept under `.callsheet/runs/` and can be resumed.

    Raises:
        ScriptValidationError: the script has errors; nothing was started.
        UsageError: the script cannot be read, the args are no JSON, or the run's folder cannot be written.
    """
    cwd = (cwd or Path.cwd()).resolve()
    settings, _ = load_settings(cwd)
    options = options or options_from(settings)
    text, path = _read(script)
    refuse_errors(parse(Source(text)), settings)
    simulated = backend.simulated if backend is not None else is_simulated(options, settings)
    run_dir, lease = prepare(
        text,
        path=path,
        args=() if args is None else (args,),
        options=options,
        cwd=cwd,
        simulated=simulated,
    )
    async with sweeping(run_dir.root):
        return await _run(run_dir, lease, settings, options, None, backend)


async def resume_run(
    run_id: str,
    *,
    script: str | Path | None = None,
    args: Any = None,
    options: RunOptions | None = None,
    backend: AgentBackend | None = None,
    root: Path | None = None,
) -> RunResult:
    """Resume a run, in this process: what finished is not run again (language, R3 to R7).

    Args:
        run_id: the run's id, the beginning of exactly one, or `last`.
        script: the edited script's text or file; None for the run's own.
        args: new args as JSON; None keeps the run's own.
        options: options of the resume; None for the run's own.
        backend: answers the agents, and is left open; None takes what options, settings and machine say.
        root: the project; by default that of this process's working directory.

    Raises:
        UnknownRun: there is no such run.
        ScriptValidationError: the edited script has errors; nothing was started.
        UsageError: the args are no JSON.
        WorkflowError: `RUN_LOCKED`, another process runs it; `JOURNAL_CORRUPT`.
    """
    run_dir = RunStore(root or project_root(Path.cwd())).find(run_id)
    settings, _ = load_settings(Path(read_header(run_dir.journal)["cwd"]))
    text = None
    if script is not None:
        text, _ = _read(script)
        refuse_errors(parse(Source(text)), settings)
    new_args = None if args is None else list(usable_args((args,)))
    lease = Lease.take(run_dir.lock)
    async with sweeping(run_dir.root):
        return await _run(run_dir, lease, settings, options, new_args, backend, resume=True, text=text)


async def _run(
    run_dir: RunDir,
    lease: Lease,
    settings: Settings,
    options: RunOptions | None,
    args: list[Any] | None,
    backend: AgentBackend | None,
    *,
    resume: bool = False,
    text: str | None = None,
) -> RunResult:
    own = None
    try:
        if resume:
            await asyncio.to_thread(sweep_run, run_dir)
            records = read_journal(run_dir.journal).records
            refuse_without(Path(records[0]["cwd"]))
            options = options or RunOptions.from_record(History.from_records(records).options).resumed()
        if backend is None:
            backend = own = open_backend(options or RunOptions(), settings)
        if text is not None:
            # Only now is it known that the journal can be read: a resume that is refused changes nothing.
            write_private(run_dir.script, encode_script(text))
        engine = Engine.open(
            run_dir, backend=backend, settings=settings, options=options, args=args, given=text is not None
        )
        try:
            return await engine.run()
        finally:
            await asyncio.to_thread(kill_run_processes, run_dir.run_id)
    finally:
        if own is not None:
            await own.aclose()
        lease.release()


def _read(script: str | Path) -> tuple[str, Path | None]:
    if isinstance(script, str):
        return script, None
    try:
        return script.read_bytes().decode("utf-8"), script.resolve()
    except OSError as error:
        raise UsageError(f"Cannot read the script {script}: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"The script {script} is not UTF-8.") from error
