"""Stopping a run whose agents are in the middle of commands that ignore every signal that can be ignored."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from callsheet.agents.processes import find_run_processes
from callsheet.runs.control import ask
from callsheet.runs.lease import holder, is_held
from callsheet.runs.store import RunStore
from callsheet.runs.sweep import sweep

from tests.support.shells import run_stubborn_agents, wait_until_gone
from tests.support.stub_provider import StubProvider

AGENTS = 16


@pytest.fixture(autouse=True)
def keep_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_BASE", "OPENAI_API_KEY"):
        monkeypatch.setenv(name, "")


def test_a_stop_ends_every_process_and_the_run_says_so(tmp_path: Path) -> None:
    with StubProvider() as provider:
        run_dir = run_stubborn_agents(tmp_path, provider, AGENTS)
        assert len(find_run_processes(run_dir.run_id)) >= 2 * AGENTS
        ask(run_dir, "stop")
        wait_until_gone(run_dir)
    run = RunStore(tmp_path).load(run_dir.run_id)
    assert run.status == "stopped"
    assert run.state.ended
    assert {agent.status for agent in run.state.agents()} == {"stopped"}


def test_what_a_killed_runner_leaves_is_found_and_ended(tmp_path: Path) -> None:
    with StubProvider() as provider:
        run_dir = run_stubborn_agents(tmp_path, provider, 2)
        who = holder(run_dir.lock)
        assert who is not None
        os.kill(who.pid, signal.SIGKILL)
        while is_held(run_dir.lock):
            time.sleep(0.01)
    assert find_run_processes(run_dir.run_id), "the child that left its session is still there"
    sweep(tmp_path)
    assert find_run_processes(run_dir.run_id) == []
    assert holder(run_dir.lock) is None
    assert not run_dir.socket.exists()


def test_sweeping_leaves_living_runs_alone(tmp_path: Path) -> None:
    with StubProvider() as provider:
        run_dir = run_stubborn_agents(tmp_path, provider, 1)
        before = find_run_processes(run_dir.run_id)
        sweep(tmp_path)
        assert set(before) <= set(find_run_processes(run_dir.run_id))
        assert ask(run_dir, "ping")["status"] == "running"
        ask(run_dir, "stop", hard=True)
        wait_until_gone(run_dir)
    assert RunStore(tmp_path).load(run_dir.run_id).status == "stopped"
