"""Turns of the loop that few providers take, played by a model that is a list."""

import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from attrs import evolve
from callsheet.agents import tool_loop
from callsheet.agents.backend import AgentFailure, AgentRequest, Usage
from callsheet.agents.completion import ToolCall, Turn, TurnRequest, _lower_effort
from callsheet.agents.provider_errors import ModelError, _retry_after_s
from callsheet.agents.tool_loop import SHORTENED, Surroundings, run_try
from callsheet.errors import ReasonCode
from callsheet.redaction import Redactor

SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


def text(content, finish="stop", cost=0.5):
    return Turn({"role": "assistant", "content": content}, content, (), finish, Usage(10, 1, cost), "m")


def calls(*pairs, cost=0.5):
    made = tuple(ToolCall(f"c{index}", name, arguments) for index, (name, arguments) in enumerate(pairs))
    return Turn({"role": "assistant", "content": None}, "", made, "tool_calls", Usage(10, 1, cost), "m")


@pytest.fixture
def play(tmp_path):
    """Run a try against the turns; gives outcome or failure, and the requests that the model saw."""

    async def play(turns, **fields):
        turns = iter(turns)
        seen = []

        async def complete(request, on_wait):
            messages = [dict(message) for message in request.messages]
            seen.append(
                TurnRequest(request.model, messages, request.tools, request.forced_tool, request.effort)
            )
            turn = next(turns)
            if isinstance(turn, Exception):
                raise turn
            return turn

        fields = {"tools": ("ls",), "prompt": "go", **fields}
        request = AgentRequest("r", 1, 1, "l", cwd=tmp_path, model="p/m", **fields)
        with ThreadPoolExecutor(1) as executor:
            around = Surroundings(complete, os.environ, Redactor({}), executor)
            try:
                return await run_try(request, around, lambda event: None), seen
            except AgentFailure as failure:
                return failure, seen

    return play


async def test_a_cut_answer_is_continued(play):
    outcome, seen = await play([text("one ", "length"), text("two ", "length"), text("three")])
    assert outcome.value == "one two three"
    assert seen[2].messages[-1]["content"].startswith("Your answer was cut")
    failure, _ = await play([text("x", "length")] * 10)
    assert (failure.code, failure.usage.output_tokens) == (ReasonCode.AGENT_FAILED, 6)


async def test_text_before_tools_is_no_answer(play):
    outcome, _ = await play([text("half", "length"), calls(("ls", "{}")), text("whole")])
    assert outcome.value == "whole"


@pytest.mark.parametrize(
    ("schema", "code"), [(SCHEMA, ReasonCode.SCHEMA_NONCOMPLIANCE), (None, ReasonCode.AGENT_FAILED)]
)
async def test_a_model_that_calls_tools_which_do_not_exist_is_given_up(play, schema, code):
    stray = calls(("SubmitResult", '{"n": 1}'))
    failure, seen = await play([stray] * 20, schema=schema)
    assert (failure.code, failure.recoverable, len(seen)) == (code, False, 6)
    assert "'SubmitResult'" in failure.message
    told = seen[1].messages[-1]["content"]
    assert told == "error: there is no tool 'SubmitResult'; there are: ls" + (
        ", submit_result" * (schema is not None)
    )


async def test_a_refusal_is_paid_for(play):
    turn = text("")
    failure, _ = await play([calls(("ls", "{}")), evolve(turn, refusal="I will not")])
    assert (failure.code, failure.recoverable) == (ReasonCode.AGENT_FAILED, False)
    assert failure.message == "the provider refused to answer: I will not"
    assert failure.usage == Usage(20, 2, 1.0)


async def test_tool_arguments_are_strict_json_and_whole_numbers_are_integers(play, tmp_path):
    (tmp_path / "f").write_text("a\nb\nc\n")
    turn = calls(
        ("read", '{"path": "f", "offset": 2.0, "limit": 1.0}'),
        ("grep", '{"pattern": "a", "context": 1.0}'),
        ("bash", '{"command": "true", "timeout_s": NaN}'),
    )
    _, seen = await play([turn, text("ok")], tools=("read", "grep", "bash"))
    read, grep, bash = [message["content"] for message in seen[-1].messages if message["role"] == "tool"]
    assert read.startswith("     2\tb\n(more lines follow; continue with offset 3)")
    assert grep == "f:1:a\nf-2-b"
    assert bash == "error: the arguments are no valid JSON: NaN is no JSON value"


async def test_a_full_context_is_shortened_once(play, tmp_path):
    for number in range(20):
        (tmp_path / f"file-{number:02}").touch()
    full = ModelError("too long", recoverable=False, context_exceeded=True)
    turns = [calls(("ls", "{}"), ("ls", '{"path": "zzz"}')), *[calls(("ls", "{}"))] * 3, full, text("done")]
    outcome, seen = await play(turns)
    assert outcome.value == "done"
    outputs = [message["content"] for message in seen[-1].messages if message["role"] == "tool"]
    assert outputs[0] == SHORTENED
    assert "no such folder" in outputs[1]
    assert all("file-19" in output for output in outputs[2:])
    failure, _ = await play([full])
    assert (failure.code, failure.recoverable) == (ReasonCode.AGENT_FAILED, False)


async def test_a_provider_that_knows_no_forced_tool(play):
    refused = ModelError("tool_choice is not supported", recoverable=False)
    outcome, seen = await play([text("hm"), refused, calls(("submit_result", '{"n": 1}'))], schema=SCHEMA)
    assert outcome.value == {"n": 1}
    assert [request.forced_tool for request in seen] == [None, "submit_result", None]


async def test_tools_beside_a_result_still_run_and_the_result_stands(play, tmp_path):
    turn = calls(("ls", "{}"), ("submit_result", '{"n": 2}'), ("ls", "{}"))
    outcome, _ = await play([turn], schema=SCHEMA)
    assert outcome.value == {"n": 2}


async def test_other_tools_after_being_forced_are_counted(play):
    failure, seen = await play([text("hm"), *[calls(("ls", "{}")), text("hm")] * 20], schema=SCHEMA)
    assert failure.code is ReasonCode.SCHEMA_NONCOMPLIANCE
    assert len(seen) == 12


async def test_a_price_that_is_unknown_once_is_unknown_in_all(play):
    outcome, _ = await play([calls(("ls", "{}")), text("x", cost=None)])
    assert outcome.usage == Usage(20, 2, None)
    outcome, _ = await play([calls(("ls", "{}"), cost=None), text("x")])
    assert outcome.usage.cost_usd is None
    outcome, _ = await play([calls(("ls", "{}")), text("x")])
    assert outcome.usage.cost_usd == 1.0


async def test_an_agent_that_never_ends_is_stopped(play, monkeypatch):
    monkeypatch.setattr(tool_loop, "MAX_TURNS", 5)
    failure, seen = await play([calls(("ls", "{}"))] * 10)
    assert "within 5 turns" in failure.message
    assert len(seen) == 5


async def test_numbers_that_json_has_not_are_no_result(play):
    wrong, right = ('{"n": NaN}', '{"n": 1}')
    outcome, seen = await play(
        [calls(("submit_result", wrong)), calls(("submit_result", right))], schema=SCHEMA
    )
    assert outcome.value == {"n": 1}
    assert "NaN is no JSON" in seen[1].messages[-1]["content"]


async def test_names_and_texts_that_are_no_unicode(play, tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9")).touch()
    write = calls(("write", json.dumps({"path": "a", "content": "\ud800"})))
    outcome, seen = await play(
        [calls(("ls", "{}")), write, text("ok")], prompt="lone \ud800", tools=("ls", "write")
    )
    assert outcome.value == "ok"
    assert seen[0].messages[1]["content"] == "lone ?"
    assert seen[1].messages[-1]["content"] == "caf?\t0 bytes"
    assert seen[2].messages[-1]["content"].startswith("error: ")


async def test_a_result_nobody_asked_for_is_no_tool(play):
    outcome, seen = await play([calls(("submit_result", "{}")), text("ok")])
    assert outcome.value == "ok"
    assert "there is no tool 'submit_result'" in seen[1].messages[-1]["content"]


async def test_a_tool_is_not_offered_when_the_call_may_not_use_it(play):
    _, seen = await play([text("x")], tools=())
    assert seen[0].tools == []


def test_effort_is_lowered_where_a_model_has_less():
    request = TurnRequest("p/m", [], effort="max")
    refused = ValueError("Invalid reasoning effort: max")
    request = _lower_effort(request, refused)
    assert request.effort == "xhigh"
    request = _lower_effort(request, refused)
    assert request.effort == "high"
    request = _lower_effort(request, refused)
    assert request.effort is None
    assert _lower_effort(request, refused) is None
    assert _lower_effort(TurnRequest("p/m", [], effort="max"), ValueError("something else")) is None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"retry-after": "40"}, 40),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_forms_of_retry_after(headers, expected):
    error = Exception()
    error.litellm_response_headers = headers
    assert _retry_after_s(error) == expected


@pytest.mark.parametrize(
    "arguments",
    [
        {"path": "a.txt", "old": "one", "new": "two", "all": None},
        {"file_path": "a.txt", "old_string": "one", "new_string": "two"},
        {"path": "a.txt", "oldText": "one", "newText": "two"},
    ],
)
async def test_arguments_may_have_the_names_of_other_agents_tools(play, tmp_path, arguments):
    (tmp_path / "a.txt").write_text("one")
    await play([calls(("edit", json.dumps(arguments))), text("done")], tools=("edit",))
    assert (tmp_path / "a.txt").read_text() == "two"
