"""Fan-out, phases, budget, limits: rules P1 to P8 of the language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from callsheet.agents.backend import AgentEvent, AgentOutcome, AgentRequest, Usage
from callsheet.agents.scripted import Answer, ScriptedBackend
from callsheet.runs.options import RunOptions, default_concurrency

from tests.support.engine_runs import (
    META,
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


async def test_P1_parallel_keeps_input_order_and_refuses_promises(tmp_path: Path) -> None:
    body = """
    const values = await parallel([3, 1, 2].map((i) => () => agent(`${i}`)))
    let message
    try { await parallel([agent('x')]) } catch (error) { message = [error.name, error.message] }
    return [values, message]
    """
    backend = ScriptedBackend(by_prompt({"3": slow(0.05, 3), "1": slow(0.02, 1), "2": slow(0.01, 2)}))
    result = await play_script(tmp_path, body, backend, options=RunOptions(concurrency=3))
    values, (name, message) = result.result
    assert values == [3, 1, 2]
    assert name == "TypeError"
    assert "wrap" in message


async def test_P2_pipeline_has_no_barrier_between_stages(tmp_path: Path) -> None:
    body = """
    return await pipeline(['slow', 'quick'], (item) => agent(`${item} 1`), (previous, item) => agent(`${item} 2`))
    """
    backend = CountingBackend(by_prompt({"slow 1": slow(0.3)}))
    result = await play_script(tmp_path, body, backend, options=RunOptions(concurrency=2))
    assert backend.prompts == ["slow 1", "quick 1", "quick 2", "slow 2"]
    assert result.result == ["<slow 2>", "<quick 2>"]


async def test_P3_concurrency_is_never_exceeded_and_waiting_calls_start_in_call_order(tmp_path: Path) -> None:
    body = """
    const deep = (i) => parallel([0, 1].map((j) => () => agent(`${i}.${j}`)))
    await parallel(Array.from({length: 20}, (_, i) => () => i % 3 ? agent(`${i}`) : deep(i)))
    """
    backend = CountingBackend(lambda request: slow(0.002 * (len(request.prompt) % 3), request.prompt))
    await play_script(tmp_path, body, backend, options=RunOptions(concurrency=3))
    assert backend.most_at_once == 3
    assert [request.call for request in backend.asked] == list(range(1, 28))


def test_P3_the_default_is_never_under_two() -> None:
    assert 2 <= default_concurrency() <= 16


@pytest.mark.parametrize("fan_out", ["one", "nested", "one by one"])
async def test_P4_the_cap_counts_calls_when_they_are_made(tmp_path: Path, fan_out: str) -> None:
    bodies = {
        "one": "await parallel(Array.from({length: 2000}, (_, i) => async () => { await go(i) }))",
        "nested": """await parallel(Array.from({length: 20}, (_, i) => () =>
            pipeline(Array.from({length: 100}, (_, j) => j), async (p, j) => { await go(`${i} ${j}`) })))""",
        "one by one": "for (let i = 0; i < 1100; i++) await go(i)",
    }
    body = """
    let refused = 0
    async function go(i) { try { await agent(`${i}`) } catch (error) {
      if (error.code !== 'AGENT_LIMIT_EXCEEDED') throw error
      refused++
    } }
    %s
    return refused
    """
    backend = CountingBackend()
    run_dir = new_run(tmp_path, script(body % bodies[fan_out]), options=RunOptions(concurrency=8))
    result = await play(run_dir, backend)
    assert len(backend.asked) == 1000
    assert result.result == (100 if fan_out == "one by one" else 1000)
    assert statuses(result) == ["done"] * 1000
    assert backend.most_at_once <= 8


async def test_P4_uncaught_the_cap_rejects_the_fan_out(tmp_path: Path) -> None:
    body = "return await parallel(Array.from({length: 2000}, (_, i) => () => agent(`${i}`)))"
    backend = CountingBackend()
    result = await play_script(tmp_path, body, backend)
    assert result.error is not None
    assert (result.status, result.error["code"]) == ("failed", "AGENT_LIMIT_EXCEEDED")
    assert backend.asked == []


async def test_P5_phases_group_calls(tmp_path: Path) -> None:
    meta = "export const meta = {name: 't', description: 'd', phases: [{title: 'A'}, {title: 'B'}]}\n"
    body = """
    await agent('before any')
    phase('B'); await agent('in B')
    await agent('option', {phase: 'A'})
    phase('new'); await agent('in new')
    """
    result = await play_script(tmp_path, body, meta=meta)
    assert [agent["phase"] for agent in result.agents] == ["A", "B", "A", "new"]
    assert result.phases == ["A", "B", "new"]


async def test_P5_a_phase_without_any_title_is_null(tmp_path: Path) -> None:
    result = await play_script(tmp_path, "await agent('a')")
    assert result.agents[0]["phase"] is None


async def test_P5_a_phase_has_a_ceiling_of_its_own_over_all_calls_of_its_title(tmp_path: Path) -> None:
    body = """
    const codes = []
    const go = async (...a) => { try { codes.push(await agent(...a)) } catch (error) { codes.push(error.code) } }
    phase('cheap', {budget: 25})
    await go('1'); await go('2')
    phase('free'); await go('3'); await go('4', {phase: 'cheap'})
    phase('cheap'); await go('5')
    phase('free'); await go('6')
    return codes
    """
    backend = ScriptedBackend(lambda request: Answer(request.prompt, usage=Usage(10, 3)))
    result = await play_script(tmp_path, body, backend)
    over = "TOKEN_BUDGET_EXHAUSTED"
    assert result.result == ["1", "2", "3", over, over, "6"]


async def test_P6_the_budget_reads_delivered_results(tmp_path: Path) -> None:
    body = """
    const read = () => [budget.total, budget.spent(), budget.remaining()]
    const before = read()
    await agent('a')
    const after = read()
    await parallel([() => agent('b'), () => agent('c')])
    return [before, after, read()]
    """
    backend = ScriptedBackend(lambda _: Answer("x", usage=Usage(30, 12)))
    result = await play_script(tmp_path, body, backend, options=RunOptions(budget=100))
    assert result.result == [[100, 0, 100], [100, 42, 58], [100, 126, 0]]
    result = await play_script(tmp_path, "return [budget.total, budget.remaining() === Infinity]")
    assert result.result == [None, True]


async def test_P6_the_usage_of_a_run_adds_up(tmp_path: Path) -> None:
    answers = [
        Answer("a", usage=Usage(10, 1, 0.5)),
        Answer("b", usage=Usage(20, 2, None, estimated=True)),
        [Answer(fail="AGENT_FAILED", usage=Usage(5, 0, 0.25)), Answer("c", usage=Usage(30, 3, 0.25))],
    ]
    body = "await agent('a'); await agent('b'); await agent('c', {retries: 1})"
    result = await play_script(tmp_path, body, ScriptedBackend(answers))
    assert result.usage == {"input": 65, "output": 6, "total": 71, "cost": 1.0, "estimated": True}
    assert [agent["tokens"] for agent in result.agents] == [11, 22, 38]
    assert [agent["cost"] for agent in result.agents] == [0.5, None, 0.5]


async def test_P7_what_agents_under_way_have_spent_counts(tmp_path: Path) -> None:
    body = """
    const slow = agent('slow')
    await agent('quick')
    let code
    try { await agent('late') } catch (error) { code = error.code }
    return [code, await slow, budget.spent()]
    """
    backend = CountingBackend(
        by_prompt(
            {
                "slow": slow(0.3, "s", usage=Usage(90, 5)),
                "quick": slow(0.05, "q", usage=Usage(5, 0)),
            }
        )
    )
    result = await play_script(tmp_path, body, backend, options=RunOptions(budget=100, concurrency=4))
    assert result.result == ["TOKEN_BUDGET_EXHAUSTED", "s", 100]
    assert backend.prompts == ["slow", "quick"]


async def test_P7_a_try_is_not_repeated_over_budget(tmp_path: Path) -> None:
    backend = CountingBackend([Answer(fail="AGENT_FAILED", usage=Usage(60, 0))])
    result = await play_script(
        tmp_path, "return await agent('a', {retries: 3})", backend, options=RunOptions(budget=100)
    )
    assert len(backend.asked) == 2
    assert result.usage["total"] == 120


class _Spender:
    """Spends while it works, and reports less at its end than on its way."""

    name = "spender"
    simulated = False

    async def run(self, request: AgentRequest, emit: Any) -> AgentOutcome:
        emit(AgentEvent("usage", Usage(70, 0)))
        return AgentOutcome("x", Usage(60, 0))

    async def aclose(self) -> None: ...


async def test_P7_what_was_reported_once_is_spent(tmp_path: Path) -> None:
    body = "await agent('a')\ntry { await agent('b'); await agent('c') } catch (e) { return [e.code, budget.spent()] }"
    result = await play_script(tmp_path, body, _Spender(), options=RunOptions(budget=140))
    assert result.result == ["TOKEN_BUDGET_EXHAUSTED", 140]


CHILD = """export const meta = {name: 'child', description: 'c', phases: [{title: 'Inner'}], model: 'gpt-5'}
log(`args ${JSON.stringify(args)} ${meta.name}`)
const got = await agent(`child asks ${args?.topic}`)
phase('More')
return [got, await agent('more'), budget.spent()]
"""


def _with_child(root: Path, text: str = CHILD, name: str = "child.js") -> None:
    (root / name).write_text(text)


async def test_P8_a_child_has_its_own_args_meta_and_phases(tmp_path: Path) -> None:
    _with_child(tmp_path)
    meta = "export const meta = {name: 'parent', description: 'd', phases: [{title: 'Outer'}]}\n"
    body = """
    phase('Outer')
    const a = await workflow({scriptPath: './child.js'}, {topic: 'cats'})
    return [a, await agent('parent asks'), budget.spent(), meta.name]
    """
    backend = CountingBackend(lambda request: Answer(f"<{request.prompt}>", usage=Usage(5, 5)))
    result = await play_script(tmp_path, body, backend, meta=meta)
    assert result.result == [["<child asks cats>", "<more>", 20], "<parent asks>", 30, "parent"]
    assert [agent["phase"] for agent in result.agents] == ["child / Inner", "child / More", "Outer"]
    assert [agent["file"] for agent in result.agents] == [str(tmp_path / "child.js")] * 2 + [None]
    assert [agent["line"] for agent in result.agents] == [3, 5, 5]
    assert 'args {"topic":"cats"} child' in result.logs
    assert result.usage["total"] == 30


async def test_P8_a_child_shares_limiter_count_and_budget(tmp_path: Path) -> None:
    _with_child(
        tmp_path,
        "export const meta = {name: 'c', description: 'd'}\n"
        "return await parallel([1, 2, 3].map((i) => async () => { try { return await agent(`${args} ${i}`) }\n"
        "catch (error) { return error.code } }))",
    )
    body = """
    return await parallel(['a', 'b', 'c'].map((t) => () => workflow({scriptPath: 'child.js'}, t)))
    """
    backend = CountingBackend(lambda request: slow(0.01, "x", usage=Usage(10, 0)))
    result = await play_script(tmp_path, body, backend, options=RunOptions(concurrency=2, max_agents=7))
    assert backend.most_at_once == 2
    flat = [value for child in result.result for value in child]
    assert (flat.count("x"), flat.count("AGENT_LIMIT_EXCEEDED")) == (7, 2)
    result = await play_script(tmp_path, body, backend, options=RunOptions(concurrency=2, budget=45))
    flat = [value for child in result.result for value in child]
    assert "TOKEN_BUDGET_EXHAUSTED" in flat


async def test_P8_one_level_of_nesting(tmp_path: Path) -> None:
    _with_child(
        tmp_path,
        "export const meta = {name: 'c', description: 'd'}\n"
        "try { await workflow('other') } catch (error) { return error.code }",
    )
    result = await play_script(tmp_path, "return await workflow({scriptPath: 'child.js'})")
    assert result.result == "NESTING_LIMIT"


@pytest.mark.parametrize(
    "target",
    [
        "'nobody'",
        "{scriptPath: 'missing.js'}",
        "{scriptPath: '../outside.js'}",
        "{scriptPath: '/etc/passwd'}",
        "{scriptPath: 'loop'}",
        "{scriptPath: 'loop/../up/outside.js'}",
        "{scriptPath: 'a\\0b'}",
        "{scriptPath: 'x'.repeat(5000)}",
    ],
)
async def test_P8_an_unknown_name_or_path_is_not_found(tmp_path: Path, target: str) -> None:
    _with_child(tmp_path, name="outside.js")
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "loop").symlink_to("loop")
    (tmp_path / "project" / "up").symlink_to("..")
    result = await play_script(tmp_path / "project", f"return await workflow({target})")
    assert result.error is not None
    assert (result.status, result.error["code"], result.error["line"]) == ("failed", "WORKFLOW_NOT_FOUND", 2)


async def test_P8_a_path_does_not_leave_the_workspace_through_a_link(tmp_path: Path) -> None:
    _with_child(tmp_path, name="outside.js")
    project = tmp_path / "project"
    project.mkdir()
    (project / "inside.js").symlink_to(tmp_path / "outside.js")
    result = await play_script(project, "return await workflow({scriptPath: 'inside.js'})")
    assert result.error is not None
    assert result.error["code"] == "WORKFLOW_NOT_FOUND"


async def test_P8_a_saved_workflow_is_found_by_its_name(tmp_path: Path) -> None:
    folder = tmp_path / ".callsheet" / "workflows"
    folder.mkdir(parents=True)
    (folder / "some-file.js").write_text(CHILD)
    result = await play_script(tmp_path, "return await workflow('child', {topic: 'x'})")
    assert result.result == ["done", "done", 0]


async def test_P8_a_child_that_fails_rejects_with_its_error(tmp_path: Path) -> None:
    _with_child(
        tmp_path,
        "export const meta = {name: 'c', description: 'd'}\nconst lost = agent('lost')\nthrow new Error('child broke')",
    )
    body = """
    let caught
    try { await workflow({scriptPath: 'child.js'}) } catch (error) { caught = [error.code, error.message] }
    return [caught, await agent('after')]
    """
    backend = CountingBackend(by_prompt({"lost": slow(60)}))
    result = await play_script(tmp_path, body, backend)
    (code, message), after = result.result
    assert (code, after) == ("SCRIPT_ERROR", "<after>")
    assert "child broke" in message
    assert statuses(result) == ["stopped", "done"]


async def test_P8_a_child_with_errors_is_refused(tmp_path: Path) -> None:
    _with_child(tmp_path, "const x = 1")
    result = await play_script(tmp_path, "return await workflow({scriptPath: 'child.js'})")
    assert result.error is not None
    assert result.error["code"] == "SCRIPT_VALIDATION"
    assert "child.js" in result.error["message"]


async def test_P8_a_child_inherits_neither_phase_nor_model(tmp_path: Path) -> None:
    _with_child(tmp_path, "export const meta = {name: 'c', description: 'd'}\nreturn await agent('a')")
    meta = "export const meta = {name: 'p', description: 'd', model: 'openai/gpt-5'}\n"
    body = "phase('Outer'); await agent('b'); return await workflow({scriptPath: 'child.js'})"
    result = await play_script(tmp_path, body, meta=meta)
    parent, child = result.agents
    assert parent["model"] == "openai/gpt-5"
    assert child["model"] != "openai/gpt-5"
    assert child["phase"] == "c"


async def test_P8_a_child_waits_for_calls_that_nobody_awaited(tmp_path: Path) -> None:
    _with_child(
        tmp_path,
        "export const meta = {name: 'c', description: 'd'}\nagent('slow').then(() => agent('then'))\nreturn 1",
    )
    backend = CountingBackend(by_prompt({"slow": slow(0.03)}))
    result = await play_script(tmp_path, "return await workflow({scriptPath: 'child.js'})", backend)
    assert (result.status, result.result) == ("completed", 1)
    assert backend.prompts == ["slow", "then"]
    assert any(line.startswith("c: ") and "line 2" in line for line in result.logs)


async def test_P8_more_children_than_run_at_once(tmp_path: Path) -> None:
    _with_child(
        tmp_path, "export const meta = {name: 'c', description: 'd'}\nreturn await agent(`child ${args}`)"
    )
    body = "return await parallel(Array.from({length: 80}, (_, i) => () => workflow({scriptPath: 'child.js'}, i)))"
    result = await play_script(tmp_path, body, ScriptedBackend(by_prompt({})))
    assert result.result == [f"<child {i}>" for i in range(80)]


async def test_args_given_as_text_are_parsed_once(tmp_path: Path) -> None:
    result = await play_script(tmp_path, "return args.a", args=('{"a": [1]}',))
    assert result.result == [1]
    assert len(result.logs) == 1
    result = await play_script(tmp_path, "return typeof args")
    assert result.result == "undefined"


async def test_calls_are_numbered_from_one_and_labelled(tmp_path: Path) -> None:
    run_dir = new_run(
        tmp_path, script("await agent('  a\\n b\\t' + 'x'.repeat(99)); await agent('b', {label: 'B'})")
    )
    result = await play(run_dir)
    assert [agent["call"] for agent in result.agents] == [1, 2]
    assert [agent["label"] for agent in result.agents] == ["a b " + "x" * 56, "B"]
    assert [call["n"] for call in records_of(run_dir, "call")] == [1, 2]


def test_the_meta_line_is_one_line() -> None:
    assert META.count("\n") == 1
