"""`isolation: "worktree"` as a run uses it: rules W1 to W3 of the language."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
from pathlib import Path

import callsheet
import pytest
from callsheet.agents.backend import AgentRequest
from callsheet.agents.scripted import Answer, ScriptedBackend
from callsheet.runs.engine import Engine
from callsheet.runs.isolation import Isolation, Place
from callsheet.runs.options import RunOptions
from callsheet.runs.rundir import RunDir
from callsheet.runs.sweep import sweep_run

from tests.support.engine_runs import (
    CountingBackend,
    by_prompt,
    new_run,
    play,
    play_script,
    records_of,
    script,
    slow,
)
from tests.support.git_repository import git, make_repository


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "project", {"a.txt": "one\n", "src/b.txt": "two\n"})


async def test_W1_isolated_agents_work_in_worktrees_of_their_own(repository: Path) -> None:
    body = """return await parallel([1, 2].map((i) => () =>
        agent(`edit ${i}`, {isolation: 'worktree'})))"""
    commit = git(repository, "rev-parse", "HEAD")
    run_dir = new_run(repository, script(body), commit=commit)
    backend = CountingBackend(
        lambda request: Answer("ok", files={"a.txt": f"by {request.call}\n"}, duration_s=0.05)
    )
    result = await play(run_dir, backend)
    places = {str(request.cwd) for request in backend.asked}
    assert len(places) == 2
    assert str(repository) not in places
    assert (repository / "a.txt").read_text() == "one\n"
    for agent in result.agents:
        ref = agent["worktree"]["ref"]
        assert ref == f"refs/callsheet/{run_dir.run_id}/{agent['call']}"
        assert git(repository, "show", f"{ref}:a.txt") == f"by {agent['call']}"
    shown = [record["worktree"]["path"] for record in records_of(run_dir, "start")]
    assert sorted(shown) == sorted(places)
    assert git(repository, "worktree", "list").count("\n") == 0


async def test_W2_what_a_failed_a_timed_out_and_a_stopped_agent_changed_is_kept(repository: Path) -> None:
    body = """
    const go = (p, o) => agent(p, {isolation: 'worktree', ...o})
    await go('failed'); await go('late', {timeoutMs: 100}); await go('stopped')
    """
    run_dir = new_run(repository, script(body), commit=git(repository, "rev-parse", "HEAD"))
    files = {"new.txt": "left behind\n"}
    answers = {
        "failed": Answer(fail="AGENT_FAILED", files=files),
        "late": slow(60, files=files),
        "stopped": slow(60, files=files),
    }
    engine = Engine.open(run_dir, backend=ScriptedBackend(by_prompt(answers)))
    running = asyncio.create_task(engine.run())
    async with asyncio.timeout(30):
        while not (3 in engine.state.calls and engine.state.calls[3].status == "running"):
            await asyncio.sleep(0.01)
    engine.stop()
    result = await running
    assert [agent["status"] for agent in result.agents] == ["failed", "failed", "stopped"]
    for agent in result.agents:
        assert git(repository, "show", f"{agent['worktree']['ref']}:new.txt") == "left behind"
    assert git(repository, "worktree", "list").count("\n") == 0


async def test_W2_nothing_changed_leaves_no_ref(repository: Path) -> None:
    commit = git(repository, "rev-parse", "HEAD")
    run_dir = new_run(repository, script("return await agent('a', {isolation: 'worktree'})"), commit=commit)
    result = await play(run_dir)
    assert result.agents[0]["worktree"]["ref"] is None
    assert git(repository, "for-each-ref", "refs/callsheet") == ""


async def test_W3_outside_a_repository_the_call_shares_the_tree_with_a_warning(tmp_path: Path) -> None:
    backend = CountingBackend()
    result = await play_script(
        tmp_path, "return await agent('a', {isolation: 'worktree', label: 'me'})", backend
    )
    assert (result.status, result.result) == ("completed", "done")
    assert [request.cwd for request in backend.asked] == [tmp_path]
    assert any("me" in line and "not in a git repository" in line for line in result.logs)
    assert result.agents[0]["worktree"] is None
    assert "not in a git repository" in result.agents[0]["warning"]


async def test_W3_unless_the_setting_says_to_fail(tmp_path: Path) -> None:
    backend = CountingBackend()
    options = RunOptions(worktrees_required=True)
    result = await play_script(
        tmp_path, "return await agent('a', {isolation: 'worktree'})", backend, options=options
    )
    assert (result.status, backend.asked) == ("completed_with_failures", [])
    assert "not in a git repository" in result.agents[0]["reason"]["message"]


async def test_a_try_goes_on_in_the_worktree_of_the_one_before(repository: Path) -> None:
    body = "return await agent('a', {isolation: 'worktree', retries: 1})"
    run_dir = new_run(repository, script(body), commit=git(repository, "rev-parse", "HEAD"))
    backend = CountingBackend([[Answer(fail="AGENT_FAILED", files={"one.txt": "1\n"}), Answer("ok")]])
    result = await play(run_dir, backend)
    assert len({request.cwd for request in backend.asked}) == 1
    assert git(repository, "show", f"{result.agents[0]['worktree']['ref']}:one.txt") == "1"


async def test_W1_says_that_submodules_are_not_there(repository: Path, tmp_path: Path) -> None:
    other = make_repository(tmp_path / "other", {"o.txt": "o"})
    git(repository, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "vendor")
    git(repository, "commit", "-q", "-m", "vendor")
    commit = git(repository, "rev-parse", "HEAD")
    run_dir = new_run(repository, script("return await agent('a', {isolation: 'worktree'})"), commit=commit)
    (agent,) = (await play(run_dir)).agents
    assert agent["worktree"] is not None
    assert "Submodules are empty folders" in agent["warning"]


async def test_W2_an_agent_that_deletes_its_worktree_is_told_of_and_leaves_nothing(repository: Path) -> None:
    commit = git(repository, "rev-parse", "HEAD")
    run_dir = new_run(repository, script("return await agent('a', {isolation: 'worktree'})"), commit=commit)

    def delete(request: AgentRequest) -> str:
        shutil.rmtree(request.cwd)
        return "gone"

    result = await play(run_dir, ScriptedBackend(delete))
    assert (result.status, result.result) == ("completed", "gone")
    assert "was deleted" in result.agents[0]["warning"]
    assert git(repository, "worktree", "list").count("\n") == 0
    assert git(repository, "branch", "--list", "callsheet/*") == ""


class FullDisk(Isolation):
    """No changes can be kept."""

    async def leave(self, place: Place) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class EngineOnFullDisk(Engine):
    def _isolation(self) -> Isolation:
        repository = Path(self._header["cwd"])
        return FullDisk(repository, self._header["id"], self._header["commit"], required=False)


async def test_W2_an_answer_is_kept_although_the_changes_cannot_be(repository: Path) -> None:
    commit = git(repository, "rev-parse", "HEAD")
    run_dir = new_run(repository, script("return await agent('a', {isolation: 'worktree'})"), commit=commit)
    backend = ScriptedBackend([Answer("paid for", files={"new.txt": "new\n"})])
    result = await EngineOnFullDisk.open(run_dir, backend=backend).run()
    assert (result.status, result.result) == ("completed", "paid for")
    assert "changes are still in" in result.agents[0]["warning"]
    assert "No space left" in result.agents[0]["warning"]
    sweep_run(run_dir)
    assert git(repository, "show", f"refs/callsheet/{run_dir.run_id}/1:new.txt") == "new"
    assert traces(repository) == ""


def crashed_run(repository: Path) -> RunDir:
    """A run whose runner died while its one isolated agent worked."""
    body = "return await agent('a', {isolation: 'worktree'})"
    run_dir = new_run(repository, script(body), commit=git(repository, "rev-parse", "HEAD"))
    tree = callsheet.create_worktree(repository, f"{run_dir.run_id}/1")
    (tree.path / "left.txt").write_text("left\n")
    return run_dir


def traces(repository: Path) -> str:
    return git(repository, "branch", "--list", "callsheet/*") + "".join(
        str(path) for path in (repository / ".callsheet" / "worktrees").iterdir()
    )


async def test_W4_a_resume_from_python_keeps_and_removes_what_the_crash_left(repository: Path) -> None:
    run_dir = crashed_run(repository)
    backend = ScriptedBackend([Answer("ok", files={"new.txt": "new\n"})])
    result = await callsheet.resume_run(run_dir.run_id, backend=backend, root=repository)
    ref = f"refs/callsheet/{run_dir.run_id}/1"
    assert result.agents[0]["worktree"]["ref"] == ref
    assert git(repository, "show", f"{ref}:new.txt") == "new"
    assert git(repository, "show", f"{ref}-1:left.txt") == "left"
    assert traces(repository) == ""


async def test_W4_a_run_from_python_clears_away_what_others_left(repository: Path) -> None:
    run_dir = crashed_run(repository)
    await callsheet.run_workflow(script("return 1"), backend=ScriptedBackend(), cwd=repository)
    assert git(repository, "show", f"refs/callsheet/{run_dir.run_id}/1:left.txt") == "left"
    assert traces(repository) == ""


def test_removing_a_run_that_crashed_leaves_nothing_of_it(repository: Path) -> None:
    run_dir = crashed_run(repository)
    callsheet.RunStore(repository).remove(run_dir.run_id)
    assert git(repository, "for-each-ref", "refs/callsheet") == ""
    assert traces(repository) == ""


async def test_runs_from_python_heed_the_settings(tmp_path: Path) -> None:
    (tmp_path / "callsheet.toml").write_text("worktrees.required = true\n")
    body = script("return await agent('a', {isolation: 'worktree'})")
    result = await callsheet.run_workflow(body, backend=ScriptedBackend(), cwd=tmp_path)
    assert result.status == "completed_with_failures"
