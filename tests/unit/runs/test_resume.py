"""Journal and resume: rules R1 to R7 of the language."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from callsheet.agents.backend import Usage
from callsheet.agents.scripted import Answer, ScriptedBackend
from callsheet.errors import UsageError
from callsheet.runs.engine import Engine
from callsheet.runs.journal import encode_line
from callsheet.runs.options import RunOptions
from callsheet.runs.rundir import RunDir, write_private

from tests.support.engine_runs import (
    META,
    CountingBackend,
    by_prompt,
    new_run,
    play,
    records_of,
    script,
    slow,
    statuses,
)

RACE = """
const race = await Promise.race(['slow', 'quick'].map((p) => agent(p)))
const later = await agent(`after ${race}`)
const rest = await pipeline([1, 2, 3], (i) => agent(`one ${i}`), (p) => agent(`two ${p}`))
return {race, later, rest, spent: budget.spent()}
"""


def _spending(durations: dict[str, float]) -> Any:
    # The loser of the race spends nothing: whether it ends before the script reads the budget depends on the load.
    return lambda request: slow(
        durations.get(request.prompt, 0.0),
        f"<{request.prompt}>",
        usage=Usage() if request.prompt == "slow" else Usage(3, 4),
    )


def edit(run_dir: RunDir, body: str) -> None:
    write_private(run_dir.script, script(body).encode())


def cut(run_dir: RunDir, kind: str, count: int = 1) -> None:
    """Let the journal end behind its `count`-th record of a kind, as a crash there leaves it."""
    kept = []
    for record in records_of(run_dir):
        kept.append(record)
        count -= record["k"] == kind
        if count == 0:
            break
    run_dir.journal.write_bytes(b"".join(encode_line(record) for record in kept))


async def test_R1_the_journal_is_a_history_in_delivery_order(tmp_path: Path) -> None:
    body = "return await parallel(['slow', 'quick'].map((p) => () => agent(p)))"
    run_dir = new_run(tmp_path, script(body))
    await play(run_dir, ScriptedBackend(by_prompt({"slow": slow(0.2)})))
    kinds = [record["k"] for record in records_of(run_dir)]
    assert kinds[:2] == ["header", "segment"]
    assert kinds[-1] == "end"
    assert [record["ns"] for record in records_of(run_dir, "deliver")] == [[2], [1]]
    call = records_of(run_dir, "call")[0]
    assert (call["n"], call["line"], len(call["hash"])) == (1, 2, 64)


async def test_R1_a_result_is_on_disk_before_the_script_sees_it(tmp_path: Path) -> None:
    seen: list[tuple[str, bool]] = []
    run_dir = new_run(tmp_path, script("const a = await agent('first'); await agent(`then ${a}`)"))

    def answer(request: Any) -> str:
        seen.append((request.prompt, '"value":"secret of first"' in run_dir.journal.read_text()))
        return f"secret of {request.prompt}"

    await play(run_dir, ScriptedBackend(answer))
    assert seen == [("first", False), ("then secret of first", True)]


async def test_R2_a_call_is_numbered_when_it_is_made(tmp_path: Path) -> None:
    body = "const late = agent('b'); await agent('a'); await late; await agent('c')"
    run_dir = new_run(tmp_path, script(body))
    result = await play(run_dir)
    assert [(agent["call"], agent["label"]) for agent in result.agents] == [(1, "b"), (2, "a"), (3, "c")]


@pytest.mark.parametrize("option", ["label: 'other'", "timeoutMs: 5000", "retries: 2"])
async def test_R2_what_does_not_change_the_question_does_not_change_the_hash(
    tmp_path: Path, option: str
) -> None:
    await _hash_test(tmp_path, option, same=True)


@pytest.mark.parametrize(
    "option",
    [
        "phase: 'P'",
        "schema: {type: 'object'}",
        "effort: 'low'",
        "tier: 'small'",
        "isolation: 'worktree'",
        "agentType: 'Explore'",
        "tools: ['read']",
        "model: 'openai/gpt-5'",
    ],
)
async def test_R2_what_changes_the_question_changes_the_hash(tmp_path: Path, option: str) -> None:
    await _hash_test(tmp_path, option, same=False)


async def _hash_test(tmp_path: Path, option: str, *, same: bool) -> None:
    run_dir = new_run(tmp_path, script(f"await agent('a'); await agent('a', {{{option}}}); await agent('b')"))
    await play(run_dir, ScriptedBackend(lambda request: {} if request.schema else "text"))
    first, second, other = (call["hash"] for call in records_of(run_dir, "call"))
    assert (first == second) is same
    assert first != other


async def test_R2_the_hash_follows_the_agent_types_definition(tmp_path: Path) -> None:
    folder = tmp_path / ".callsheet" / "agents"
    folder.mkdir(parents=True)
    run_dir = new_run(tmp_path, script("return await agent('a', {agentType: 'mine'})"))
    (folder / "mine.md").write_text("---\nname: mine\n---\nBe brief.\n")
    await play(run_dir)
    again = CountingBackend()
    await play(run_dir, again)
    assert again.asked == []
    (folder / "mine.md").write_text("---\nname: mine\n---\nBe verbose.\n")
    await play(run_dir, again)
    assert [request.system for request in again.asked] == ["Be verbose."]


async def test_R3_an_unchanged_script_makes_the_same_calls_whatever_ended_first(tmp_path: Path) -> None:
    run_dir = new_run(tmp_path, script(RACE), options=RunOptions(concurrency=4))
    durations = {"slow": 0.15, "one 1": 0.1, "one 2": 0.05}
    first = await play(run_dir, ScriptedBackend(_spending(durations)))
    assert first.result["race"] == "<quick>"
    again = CountingBackend()
    second = await play(run_dir, again)
    assert again.asked == []
    assert second.result == first.result
    assert (second.status, set(statuses(second))) == ("completed", {"replayed"})
    assert second.usage == first.usage
    assert second.logs == first.logs


async def test_R3_resumed_at_any_record_no_finished_agent_runs_again(tmp_path: Path) -> None:
    run_dir = new_run(tmp_path, script(RACE), options=RunOptions(concurrency=4))
    durations = {"slow": 0.1, "one 1": 0.05}
    first = await play(run_dir, ScriptedBackend(_spending(durations)))
    lines = run_dir.journal.read_bytes().splitlines(keepends=True)
    finished: set[str] = set()
    prompts = {record["n"]: record["label"] for record in records_of(run_dir, "call")}
    for count in range(1, len(lines) + 1):
        run_dir.journal.write_bytes(b"".join(lines[:count]))
        last = records_of(run_dir)[-1]
        if last["k"] == "done":
            finished.add(prompts[last["n"]])
        again = CountingBackend(_spending({"slow": 0.1, "one 1": 0.05}))
        result = await play(run_dir, again)
        # What had been spent follows from when the loser of the race ends, which is open where it runs anew.
        assert {**result.result, "spent": 0} == {**first.result, "spent": 0}, f"cut behind line {count}"
        assert not finished & set(again.prompts)


async def test_R3_the_budget_reads_as_it_did_then(tmp_path: Path) -> None:
    body = """
    const reads = []
    await parallel(['slow', 'quick'].map((p) => async () => { await agent(p); reads.push([p, budget.spent()]) }))
    return reads
    """
    run_dir = new_run(tmp_path, script(body))
    usages = {"slow": Usage(100, 0), "quick": Usage(7, 0)}
    backend = ScriptedBackend(
        lambda r: slow(0.15 if r.prompt == "slow" else 0.0, "x", usage=usages[r.prompt])
    )
    first = await play(run_dir, backend)
    assert first.result == [["quick", 7], ["slow", 107]]
    cut(run_dir, "deliver")
    assert (
        await play(run_dir, ScriptedBackend(lambda r: slow(0, "x", usage=usages[r.prompt])))
    ).result == first.result


async def test_R3_a_result_that_was_not_delivered_is_not_paid_for_again(tmp_path: Path) -> None:
    body = "return await parallel(['a', 'b', 'c'].map((p) => () => agent(p)))"
    run_dir = new_run(tmp_path, script(body), options=RunOptions(concurrency=1))
    first = await play(run_dir)
    cut(run_dir, "done", 2)
    again = CountingBackend()
    result = await play(run_dir, again)
    assert again.prompts == ["c"]
    assert result.result == first.result
    assert statuses(result) == ["replayed", "replayed", "done"]


async def test_R3_a_live_result_waits_while_recorded_ones_are_due(tmp_path: Path) -> None:
    body = """
    const order = []
    const ask = async (p) => { order.push(await agent(p)); if (p !== 'a') await ask2(p) }
    const ask2 = async (p) => { order.push(await agent(`${p}2`)) }
    await Promise.all(['a', 'b', 'c'].map(ask))
    return order
    """
    run_dir = new_run(tmp_path, script(body), options=RunOptions(concurrency=5))
    await play(run_dir, ScriptedBackend(by_prompt({"a": slow(0.6)})))
    kept = [
        r
        for r in records_of(run_dir)
        if not (r["k"] in ("done", "deliver") and 1 in (r.get("n"), *r.get("ns", [])))
    ]
    run_dir.journal.write_bytes(b"".join(encode_line(record) for record in kept if record["k"] != "end"))
    again = CountingBackend(by_prompt({}))
    result = await play(run_dir, again)
    assert again.prompts == ["a"]
    assert result.result[-1] == "<a>"


async def test_R4_failed_calls_run_again_and_later_ones_still_replay(tmp_path: Path) -> None:
    body = """
    const got = await parallel(['a', 'bad', 'c'].map((p) => () => agent(p)))
    const last = await agent('last')
    return [got, last, await agent(`sum ${got}`)]
    """
    run_dir = new_run(tmp_path, script(body))
    first = await play(run_dir, ScriptedBackend(by_prompt({"bad": Answer("")})))
    assert first.status == "completed_with_failures"
    again = CountingBackend(by_prompt({}))
    result = await play(run_dir, again)
    assert again.prompts == ["bad", "sum <a>,<bad>,<c>"]
    assert (result.status, result.result[0]) == ("completed", ["<a>", "<bad>", "<c>"])
    assert statuses(result) == ["replayed", "done", "replayed", "replayed", "done"]
    third = CountingBackend()
    assert (await play(run_dir, third)).result == result.result
    assert third.asked == []


async def test_R4_skipped_and_schema_failures_run_again(tmp_path: Path) -> None:
    body = """
    const ask = async (p, o) => { try { return await agent(p, o) } catch (e) { return e.code } }
    return [await ask('a', {schema: {type: 'object'}}), await ask('b')]
    """
    run_dir = new_run(tmp_path, script(body))
    first = await play(run_dir, ScriptedBackend(["no object", Answer(fail="AGENT_FAILED")]))
    assert first.result == ["SCHEMA_NONCOMPLIANCE", None]
    again = CountingBackend([{"x": 1}, "b"])
    assert (await play(run_dir, again)).result == [{"x": 1}, "b"]
    assert len(again.asked) == 2


async def test_R4_failures_can_be_kept(tmp_path: Path) -> None:
    run_dir = new_run(tmp_path, script("return [await agent('bad'), await agent('good')]"))
    first = await play(run_dir, ScriptedBackend(by_prompt({"bad": Answer("")})))
    again = CountingBackend()
    result = await play(run_dir, again, options=RunOptions(keep_failed=True))
    assert again.asked == []
    assert (result.status, result.result) == ("completed_with_failures", first.result)
    assert statuses(result) == ["failed", "replayed"]
    assert result.agents[0]["reason"] == first.agents[0]["reason"]
    await play(run_dir, again)
    assert again.prompts == ["bad"]


EDITED = [
    # name, body, the prompts that run, the fork's expected label
    (
        "before",
        "await agent('0'); const a = await agent('1'); return [a, await agent('2')]",
        ["0", "1", "2"],
        "1",
    ),
    ("first", "const a = await agent('1!'); return [a, await agent('2')]", ["1!", "2"], "1"),
    ("after", "const a = await agent('1'); return [a, await agent('2'), await agent('3')]", ["3"], None),
    ("last", "const a = await agent('1'); return [a, await agent('2!')]", ["2!"], "2"),
    ("shorter", "return [await agent('1')]", [], None),
    ("comment", "/* new */ const a = await agent('1'); return [a, await agent('2')]", [], None),
    ("swapped", "const a = await agent('2'); return [a, await agent('1')]", ["2", "1"], "1"),
]


@pytest.mark.parametrize(("name", "body", "runs", "expected"), EDITED, ids=[case[0] for case in EDITED])
async def test_R4_an_edited_script_replays_its_longest_matching_prefix(
    tmp_path: Path, name: str, body: str, runs: list[str], expected: str | None
) -> None:
    run_dir = new_run(tmp_path, script("const a = await agent('1'); return [a, await agent('2')]"))
    await play(run_dir)
    edit(run_dir, body)
    again = CountingBackend(by_prompt({}))
    result = await play(run_dir, again)
    assert again.prompts == runs
    forks = records_of(run_dir, "fork")
    assert [fork["expected"] for fork in forks] == ([] if expected is None else [expected])
    if forks:
        assert forks[0]["line"] == 2
        assert forks[0]["differs"] == ["prompt"]
        assert any("leaves its history" in line and "line 2" in line for line in result.logs)
    third = CountingBackend()
    assert (await play(run_dir, third)).result == result.result
    assert third.asked == []


async def test_R4_results_of_calls_made_before_the_fork_still_replay(tmp_path: Path) -> None:
    body = """
    const early = agent('early')
    await agent('%s')
    return [await early, await agent('end')]
    """
    run_dir = new_run(tmp_path, script(body % "old"))
    await play(run_dir, ScriptedBackend(by_prompt({"early": slow(0.2)})))
    edit(run_dir, body % "new")
    again = CountingBackend(by_prompt({}))
    result = await play(run_dir, again)
    assert again.prompts == ["new", "end"]
    assert result.result == ["late", "<end>"]
    assert [(agent["call"], agent["label"]) for agent in result.agents] == [
        (1, "early"),
        (4, "new"),
        (5, "end"),
    ]


async def test_R4_after_the_fork_everything_runs_although_it_would_match(tmp_path: Path) -> None:
    run_dir = new_run(tmp_path, script("for (const p of ['a', 'b', 'c']) await agent(p)"))
    await play(run_dir)
    edit(run_dir, "for (const p of ['a', 'x', 'b', 'c']) await agent(p)")
    again = CountingBackend()
    await play(run_dir, again)
    assert again.prompts == ["x", "b", "c"]


async def test_R4_match_replays_any_call_whose_hash_and_occurrence_match(tmp_path: Path) -> None:
    run_dir = new_run(tmp_path, script("for (const p of ['a', 'b', 'b', 'c']) await agent(p)"))
    await play(run_dir)
    edit(run_dir, "for (const p of ['x', 'c', 'b', 'a', 'b', 'b']) await agent(p)")
    again = CountingBackend()
    result = await play(run_dir, again, options=RunOptions(match=True))
    assert again.prompts == ["x", "b"]
    assert result.status == "completed"
    assert records_of(run_dir, "fork") == []


async def test_R4_changed_args_are_an_edit(tmp_path: Path) -> None:
    body = "const a = await agent('fixed'); return [a, await agent(`about ${args}`), await agent('end')]"
    run_dir = new_run(tmp_path, script(body), args=("cats",))
    await play(run_dir)
    again = CountingBackend()
    await play(run_dir, again, args=["dogs"])
    assert again.prompts == ["about dogs", "end"]
    third = CountingBackend()
    await play(run_dir, third)
    assert third.asked == []
    assert records_of(run_dir, "segment")[-1]["args"] == "dogs"


async def test_R4_behind_a_failed_call_an_edited_script_matches_in_any_order(tmp_path: Path) -> None:
    body = """
    const first = await agent('flaky')
    if (first) await agent('only if it worked')
    await agent('b'); await agent('c')%s
    """
    run_dir = new_run(tmp_path, script(body % ""))
    await play(run_dir, ScriptedBackend(by_prompt({"flaky": Answer("")})))
    edit(run_dir, body % "; await agent('d')")
    again = CountingBackend(by_prompt({}))
    await play(run_dir, again)
    assert again.prompts == ["flaky", "only if it worked", "b", "c", "d"]


async def test_R4_an_edit_holds_over_a_crash_before_it_showed(tmp_path: Path) -> None:
    body = "for (const p of ['a', 'b', 'c', 'd']) await agent(p)"
    run_dir = new_run(tmp_path, script(body))
    await play(run_dir)
    edit(run_dir, body.replace("'c'", "'x', 'c'"))
    await play(run_dir)
    segments = 0
    kept = []
    for record in records_of(run_dir):
        kept.append(record)
        segments += record["k"] == "segment"
        if segments == 2 and record["k"] == "again":
            break
    run_dir.journal.write_bytes(b"".join(encode_line(record) for record in kept))
    again = CountingBackend()
    await play(run_dir, again)
    assert again.prompts == ["x", "c", "d"]


async def test_R4_a_completed_run_replays_whole_and_asks_nothing(tmp_path: Path) -> None:
    body = "return await parallel(Array.from({length: 50}, (_, i) => () => agent(`${i}`)))"
    run_dir = new_run(tmp_path, script(body))
    first = await play(run_dir, ScriptedBackend(by_prompt({})))
    for _ in range(3):
        again = CountingBackend()
        result = await play(run_dir, again)
        assert (again.asked, result.result, result.status) == ([], first.result, "completed")


async def test_R6_a_torn_last_line_is_cut_off(tmp_path: Path) -> None:
    run_dir = new_run(tmp_path, script("return [await agent('a'), await agent('b')]"))
    first = await play(run_dir)
    whole = run_dir.journal.read_bytes()
    for size in range(len(whole) - 400, len(whole), 7):
        run_dir.journal.write_bytes(whole[:size])
        assert (await play(run_dir)).result == first.result


async def test_R7_a_resume_needs_the_run_alone(tmp_path: Path) -> None:
    options = RunOptions(concurrency=1, budget=1000, agent_timeout_s=5.0)
    run_dir = new_run(
        tmp_path, script("return [args, budget.total, cwd]"), args=({"a": None},), options=options
    )
    await play(run_dir)
    result = await play(run_dir)
    assert result.result == [{"a": None}, 1000, str(tmp_path)]
    assert records_of(run_dir, "segment")[1]["options"] == options.to_record()


async def test_R7_budget_concurrency_and_cap_are_given_anew(tmp_path: Path) -> None:
    body = "return await parallel([1, 2, 3, 4].map((i) => () => agent(`${i}`)))"
    run_dir = new_run(tmp_path, script(body), options=RunOptions(concurrency=1, budget=20))
    ask = lambda request: slow(0.01, request.prompt, usage=Usage(10, 0))  # noqa: E731
    first = await play(run_dir, CountingBackend(ask))
    assert first.error is not None
    assert first.error["code"] == "TOKEN_BUDGET_EXHAUSTED"
    again = CountingBackend(ask)
    result = await play(run_dir, again, options=RunOptions(concurrency=2, budget=100))
    assert (result.status, result.result) == ("completed", ["1", "2", "3", "4"])
    assert again.prompts == ["3", "4"]
    assert again.most_at_once == 2


async def test_R7_a_raised_cap_runs_what_was_refused(tmp_path: Path) -> None:
    body = "return await parallel([1, 2, 3].map((i) => async () => { try { return await agent(`${i}`) } catch {} }))"
    run_dir = new_run(tmp_path, script(body), options=RunOptions(max_agents=1))
    assert statuses(await play(run_dir)) == ["done"]
    again = CountingBackend(by_prompt({}))
    result = await play(run_dir, again, options=RunOptions(max_agents=3))
    assert again.prompts == ["2", "3"]
    assert [(agent["call"], agent["status"]) for agent in result.agents] == [
        (1, "replayed"),
        (2, "done"),
        (3, "done"),
    ]


async def test_R7_another_default_model_does_not_make_finished_agents_run_again(tmp_path: Path) -> None:
    run_dir = new_run(tmp_path, script("return [await agent('a'), await agent('bad')]"))
    await play(
        run_dir, ScriptedBackend(by_prompt({"bad": Answer("")})), options=RunOptions(model="openai/gpt-5")
    )
    again = CountingBackend()
    result = await play(run_dir, again, options=RunOptions(model="openai/gpt-5-mini"))
    assert again.prompts == ["bad"]
    assert [agent["model"] for agent in result.agents] == ["openai/gpt-5", "openai/gpt-5-mini"]


CHILD = """export const meta = {name: 'child', description: 'c'}
return await parallel([1, 2].map((i) => () => agent(`${args} ${i}`)))
"""


async def test_a_nested_workflow_replays_with_the_source_it_had(tmp_path: Path) -> None:
    (tmp_path / "child.js").write_text(CHILD)
    body = "const r = await parallel(['a', 'b'].map((t) => () => workflow({scriptPath: 'child.js'}, t)))\nreturn r%s"
    run_dir = new_run(tmp_path, script(body % ""))
    first = await play(run_dir, ScriptedBackend(lambda r: slow(0.02 * (r.call % 3), f"<{r.prompt}>")))
    (tmp_path / "child.js").unlink()
    again = CountingBackend()
    assert (await play(run_dir, again)).result == first.result
    assert again.asked == []
    (tmp_path / "child.js").write_text(CHILD.replace("${args}", "new ${args}"))
    edit(run_dir, body % ".length")
    await play(run_dir, again)
    assert again.prompts == ["new a 1", "new a 2", "new b 1", "new b 2"]


async def test_an_edited_child_counts_when_the_script_is_given_anew(tmp_path: Path) -> None:
    (tmp_path / "child.js").write_text(CHILD)
    run_dir = new_run(
        tmp_path, script("await agent('before'); return await workflow({scriptPath: 'child.js'}, 'a')")
    )
    await play(run_dir)
    (tmp_path / "child.js").write_text(CHILD.replace("[1, 2]", "[1, 2, 3]"))
    again = CountingBackend(by_prompt({}))
    await play(run_dir, again)
    assert again.prompts == []
    result = await play(run_dir, again, given=True)
    assert again.prompts == ["a 1", "a 2", "a 3"]
    assert [fork["expected"] for fork in records_of(run_dir, "fork")] == ["child"]
    assert [fork["differs"] for fork in records_of(run_dir, "fork")] == [["script"]]
    third = CountingBackend()
    assert (await play(run_dir, third)).result == result.result
    assert third.asked == []


async def test_a_pause_lets_agents_finish_and_starts_none(tmp_path: Path) -> None:
    body = "return await parallel(['a', 'b', 'c', 'd'].map((p) => () => agent(p)))"
    run_dir = new_run(tmp_path, script(body), options=RunOptions(concurrency=2))
    backend = CountingBackend(lambda request: slow(0.2, request.prompt))
    engine = Engine.open(run_dir, backend=backend)
    running = asyncio.create_task(engine.run())
    await _until(lambda: engine.state.counts()["running"] == 2)
    engine.pause()
    assert engine.state.status == "pausing"
    result = await running
    assert (result.status, backend.prompts) == ("paused", ["a", "b"])
    assert statuses(result) == ["done", "done", "stopped", "stopped"]
    again = CountingBackend(lambda request: request.prompt)
    resumed = await play(run_dir, again)
    assert (resumed.result, again.prompts) == (["a", "b", "c", "d"], ["c", "d"])


async def test_a_pause_can_be_taken_back(tmp_path: Path) -> None:
    body = "return await parallel(['a', 'b', 'c'].map((p) => () => agent(p)))"
    run_dir = new_run(tmp_path, script(body), options=RunOptions(concurrency=1))
    engine = Engine.open(run_dir, backend=ScriptedBackend(lambda request: slow(0.1, request.prompt)))
    with pytest.raises(UsageError):
        engine.resume()
    running = asyncio.create_task(engine.run())
    await _until(lambda: engine.state.counts()["running"] == 1)
    engine.pause()
    engine.resume()
    assert (await running).status == "completed"


async def test_cancelling_stops_the_run_in_order(tmp_path: Path) -> None:
    run_dir = new_run(tmp_path, script("await agent('a'); return await agent('slow')"))
    engine = Engine.open(run_dir, backend=ScriptedBackend(by_prompt({"slow": slow(60)})))
    running = asyncio.create_task(engine.run())
    await _until(lambda: engine.state.counts()["done"] == 1 and engine.state.counts()["running"] == 1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert records_of(run_dir)[-1]["status"] == "stopped"


def test_the_script_helper_puts_bodies_on_line_two() -> None:
    assert script("x").splitlines()[1] == "x"
    assert META.endswith("\n")


async def _until(condition: Any, timeout_s: float = 20.0) -> None:
    async with asyncio.timeout(timeout_s):
        while not condition():
            await asyncio.sleep(0.005)
