"""Runs from Python (protocol, "Python")."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from functools import reduce
from pathlib import Path
from typing import Any

import callsheet
import pytest
from callsheet.errors import ErrorCode, ScriptValidationError, UsageError, WorkflowError
from callsheet.runs.engine import Engine
from callsheet.runs.lease import Lease
from callsheet.runs.rundir import RunDir, runs_folder

from tests.support.engine_runs import CountingBackend, by_prompt, new_run, play, records_of, script, slow


async def test_a_script_runs_and_resumes_by_its_id(tmp_path: Path) -> None:
    text = script("return [args, await agent('a')]")
    first = await callsheet.run_workflow(
        text, args={"x": 1}, backend=callsheet.ScriptedBackend(), cwd=tmp_path
    )
    assert (first.status, first.result) == ("completed", [{"x": 1}, "done"])
    assert first.run_id is not None
    again = CountingBackend()
    result = await callsheet.resume_run(first.run_id, backend=again, root=tmp_path)
    assert (result.result, again.asked) == (first.result, [])
    edited = script("return [args, await agent('a'), await agent('b')]")
    result = await callsheet.resume_run("last", script=edited, args=[2], backend=again, root=tmp_path)
    assert result.result == [[2], "done", "done"]
    assert again.prompts == ["b"]


async def test_A3_text_without_a_schema_and_an_object_with_one(tmp_path: Path) -> None:
    body = "return [await agent('a'), await agent('b', {schema: {type: 'object', required: ['n']}})]"
    backend = callsheet.ScriptedBackend(["final text", {"n": 1, "more": [None]}])
    result = await callsheet.run_workflow(script(body), backend=backend, cwd=tmp_path)
    assert result.result == ["final text", {"n": 1, "more": [None]}]


async def test_a_file_is_read_and_named_in_the_run(tmp_path: Path) -> None:
    path = tmp_path / "mine.workflow.js"
    path.write_text(script("return await workflow({scriptPath: './child.js'})"))
    (tmp_path / "child.js").write_text("export const meta = {name: 'c', description: 'd'}\nreturn 5")
    result = await callsheet.run_workflow(path, backend=CountingBackend(), cwd=tmp_path)
    assert result.result == 5
    assert callsheet.RunStore(tmp_path).list()[0].state.path == str(path)


@pytest.mark.parametrize("text", ["return 1", "export const meta = {}", "export const meta = {name: 'a'", ""])
async def test_a_script_with_errors_is_refused_and_leaves_nothing(tmp_path: Path, text: str) -> None:
    with pytest.raises(ScriptValidationError, match="line 1") as caught:
        await callsheet.run_workflow(text, backend=CountingBackend(), cwd=tmp_path)
    assert caught.value.problems
    assert not runs_folder(tmp_path).exists()


@pytest.mark.parametrize(
    ("args", "why"),
    [
        ({1, 2}, "set is not JSON"),
        (float("nan"), "not JSON compliant"),
        (reduce(lambda inner, _: [inner], range(300), 1), "256 levels"),
    ],
    ids=["set", "nan", "deep"],
)
async def test_args_that_are_no_json_are_a_usage_error(tmp_path: Path, args: Any, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        await callsheet.run_workflow(
            script("return args"), args=args, backend=CountingBackend(), cwd=tmp_path
        )
    assert not runs_folder(tmp_path).exists()


async def test_args_are_what_json_makes_of_them(tmp_path: Path) -> None:
    result = await callsheet.run_workflow(
        script("return args"), args={1: (2, 3)}, backend=CountingBackend(), cwd=tmp_path
    )
    assert result.result == {"1": [2, 3]}


async def test_a_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Cannot read"):
        await callsheet.run_workflow(tmp_path / "none.js", backend=CountingBackend(), cwd=tmp_path)


async def test_a_run_that_is_being_run_is_locked(tmp_path: Path) -> None:
    run_dir = new_run(tmp_path, script("return 1"))
    with Lease.take(run_dir.lock), pytest.raises(WorkflowError) as caught:
        await callsheet.resume_run(run_dir.run_id, backend=CountingBackend(), root=tmp_path)
    assert caught.value.code is ErrorCode.RUN_LOCKED
    assert (await callsheet.resume_run(run_dir.run_id, backend=CountingBackend(), root=tmp_path)).result == 1


async def test_control_after_the_end_does_nothing(tmp_path: Path) -> None:
    run_dir: RunDir = new_run(tmp_path, script("return await agent('a')"))
    engine = Engine.open(run_dir, backend=CountingBackend())
    assert (await engine.run()).status == "completed"
    before = run_dir.journal.read_bytes()
    engine.stop()
    engine.pause()
    for control in (lambda: engine.skip(1), lambda: engine.answer(1, "x"), engine.resume):
        with pytest.raises(UsageError):
            control()
    await asyncio.sleep(0)
    assert run_dir.journal.read_bytes() == before


@pytest.mark.parametrize("resumed", [False, True])
async def test_a_stop_before_the_script_began_is_a_stop(tmp_path: Path, resumed: bool) -> None:
    run_dir = new_run(tmp_path, script("return await agent('a')"))
    if resumed:
        await play(run_dir)
    backend = CountingBackend()
    engine = Engine.open(run_dir, backend=backend)
    running = asyncio.create_task(engine.run())
    await asyncio.sleep(0)
    engine.stop()
    assert (await running).status == "stopped"
    assert (await play(run_dir, backend)).status == "completed"


async def test_listeners_hear_every_record(tmp_path: Path) -> None:
    heard: list[str] = []
    run_dir = new_run(tmp_path, script("log('x'); return await agent('a')"))
    await play(run_dir, CountingBackend(by_prompt({})), listeners=[lambda record: heard.append(record["k"])])
    assert heard == ["segment", "log", "call", "start", "done", "deliver", "end"]


def test_a_run_with_a_scripted_backend_never_loads_litellm_nor_the_rules(tmp_path: Path) -> None:
    code = f"""
import asyncio, sys
from pathlib import Path
from callsheet.runs.engine import Engine
from callsheet.agents.scripted import ScriptedBackend
from callsheet.runs.rundir import RunDir
asyncio.run(Engine.open(RunDir(Path({str(_run(tmp_path))!r})), backend=ScriptedBackend()).run())
print([name for name in ("litellm", "callsheet.language.checker", "rich", "typer") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def _run(tmp_path: Path) -> Path:
    return new_run(tmp_path, script("return await agent('a')")).path


async def test_a_fault_of_ours_ends_the_run_and_is_raised(tmp_path: Path) -> None:
    run_dir = new_run(tmp_path, script("await agent('a'); return await agent('slow')"))
    backend = CountingBackend(by_prompt({"slow": slow(60)}))
    heard: list[str] = []

    def listener(record: dict[str, object]) -> None:
        heard.append(str(record["k"]))
        if heard.count("deliver") == 1 and record["k"] == "deliver":
            raise ZeroDivisionError("a fault")

    engine = Engine.open(run_dir, backend=backend, listeners=[listener])
    with pytest.raises(ZeroDivisionError):
        await asyncio.wait_for(engine.run(), 30)
    assert (engine.state.status, records_of(run_dir)[-1]["status"]) == ("failed", "failed")
    assert (await play(run_dir, CountingBackend())).status == "completed"
