"""What the worker says, checked: it ran a script, so nothing in it is taken on trust."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from callsheet.errors import ErrorCode, WorkflowError
from callsheet.json_values import check_depth, read_json
from callsheet.language.tables.helpers import CHECKPOINT_KINDS
from callsheet.sandbox.blame import Blame
from callsheet.sandbox.protocol import (
    CallEvent,
    CallKind,
    DropEvent,
    Event,
    LogEvent,
    LogLevel,
    Outcome,
    PendingCall,
    PhaseEvent,
    SandboxLimits,
    ScriptError,
    Turn,
)
from callsheet.sandbox.source import Prepared

_CALL_KINDS: dict[str, CallKind] = {"agent": "agent", "checkpoint": "checkpoint", "workflow": "workflow"}
_LEVELS: dict[str, LogLevel] = {"log": "log", "warning": "warning"}
_ESCAPE = re.compile(r"\\(?:u[dD][89a-fA-F][0-9a-fA-F]{2}|.)", re.DOTALL)
_MAX_MESSAGE_CHARS = 10_000


class Malformed(Exception):
    """The worker said something that the runtime never says."""


class TurnReader:
    """Reads the turns of one realm and keeps count of its calls."""

    def __init__(self, prepared: Prepared, limits: SandboxLimits) -> None:
        self._prepared = prepared
        self._limits = limits
        self._pending: set[int] = set()
        self._made = 0
        self._places: dict[tuple[int, int, str], tuple[int, int]] = {}
        self._blame = Blame(prepared)
        self._ended = False

    @property
    def pending(self) -> frozenset[int]:
        return frozenset(self._pending)

    def answered(self, call: int) -> bool:
        """Takes a call off the list; False when it is not on it."""
        if call not in self._pending:
            return False
        self._pending.remove(call)
        return True

    def read(self, content: bytes) -> Turn:
        """Reads one turn.

        Raises:
            WorkflowError: the content is not what the runtime writes (`SCRIPT_ERROR`).
        """
        try:
            turn = json.loads(_well_formed(content.decode()))
            events = tuple(self._event(event) for event in _list(turn["events"]))
            outcome = self._outcome(turn["outcome"]) if "outcome" in turn else None
            if turn["pending"] != len(self._pending):
                raise Malformed("pending")
        except (Malformed, ValueError, KeyError, TypeError, RecursionError) as error:
            raise WorkflowError(
                ErrorCode.SCRIPT_ERROR, "The script's sandbox broke its protocol and was ended."
            ) from error
        return Turn(events, outcome, len(self._pending))

    def _event(self, event: Any) -> Event:
        kind = event["k"]
        if kind == "call":
            return self._call(event)
        if kind == "log":
            text = _text(event["text"], self._limits.max_log_chars)
            line, column = self._position(event, text) if "line" in event else (None, None)
            return LogEvent(text, _LEVELS[event["level"]], line, column)
        if kind == "phase":
            budget = _whole(event["budget"]) if "budget" in event else None
            return PhaseEvent(_text(event["title"], self._limits.max_frame_bytes), budget)
        if kind == "drop":
            calls = [_whole(call) for call in _list(event["ids"])]
            if any(not 0 < call <= self._made for call in calls):
                raise Malformed("drop")
            # Of several answers in one frame, the first can drop calls that a later one answers.
            return DropEvent(tuple(call for call in calls if call in self._pending), ErrorCode(event["code"]))
        raise Malformed("kind")

    def _call(self, event: Any) -> CallEvent:
        call = _whole(event["id"])
        if call != self._made + 1 or call > self._limits.max_calls:
            raise Malformed("call")
        payload = event["payload"]
        if not isinstance(payload, dict) or not ("fault" in event or _FORMS[event["kind"]](payload)):
            raise Malformed("payload")
        for part in payload.values():
            check_depth(part)
        self._made = call
        self._pending.add(call)
        line, column = self._call_position(_whole(event["line"]), _whole(event["column"]), event["kind"])
        phase = _text(event["phase"], self._limits.max_frame_bytes) if "phase" in event else None
        fault = _text(event["fault"], self._limits.max_frame_bytes) if "fault" in event else None
        return CallEvent(call, _CALL_KINDS[event["kind"]], payload, line, column, phase, fault)

    def _outcome(self, outcome: Any) -> Outcome:
        if self._ended:
            raise Malformed("outcome")
        self._ended = True
        pending = tuple(
            PendingCall(_whole(call), self._prepared.position(_whole(line), 1)[0])
            for call, line in _list(outcome["pending"])
        )
        if "error" not in outcome:
            value = _well_formed(_text(outcome["value"], self._limits.max_frame_bytes))
            read_json(value)
            return Outcome(value, None, pending)
        error = outcome["error"]
        message = _text(error["message"], _MAX_MESSAGE_CHARS)
        line, column = self._position(error, message) if "line" in error else (None, None)
        if outcome.get("thrown"):
            line, column = self._blame.thrown(message) or (None, None)
        code = ErrorCode(error["code"])
        call = _whole(error["call"]) if "call" in error else None
        return Outcome(None, ScriptError(code, message, line, column, call), pending)

    def _call_position(self, line: int, column: int, name: str) -> tuple[int, int]:
        # Fan-outs make thousands of calls at one place.
        key = (line, column, name)
        if key not in self._places:
            self._places[key] = self._prepared.call_position(line, column, name)
        return self._places[key]

    def _position(self, item: Any, message: str) -> tuple[int, int]:
        line, column = _whole(item["line"]), _whole(item["column"])
        near = item.get("near")
        return (
            self._blame.place(line, column, message, near) if near else self._prepared.position(line, column)
        )


def _is_workflow(payload: dict[str, Any]) -> bool:
    target = payload.get("target")
    return isinstance(target, str) or (isinstance(target, dict) and isinstance(target.get("scriptPath"), str))


def _is_checkpoint(payload: dict[str, Any]) -> bool:
    choices, timeout_ms = payload.get("choices", []), payload.get("timeoutMs", 1)
    return (
        payload.get("kind") in CHECKPOINT_KINDS
        and isinstance(payload.get("question"), str)
        and isinstance(choices, list)
        and all(isinstance(choice, str) for choice in choices)
        and type(timeout_ms) in (int, float)
        and timeout_ms > 0
    )


_FORMS: dict[str, Callable[[dict[str, Any]], bool]] = {
    # What the script gave agent() is for the engine to check.
    "agent": lambda payload: True,
    "checkpoint": _is_checkpoint,
    "workflow": _is_workflow,
}


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**53:
        raise Malformed("number")
    return value


def _text(value: Any, max_chars: int) -> str:
    if not isinstance(value, str) or len(value) > max_chars:
        raise Malformed("text")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Malformed("list")
    return value


def _well_formed(text: str) -> str:
    r"""JSON text with U+FFFD for lone surrogates; the runtime escapes only those as \ud8.. to \udf.."""
    if "\\ud" not in text:
        return text
    return _ESCAPE.sub(lambda match: "\\ufffd" if len(match[0]) > 2 else match[0], text)
