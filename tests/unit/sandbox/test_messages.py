"""What the worker says is hostile input: everything that the runtime would not say ends the run."""

from __future__ import annotations

import json
from functools import reduce

import pytest
from callsheet.errors import ErrorCode, WorkflowError
from callsheet.sandbox.messages import TurnReader
from callsheet.sandbox.protocol import CallEvent, SandboxLimits
from callsheet.sandbox.source import prepare

LIMITS = SandboxLimits(max_calls=3, max_log_chars=10)
CALL = {"k": "call", "id": 1, "kind": "agent", "payload": {}, "line": 1, "column": 1}


def turn(*events: object, pending: object = 0, **more: object) -> dict[str, object]:
    return {"events": list(events), "pending": pending, **more}


MALFORMED = [
    b"",
    b"nonsense",
    b"\xff\xfe",
    b"[]",
    b"null",
    b"[" * 100_000,
    turn(pending=1),
    turn(pending="0"),
    {"pending": 0},
    {"events": {}, "pending": 0},
    turn(5),
    turn({"k": "quit"}),
    turn({**CALL, "id": 2}, pending=1),
    turn({**CALL, "id": True}, pending=1),
    turn({**CALL, "id": -1}, pending=1),
    turn({**CALL, "id": "1"}, pending=1),
    turn(CALL, CALL, pending=2),
    turn({**CALL, "kind": "shell"}, pending=1),
    turn({**CALL, "payload": []}, pending=1),
    turn({**CALL, "payload": {"prompt": reduce(lambda inner, _: [inner], range(300), 1)}}, pending=1),
    turn({**CALL, "kind": "workflow"}, pending=1),
    turn({**CALL, "kind": "workflow", "payload": {"target": {"scriptPath": 5}}}, pending=1),
    *(
        turn({**CALL, "kind": "checkpoint", "payload": payload}, pending=1)
        for payload in (
            {},
            {"kind": "confirm"},
            {"kind": "confirm", "question": 5},
            {"kind": "ask", "question": "q"},
            {"kind": "select", "question": "q", "choices": [{}]},
            {"kind": "select", "question": "q", "choices": {"a": 1}},
            {"kind": "confirm", "question": "q", "timeoutMs": "5"},
            {"kind": "confirm", "question": "q", "timeoutMs": -5},
            {"kind": "confirm", "question": "q", "timeoutMs": True},
        )
    ),
    turn({**CALL, "line": 1.5}, pending=1),
    turn({**CALL, "line": -1}, pending=1),
    turn({**CALL, "column": 1e300}, pending=1),
    turn({**CALL, "phase": 5}, pending=1),
    turn({**CALL, "fault": []}, pending=1),
    turn(*({**CALL, "id": n} for n in range(1, 5)), pending=4),
    turn({"k": "log", "text": 5, "level": "log"}),
    turn({"k": "log", "text": "x" * 11, "level": "log"}),
    turn({"k": "log", "text": "x", "level": "panic"}),
    turn({"k": "phase"}),
    turn({"k": "phase", "title": None}),
    turn({"k": "phase", "title": "x", "budget": -5}),
    turn({"k": "drop", "ids": [7], "code": "INVALID_CALL"}),
    turn(CALL, {"k": "drop", "ids": [1], "code": "NO_SUCH_CODE"}, pending=1),
    turn(CALL, {"k": "drop", "ids": "1", "code": "INVALID_CALL"}, pending=1),
    turn(outcome=5),
    turn(outcome={"pending": []}),
    turn(outcome={"value": 5, "pending": []}),
    turn(outcome={"value": "{not json", "pending": []}),
    turn(outcome={"value": "[" * 300 + "]" * 300, "pending": []}),
    turn(outcome={"value": "1", "pending": [[1]]}),
    turn(outcome={"value": "1", "pending": 5}),
    turn(outcome={"error": {"code": "OK", "message": ""}, "pending": []}),
    turn(outcome={"error": {"code": "SCRIPT_ERROR", "message": None}, "pending": []}),
    turn(
        outcome={"error": {"code": "SCRIPT_ERROR", "message": "x", "line": "1", "column": 1}, "pending": []}
    ),
    turn(outcome={"error": {"code": "SCRIPT_ERROR", "message": "x" * 10_001}, "pending": []}),
]


@pytest.mark.parametrize("content", MALFORMED, ids=[str(index) for index in range(len(MALFORMED))])
def test_malformed_turns_are_refused(content: object) -> None:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    with pytest.raises(WorkflowError) as caught:
        TurnReader(prepare("x"), LIMITS).read(data)
    assert caught.value.code is ErrorCode.SCRIPT_ERROR


def test_an_outcome_comes_once() -> None:
    reader = TurnReader(prepare("x"), LIMITS)
    ended = json.dumps(turn(outcome={"value": "1", "pending": []})).encode()
    assert reader.read(ended).outcome is not None
    with pytest.raises(WorkflowError):
        reader.read(ended)


def test_well_formed_turns_are_read() -> None:
    reader = TurnReader(prepare("agent(x)"), LIMITS)
    event = {**CALL, "payload": {"prompt": "a\\ud800b"}}
    data = json.dumps(turn(event, pending=1)).replace("a\\\\ud800b", "a\\ud800b").encode()
    (call,) = reader.read(data).events
    assert isinstance(call, CallEvent)
    assert call.payload == {"prompt": "a\ufffdb"}
    assert reader.answered(1)
    assert not reader.answered(1)
