"""Takes the calls that scripts make: checks them, gives each its number (R1, R2), and writes it down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import evolve

from callsheet.errors import ErrorCode, WorkflowError
from callsheet.runs.budget import Budget
from callsheet.runs.calls import (
    CallResolver,
    InvalidCall,
    checkpoint_hash,
    default_label,
    invalid_hash,
    parts_of,
    workflow_hash,
)
from callsheet.runs.history import Fork, Recorded, Replay
from callsheet.runs.ledger import Ledger
from callsheet.runs.nested import ChildScripts, target_key
from callsheet.runs.realms import PendingCall, Realm
from callsheet.runs.tries import AgentTask, spent_tokens
from callsheet.sandbox import CallError, CallEvent

Taken = tuple[PendingCall, CallError | None]
"""A call, and why it is refused."""


class Intake:
    """Takes calls in the order in which they are made.

    Args:
        ledger: takes what is written down.
        resolver: fills in the defaults of agents' calls.
        replay: recognises calls of the history.
        next_call: the number that the next new call gets.
        budget: told of recorded results, which count again.
        children: finds the scripts of nested workflows.
        max_agents: `agent()` calls in all (P4).
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        resolver: CallResolver,
        replay: Replay,
        next_call: int,
        budget: Budget,
        children: ChildScripts,
        max_agents: int,
    ) -> None:
        self._ledger = ledger
        self._resolver = resolver
        self._replay = replay
        self._next_call = next_call
        self._budget = budget
        self._children = children
        self._max_agents = max_agents
        self._agents_made = 0
        self._told: set[tuple[str, int | None, str | None]] = set()

    def take(self, realm: Realm, event: CallEvent) -> Taken:
        """Take a call of a script; it is in the journal when this returns."""
        line, column = realm.facts.places.begin(event.kind, event.line, event.column)
        event = evolve(event, line=line, column=column)
        if event.fault is not None:
            return self._unusable(realm, event, event.fault)
        match event.kind:
            case "agent":
                return self._agent(realm, event)
            case "checkpoint":
                return self._checkpoint(realm, event), None
            case "workflow":
                return self._workflow(realm, event)

    def tell(
        self, text: str, line: int | None, realm: Realm, level: Literal["log", "warning"] = "log"
    ) -> None:
        """Log something about a line of a script; the same thing once."""
        key = (text, line, realm.facts.file)
        if key not in self._told:
            self._told.add(key)
            self._ledger.log(located(text, line, realm), level)

    def _unusable(self, realm: Realm, event: CallEvent, fault: str) -> Taken:
        prompt = event.payload.get("prompt")
        label = default_label(prompt) if isinstance(prompt, str) else event.kind
        facts = {
            "hash": invalid_hash(event.payload),
            "label": self._ledger.redactor.text(label),
            "model": None,
        }
        return self._register(realm, event, facts), CallError(ErrorCode.INVALID_CALL, fault)

    def _agent(self, realm: Realm, event: CallEvent) -> Taken:
        try:
            resolved = self._resolver.resolve(event.payload, event.phase, realm.facts)
        except InvalidCall as fault:
            return self._unusable(realm, event, fault.message)
        self._agents_made += 1
        facts: dict[str, Any] = {
            "hash": resolved.hash,
            "label": self._ledger.redactor.text(resolved.label),
            "phase": resolved.phase,
            "model": resolved.model,
            "parts": resolved.parts,
        }
        if resolved.isolation is not None:
            facts["isolation"] = resolved.isolation
        call = self._register(realm, event, facts)
        call.task = AgentTask(call.n, resolved)
        for warning in resolved.warnings:
            self.tell(warning, event.line, realm, "warning")
        if self._agents_made > self._max_agents and not call.replays:
            message = (
                f"The run may make {self._max_agents:,} agent() calls and has made them all. "
                "Raise --max-agents and resume to go on."
            )
            return call, CallError(ErrorCode.AGENT_LIMIT_EXCEEDED, message)
        return call, None

    def _checkpoint(self, realm: Realm, event: CallEvent) -> PendingCall:
        question = event.payload
        detail = self._ledger.redactor.value(
            {name: value for name, value in question.items() if name != "timeoutMs"}
        )
        facts = {
            "hash": checkpoint_hash(question),
            "label": default_label(detail["question"]),
            "phase": realm.facts.group(event.phase),
            "model": None,
            "parts": parts_of(detail),
            "detail": detail,
        }
        call = self._register(realm, event, facts)
        call.question = question
        return call

    def _workflow(self, realm: Realm, event: CallEvent) -> Taken:
        target = event.payload.get("target")
        args = [event.payload["args"]] if "args" in event.payload else []
        detail: dict[str, Any] = {"target": target_key(target)}
        script = error = None
        if realm.caller is not None:
            error = CallError(ErrorCode.NESTING_LIMIT, "A nested workflow cannot call workflow() itself.")
        else:
            try:
                script = self._children.find(target)
                detail |= {"name": script.facts.name, "path": str(script.path), "source": script.sha}
            except WorkflowError as fault:
                error = CallError(fault.code, fault.message)
        source = script.sha if script is not None else None
        facts = {
            "hash": workflow_hash(target, args, source),
            "label": script.facts.name if script is not None else str(target),
            "phase": realm.facts.group(event.phase),
            "model": None,
            "parts": parts_of({"workflow": target, "args": args, "script": source}),
            "detail": detail,
        }
        call = self._register(realm, event, facts)
        if script is not None:
            call.child = (script, args)
        return call, error

    def _register(self, realm: Realm, event: CallEvent, facts: dict[str, Any]) -> PendingCall:
        known = self._replay.recognise(facts["hash"])
        recorded = known.recorded
        if recorded is None:
            n = self._next_call
            self._next_call += 1
        else:
            n = recorded.n
        if known.fork is not None:
            self._fork(n, known.fork, facts, event, realm)
        call = PendingCall(n, realm, event.call, event.kind, event.line, replays=known.replays)
        if recorded is not None and not recorded.refused:
            self._ledger.emit(_made_again(recorded, known.replays, facts, event))
            if known.replays:
                self._count_again(call, recorded)
            return call
        record = {"k": "call", "n": n, "kind": event.kind, "phase": None, **facts}
        record["line"] = event.line
        record["column"] = event.column
        if realm.caller is not None:
            record["parent"] = realm.caller.n
            record["file"] = realm.facts.file
        self._ledger.emit(record)
        return call

    def _count_again(self, call: PendingCall, recorded: Recorded) -> None:
        assert recorded.done is not None
        call.answered = True
        call.failed_before = recorded.done["status"] != "done"
        self._budget.end(call.n, recorded.record["phase"], spent_tokens(recorded.done))

    def _fork(self, n: int, fork: Fork, facts: dict[str, Any], event: CallEvent, realm: Realm) -> None:
        expected = fork.expected.record
        differs = _differing(expected, facts, event.kind)
        self._ledger.emit(
            {
                "k": "fork",
                "n": n,
                "expected": expected["label"],
                "actual": facts["label"],
                "line": event.line,
                "differs": differs,
                "forgotten": fork.forgotten,
            }
        )
        what = f"; {' and '.join(differs)} differ{'s' if len(differs) == 1 else ''}" if differs else ""
        self.tell(
            f"The script leaves its history: expected {expected['label']!r}, it called {facts['label']!r}{what}. "
            f"This call and all after it run anew; {fork.forgotten} recorded results are given up.",
            event.line,
            realm,
        )


def located(text: str, line: int | None, realm: Realm) -> str:
    """A log line with the place it is about before it."""
    where = [realm.facts.name] if realm.caller is not None else []
    if line is not None:
        where.append(f"line {line}")
    return f"{', '.join(where)}: {text}" if where else text


def _made_again(recorded: Recorded, replays: bool, facts: dict[str, Any], event: CallEvent) -> dict[str, Any]:
    again: dict[str, Any] = {"k": "again", "n": recorded.n, "replay": replays}
    before = recorded.record
    for name, value in (("line", event.line), ("column", event.column), ("label", facts["label"])):
        if before[name] != value:
            again[name] = value
    if not replays and facts["model"] != before["model"]:
        again["model"] = facts["model"]
    return again


def _differing(expected: Mapping[str, Any], facts: Mapping[str, Any], kind: str) -> list[str]:
    if expected["kind"] != kind:
        return ["kind of call"]
    before, now = expected.get("parts"), facts.get("parts")
    if before is None or now is None:
        return []
    names = dict.fromkeys((*now, *before))
    return [name for name in names if before.get(name) != now.get(name)]
