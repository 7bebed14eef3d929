"""Answers that are played back."""

import asyncio
import json

import pytest
from callsheet.agents.backend import AgentFailure, AgentRequest, Usage
from callsheet.agents.scripted import Answer, ScriptedBackend
from callsheet.errors import ReasonCode, UsageError


def request(tmp_path, call=1, **fields):
    fields = {"attempt": 1, "label": "x", "prompt": "do it", "cwd": tmp_path, **fields}
    return AgentRequest(run_id="r", call=call, **fields)


async def value_of(backend, request):
    return (await backend.run(request, lambda event: None)).value


async def test_each_form_of_answers(tmp_path):
    async def later(request):
        await asyncio.sleep(0)
        return f"late {request.call}"

    first, second = request(tmp_path), request(tmp_path, 2, label="lab", prompt="please sort")
    assert await value_of(ScriptedBackend(), first) == "done"
    assert await value_of(ScriptedBackend(default="d"), first) == "d"
    assert await value_of(ScriptedBackend(["a", "b"]), second) == "b"
    assert await value_of(ScriptedBackend({2: "call", "lab": "label", "sort": "prompt"}), second) == "call"
    assert await value_of(ScriptedBackend({"lab": "label", "sort": "prompt"}), second) == "label"
    assert await value_of(ScriptedBackend({"s.rt$": "prompt"}), second) == "prompt"
    assert await value_of(ScriptedBackend({"(": "broken"}), request(tmp_path, prompt="a ( b")) == "broken"
    assert await value_of(ScriptedBackend(lambda request: request.label), second) == "lab"
    assert await value_of(ScriptedBackend(later), second) == "late 2"


async def test_a_list_is_one_answer_for_each_attempt(tmp_path):
    backend = ScriptedBackend([["a", "b"]])
    answers = [await value_of(backend, request(tmp_path, attempt=attempt)) for attempt in (1, 2, 3)]
    assert answers == ["a", "b", "b"]


async def test_failures_carry_their_code_and_usage(tmp_path):
    answer = Answer(fail=ReasonCode.AGENT_TIMEOUT, message="slow", usage=Usage(3, 4))
    with pytest.raises(AgentFailure, match="slow") as failure:
        await value_of(ScriptedBackend([answer]), request(tmp_path))
    assert (failure.value.code, failure.value.usage.total_tokens) == (ReasonCode.AGENT_TIMEOUT, 7)
    with pytest.raises(AgentFailure, match=r"no scripted answer for call 2 \('x'\)"):
        await value_of(ScriptedBackend(["only one"]), request(tmp_path, 2))


async def test_an_answer_that_misses_the_schema_fails(tmp_path):
    backend = ScriptedBackend([{"n": 1}, {"n": "1"}])
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}}
    assert await value_of(backend, request(tmp_path, schema=schema)) == {"n": 1}
    with pytest.raises(AgentFailure) as failure:
        await value_of(backend, request(tmp_path, 2, schema=schema))
    assert failure.value.code is ReasonCode.SCHEMA_NONCOMPLIANCE


async def test_edits_events_and_waiting(tmp_path):
    (tmp_path / "old").write_text("x")
    gate = tmp_path / "gate"
    events = []
    answer = Answer(
        "v", files={"a/b.txt": "1\r\n", "old": None}, wait_for=gate, usage=Usage(5, 5), activity=("bash: ls",)
    )
    task = asyncio.create_task(ScriptedBackend([answer]).run(request(tmp_path), events.append))
    while len(events) < 2:
        await asyncio.sleep(0)
    assert [event.kind for event in events] == ["activity", "usage"]
    assert (tmp_path / "a/b.txt").read_bytes() == b"1\r\n"
    assert not (tmp_path / "old").exists()
    assert not task.done()
    gate.touch()
    assert (await task).value == "v"


async def test_a_script_in_a_file(tmp_path):
    path = tmp_path / "answers.json"
    path.write_text(
        json.dumps(
            {
                "answers": {
                    "1": [
                        "plain",
                        {"$answer": {"value": {"a": 1}, "usage": [1, 2, 0.5], "wait_for": "answers.json"}},
                    ],
                    "sort": {"$answer": {"fail": "AGENT_EMPTY_OUTPUT", "recoverable": False}},
                },
                "default": "else",
                "log": "calls.jsonl",
            }
        )
    )
    backend = ScriptedBackend.from_file(path)
    assert await value_of(backend, request(tmp_path)) == "plain"
    outcome = await backend.run(request(tmp_path, attempt=2), print)
    assert (outcome.value, outcome.usage) == ({"a": 1}, Usage(1, 2, 0.5))
    with pytest.raises(AgentFailure) as failure:
        await value_of(backend, request(tmp_path, 2, prompt="sort these"))
    assert (failure.value.code, failure.value.recoverable) == (ReasonCode.AGENT_EMPTY_OUTPUT, False)
    assert await value_of(backend, request(tmp_path, 3)) == "else"
    lines = [json.loads(line) for line in (tmp_path / "calls.jsonl").read_text().splitlines()]
    assert [(line["call"], line["attempt"]) for line in lines] == [(1, 1), (1, 2), (2, 1), (3, 1)]


@pytest.mark.parametrize("text", ["", "[]", '{"answers": 3}', '{"answers": [{"$answer": {"valu": 1}}]}'])
def test_a_file_that_is_no_script_is_a_usage_error(tmp_path, text):
    path = tmp_path / "answers.json"
    path.write_text(text)
    with pytest.raises(UsageError, match="not a script of answers"):
        ScriptedBackend.from_file(path)
