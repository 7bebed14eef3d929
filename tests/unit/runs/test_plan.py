"""Previews: rule R5 of the language, and what a plan says of a script."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from callsheet.agents.scripted import Answer, ScriptedBackend
from callsheet.runs.options import RunOptions
from callsheet.runs.plan import Plan, plan_run
from callsheet.runs.replay_plan import plan_replay
from callsheet.runs.rundir import RunDir
from callsheet.settings import ModelSettings, Settings

from tests.support.engine_runs import META, CountingBackend, by_prompt, new_run, play, script

SETTINGS = Settings(models=ModelSettings(prices={"cheap": (1.0, 2.0), "dear": (10.0, 20.0)}))


def _plan(body: str, meta: str = META, **options: Any) -> Plan:
    return plan_run(
        script(body, meta), options=RunOptions(dry_run=True, **options), settings=SETTINGS, cwd=Path("/")
    )


BOUNDS = [
    ("await agent('a')", 1),
    ("await parallel([1, 2, 3].map((i) => () => agent(`${i}`)))", 3),
    ("await pipeline(['a', 'b'], (x) => agent(x), (x) => agent(x))", 4),
    ("for (let i = 0; i < 5; i++) await agent('a')", 5),
    ("while (true) await agent('a')", None),
    ("await parallel(args.map((x) => () => agent(x)))", None),
    ("await workflow('other')", None),
    ("await verify('x', {reviewers: 4})", 4),
    ("await verify('x')", 2),
    ("await judgePanel(['a', 'b'], {})", 6),
    ("await completenessCheck('t', [])", 1),
    ("log('nothing')", 0),
    ("for (let i = 0; i < 5000; i++) await agent('a')", 1000),
]


@pytest.mark.parametrize(("body", "at_most"), BOUNDS, ids=[body for body, _ in BOUNDS])
def test_a_plan_bounds_the_number_of_agents_where_the_script_does(body: str, at_most: int | None) -> None:
    plan = _plan(body)
    assert plan.at_most == at_most
    assert (plan.tokens is None) is (at_most is None)


def test_a_plan_lists_the_calls_with_what_the_script_tells_of_them() -> None:
    phases = "[{title: 'A', model: 'openai/gpt-5'}, {title: 'B'}]"
    meta = f"export const meta = {{name: 't', description: 'd', phases: {phases}}}\n"
    isolated = "await agent(args.x, {label: 'L', isolation: 'worktree', model: args.m})"
    body = f"await agent('find it', {{phase: 'A'}})\n{isolated}"
    plan = _plan(body, meta)
    first, second = plan.calls
    assert (first.kind, first.line, first.label, first.phase, first.model) == (
        "agent",
        2,
        "find it",
        "A",
        "openai/gpt-5",
    )
    assert (second.line, second.label, second.isolation, second.model) == (3, "L", "worktree", None)
    assert plan.models == {"openai/gpt-5": 1, None: 1}
    assert [phase["title"] for phase in plan.phases] == ["A", "B"]
    assert json.loads(json.dumps(plan.to_json()))["agents"] == {"atMost": 2, "cap": 1000}


def test_a_plan_gives_a_call_the_phase_that_the_script_has_entered_and_its_model() -> None:
    phases = "[{title: 'A'}, {title: 'B', model: 'openai/gpt-5'}]"
    meta = f"export const meta = {{name: 't', description: 'd', phases: {phases}}}\n"
    body = """await agent('one')
phase('B')
await parallel([() => agent('two'), () => agent('three', {phase: 'A'})])
await verify('four')
phase(args.x)
await agent('five')"""
    plan = _plan(body, meta)
    assert [call.phase for call in plan.calls] == ["A", "B", "A", "B", None]
    assert [call.model for call in plan.calls] == [None, "openai/gpt-5", None, "openai/gpt-5", None]


def test_a_plan_of_simulated_agents_costs_nothing() -> None:
    plan = _plan("await agent('a')")
    assert (plan.simulated, plan.cost) == (True, 0.0)


async def _ran(tmp_path: Path, body: str, answers: Any = None) -> RunDir:
    run_dir = new_run(tmp_path, script(body), options=RunOptions(dry_run=True))
    await play(run_dir, ScriptedBackend(by_prompt(answers or {})))
    return run_dir


BODY = """
const xs = await parallel(['a', 'bad', 'c'].map((p) => () => agent(p)))
return await agent(`sum ${xs}`)
"""


async def test_R5_a_preview_says_what_replays_and_what_runs(tmp_path: Path) -> None:
    run_dir = await _ran(tmp_path, BODY, {"bad": Answer("")})
    before = run_dir.journal.read_bytes()
    plan = await plan_replay(run_dir, settings=SETTINGS)
    assert [(call["label"], call["action"], call.get("why")) for call in plan.calls] == [
        ("a", "replay", None),
        ("bad", "run", "failed"),
        ("c", "replay", None),
    ]
    assert (plan.complete, plan.ahead, plan.fork) == (False, 1, None)
    assert run_dir.journal.read_bytes() == before
    again = CountingBackend(by_prompt({}))
    await play(run_dir, again)
    assert again.prompts[0] == "bad"


async def test_R5_a_completed_run_would_replay_whole(tmp_path: Path) -> None:
    plan = await plan_replay(await _ran(tmp_path, BODY), settings=SETTINGS)
    assert (plan.complete, plan.count("replay"), plan.count("run")) == (True, 4, 0)
    assert json.loads(json.dumps(plan.to_json()))["replays"] == 4


async def test_R5_an_edited_script_names_the_first_call_that_differs(tmp_path: Path) -> None:
    run_dir = await _ran(tmp_path, BODY)
    plan = await plan_replay(run_dir, settings=SETTINGS, text=script(BODY.replace("'c'", "'d'")))
    assert plan.fork is not None
    assert (plan.fork["expected"], plan.fork["actual"], plan.fork["differs"]) == ("c", "d", ["prompt"])
    assert plan.fork["line"] == 3
    assert [(call["label"], call["action"]) for call in plan.calls] == [
        ("a", "replay"),
        ("bad", "replay"),
        ("d", "run"),
    ]
    assert run_dir.script.read_text() == script(BODY)


async def test_R5_kept_failures_and_matches_are_previewed_as_they_would_be(tmp_path: Path) -> None:
    run_dir = await _ran(tmp_path, BODY, {"bad": Answer("")})
    kept = await plan_replay(run_dir, settings=SETTINGS, changes={"keep_failed": True})
    assert kept.complete
    edited = script("await agent('new')\n" + BODY)
    assert (await plan_replay(run_dir, settings=SETTINGS, text=edited)).count("replay") == 0
    matched = await plan_replay(run_dir, settings=SETTINGS, text=edited, changes={"match": True})
    assert matched.fork is None
    assert matched.ahead == 3


async def test_R5_a_question_is_not_asked_by_a_preview(tmp_path: Path) -> None:
    run_dir = new_run(tmp_path, script("return [await agent('a'), await checkpoint('Go?')]"))
    await play(run_dir)
    plan = await plan_replay(run_dir, settings=SETTINGS)
    assert [(call["kind"], call["action"]) for call in plan.calls] == [
        ("agent", "replay"),
        ("checkpoint", "run"),
    ]


async def test_R5_a_script_that_would_fail_says_so(tmp_path: Path) -> None:
    run_dir = await _ran(tmp_path, "await agent('a'); throw new Error('no')")
    plan = await plan_replay(run_dir, settings=SETTINGS)
    assert plan.error is not None
    assert (plan.error["code"], plan.complete) == ("SCRIPT_ERROR", False)
