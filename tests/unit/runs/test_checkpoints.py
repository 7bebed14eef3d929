"""`checkpoint()`: section 8 of the language."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from callsheet.errors import UsageError
from callsheet.runs.checkpoints import read_answer
from callsheet.runs.engine import Engine
from callsheet.runs.options import RunOptions

from tests.support.engine_runs import (
    CountingBackend,
    by_prompt,
    new_run,
    play,
    play_script,
    records_of,
    script,
)

ATTENDED = RunOptions(attended=True)

ANSWERS = [
    ({"kind": "confirm"}, True, True),
    ({"kind": "confirm"}, "yes", True),
    ({"kind": "confirm"}, " N ", False),
    ({"kind": "confirm"}, "false", False),
    ({"kind": "confirm"}, "perhaps", None),
    ({"kind": "confirm"}, 3, None),
    ({"kind": "select", "choices": ["red", "blue"]}, "blue", "blue"),
    ({"kind": "select", "choices": ["red", "blue"]}, "2", "blue"),
    ({"kind": "select", "choices": ["2", "1"]}, "2", "2"),
    ({"kind": "select", "choices": ["red", "blue"]}, "3", None),
    ({"kind": "select", "choices": ["red", "blue"]}, "green", None),
    ({"kind": "input"}, "anything", "anything"),
    ({"kind": "input"}, "", ""),
    ({"kind": "input"}, 5, None),
]


@pytest.mark.parametrize(("question", "given", "read"), ANSWERS)
def test_an_answer_is_read_as_its_question_needs_it(question: dict[str, Any], given: Any, read: Any) -> None:
    asked = {"question": "Sure?", **question}
    if read is None:
        with pytest.raises(UsageError, match=r"'Sure\?' wants"):
            read_answer(asked, given)
    else:
        assert read_answer(asked, given) == read


async def test_a_person_answers_and_the_answer_replays(tmp_path: Path) -> None:
    body = """
    const go = await checkpoint('Go on?')
    const colour = await checkpoint('Which?', {kind: 'select', choices: ['red', 'blue']})
    return [go, colour, await agent(`paint ${colour}`)]
    """
    run_dir = new_run(tmp_path, script(body), options=ATTENDED)
    engine = Engine.open(run_dir, backend=CountingBackend(by_prompt({})))
    running = asyncio.create_task(engine.run())
    await _until(lambda: 1 in engine.state.questions)
    assert engine.state.calls[1].status == "waiting"
    with pytest.raises(UsageError):
        engine.answer(1, "what?")
    with pytest.raises(UsageError):
        engine.answer(2, True)
    engine.answer(1, "yes")
    await _until(lambda: 2 in engine.state.questions)
    question = engine.state.questions[2]
    assert (question.kind, question.question, question.choices) == ("select", "Which?", ["red", "blue"])
    engine.answer(2, "blue")
    result = await running
    assert result.result == [True, "blue", "<paint blue>"]
    assert [agent["label"] for agent in result.agents] == ["paint blue"]
    again = await play(run_dir, CountingBackend())
    assert again.result == result.result


async def test_an_unanswered_question_is_asked_again_after_a_resume(tmp_path: Path) -> None:
    run_dir = new_run(tmp_path, script("return await checkpoint('Name?', {kind: 'input'})"), options=ATTENDED)
    for answer in (None, "Ada"):
        engine = Engine.open(run_dir, backend=CountingBackend())
        running = asyncio.create_task(engine.run())
        await _until(lambda engine=engine: 1 in engine.state.questions)
        if answer is None:
            engine.pause()
            assert (await running).status == "paused"
            assert engine.state.questions == {}
        else:
            engine.answer(1, answer)
            assert (await running).result == "Ada"


async def test_nobody_there_takes_the_default(tmp_path: Path) -> None:
    body = """
    return [await checkpoint('Go?', {default: false}), await checkpoint('Who?', {kind: 'input', default: 'me'})]
    """
    result = await play_script(tmp_path, body)
    assert (result.status, result.result) == ("completed", [False, "me"])


async def test_nobody_there_and_no_default_fails(tmp_path: Path) -> None:
    body = "try { await checkpoint('Go?') } catch (error) { log(error.code); throw error }"
    result = await play_script(tmp_path, body)
    assert result.error is not None
    assert (result.status, result.error["code"], result.error["line"]) == ("failed", "NOBODY_TO_ASK", 2)
    assert result.logs[-1] == "NOBODY_TO_ASK"


async def test_a_question_that_is_none_is_refused(tmp_path: Path) -> None:
    result = await play_script(tmp_path, "await checkpoint('')")
    assert result.error is not None
    assert (result.error["code"], result.error["line"]) == ("INVALID_CALL", 2)
    assert result.logs == ["line 2: checkpoint() was refused: the question is no text."]


async def test_a_person_who_takes_too_long_gets_the_default(tmp_path: Path) -> None:
    body = "return await checkpoint('Go?', {default: true, timeoutMs: 30})"
    assert (await play_script(tmp_path, body, options=ATTENDED)).result is True
    body = "try { await checkpoint('Go?', {timeoutMs: 30}) } catch (error) { return error.code }"
    assert (await play_script(tmp_path, body, options=ATTENDED)).result == "NOBODY_TO_ASK"


async def test_agents_go_on_while_a_question_waits(tmp_path: Path) -> None:
    body = "return await Promise.all([checkpoint('Go?'), agent('meanwhile').then((a) => agent(`then ${a}`))])"
    run_dir = new_run(tmp_path, script(body), options=ATTENDED)
    engine = Engine.open(run_dir, backend=CountingBackend(by_prompt({})))
    running = asyncio.create_task(engine.run())
    await _until(lambda: engine.state.counts()["done"] == 2)
    engine.answer(1, False)
    assert (await running).result == [False, "<then <meanwhile>>"]


async def test_a_question_of_a_rejected_fan_out_is_withdrawn(tmp_path: Path) -> None:
    body = """
    try { await parallel([() => checkpoint('Go?'), async () => { await agent('a'); await agent('') }]) }
    catch (error) { return error.code }
    """
    run_dir = new_run(tmp_path, script(body), options=ATTENDED)
    result = await asyncio.wait_for(play(run_dir), 20)
    assert result.result == "INVALID_CALL"
    assert len(records_of(run_dir, "question")) == 1


async def _until(condition: Any, timeout_s: float = 20.0) -> None:
    async with asyncio.timeout(timeout_s):
        while not condition():
            await asyncio.sleep(0.005)
