"""The engine of one run: takes up its journal, runs its script, and writes down how it ended.

Everything that happens is a record in the journal; listeners are told of each. Nothing else shows what a run does.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from callsheet.agents.backend import AgentBackend
from callsheet.errors import ErrorCode, UsageError, WorkflowError
from callsheet.language.tables.limits import MAX_AGENTS
from callsheet.redaction import Redactor
from callsheet.runs.assembly import Parts, make_driver, walk
from callsheet.runs.driver import Driver
from callsheet.runs.history import History
from callsheet.runs.isolation import Isolation
from callsheet.runs.journal import Journal, JournalFile, JournalUnwritable, read_journal
from callsheet.runs.ledger import Ledger, Listener
from callsheet.runs.options import RunOptions
from callsheet.runs.records import ErrorInfo
from callsheet.runs.result import RunResult
from callsheet.runs.rundir import RunDir, read_script, refuse_without
from callsheet.runs.scripts import Script, load_script
from callsheet.runs.state import RunState
from callsheet.sandbox import Outcome, Sandbox, SandboxLimits
from callsheet.settings import Settings

ABORT_TIMEOUT_S: Final = 0.25
"""Time that a stopped script has to see its calls rejected."""

MIN_CALLS: Final = 10_000
"""Calls of any kind that a script may make however low the cap on agents."""

AGENTS_TIMEOUT_S: Final = 10.0
"""Time that stopped agents have to end, the capture of their worktrees included."""


class Engine:
    """One run in this process. Make it with `open`, then await `run` once.

    Args:
        run_dir: the run's folder.
        script_text: what runs.
        backend: answers the agents; the caller closes it.
        settings: settings in force in the run's working directory.
        options: options of this segment.
        args: the script's args as a one-element list, empty for none.
        given: whether the script was given anew.
        records: what the journal holds.
        history: read from `records`.
        journal: open for appending.
        listeners: told of each new record.
        sandbox_limits: what the script may use.

    Attributes:
        broken: why the journal can no longer be written, None while it can.
    """

    def __init__(
        self,
        run_dir: RunDir,
        *,
        script_text: str,
        backend: AgentBackend,
        settings: Settings,
        options: RunOptions,
        args: list[Any] | None,
        given: bool,
        records: list[dict[str, Any]],
        history: History,
        journal: Journal,
        listeners: Iterable[Listener],
        sandbox_limits: SandboxLimits | None,
    ) -> None:
        self._run_dir = run_dir
        self._script_text = script_text
        self._backend = backend
        self._settings = settings
        self._options = options
        self._given = given
        # A loop that calls without waiting is cut off soon after the cap on agents, not at the sandbox's own.
        max_calls = max(MIN_CALLS, 2 * (options.max_agents or MAX_AGENTS))
        self._sandbox_limits = sandbox_limits or SandboxLimits(max_calls=max_calls)
        self._header = records[0]
        self._history = history
        self._resumes = any(record["k"] == "segment" for record in records)
        self._redactor = Redactor(os.environ)
        self._history.args = self._redactor.value(self._history.args)
        self._args: list[Any] = self._history.args if args is None else self._redactor.value(args)
        self._ledger = Ledger(
            journal, RunState.from_records(records), listeners, self._redactor, self._journal_broke
        )
        self._driver: Driver | None = None
        self._driving: asyncio.Task[Outcome | None] | None = None
        self._stop_requested = False
        self._pause_requested = False
        self._over = False
        self.broken: JournalUnwritable | None = None
        self._began = 0.0

    @classmethod
    def open(
        cls,
        run_dir: RunDir,
        *,
        backend: AgentBackend,
        settings: Settings | None = None,
        options: RunOptions | None = None,
        args: Iterable[Any] | None = None,
        given: bool = False,
        listeners: Iterable[Listener] = (),
        journal_file: JournalFile | None = None,
        sandbox_limits: SandboxLimits | None = None,
    ) -> Engine:
        """Take up a run whose folder has a journal with a header, and `script.js`: new, or to be resumed.

        Args:
            run_dir: the run's folder.
            backend: answers the agents; the caller closes it.
            settings: settings in force in the run's working directory.
            options: options of this segment; None for those recorded, without the ones for one resume alone.
            args: new args, one element or none; None keeps the recorded ones.
            given: whether `script.js` was given anew for this resume.
            listeners: told of each new record.
            journal_file: file under the journal, for tests.
            sandbox_limits: what the script may use.

        Raises:
            JournalCorrupt: the journal is damaged.
            UsageError: journal, script or working directory cannot be used; the run stays as it is.
            JournalUnwritable: the journal cannot be opened for appending.
        """
        contents = read_journal(run_dir.journal)
        refuse_without(Path(contents.records[0]["cwd"]))
        history = History.from_records(contents.records)
        return cls(
            run_dir,
            script_text=read_script(run_dir),
            backend=backend,
            settings=settings or Settings(),
            options=options or RunOptions.from_record(history.options).resumed(),
            args=None if args is None else list(args),
            given=given,
            records=contents.records,
            history=history,
            journal=Journal.open(run_dir.journal, contents, file=journal_file),
            listeners=listeners,
            sandbox_limits=sandbox_limits,
        )

    @property
    def state(self) -> RunState:
        """The run as its records tell it so far."""
        return self._ledger.state

    # Control, from the same event loop

    def stop(self) -> None:
        """Stop the run: agents under way are cancelled, what finished is kept (E5)."""
        if not self._stop_requested and not self._over:
            self._stop_requested = True
            self._announce("stopping")
            if self._driving is not None:
                self._driving.cancel()

    def pause(self) -> None:
        """Start no further agent; when those under way have ended, the run ends as `paused`."""
        if self._stop_requested or self._over:
            return
        self._pause_requested = True
        self._announce("pausing")
        if self._driver is not None:
            self._driver.hold(True)

    def resume(self) -> None:
        """Take a `pause` back.

        Raises:
            UsageError: the run is not pausing.
        """
        if not self._pause_requested or self._stop_requested or self._over:
            raise UsageError("The run is not pausing.")
        self._pause_requested = False
        self._announce("running")
        if self._driver is not None:
            self._driver.hold(False)

    def skip(self, call: int) -> None:
        """End agent `call` without a result (E1).

        Raises:
            UsageError: no such agent waits or works.
        """
        self._running().skip(call)

    def answer(self, call: int, value: Any) -> None:
        """Answer checkpoint `call`.

        Raises:
            UsageError: it asks nothing, or the answer does not fit.
        """
        self._running().answer(call, value)

    # The run

    async def run(self) -> RunResult:
        """Run until the script is over, fails, is paused or stopped.

        Cancelling stops the run in order and then raises `CancelledError`.

        Returns:
            How the run ended; the journal says the same.
        """
        self._began = time.monotonic()
        ending: dict[str, Any]
        raised: BaseException | None = None
        sandbox: Sandbox | None = None
        isolation: Isolation | None = None
        try:
            script = self._begin()
            await self._ledger.sync()
            isolation = self._isolation()
            sandbox = await Sandbox.start(self._sandbox_limits)
            self._driver = make_driver(sandbox, self._parts(script, isolation))
            if self._pause_requested:
                self._driver.hold(True)
            self._driving = asyncio.create_task(self._driver.run(script, self._args))
            if self._stop_requested:
                self._driving.cancel()
            ending = self._ending_of(await self._driving)
        except asyncio.CancelledError as error:
            if not self._stop_requested and self.broken is None:
                raised = error
                self._announce("stopping")
            ending = self._stopped()
        except JournalUnwritable as error:
            self.broken = error
            ending = self._stopped()
        except WorkflowError as error:
            ending = {
                "status": "failed",
                "error": self._error(error.code, str(error), error.line, error.column),
            }
        except Exception as error:
            # A fault of ours must leave neither agents at work nor a run that looks alive.
            raised = error
            ending = {
                "status": "failed",
                "error": self._error(ErrorCode.SCRIPT_ERROR, f"Callsheet failed: {error!r}"),
            }
        await self._wind_down(ending, sandbox, isolation)
        if raised is not None:
            raise raised
        return RunResult.from_state(self.state)

    def _begin(self) -> Script:
        """Write down that this process begins to run; returns the script."""
        path = Path(self._header["path"]) if self._header["path"] else None
        script = load_script(self._script_text, path=path, checked=True)
        self._replay, edited = walk(
            self._history, script, self._args, self._options, given=self._given and self._resumes
        )
        segment: dict[str, Any] = {
            "k": "segment",
            "at": time.time(),
            "pid": os.getpid(),
            "resume": self._resumes,
            "script": script.sha,
            "edited": edited,
            "options": self._options.to_record(),
            "name": script.facts.name,
            "phases": list(script.facts.phases),
            "simulated": self._backend.simulated,
        }
        if self._args:
            segment["args"] = self._args[0]
        self._ledger.emit(segment)
        return script

    def _isolation(self) -> Isolation:
        return Isolation(
            Path(self._header["cwd"]),
            self._header["id"],
            self._header["commit"],
            required=self._options.worktrees_required,
        )

    def _parts(self, script: Script, isolation: Isolation) -> Parts:
        return Parts(
            script=script,
            history=self._history,
            replay=self._replay,
            options=self._options,
            settings=self._settings,
            backend=self._backend,
            ledger=self._ledger,
            isolation=isolation,
            run_id=self._header["id"],
            cwd=Path(self._header["cwd"]),
            run_dir=self._run_dir,
            given=self._given,
        )

    def _ending_of(self, outcome: Outcome | None) -> dict[str, Any]:
        assert self._driver is not None
        if outcome is None:
            return {"status": "paused"}
        if outcome.error is not None:
            error = outcome.error
            return {
                "status": "failed",
                "error": self._error(error.code, error.message, error.line, error.column),
            }
        result = json.loads(outcome.value_json or "null")
        status = "completed_with_failures" if self._driver.failures else "completed"
        return {"status": status, "result": self._redactor.value(result)}

    def _stopped(self) -> dict[str, Any]:
        message = str(self.broken) if self.broken is not None else "The run was stopped."
        return {"status": "stopped", "error": self._error(ErrorCode.WORKFLOW_ABORTED, message)}

    def _error(
        self, code: ErrorCode, message: str, line: int | None = None, column: int | None = None
    ) -> ErrorInfo:
        return {"code": str(code), "message": self._redactor.text(message), "line": line, "column": column}

    async def _wind_down(
        self, ending: dict[str, Any], sandbox: Sandbox | None, isolation: Isolation | None
    ) -> None:
        if self._driver is not None:
            await self._driver.stop(
                abort=ending["status"] == "stopped",
                script_timeout_s=ABORT_TIMEOUT_S,
                agents_timeout_s=AGENTS_TIMEOUT_S,
            )
        elif sandbox is not None:
            await sandbox.kill()
        self._over = True
        ended = {"k": "end", "at": time.time(), "durationMs": round((time.monotonic() - self._began) * 1000)}
        self._ledger.emit({**ended, **ending})
        try:
            await self._ledger.sync()
        except JournalUnwritable as error:
            # What is not on disk has not happened: a resume will come to the same end.
            self.broken = error
            self.state.apply({**ended, **self._stopped()})
        self._ledger.close()
        if isolation is not None:
            await isolation.aclose()

    def _announce(self, status: str) -> None:
        self._ledger.emit({"k": "state", "at": time.time(), "status": status})

    def _running(self) -> Driver:
        if self._driver is None:
            raise UsageError("The run has not started yet.")
        return self._driver

    def _journal_broke(self, error: JournalUnwritable) -> None:
        self.broken = error
        if self._driving is not None:
            self._driving.cancel()
