"""Drives the scripts of a run: takes what they call, decides what is delivered next, and knows when they are over.

What is due is chosen in this order, so that a script's own order of events follows from the journal alone:
answers that follow from the script itself (refused calls, ended children), recorded results in recorded order, and
only then live results, in the order in which they ended.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Final

from callsheet.errors import ErrorCode, UsageError, WorkflowError
from callsheet.runs.budget import Budget
from callsheet.runs.checkpoints import Checkpoints
from callsheet.runs.history import Recorded, Replay
from callsheet.runs.intake import Intake, located
from callsheet.runs.ledger import Ledger
from callsheet.runs.realms import Answer, PendingCall, Realm
from callsheet.runs.scheduler import Scheduler
from callsheet.runs.scripts import Script
from callsheet.runs.state import no_usage
from callsheet.runs.tries import TryRunner, spent_tokens
from callsheet.sandbox import (
    CallError,
    CallEvent,
    Delivery,
    DropEvent,
    LogEvent,
    Outcome,
    PhaseEvent,
    Program,
    Sandbox,
    Turn,
)

MAX_CHILDREN_AT_ONCE: Final = 32
"""Nested workflows open at a time; further ones wait in call order. The sandbox has room for more."""


class Driver:
    """Runs one script and its children in a sandbox until they are over.

    Args:
        sandbox: started, nothing open.
        ledger: takes what happens.
        intake: takes the calls that scripts make.
        runner: runs agents' calls.
        replay: what the history still has to deliver.
        budget: what the run may spend.
        concurrency: agents at a time.
        attended: whether a person can answer questions.
        cwd: working directory as the script sees it.
    """

    def __init__(
        self,
        *,
        sandbox: Sandbox,
        ledger: Ledger,
        intake: Intake,
        runner: TryRunner,
        replay: Replay,
        budget: Budget,
        concurrency: int,
        attended: bool,
        cwd: str,
    ) -> None:
        self._sandbox = sandbox
        self._ledger = ledger
        self._intake = intake
        self._runner = runner
        self._replay = replay
        self._budget = budget
        self._cwd = cwd
        self._scheduler: Scheduler[PendingCall] = Scheduler(concurrency, self._start, self._agent_ended)
        self._checkpoints = Checkpoints(ledger, attended=attended, on_end=self._call_ended)
        self._realms: dict[int, Realm] = {}
        self._next_realm = 0
        self._calls: dict[int, PendingCall] = {}
        self._new: dict[int, PendingCall] = {}
        self._openings: deque[PendingCall] = deque()
        self._due: deque[Answer] = deque()
        self._ended: list[Answer] = []
        self._live: deque[Answer] = deque()
        self._finished_realms: list[Realm] = []
        self._one_at_a_time = False
        self._wake = asyncio.Event()
        self._fault: Exception | None = None
        self.failures = 0

    # What a person can ask for

    def hold(self, held: bool) -> None:
        """Start no further call, or start them again."""
        self._scheduler.held = held
        self._scheduler.pump()
        self._wake.set()

    def skip(self, n: int) -> None:
        """End agent `n` without a result (E1).

        Raises:
            UsageError: no such agent waits or works.
        """
        call = self._calls.get(n)
        if call is None or call.task is None or call.replays or call.answered:
            raise UsageError(f"Call {n} is no agent that waits or works.")
        call.task.skipped = True
        if not self._scheduler.cancel(n):
            self._scheduler.withdraw(n)
            self._new.pop(call.n, None)
            self._call_ended(call, self._runner.unstarted(call.task))

    def answer(self, n: int, value: Any) -> None:
        """Answer checkpoint `n`.

        Raises:
            UsageError: it asks nothing, or the answer does not fit.
        """
        self._checkpoints.answer(n, value)

    # The life of a run

    async def run(self, script: Script, args: list[Any]) -> Outcome | None:
        """Run a script to its end.

        Returns:
            How it ended, None when the run was paused before.

        Raises:
            WorkflowError: the sandbox ended it (`SCRIPT_TIMEOUT` and such).
            JournalUnwritable: the journal cannot be written.
        """
        self._one_at_a_time = script.may_nest
        root = await self._open(script, args, None)
        while True:
            if self._fault is not None:
                raise self._fault
            await self._settle(root)
            if root.outcome is not None and (root.outcome.error is not None or self._all_over()):
                return root.outcome
            if self._scheduler.held and not self._scheduler.running and not self._ended:
                return None
            self._wake.clear()
            if self._ended:
                continue
            if not (self._scheduler.running or self._scheduler.queued or self._checkpoints.waiting):
                raise WorkflowError(
                    ErrorCode.SCRIPT_DEADLOCK,
                    f"Nothing is under way, and {len(self._calls)} calls have no answer.",
                )
            await self._wake.wait()

    async def stop(self, *, abort: bool, script_timeout_s: float, agents_timeout_s: float) -> None:
        """End everything: agents under way are cancelled, what ended is put on disk.

        Args:
            abort: whether to reject the scripts' pending calls first (E5).
            script_timeout_s: time that scripts have for that.
            agents_timeout_s: time that agents have to end.
        """
        self._checkpoints.close()
        agents = asyncio.ensure_future(self._scheduler.stop(agents_timeout_s))
        try:
            if abort and self._sandbox.alive:
                async with asyncio.timeout(script_timeout_s):
                    await self._abort_scripts()
        except (TimeoutError, WorkflowError):
            pass
        finally:
            await self._sandbox.kill()
            await agents
            # The ends of cancelled agents are told in callbacks of their own.
            await asyncio.sleep(0)

    async def _abort_scripts(self) -> None:
        for realm in list(self._realms.values()):
            turn = await self._sandbox.abort(realm.id)
            for event in turn.events:
                if isinstance(event, LogEvent):
                    self._log(realm, event)

    async def _settle(self, root: Realm) -> None:
        """Deliver until nothing is due any more."""
        while root.outcome is None or root.outcome.error is None:
            if not self._live:
                await self._sync_ended()
            while self._finished_realms:
                await self._sandbox.close(self._finished_realms.pop().id)
            if self._openings and len(self._realms) <= MAX_CHILDREN_AT_ONCE:
                call = self._openings.popleft()
                if call.child is not None:
                    await self._open(*call.child, call)
            elif self._due:
                count = 1 if self._one_at_a_time else len(self._due)
                await self._deliver([self._due.popleft() for _ in range(count)])
            elif recorded := self._replay.next_results(one=self._one_at_a_time):
                await self._deliver(self._recorded_answers(recorded))
            else:
                self._release()
                if not self._live:
                    return
                one = self._one_at_a_time or self._replay.results_ahead > 0
                await self._deliver_live(1 if one else len(self._live))

    async def _sync_ended(self) -> None:
        """Put what ended on the disk; from then on the script may see it."""
        if self._ended:
            ended, self._ended = self._ended, []
            await self._ledger.sync()
            self._live.extend(ended)

    async def _deliver_live(self, count: int) -> None:
        batch = [self._live.popleft() for _ in range(count)]
        numbers = [answer.call.n for answer in batch if not answer.call.realm.closed]
        if numbers:
            self._ledger.emit({"k": "deliver", "ns": numbers})
        await self._deliver(batch)

    def _recorded_answers(self, recorded: list[Recorded]) -> list[Answer]:
        # A call is missing when its script, a nested workflow, has failed meanwhile.
        return [
            _answer(call, one.done or {}) for one in recorded if (call := self._calls.get(one.n)) is not None
        ]

    async def _deliver(self, answers: Sequence[Answer]) -> None:
        """Hand answers to the script; several at once belong to one realm."""
        if not answers or answers[0].call.realm.closed:
            return
        realm = answers[0].call.realm
        deliveries = []
        for answer in answers:
            self._budget.delivered += answer.tokens
            del realm.calls[answer.call.local]
            del self._calls[answer.call.n]
            deliveries.append(
                Delivery(answer.call.local, answer.value_json, answer.error, self._budget.delivered)
            )
        self._take(realm, await self._sandbox.deliver(realm.id, deliveries))

    def _release(self) -> None:
        """Let the new calls start, when nothing can reject their fan-out any more before they do."""
        if self._scheduler.held:
            return
        new, self._new = self._new, {}
        for call in new.values():
            if call.task is not None:
                self._scheduler.add(call.n, call)
            else:
                call.started = True
                self._checkpoints.ask(call)
        self._scheduler.pump()

    def _all_over(self) -> bool:
        busy = self._due or self._openings or self._live or self._ended
        return not busy and all(realm.over for realm in self._realms.values())

    # Agents

    def _start(self, call: PendingCall) -> Any:
        assert call.task is not None
        refusal = self._budget.refusal(call.task.call.phase)
        if refusal is not None:
            self._intake.tell(f"agent() was refused: {refusal}", call.line, call.realm, "warning")
            error = CallError(ErrorCode.TOKEN_BUDGET_EXHAUSTED, refusal)
            self._call_ended(call, self._refused(call, error))
            return None
        call.started = True
        return self._runner.run(call.task)

    def _agent_ended(self, call: PendingCall, error: BaseException | None) -> None:
        task = call.task
        assert task is not None
        try:
            done = task.done or self._runner.unstarted(task, error)
            self._budget.end(call.n, task.call.phase, spent_tokens(done))
            self._call_ended(call, done)
        except Exception as fault:
            # Nobody awaits this: asyncio would print it, and the run would wait for ever.
            self._fault = fault
            self._wake.set()

    def _call_ended(self, call: PendingCall, done: dict[str, Any]) -> None:
        call.answered = True
        if call.task is not None and done["status"] in ("failed", "skipped"):
            self.failures += 1
        self._ledger.emit(done)
        self._ended.append(_answer(call, done))
        self._wake.set()

    # Scripts

    async def _open(self, script: Script, args: list[Any], caller: PendingCall | None) -> Realm:
        realm = Realm(self._next_realm, script.facts, caller)
        self._next_realm += 1
        self._realms[realm.id] = realm
        program = Program(
            script.text,
            json.dumps(args[0]) if args else None,
            self._cwd,
            self._budget.run.total,
            self._budget.delivered,
            str(script.path) if script.path is not None else None,
        )
        self._take(realm, await self._sandbox.open(realm.id, program))
        return realm

    def _take(self, realm: Realm, turn: Turn) -> None:
        for event in turn.events:
            match event:
                case CallEvent():
                    self._called(realm, event)
                case LogEvent():
                    self._log(realm, event)
                case PhaseEvent():
                    self._phase(realm, event)
                case DropEvent():
                    self._drop(realm, event)
        realm.pending = turn.pending
        if turn.outcome is not None:
            realm.outcome = turn.outcome
            if turn.outcome.error is None:
                self._warn_of_unawaited(realm, turn.outcome)
        if realm.caller is not None and realm.over and not realm.closed:
            self._child_over(realm, realm.caller)

    def _log(self, realm: Realm, event: LogEvent) -> None:
        if event.level == "log":
            self._ledger.log(event.text)
        else:
            self._ledger.log(located(event.text, event.line, realm), "warning")

    def _phase(self, realm: Realm, event: PhaseEvent) -> None:
        title = realm.facts.group(event.title) or event.title
        record: dict[str, Any] = {"k": "phase", "title": title}
        if event.budget is not None:
            record["budget"] = event.budget
            self._budget.limit_phase(title, event.budget)
        if realm.caller is not None:
            record["parent"] = realm.caller.n
        self._ledger.emit(record)

    def _warn_of_unawaited(self, realm: Realm, outcome: Outcome) -> None:
        calls = {call.call: call.line for call in outcome.pending if call.call not in realm.calls}
        # A script that caught a fatal error cannot await what was dropped with it.
        calls |= {n: call.line for n, call in realm.calls.items() if not call.rejected or call.under_way}
        if not calls:
            return
        lines = sorted(set(calls.values()))
        where = f"line {lines[0]}" if len(lines) == 1 else f"lines {', '.join(map(str, lines))}"
        text = (
            f"The script returned while {len(calls)} calls on {where} had not ended; they are waited for. "
            "Await them, or return their promises."
            if len(calls) > 1
            else f"The script returned while a call on {where} had not ended; it is waited for. "
            "Await it, or return its promise."
        )
        self._ledger.log(located(text, None, realm), "warning")

    def _child_over(self, realm: Realm, caller: PendingCall) -> None:
        assert realm.outcome is not None
        error = realm.outcome.error
        del self._realms[realm.id]
        realm.closed = True
        self._finished_realms.append(realm)
        for call in list(realm.calls.values()):
            self._abandon(call)
        realm.calls.clear()
        if error is None:
            self._answer_now(caller, value_json=realm.outcome.value_json or "null")
        else:
            self._intake.tell(
                f"Workflow {realm.facts.name} failed: {error.message}", error.line, realm, "warning"
            )
            self._answer_now(caller, error=CallError(error.code, error.message))

    def _abandon(self, call: PendingCall) -> None:
        """A call of a script that failed: nobody waits for its result."""
        self._calls.pop(call.n, None)
        self._checkpoints.withdraw(call.n)
        if not self._scheduler.withdraw(call.n):
            self._scheduler.cancel(call.n)
        self._new.pop(call.n, None)

    # Calls

    def _called(self, realm: Realm, event: CallEvent) -> None:
        call, refusal = self._intake.take(realm, event)
        if realm.outcome is not None:
            text = f"{call.kind}() was called after the script had returned; it is waited for."
            self._intake.tell(text, call.line, realm, "warning")
        realm.calls[event.call] = self._calls[call.n] = call
        if refusal is not None:
            self._refuse(call, refusal)
        elif call.kind == "workflow":
            self._openings.append(call)
        elif not call.replays:
            self._new[call.n] = call
        if call.kind == "workflow":
            self._one_at_a_time = True
        if call.replays and call.failed_before:
            self.failures += 1

    def _drop(self, realm: Realm, event: DropEvent) -> None:
        for local in event.calls:
            call = realm.calls.get(local)
            if call is None:
                continue
            call.rejected = True
            if call.answered or call.under_way:
                continue
            self._scheduler.withdraw(call.n)
            self._checkpoints.withdraw(call.n)
            self._new.pop(call.n, None)
            self._ledger.emit(_done(call.n, "dropped"))
            message = f"Not started: {event.code} rejected the fan-out it belongs to."
            self._answer_now(call, error=CallError(event.code, message))

    def _refuse(self, call: PendingCall, error: CallError) -> None:
        """Reject a call at once (E3, E4, P8)."""
        why = error.message.removeprefix(f"{call.kind}(): ")
        self._intake.tell(f"{call.kind}() was refused: {why}", call.line, call.realm, "warning")
        if call.kind == "workflow":
            self._answer_now(call, error=error)
        else:
            self._ledger.emit(self._refused(call, error))
            self._due.append(Answer(call, error=error))
            call.answered = True

    def _refused(self, call: PendingCall, error: CallError) -> dict[str, Any]:
        return {**_done(call.n, "refused"), "error": self._error_record(error)}

    def _error_record(self, error: CallError) -> dict[str, str]:
        return {"code": str(error.code), "message": self._ledger.redactor.text(error.message)}

    def _answer_now(
        self, call: PendingCall, *, value_json: str = "null", error: CallError | None = None
    ) -> None:
        """Answer a call with what follows from the script itself, ahead of all results."""
        call.answered = True
        if call.kind == "workflow":
            done = _done(call.n, "done" if error is None else "failed")
            if error is not None:
                done["error"] = {
                    "code": str(error.code),
                    "message": self._ledger.redactor.text(error.message),
                }
            self._ledger.emit(done)
        self._due.append(Answer(call, value_json, error))


def _done(n: int, status: str) -> dict[str, Any]:
    return {"k": "done", "n": n, "at": time.time(), "status": status, "usage": no_usage(), "durationMs": 0}


def _answer(call: PendingCall, done: Mapping[str, Any]) -> Answer:
    error = done.get("error")
    if error is not None:
        return Answer(call, "null", CallError(ErrorCode(error["code"]), error["message"]), spent_tokens(done))
    if call.task is not None and call.task.done is done:
        return Answer(call, call.task.value_json, None, spent_tokens(done))
    return Answer(call, json.dumps(done.get("value")), None, spent_tokens(done))
