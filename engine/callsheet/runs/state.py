"""The state of a run, reduced from its journal's records.

Every view shows this state and nothing else: the command line, the report, the editor. Feeding the same records
gives the same state, whoever reads them and whenever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from attrs import define, field

from callsheet.runs.records import ErrorInfo, Reason, UsageInfo, WorktreeInfo

ACTIVE: Final = frozenset({"queued", "running", "waiting"})
"""Statuses of an agent that has not ended."""

ENDED: Final = frozenset({"completed", "completed_with_failures", "failed", "stopped", "paused"})
"""Statuses of a run that nobody runs."""

_COUNTED_AS: Final = {
    "queued": "queued",
    "running": "running",
    "waiting": "running",
    "done": "done",
    "replayed": "replayed",
    "failed": "failed",
    "skipped": "failed",
}
"""Which count of the protocol's summary an agent's status goes into; a stopped one is in the total alone."""


def no_usage() -> UsageInfo:
    return {"input": 0, "output": 0, "cost": None, "estimated": False}


@define
class AgentState:
    """One call as the views show it.

    Attributes:
        call: number of the call, from 1.
        kind: `agent`, `checkpoint` or `workflow`; only agents are listed and counted as agents.
        status: `queued`, `running`, `waiting` (for a provider's limit), or one of the protocol's final ones.
        file: the child workflow's file, None in the run's own script.
        parent: number of the `workflow()` call that it was made under.
        attempt: number of the try under way or the last one, 0 before the first.
        activity: the newest line about what it does.
        started_at: seconds since the epoch, None before the first try.
        made: whether the current segment's script has made the call (again).
        warning: what the log had to say about it, such as why it is not isolated.
        ended_as: how its newest finished try ended, None while it has not; `replayed` is derived from it.
    """

    call: int
    kind: str
    label: str
    phase: str | None
    model: str | None
    line: int
    column: int
    file: str | None = None
    parent: int | None = None
    isolation: str | None = None
    detail: Mapping[str, Any] = field(factory=dict)
    status: str = "queued"
    attempt: int = 0
    activity: str = ""
    usage: UsageInfo = field(factory=no_usage)
    started_at: float | None = None
    duration_ms: int = 0
    worktree: WorktreeInfo | None = None
    reason: Reason | None = None
    warning: str | None = None
    made: bool = True
    ended_as: str | None = None

    @property
    def tokens(self) -> int:
        return self.usage["input"] + self.usage["output"]

    def item(self) -> dict[str, Any]:
        """The agent as `run --json` lists it (protocol, "Command line")."""
        return {
            "call": self.call,
            "label": self.label,
            "phase": self.phase,
            "model": self.model,
            "status": self.status,
            "reason": self.reason,
            "warning": self.warning,
            "tokens": self.tokens,
            "cost": self.usage["cost"],
            "durationMs": self.duration_ms,
            "worktree": self.worktree,
            "file": self.file,
            "line": self.line,
        }


@define
class QuestionState:
    """A checkpoint that waits for a person."""

    call: int
    kind: str
    question: str
    choices: list[str] | None
    default: Any = None


@define
class ForkState:
    """Where a resumed run left its history."""

    call: int
    expected: str | None
    actual: str
    line: int
    differs: list[str]
    forgotten: int


@define
class RunState:
    """What is known of a run from the records so far; `apply` each new one.

    Attributes:
        status: `running`, `pausing`, `paused`, `stopping`, or how the last segment ended.
        calls: every call by number, in order of number; agents, checkpoints and nested workflows.
        phases: titles in order of first use.
        declared_phases: titles that `meta` declares.
        logs: lines of `log()` and warnings of the engine, of the newest segment.
        questions: checkpoints that wait for an answer, by call number.
        result: what the script returned.
        fork: where the newest resume left its history, None where it did not.
        active_ms: time the run was worked on in segments before the newest one.
    """

    run_id: str = ""
    name: str = ""
    path: str | None = None
    uri: str | None = None
    cwd: str = ""
    simulated: bool = False
    options: dict[str, Any] = field(factory=dict)
    declared_phases: list[str] = field(factory=list)
    status: str = "running"
    phase: str | None = None
    phases: list[str] = field(factory=list)
    calls: dict[int, AgentState] = field(factory=dict)
    logs: list[str] = field(factory=list)
    questions: dict[int, QuestionState] = field(factory=dict)
    result: Any = None
    error: ErrorInfo | None = None
    fork: ForkState | None = None
    started_at: float = 0.0
    segment_at: float = 0.0
    segments: int = 0
    active_ms: int = 0
    last_at: float = 0.0
    duration_ms: int = 0
    pid: int | None = None
    _phases_seen: set[str] = field(factory=set, init=False, repr=False)

    @classmethod
    def from_records(cls, records: Iterable[Mapping[str, Any]]) -> RunState:
        state = cls()
        for record in records:
            state.apply(record)
        return state

    @property
    def ended(self) -> bool:
        """Whether the newest segment ended in order; a run whose runner died has not."""
        return self.status in ENDED

    def apply(self, record: Mapping[str, Any]) -> None:
        """Take in the next record; kinds of later versions are passed over."""
        at = record.get("at")
        if at is not None and at > self.last_at:
            self.last_at = at
        reducer = _REDUCERS.get(record.get("k", ""))
        if reducer is not None:
            reducer(self, record)

    def agents(self) -> list[AgentState]:
        """The `agent()` calls, by number."""
        return [call for call in self.calls.values() if call.kind == "agent"]

    def counts(self) -> dict[str, int]:
        """Agents by status (protocol, `callsheet/run`)."""
        counts = {"total": 0, "done": 0, "running": 0, "queued": 0, "failed": 0, "replayed": 0}
        for call in self.calls.values():
            if call.kind == "agent":
                counts["total"] += 1
                if (name := _COUNTED_AS.get(call.status)) is not None:
                    counts[name] += 1
        return counts

    def usage(self) -> dict[str, Any]:
        """Tokens and cost of all agents, replayed ones as they were then."""
        tokens_in = tokens_out = 0
        cost: float | None = None
        estimated = False
        for call in self.calls.values():
            usage = call.usage
            tokens_in += usage["input"]
            tokens_out += usage["output"]
            estimated = estimated or usage["estimated"]
            if usage["cost"] is not None:
                cost = (cost or 0.0) + usage["cost"]
        return {
            "input": tokens_in,
            "output": tokens_out,
            "total": tokens_in + tokens_out,
            "cost": cost,
            "estimated": estimated,
        }

    def elapsed_ms(self, now: float | None = None) -> int:
        """Time the run was worked on; `now` (seconds since the epoch) counts a segment under way."""
        if self.ended or not self.segments:
            return self.duration_ms
        return self.active_ms + max(0, round(((now or self.last_at) - self.segment_at) * 1000))

    def summary(self, now: float | None = None) -> dict[str, Any]:
        """The run as `callsheet/run` and `callsheet runs` tell it (protocol)."""
        return {
            "runId": self.run_id,
            "uri": self.uri or (Path(self.path).as_uri() if self.path else None),
            "name": self.name,
            "status": self.status,
            "phase": self.phase,
            "counts": self.counts(),
            "usage": self.usage(),
            "startedAt": timestamp(self.started_at),
            "durationMs": self.elapsed_ms(now),
            "error": self.error,
            "simulated": self.simulated,
        }

    def to_result(self, *, status: str | None = None, error: ErrorInfo | None = None) -> dict[str, Any]:
        """The object that `run --json` prints.

        Args:
            status: says how the run stands where the journal cannot, such as after its runner died.
            error: goes with `status`.
        """
        return {
            "runId": self.run_id,
            "status": status or self.status,
            "result": self.result,
            "error": error or self.error,
            "agents": [call.item() for call in self.agents()],
            "usage": self.usage(),
            "logs": list(self.logs),
            "phases": list(self.phases),
            "durationMs": self.elapsed_ms(),
            "simulated": self.simulated,
        }

    def break_off(self) -> None:
        """Nobody runs it any more: what was under way is stopped, and nobody waits for an answer."""
        self.questions = {}
        for call in self.calls.values():
            if call.status in ACTIVE:
                call.status = "stopped"

    def enter(self, phase: str | None) -> None:
        """Make `phase` the current one."""
        if phase is not None:
            self.phase = phase
            if phase not in self._phases_seen:
                self._phases_seen.add(phase)
                self.phases.append(phase)


def timestamp(at: float) -> str:
    """ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _header(state: RunState, record: Mapping[str, Any]) -> None:
    state.run_id = record["id"]
    state.name = record["name"]
    state.path = record["path"]
    state.uri = record.get("uri")
    state.cwd = record["cwd"]
    state.simulated = record["simulated"]
    state.options = record["options"]
    state.declared_phases = list(record["phases"])
    state.started_at = state.segment_at = record["at"]


def _segment(state: RunState, record: Mapping[str, Any]) -> None:
    state.active_ms = state.elapsed_ms()
    state.segments += 1
    state.segment_at = record["at"]
    state.status = "running"
    state.pid = record["pid"]
    state.options = record["options"]
    state.simulated = record.get("simulated", state.simulated)
    state.name = record.get("name", state.name)
    state.declared_phases = list(record.get("phases", state.declared_phases))
    state.phase = None
    state.result = state.error = state.fork = None
    # The script runs from its beginning: what it says, it says again.
    state.phases = []
    state._phases_seen = set()
    state.logs = []
    state.questions = {}
    for call in state.calls.values():
        call.made = False


def _call(state: RunState, record: Mapping[str, Any]) -> None:
    n = record["n"]
    state.calls[n] = AgentState(
        n,
        record["kind"],
        record["label"],
        record["phase"],
        record["model"],
        record["line"],
        record["column"],
        record.get("file"),
        record.get("parent"),
        record.get("isolation"),
        record.get("detail", {}),
    )
    if record["kind"] == "agent":
        state.enter(record["phase"])


def _again(state: RunState, record: Mapping[str, Any]) -> None:
    call = state.calls.get(record["n"])
    if call is None:
        return
    call.made = True
    call.line = record.get("line", call.line)
    call.column = record.get("column", call.column)
    call.label = record.get("label", call.label)
    call.model = record.get("model", call.model)
    if call.kind == "agent":
        state.enter(call.phase)
    if record["replay"]:
        call.status = "replayed" if call.ended_as == "done" else call.ended_as or call.status
    else:
        call.status = "queued"
        call.attempt = 0
        call.activity = ""
        call.usage = no_usage()
        call.started_at = call.worktree = call.reason = call.warning = call.ended_as = None
        call.duration_ms = 0


def _fork(state: RunState, record: Mapping[str, Any]) -> None:
    state.calls = {n: call for n, call in state.calls.items() if call.made}
    state.fork = ForkState(
        record["n"],
        record["expected"],
        record["actual"],
        record["line"],
        record.get("differs", []),
        record.get("forgotten", 0),
    )


def _start(state: RunState, record: Mapping[str, Any]) -> None:
    call = state.calls.get(record["n"])
    if call is None:
        return
    call.status = "running"
    call.attempt = record["attempt"]
    call.started_at = call.started_at or record["at"]
    call.model = record["model"] or call.model
    call.worktree = record.get("worktree", call.worktree)


def _progress(state: RunState, record: Mapping[str, Any]) -> None:
    call = state.calls.get(record["n"])
    if call is None or call.status not in ACTIVE:
        return
    call.status = "waiting" if record.get("waiting") else "running"
    call.activity = record.get("text", call.activity)
    call.usage = record.get("usage", call.usage)


def _done(state: RunState, record: Mapping[str, Any]) -> None:
    n = record["n"]
    state.questions.pop(n, None)
    status = record["status"]
    if status == "refused":
        state.calls.pop(n, None)
        return
    call = state.calls.get(n)
    if call is None:
        return
    call.status = call.ended_as = "stopped" if status == "dropped" else status
    call.activity = ""
    call.usage = record["usage"]
    call.duration_ms = record["durationMs"]
    call.reason = record.get("reason")
    call.worktree = record.get("worktree", call.worktree)


def _log(state: RunState, record: Mapping[str, Any]) -> None:
    state.logs.append(record["text"])
    if record["level"] == "warning" and (call := state.calls.get(record.get("n", 0))) is not None:
        call.warning = record["text"]


def _phase(state: RunState, record: Mapping[str, Any]) -> None:
    state.enter(record["title"])


def _question(state: RunState, record: Mapping[str, Any]) -> None:
    n = record["n"]
    state.questions[n] = QuestionState(
        n, record["kind"], record["question"], record.get("choices"), record.get("default")
    )
    if n in state.calls:
        state.calls[n].status = "waiting"


def _state(state: RunState, record: Mapping[str, Any]) -> None:
    state.status = record["status"]


def _end(state: RunState, record: Mapping[str, Any]) -> None:
    state.status = record["status"]
    state.result = record.get("result")
    state.error = record.get("error")
    state.duration_ms = state.active_ms + record["durationMs"]
    if state.status.startswith("completed"):
        # The script went another way than the segment before: what it did not call again is not part of the run.
        state.calls = {n: call for n, call in state.calls.items() if call.made}
    state.break_off()


_REDUCERS: Final[dict[str, Callable[[RunState, Mapping[str, Any]], None]]] = {
    "header": _header,
    "segment": _segment,
    "call": _call,
    "again": _again,
    "fork": _fork,
    "start": _start,
    "progress": _progress,
    "done": _done,
    "log": _log,
    "phase": _phase,
    "question": _question,
    "state": _state,
    "end": _end,
}
