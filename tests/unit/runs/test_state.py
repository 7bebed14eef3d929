"""The state of a run, reduced from its records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from callsheet.agents.backend import Usage
from callsheet.agents.scripted import Answer, ScriptedBackend
from callsheet.runs.options import RunOptions
from callsheet.runs.result import RunResult
from callsheet.runs.state import RunState

from tests.support.engine_runs import by_prompt, new_run, play, records_of, script

HEADER = {
    "k": "header",
    "v": 1,
    "id": "20260101-000000-abcdef",
    "name": "demo",
    "at": 1000.0,
    "script": "s",
    "path": None,
    "cwd": ".",
    "options": {},
    "phases": ["A"],
    "commit": None,
    "simulated": False,
    "callsheet": "0",
}
SEGMENT = {
    "k": "segment",
    "at": 1000.0,
    "pid": 7,
    "resume": False,
    "script": "s",
    "edited": False,
    "options": {},
}


def _call(n: int, **more: Any) -> dict[str, Any]:
    base = {"k": "call", "n": n, "kind": "agent", "hash": "h", "label": f"l{n}", "phase": "A", "model": None}
    return {**base, "line": n, "column": 1, **more}


def _done(n: int, status: str = "done", **more: Any) -> dict[str, Any]:
    usage = {"input": 10, "output": 5, "cost": 0.5, "estimated": False}
    return {"k": "done", "n": n, "at": 1001.0, "status": status, "usage": usage, "durationMs": 40, **more}


def _start(n: int, attempt: int = 1) -> dict[str, Any]:
    return {"k": "start", "n": n, "attempt": attempt, "at": 1000.5, "model": "m"}


def _state(*records: dict[str, Any]) -> RunState:
    return RunState.from_records([HEADER, SEGMENT, *records])


def test_an_agent_goes_from_queued_over_running_to_done() -> None:
    state = _state(_call(1))
    assert state.calls[1].status == "queued"
    state.apply(_start(1))
    state.apply({"k": "progress", "n": 1, "text": "reads", "usage": {**_done(1)["usage"], "input": 3}})
    agent = state.calls[1]
    assert (agent.status, agent.activity, agent.tokens, agent.model) == ("running", "reads", 8, "m")
    state.apply({"k": "progress", "n": 1, "text": "rate limit", "waiting": True})
    assert agent.status == "waiting"
    state.apply(_done(1))
    assert (agent.status, agent.tokens, agent.duration_ms, agent.activity) == ("done", 15, 40, "")


def test_the_counts_and_the_usage_add_up() -> None:
    state = _state(
        *(_call(n) for n in range(1, 7)), _start(2), _done(3), _done(4, "failed"), _done(5, "skipped")
    )
    state.apply({"k": "progress", "n": 2, "waiting": True})
    assert state.counts() == {"total": 6, "done": 1, "running": 1, "queued": 2, "failed": 2, "replayed": 0}
    assert state.usage() == {"input": 30, "output": 15, "total": 45, "cost": 1.5, "estimated": False}


def test_checkpoints_workflows_and_refused_calls_are_no_agents() -> None:
    state = _state(
        _call(1, kind="checkpoint"), _call(2, kind="workflow"), _call(3), _done(3, "refused"), _call(4)
    )
    assert [agent.call for agent in state.agents()] == [4]


def test_dropped_calls_are_stopped() -> None:
    assert _state(_call(1), _done(1, "dropped")).calls[1].status == "stopped"


def test_the_end_stops_what_is_unfinished() -> None:
    state = _state(
        _call(1), _call(2), _start(2), {"k": "end", "at": 1002.0, "status": "failed", "durationMs": 9}
    )
    assert [agent.status for agent in state.agents()] == ["stopped", "stopped"]
    assert state.ended


RESUME = {**SEGMENT, "resume": True, "at": 2000.0}


def test_a_resume_shows_replayed_agents_with_their_old_usage() -> None:
    end = {"k": "end", "at": 1002.0, "status": "stopped", "durationMs": 2000}
    state = _state(
        _call(1), _done(1), _call(2), _done(2, "failed", reason={"code": "X", "message": "m"}), end
    )
    state.apply(RESUME)
    assert (state.status, state.logs, state.phases) == ("running", [], [])
    state.apply({"k": "again", "n": 1, "replay": True, "line": 8})
    state.apply({"k": "again", "n": 2, "replay": False})
    first, second = state.agents()
    assert (first.status, first.tokens, first.line) == ("replayed", 15, 8)
    assert (second.status, second.tokens, second.reason) == ("queued", 0, None)
    assert state.elapsed_ms(2001.0) == 3000
    state.apply({"k": "end", "at": 2003.0, "status": "completed", "durationMs": 3000})
    assert state.summary()["durationMs"] == 5000


def test_a_fork_forgets_what_was_not_called_again() -> None:
    state = _state(_call(1), _done(1), _call(2), _done(2))
    state.apply(RESUME)
    state.apply({"k": "again", "n": 1, "replay": True})
    fork = {
        "k": "fork",
        "n": 3,
        "expected": "l2",
        "actual": "new",
        "line": 4,
        "differs": ["prompt"],
        "forgotten": 1,
    }
    state.apply(fork)
    state.apply(_call(3))
    assert [agent.call for agent in state.agents()] == [1, 3]
    assert state.fork is not None
    assert (state.fork.expected, state.fork.forgotten) == ("l2", 1)


def test_a_completed_run_lists_what_its_last_segment_called() -> None:
    state = _state(_call(1), _done(1), _call(2), _done(2))
    state.apply(RESUME)
    state.apply({"k": "again", "n": 1, "replay": True})
    assert len(state.agents()) == 2
    state.apply({"k": "end", "at": 2003.0, "status": "completed", "durationMs": 3})
    assert [agent.call for agent in state.agents()] == [1]


def test_unknown_records_and_calls_are_passed_over() -> None:
    state = _state(
        {"k": "from-the-future", "n": 1}, {"no": "kind"}, _done(9), _start(9), {"k": "progress", "n": 9}
    )
    assert state.calls == {}


def test_the_summary_has_the_protocols_shape() -> None:
    summary = _state(_call(1), {"k": "phase", "title": "B"}).summary(1003.0)
    assert summary == {
        "runId": HEADER["id"],
        "uri": None,
        "name": "demo",
        "status": "running",
        "phase": "B",
        "counts": {"total": 1, "done": 0, "running": 0, "queued": 1, "failed": 0, "replayed": 0},
        "usage": {"input": 0, "output": 0, "total": 0, "cost": None, "estimated": False},
        "startedAt": "1970-01-01T00:16:40.000Z",
        "durationMs": 3000,
        "error": None,
        "simulated": False,
    }


async def test_the_result_has_the_protocols_shape_and_is_plain_json(tmp_path: Path) -> None:
    run_dir = new_run(
        tmp_path, script("log('hello')\nphase('P')\nawait agent('a')\nreturn await agent('bad')")
    )
    backend = ScriptedBackend(by_prompt({"a": Answer("x", usage=Usage(3, 4, 0.25)), "bad": Answer("")}))
    result = await play(run_dir, backend)
    shape = json.loads(json.dumps(result.to_json()))
    assert shape == RunState.from_records(records_of(run_dir)).to_result()
    assert shape["agents"][0] == {
        "call": 1,
        "label": "a",
        "phase": "P",
        "model": shape["agents"][0]["model"],
        "status": "done",
        "reason": None,
        "warning": None,
        "tokens": 7,
        "cost": 0.25,
        "durationMs": shape["agents"][0]["durationMs"],
        "worktree": None,
        "file": None,
        "line": 4,
    }
    assert shape["usage"] == {"input": 3, "output": 4, "total": 7, "cost": 0.25, "estimated": False}
    assert (shape["logs"], shape["phases"], shape["error"]) == (["hello"], ["P"], None)


def test_a_refused_run_has_the_same_shape() -> None:
    error: Any = {"code": "SCRIPT_VALIDATION", "message": "m", "line": 1, "column": 2}
    shape = RunResult.refused(error).to_json()
    assert (shape["runId"], shape["status"], shape["error"], shape["agents"]) == (None, "refused", error, [])
    assert set(shape) == set(_state().to_result())


def test_options_are_recorded_as_far_as_they_differ() -> None:
    options = RunOptions(budget=5, agent_timeout_s=None, match=True)
    assert options.to_record() == {"budget": 5, "agent_timeout_s": None, "match": True}
    assert RunOptions.from_record({**options.to_record(), "unknown": 1}) == options
    assert options.resumed(budget=7) == RunOptions(budget=7, agent_timeout_s=None)
