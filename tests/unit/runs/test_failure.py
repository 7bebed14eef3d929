"""Failure: rules E1 to E10 of the language."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from callsheet.agents.backend import AgentOutcome, Usage
from callsheet.agents.scripted import Answer, ScriptedBackend
from callsheet.errors import ReasonCode
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
    slow,
    statuses,
)

SCHEMA = "{type: 'object', properties: {n: {type: 'integer'}}, required: ['n']}"


@pytest.mark.parametrize(
    ("answer", "options", "code"),
    [
        (slow(30.0), "{timeoutMs: 30}", "AGENT_TIMEOUT"),
        (Answer(fail=ReasonCode.AGENT_FAILED, message="no such host"), "{}", "AGENT_FAILED"),
        (Answer(fail=ReasonCode.AGENT_FAILED), "{retries: 2}", "AGENT_FAILED"),
        (Answer(""), "{}", "AGENT_EMPTY_OUTPUT"),
        (Answer(" \n\t"), "{}", "AGENT_EMPTY_OUTPUT"),
    ],
)
async def test_E1_a_failed_agent_resolves_to_null_with_its_reason(
    tmp_path: Path, answer: Answer, options: str, code: str
) -> None:
    result = await play_script(tmp_path, f"return await agent('ask', {options})", ScriptedBackend([answer]))
    assert (result.status, result.result) == ("completed_with_failures", None)
    assert result.agents[0]["status"] == "failed"
    assert result.agents[0]["reason"]["code"] == code


async def test_E1_a_failed_agent_is_tried_again_as_often_as_it_may(tmp_path: Path) -> None:
    failing = Answer(fail=ReasonCode.AGENT_FAILED, usage=_usage(10, 1))
    backend = CountingBackend([[failing, failing, Answer("third", usage=_usage(20, 2))]])
    result = await play_script(tmp_path, "return await agent('ask', {retries: 3})", backend)
    assert result.result == "third"
    assert [request.attempt for request in backend.asked] == [1, 2, 3]
    assert result.agents[0]["tokens"] == 44
    assert result.usage["total"] == 44


async def test_E1_a_failure_that_cannot_pass_is_not_tried_again(tmp_path: Path) -> None:
    backend = CountingBackend([Answer(fail=ReasonCode.AGENT_FAILED, recoverable=False)])
    await play_script(tmp_path, "return await agent('ask', {retries: 3})", backend)
    assert len(backend.asked) == 1


async def test_E1_a_timeout_is_tried_again(tmp_path: Path) -> None:
    backend = CountingBackend([[slow(30.0), "second"]])
    result = await play_script(tmp_path, "return await agent('ask', {timeoutMs: 30, retries: 1})", backend)
    assert (result.status, result.result) == ("completed", "second")


async def test_E1_the_time_limit_counts_from_the_start_of_a_try_not_from_the_call(tmp_path: Path) -> None:
    body = """
    return await parallel([1, 2, 3, 4].map((i) => () => agent(`ask ${i}`, {timeoutMs: 400})))
    """
    backend = ScriptedBackend([slow(0.2, i) for i in range(4)])
    result = await play_script(tmp_path, body, backend, options=RunOptions(concurrency=1))
    assert (result.status, result.result) == ("completed", [0, 1, 2, 3])


class LoadingBackend(ScriptedBackend):
    """A backend that has to load before it can answer."""

    async def start(self) -> None:
        await asyncio.sleep(0.3)


async def test_E1_the_time_that_a_backend_takes_to_load_does_not_count(tmp_path: Path) -> None:
    result = await play_script(
        tmp_path, "return await agent('a', {timeoutMs: 200})", LoadingBackend([slow(0.05, "in time")])
    )
    assert (result.status, result.result) == ("completed", "in time")


async def test_E1_no_time_limit_with_null(tmp_path: Path) -> None:
    backend = ScriptedBackend([slow(0.2, "late")])
    options = RunOptions(agent_timeout_s=0.02)
    result = await play_script(
        tmp_path, "return await agent('a', {timeoutMs: null})", backend, options=options
    )
    assert result.result == "late"
    result = await play_script(
        tmp_path, "return await agent('a')", ScriptedBackend([slow(30)]), options=options
    )
    assert result.agents[0]["reason"]["code"] == "AGENT_TIMEOUT"


async def test_E1_a_person_skips_an_agent(tmp_path: Path) -> None:
    body = "return await parallel([() => agent('slow'), () => agent('waits'), () => agent('fine')])"
    run_dir = new_run(tmp_path, script(body), options=RunOptions(concurrency=1))
    engine = Engine.open(run_dir, backend=ScriptedBackend(by_prompt({"slow": slow(60, usage=_usage(5, 5))})))
    running = asyncio.create_task(engine.run())
    await _until(lambda: any(agent.status == "running" and agent.tokens for agent in engine.state.agents()))
    engine.skip(2)
    engine.skip(1)
    result = await running
    assert result.result == [None, None, "<fine>"]
    assert result.status == "completed_with_failures"
    assert statuses(result) == ["skipped", "skipped", "done"]
    assert result.agents[0]["tokens"] == 10
    assert all(agent["reason"]["message"] for agent in result.agents[:2])


async def test_E1_what_a_backend_raises_fails_the_agent_not_the_run(tmp_path: Path) -> None:
    def broken(_: Any) -> Any:
        raise ZeroDivisionError("oops")

    result = await play_script(tmp_path, "return [await agent('a')]", ScriptedBackend(broken))
    assert result.result == [None]
    assert result.agents[0]["reason"] == {"code": "AGENT_FAILED", "message": "ZeroDivisionError: oops"}


class _Odd:
    """A backend that answers with what it is given, or raises it."""

    name = "odd"
    simulated = False

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    async def run(self, request: Any, emit: Any) -> Any:
        if isinstance(self._answer, BaseException):
            raise self._answer
        return self._answer

    async def aclose(self) -> None:
        pass


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (asyncio.CancelledError(), "CancelledError"),
        ("text", "no AgentOutcome, but 'text'"),
        (None, "no AgentOutcome, but None"),
        (AgentOutcome({1}), "no JSON"),
    ],
)
async def test_E1_an_odd_answer_of_a_backend_fails_the_agent(
    tmp_path: Path, answer: Any, message: str
) -> None:
    result = await play_script(tmp_path, "return [await agent('a')]", _Odd(answer))
    assert (result.result, result.status) == ([None], "completed_with_failures")
    assert message in result.agents[0]["reason"]["message"]


async def test_a_price_that_is_no_number_is_not_known(tmp_path: Path) -> None:
    backend = _Odd(AgentOutcome("fine", Usage(1, 1, float("nan"))))
    result = await play_script(tmp_path, "return await agent('a')", backend)
    assert (result.result, result.usage["cost"]) == ("fine", None)


async def test_a_fault_of_a_listener_ends_the_run(tmp_path: Path) -> None:
    def listener(record: Any) -> None:
        if record["k"] == "done":
            raise ZeroDivisionError("oops")

    run_dir = new_run(tmp_path, script("return await agent('a')"))
    engine = Engine.open(run_dir, backend=ScriptedBackend([slow(0.05)]), listeners=[listener])
    with pytest.raises(ZeroDivisionError):
        await asyncio.wait_for(engine.run(), 20)
    assert engine.state.status == "failed"


async def test_E2_a_schema_that_is_never_met_throws(tmp_path: Path) -> None:
    body = f"""
    try {{ await agent('ask', {{schema: {SCHEMA}}}) }} catch (error) {{ return [error.name, error.code] }}
    """
    result = await play_script(tmp_path, body, ScriptedBackend([{"n": "no"}]))
    assert result.result == ["WorkflowError", "SCHEMA_NONCOMPLIANCE"]
    assert result.status == "completed_with_failures"
    assert result.agents[0]["reason"]["code"] == "SCHEMA_NONCOMPLIANCE"


async def test_E2_uncaught_it_fails_the_run_with_its_line(tmp_path: Path) -> None:
    result = await play_script(
        tmp_path, f"return await agent('ask', {{schema: {SCHEMA}}})", ScriptedBackend([{"n": "no"}])
    )
    assert result.status == "failed"
    assert result.error is not None
    assert (result.error["code"], result.error["line"]) == ("SCHEMA_NONCOMPLIANCE", 2)


INVALID = [
    "''",
    "'  '",
    "42",
    "undefined",
    "['a']",
    "'a', {timeoutMs: 0}",
    "'a', {timeoutMs: '5'}",
    "'a', {retries: 4}",
    "'a', {retries: 1.5}",
    "'a', {retries: -1}",
    "'a', {label: 5}",
    "'a', {isolation: 'container'}",
    "'a', {effort: 'huge'}",
    "'a', {model: 5}",
    "'a', {model: ' '}",
    "'a', {tools: 'read'}",
    "'a', {tools: [1]}",
    "'a', {agentType: 'nobody'}",
    "'a', 'options'",
    "'a', {schema: {type: 'array'}}",
    "'a', {schema: {type: 'objekt'}}",
    "'a', {schema: {type: 'object', required: ['x'], properties: {x: false}}}",
    "'a', {schema: 'string'}",
]


@pytest.mark.parametrize("call", INVALID)
async def test_E3_an_invalid_call_throws_at_once_and_spends_nothing(tmp_path: Path, call: str) -> None:
    backend = CountingBackend()
    result = await play_script(tmp_path, f"\nreturn await agent({call})", backend)
    assert result.status == "failed"
    assert result.error is not None
    assert (result.error["code"], result.error["line"]) == ("INVALID_CALL", 3)
    assert backend.asked == []
    assert result.agents == []
    assert any("line 3" in line for line in result.logs)


async def test_E3_it_can_be_caught_and_rejects_the_fan_out_before_anything_of_it_starts(
    tmp_path: Path,
) -> None:
    body = """
    let code
    try {
      await parallel([() => agent('one'), () => agent('two'), () => agent('')])
    } catch (error) { code = error.code }
    return [code, await agent('after')]
    """
    backend = CountingBackend()
    result = await play_script(tmp_path, body, backend)
    assert result.result == ["INVALID_CALL", "done"]
    assert backend.prompts == ["after"]
    assert statuses(result) == ["stopped", "stopped", "done"]


async def test_E3_an_unknown_agent_type_lists_those_there_are(tmp_path: Path) -> None:
    folder = tmp_path / ".callsheet" / "agents"
    folder.mkdir(parents=True)
    (folder / "reviewer.md").write_text("---\nname: reviewer\n---\nYou review.\n")
    result = await play_script(tmp_path, "return await agent('a', {agentType: 'reviewr'})")
    assert result.error is not None
    assert "`reviewer`" in result.error["message"]
    assert "Explore" in result.error["message"]


async def test_E4_the_budget_the_cap_and_the_items_throw_their_codes(tmp_path: Path) -> None:
    body = """
    const codes = []
    const tell = async (work) => { try { await work() } catch (error) { codes.push(error.code) } }
    await agent('first')
    await tell(() => agent('over budget'))
    await tell(() => agent('over the cap'))
    await tell(() => parallel(Array.from({length: 4097}, () => () => agent('x'))))
    return codes
    """
    backend = CountingBackend([Answer("a", usage=_usage(90, 10))])
    result = await play_script(tmp_path, body, backend, options=RunOptions(budget=100, max_agents=2))
    assert result.result == ["TOKEN_BUDGET_EXHAUSTED", "AGENT_LIMIT_EXCEEDED", "FAN_OUT_LIMIT_EXCEEDED"]
    assert len(backend.asked) == 1
    assert result.status == "completed"


async def test_E5_a_stop_cannot_be_swallowed_into_a_success(tmp_path: Path) -> None:
    body = """
    try { await agent('slow') } catch (error) { log(`caught ${error.code}`) }
    return 'fine'
    """
    run_dir = new_run(tmp_path, script(body))
    engine = Engine.open(run_dir, backend=ScriptedBackend([slow(60)]))
    running = asyncio.create_task(engine.run())
    await _until(lambda: engine.state.counts()["running"] == 1)
    engine.stop()
    result = await running
    assert (result.status, result.result) == ("stopped", None)
    assert result.error is not None
    assert result.error["code"] == "WORKFLOW_ABORTED"
    assert "caught WORKFLOW_ABORTED" in result.logs
    assert statuses(result) == ["stopped"]


async def test_E5_a_stop_keeps_what_finished(tmp_path: Path) -> None:
    body = "return await parallel(['a', 'b', 'slow', 'c'].map((p) => () => agent(p)))"
    run_dir = new_run(tmp_path, script(body), options=RunOptions(concurrency=2))
    backend = CountingBackend(by_prompt({"slow": [slow(60)]}))
    engine = Engine.open(run_dir, backend=backend)
    running = asyncio.create_task(engine.run())
    await _until(lambda: engine.state.counts()["done"] == 3)
    engine.stop()
    assert (await running).status == "stopped"
    again = CountingBackend(by_prompt({}))
    result = await play(run_dir, again)
    assert (result.status, again.prompts) == ("completed", ["slow"])
    assert statuses(result) == ["replayed", "replayed", "done", "replayed"]


async def test_E5_a_stop_ends_a_script_that_never_gives_way(tmp_path: Path) -> None:
    run_dir = new_run(tmp_path, script("await agent('a')\nlog('spins')\nwhile (true) {}"))
    engine = Engine.open(run_dir, backend=ScriptedBackend())
    running = asyncio.create_task(engine.run())
    await _until(lambda: bool(records_of(run_dir, "deliver")))
    engine.stop()
    result = await asyncio.wait_for(running, 20)
    assert (result.status, statuses(result)) == ("stopped", ["done"])


async def test_E6_a_throw_in_a_fan_out_nulls_its_slot_and_is_reported(tmp_path: Path) -> None:
    body = """
    return await parallel([
      () => agent('one'),
      async () => { await agent('two'); throw new Error('broken thunk') },
      () => agent('three'),
    ])
    """
    result = await play_script(tmp_path, body)
    assert (result.status, result.result) == ("completed", ["done", None, "done"])
    assert any("broken thunk" in line and "line 5" in line for line in result.logs)


async def test_E6_a_fatal_error_drops_what_has_not_started_and_leaves_what_has(tmp_path: Path) -> None:
    body = """
    try {
      await parallel([
        () => agent('slow'),
        async () => { await agent('quick'); await agent(''); },
        () => agent('queued'),
        () => agent('queued too'),
      ])
    } catch (error) { return [error.code, await agent('after')] }
    """
    backend = CountingBackend(by_prompt({"slow": slow(0.5), "quick": slow(0.02), "queued": slow(0.4)}))
    result = await play_script(tmp_path, body, backend, options=RunOptions(concurrency=2))
    assert result.result == ["INVALID_CALL", "<after>"]
    assert "queued too" not in backend.prompts
    by_label = {agent["label"]: agent["status"] for agent in result.agents}
    assert by_label["slow"] == "done"
    assert by_label["queued too"] == "stopped"


async def test_E7_a_null_that_a_stage_returns_flows_on(tmp_path: Path) -> None:
    body = "return await pipeline([1, 2], () => null, (previous, item) => `${previous} ${item}`)"
    result = await play_script(tmp_path, body)
    assert result.result == ["null 1", "null 2"]


async def test_E8_a_throw_fails_the_run_with_its_place_and_stops_what_is_under_way(tmp_path: Path) -> None:
    body = """const slow = agent('slow')
    const queued = agent('queued')
    await agent('quick')
    throw new RangeError('no more')
    """
    backend = CountingBackend(by_prompt({"slow": slow(60), "queued": slow(60)}))
    result = await play_script(tmp_path, body, backend, options=RunOptions(concurrency=3))
    assert result.status == "failed"
    assert result.error is not None
    assert (result.error["code"], result.error["line"]) == ("SCRIPT_ERROR", 5)
    assert "no more" in result.error["message"]
    assert result.error["column"] is not None
    assert statuses(result) == ["stopped", "stopped", "done"]


async def test_E9_calls_that_nobody_awaited_are_waited_for_with_a_warning(tmp_path: Path) -> None:
    body = """agent('first')
    agent('second').then(() => agent('third'))
    setTimeout(() => log('a timer'), 5)
    return 'early'"""
    backend = CountingBackend(by_prompt({"first": slow(0.05), "second": slow(0.02)}))
    result = await play_script(tmp_path, body, backend)
    assert (result.status, result.result) == ("completed", "early")
    assert backend.prompts == ["first", "second", "third"]
    assert statuses(result) == ["done"] * 3
    returned, called_after = [line for line in result.logs if "waited for" in line]
    assert "2 calls on lines 2, 3" in returned
    assert called_after.startswith("line 3: agent() was called after the script had returned")
    assert "a timer" not in result.logs


@pytest.mark.parametrize(
    ("body", "warned"),
    [
        ("try { await parallel([() => agent('a'), () => agent('')]) } catch {}", []),
        ("try { await parallel(['a', 'b', 'c', 'd', 'e'].map((p) => () => agent(p))) } catch {}", []),
        (
            "agent('a'); try { await parallel([() => agent('b'), () => agent('')]) } catch {}",
            ["a call on line 2"],
        ),
        (
            "try { await parallel([() => agent('slow'), async () => { await agent('b'); await agent('') }]) } catch {}",
            ["a call on line 2"],
        ),
        ("Promise.resolve().then(() => agent('a'))", ["a call on line 2"]),
        ("agent('')", ["a call on line 2"]),
    ],
)
async def test_E9_what_a_fatal_error_dropped_could_not_be_awaited(
    tmp_path: Path, body: str, warned: list[str]
) -> None:
    backend = CountingBackend(by_prompt({"slow": slow(0.2)}))
    result = await play_script(tmp_path, f"{body}\nreturn 1", backend, options=RunOptions(max_agents=2))
    assert (result.status, result.result) == ("completed", 1)
    warnings = [line for line in result.logs if "waited for" in line]
    assert len(warnings) == len(warned)
    assert all(part in line for part, line in zip(warned, warnings, strict=True))


@pytest.mark.parametrize("caught", [True, False])
async def test_E10_a_run_with_a_failed_agent_is_never_plainly_completed(tmp_path: Path, caught: bool) -> None:
    options = f"{{schema: {SCHEMA}}}" if caught else "{}"
    body = f"try {{ await agent('a', {options}) }} catch {{}}\nreturn 1"
    backend = ScriptedBackend([{"n": "no"} if caught else ""])
    assert (await play_script(tmp_path, body, backend)).status == "completed_with_failures"


async def test_a_deadlock_is_an_error_at_once(tmp_path: Path) -> None:
    result = await play_script(tmp_path, "await new Promise(() => {})")
    assert result.error is not None
    assert (result.status, result.error["code"]) == ("failed", "SCRIPT_DEADLOCK")


async def test_secrets_reach_neither_journal_nor_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_API_KEY", "s3cr3t-value-42")
    body = "const r = await agent('my s3cr3t-value-42')\nlog(r)\nreturn {r, again: await agent(r)}"
    run_dir = new_run(tmp_path, script(body))
    backend = CountingBackend(by_prompt({"my s3cr3t-value-42": "it is s3cr3t-value-42"}))
    result = await play(run_dir, backend)
    assert "s3cr3t-value-42" not in run_dir.journal.read_text()
    assert "s3cr3t-value-42" not in str(result)
    assert backend.prompts[1] == "it is [redacted]"
    again = CountingBackend()
    assert (await play(run_dir, again)).result == result.result
    assert again.asked == []


def _usage(input_tokens: int, output_tokens: int) -> Any:
    from callsheet.agents.backend import Usage

    return Usage(input_tokens, output_tokens)


async def _until(condition: Any, timeout_s: float = 20.0) -> None:
    async with asyncio.timeout(timeout_s):
        while not condition():
            await asyncio.sleep(0.005)
