"""One agent's call from start to end: its place, its tries, its time limit, and the record of how it ended."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from attrs import define

from callsheet.agents.backend import AgentBackend, AgentEvent, AgentFailure, AgentOutcome, AgentRequest, Usage
from callsheet.errors import ErrorCode, ReasonCode
from callsheet.json_values import write_json
from callsheet.redaction import Redactor
from callsheet.runs.budget import Budget
from callsheet.runs.calls import AgentCall
from callsheet.runs.isolation import Isolation, NotIsolated, Place
from callsheet.runs.records import UsageInfo, WorktreeInfo

PROGRESS_EVERY_S: Final = 0.25

Emit = Callable[[dict[str, Any]], None]

NO_USAGE: Final = Usage()


@define(eq=False)
class AgentTask:
    """A call on its way to a result.

    Attributes:
        skipped: whether a person does not want its result.
        usage: what all its tries have spent so far.
        done: its `done` record, once it ended.
        value_json: JSON text of its result.
    """

    n: int
    call: AgentCall
    skipped: bool = False
    usage: Usage = NO_USAGE
    done: dict[str, Any] | None = None
    value_json: str = "null"


def usage_info(usage: Usage) -> UsageInfo:
    return {
        "input": usage.input_tokens,
        "output": usage.output_tokens,
        "cost": usage.cost_usd,
        "estimated": usage.estimated,
    }


def add_usage(one: Usage, other: Usage) -> Usage:
    if one is NO_USAGE:
        return other
    costs = [usage.cost_usd for usage in (one, other) if usage.cost_usd is not None]
    return Usage(
        one.input_tokens + other.input_tokens,
        one.output_tokens + other.output_tokens,
        sum(costs) if costs else None,
        one.estimated or other.estimated,
    )


class TryRunner:
    """Runs agents' calls for one run.

    Args:
        backend: answers each try.
        run_id: the run's id.
        transcript: gives a call's transcript file.
        isolation: gives each call its place.
        budget: told what is being spent.
        redactor: takes secrets out of what is recorded.
        emit: takes each record.
    """

    def __init__(
        self,
        backend: AgentBackend,
        run_id: str,
        transcript: Callable[[int], Path],
        isolation: Isolation,
        budget: Budget,
        redactor: Redactor,
        emit: Emit,
    ) -> None:
        self._backend = backend
        self._run_id = run_id
        self._transcript = transcript
        self._isolation = isolation
        self._budget = budget
        self._redactor = redactor
        self._emit = emit

    async def run(self, task: AgentTask) -> None:
        """Run the call until it has ended; afterwards `task.done` is set.

        Cancelling ends it: as skipped when `task.skipped` is set, else as stopped. A backend that cancels itself has
        failed.
        """
        started = time.monotonic()
        place: Place | None = None
        answer: AgentOutcome | AgentFailure | None = None
        try:
            place = await self._isolation.enter(task.n, task.call.isolation)
            if place.warning is not None:
                self._warn(task, place.warning)
            answer = await self._tries(task, place)
        except NotIsolated as error:
            answer = AgentFailure(ReasonCode.AGENT_FAILED, str(error), recoverable=False)
        except asyncio.CancelledError as error:
            current = asyncio.current_task()
            if current is not None and not current.cancelling():
                answer = _backend_fault(error)
        record = self._record(task, answer, round((time.monotonic() - started) * 1000))
        if place is not None and place.worktree is not None:
            record["worktree"] = await self._leave(task, place, place.worktree.path)
        task.done = record

    def unstarted(self, task: AgentTask, error: BaseException | None = None) -> dict[str, Any]:
        """The `done` record of a call that ended without running to its end: skipped, stopped, or broken off."""
        failure = None
        if error is not None and not isinstance(error, asyncio.CancelledError):
            failure = _backend_fault(error)
        return self._record(task, failure, 0)

    async def _leave(self, task: AgentTask, place: Place, path: Path) -> WorktreeInfo | None:
        leaving = asyncio.ensure_future(self._isolation.leave(place))
        # What an agent changed is kept however often its call is cancelled, and its answer whatever goes wrong here.
        while not leaving.done():
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await asyncio.shield(leaving)
        error = leaving.exception()
        if error is None:
            return leaving.result()
        self._warn(task, f"Its changes are still in {path}: {error}" if path.exists() else str(error))
        return place.info()

    async def _tries(self, task: AgentTask, place: Place) -> AgentOutcome | AgentFailure:
        call = task.call
        attempt = 1
        while True:
            request = AgentRequest(
                self._run_id,
                task.n,
                attempt,
                call.label,
                call.prompt,
                place.cwd,
                call.model,
                call.system,
                call.schema,
                call.effort,
                call.tools,
                self._transcript(task.n),
            )
            start: dict[str, Any] = {
                "k": "start",
                "n": task.n,
                "attempt": attempt,
                "at": time.time(),
                "model": call.model,
            }
            if place.worktree is not None:
                start["worktree"] = place.info()
            self._emit(start)
            answer = await self._one_try(task, request)
            if isinstance(answer, AgentOutcome) or not answer.recoverable or attempt > call.retries:
                return answer
            if self._budget.refusal(call.phase) is not None:
                return answer
            attempt += 1

    async def _one_try(self, task: AgentTask, request: AgentRequest) -> AgentOutcome | AgentFailure:
        news = _News(task, self._budget, self._redactor, self._emit)
        timeout_s = task.call.timeout_s
        answer: AgentOutcome | AgentFailure
        spent: Usage | None = None
        timer = asyncio.timeout(None)
        try:
            if (start := getattr(self._backend, "start", None)) is not None:
                # A backend that has to load first does so out of its own time, not the agent's.
                await start()
            async with timer:
                if timeout_s is not None:
                    timer.reschedule(asyncio.get_running_loop().time() + timeout_s)
                answer = await self._backend.run(request, news.take)
            if not isinstance(answer, AgentOutcome):
                raise TypeError(f"the backend gave no AgentOutcome, but {answer!r:.200}")
            spent = answer.usage
        except AgentFailure as failure:
            answer = failure
            spent = failure.usage
        except TimeoutError as error:
            if timer.expired():
                answer = AgentFailure(
                    ReasonCode.AGENT_TIMEOUT, f"The agent did not finish within {timeout_s:g} s."
                )
            else:
                answer = _backend_fault(error)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            # A backend can be anybody's code: what it raises fails this agent, never the run.
            answer = _backend_fault(error)
        finally:
            news.close()
            if spent is None or spent.total_tokens < news.usage.total_tokens:
                spent = news.usage
            task.usage = add_usage(task.usage, spent)
            self._budget.progress(task.n, task.call.phase, task.usage)
        if isinstance(answer, AgentOutcome) and task.call.schema is None and _is_empty(answer.value):
            return AgentFailure(ReasonCode.AGENT_EMPTY_OUTPUT, "The agent's final text is empty.")
        return answer

    def _record(
        self, task: AgentTask, answer: AgentOutcome | AgentFailure | None, duration_ms: int
    ) -> dict[str, Any]:
        record: dict[str, Any] = {
            "k": "done",
            "n": task.n,
            "at": time.time(),
            "status": "failed",
            "usage": usage_info(task.usage),
            "durationMs": duration_ms,
        }
        if isinstance(answer, AgentOutcome):
            try:
                text = write_json(answer.value)
            except ValueError as error:
                answer = AgentFailure(ReasonCode.AGENT_FAILED, f"The agent's answer is no JSON: {error}")
            else:
                record["status"] = "done"
                record["value"] = answer.value
                if self._redactor.text(text) != text:
                    # The script sees what is on disk, so that a replay shows it the same.
                    record["value"] = self._redactor.value(answer.value)
                    text = json.dumps(record["value"])
                task.value_json = text
                if answer.model is not None:
                    record["model"] = answer.model
                return record
        if answer is None or task.skipped:
            record["status"] = "skipped" if task.skipped else "stopped"
            if task.skipped:
                record["reason"] = {"code": "AGENT_SKIPPED", "message": "Skipped on request."}
            return record
        message = self._redactor.text(answer.message)
        record["reason"] = {"code": str(answer.code), "message": message}
        if answer.code is ReasonCode.SCHEMA_NONCOMPLIANCE:
            record["error"] = {"code": str(ErrorCode.SCHEMA_NONCOMPLIANCE), "message": message}
        return record

    def _warn(self, task: AgentTask, text: str) -> None:
        line = self._redactor.text(f"Call {task.n} ({task.call.label}): {text}")
        self._emit({"k": "log", "at": time.time(), "text": line, "level": "warning", "n": task.n})


class _News:
    """Takes a try's events: the budget hears of all, the journal of a few a second."""

    def __init__(self, task: AgentTask, budget: Budget, redactor: Redactor, emit: Emit) -> None:
        self._task = task
        self._budget = budget
        self._redactor = redactor
        self._emit = emit
        self._before = task.usage
        self._record: dict[str, Any] | None = None
        self._next_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False
        self.usage = NO_USAGE

    def take(self, event: AgentEvent) -> None:
        if self._closed:
            return
        if event.usage.total_tokens > self.usage.total_tokens:
            self.usage = event.usage
            total = add_usage(self._before, event.usage)
            self._budget.progress(self._task.n, self._task.call.phase, total)
        record = self._record or {"k": "progress", "n": self._task.n}
        if self.usage is not NO_USAGE:
            record["usage"] = usage_info(add_usage(self._before, self.usage))
        if event.text:
            record["text"] = self._redactor.text(event.text)
        record["waiting"] = event.kind == "waiting"
        self._record = record
        loop = asyncio.get_running_loop()
        if self._timer is None:
            self._timer = loop.call_at(max(self._next_at, loop.time()), self._flush)

    def close(self) -> None:
        """Nothing is heard of the try any more."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()

    def _flush(self) -> None:
        self._timer = None
        record, self._record = self._record, None
        if record is not None:
            if not record["waiting"]:
                del record["waiting"]
            self._next_at = asyncio.get_running_loop().time() + PROGRESS_EVERY_S
            self._emit(record)


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _backend_fault(error: BaseException) -> AgentFailure:
    return AgentFailure(ReasonCode.AGENT_FAILED, f"{type(error).__name__}: {error}", recoverable=False)


def spent_tokens(done: Mapping[str, Any]) -> int:
    """Tokens of a `done` record."""
    usage = done["usage"]
    return int(usage["input"]) + int(usage["output"])
