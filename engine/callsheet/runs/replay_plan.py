"""Previews of a resume: the script runs with recorded results alone. Nothing is asked, spent or written."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from callsheet.agents.backend import AgentEvent, AgentOutcome, AgentRequest
from callsheet.errors import WorkflowError
from callsheet.redaction import Redactor
from callsheet.runs.assembly import Parts, make_driver, walk
from callsheet.runs.history import History
from callsheet.runs.isolation import Isolation
from callsheet.runs.journal import Journal, read_journal
from callsheet.runs.ledger import Ledger
from callsheet.runs.options import RunOptions
from callsheet.runs.rundir import RunDir, read_script
from callsheet.runs.scripts import load_script
from callsheet.runs.state import AgentState, RunState
from callsheet.sandbox import Outcome, Sandbox
from callsheet.settings import Settings


@frozen
class ReplayPlan:
    """What a resume would do.

    Attributes:
        calls: the calls it would make before it has to wait for an answer, in order of number. Each is an agent's
            item as `run --json` has it, with `action` `replay` or `run` and, for those that run, `why`.
        ahead: recorded results that calls made later may still replay.
        complete: whether the script comes to its end without asking anything.
        fork: where it would leave its history: call, expected and actual label, line, what differs; None where not.
        error: why the script would fail, None where it would not.
    """

    run_id: str
    calls: list[dict[str, Any]]
    ahead: int
    complete: bool
    fork: dict[str, Any] | None
    error: dict[str, Any] | None = None

    def count(self, action: str) -> int:
        """Number of calls that would `replay` or `run`."""
        return sum(1 for call in self.calls if call["action"] == action)

    def to_json(self) -> dict[str, Any]:
        return {
            "runId": self.run_id,
            "replays": self.count("replay"),
            "runs": self.count("run"),
            "ahead": self.ahead,
            "complete": self.complete,
            "fork": self.fork,
            "error": self.error,
            "calls": self.calls,
        }


async def plan_replay(
    run_dir: RunDir,
    *,
    settings: Settings,
    text: str | None = None,
    args: list[Any] | None = None,
    changes: Mapping[str, Any] | None = None,
) -> ReplayPlan:
    """Preview a resume, call by call, until it would have to ask an agent or a person.

    Args:
        run_dir: the run.
        settings: settings in force in its working directory.
        text: the edited script, checked; None for the run's own.
        args: new args as a one-element list, empty for none; None for the run's own.
        changes: options of `RunOptions` given anew, by name.

    Raises:
        JournalCorrupt: the journal is damaged.
        UsageError: the journal cannot be read.
        WorkflowError: the sandbox had to end the script.
    """
    records = read_journal(run_dir.journal).records
    history = History.from_records(records)
    state = RunState.from_records(records)
    before = {n: call.status for n, call in state.calls.items()}
    options = evolve(RunOptions.from_record(state.options).resumed(**(changes or {})), attended=True)
    header = records[0]
    edited = text is not None
    if text is None:
        text = read_script(run_dir)
    script = load_script(text, path=Path(header["path"]) if header["path"] else None, checked=True)
    given = history.args if args is None else args
    replay, _ = walk(history, script, given, options, given=edited)
    journal = Journal(_Nowhere(), 0, 0)
    ledger = Ledger(journal, state, (), Redactor(os.environ), lambda _: None)
    cwd = Path(header["cwd"])
    outcome = error = None
    async with await Sandbox.start() as sandbox:
        parts = Parts(
            script=script,
            history=history,
            replay=replay,
            options=options,
            settings=settings,
            backend=_Nobody(),
            ledger=ledger,
            isolation=Isolation(cwd, run_dir.run_id, None, required=False),
            run_id=run_dir.run_id,
            cwd=cwd,
            run_dir=run_dir,
            given=edited,
            preview=True,
        )
        segment = {"k": "segment", "at": time.time(), "pid": os.getpid(), "resume": True, "options": {}}
        ledger.emit({**segment, "script": script.sha, "edited": False})
        driver = make_driver(sandbox, parts)
        driver.hold(True)
        try:
            outcome = await driver.run(script, given)
        except WorkflowError as fault:
            error = {
                "code": str(fault.code),
                "message": fault.message,
                "line": fault.line,
                "column": fault.column,
            }
    journal.close()
    return ReplayPlan(
        run_dir.run_id,
        [
            _item(call, before.get(call.call))
            for call in state.calls.values()
            if call.made and call.kind != "workflow"
        ],
        replay.results_ahead,
        outcome is not None and outcome.error is None,
        _fork(state),
        error or _error(outcome),
    )


class _Nowhere:
    """A journal's file that keeps nothing."""

    def write(self, data: bytes) -> int:
        return len(data)

    def sync(self) -> None: ...

    def truncate(self, size: int) -> None: ...

    def close(self) -> None: ...


class _Nobody:
    """A backend that is never asked: a held run starts no agent."""

    name = "nobody"
    simulated = True

    async def run(self, request: AgentRequest, emit: Any) -> AgentOutcome:
        emit(AgentEvent("activity"))
        raise AssertionError(f"call {request.call} of a preview was started")

    async def aclose(self) -> None: ...


def _item(call: AgentState, before: str | None) -> dict[str, Any]:
    runs = call.status in ("queued", "waiting")
    item = {**call.item(), "kind": call.kind, "action": "run" if runs else "replay"}
    if runs:
        why = {None: "new", "failed": "failed", "skipped": "skipped"}
        item["why"] = why.get(before, "unfinished")
    return item


def _fork(state: RunState) -> dict[str, Any] | None:
    fork = state.fork
    if fork is None:
        return None
    return {
        "call": fork.call,
        "line": fork.line,
        "expected": fork.expected,
        "actual": fork.actual,
        "differs": fork.differs,
        "forgotten": fork.forgotten,
    }


def _error(outcome: Outcome | None) -> dict[str, Any] | None:
    if outcome is None or outcome.error is None:
        return None
    error = outcome.error
    return {"code": str(error.code), "message": error.message, "line": error.line, "column": error.column}
