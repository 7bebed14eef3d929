"""VS Code and Neovim attached to the same runs: they show the same, and neither misses the other."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import frozen

from tests.support.editor_workspace import Workspace, agent_environment
from tests.support.neovim import Neovim, neovim
from tests.support.stub_provider import Reply, StubProvider
from tests.support.vscode import Installed, VSCode, browser, serve
from tests.support.workbench import Workbench

SERVER = [sys.executable, "-m", "callsheet_server"]
CALLSHEET = Path(sys.executable).parent / "callsheet"
BUILD = Path(__file__).resolve().parents[2] / "build"
FIGURES = BUILD / "editor-figures.json"


@frozen
class Both:
    bench: Workbench
    code: VSCode
    nvim: Neovim
    workspace: Workspace
    environ: dict[str, str]

    def start(self, script: str) -> str:
        """Start a run in a terminal; returns its id."""
        command = [str(CALLSHEET), "run", script, "--detach", "--json", "--model", "openai/stub"]
        env = {**os.environ, **self.environ}
        done = subprocess.run(
            command,
            cwd=self.workspace.root,
            env=env,
            capture_output=True,
            text=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )
        assert done.stdout, done.stderr
        return str(json.loads(done.stdout)["runId"])

    def in_neovim(self, run_id: str, **agents: str) -> None:
        """Wait until Neovim has these agents in these states."""
        self.nvim.until(
            lambda: agents.items() <= self.nvim.state(run_id).get("agents", {}).items(), f"agents {agents}"
        )

    def in_vscode(self, **agents: str) -> None:
        """Wait until the run view has them."""
        for label, status in agents.items():
            self.bench.page.locator(f'[aria-label^="Agent {label}, {status}"]').first.wait_for()


@pytest.fixture
def both(installed: Installed, workspace: Workspace, stub: StubProvider, tmp_path: Path) -> Iterator[Both]:
    stub.on("Say hello", Reply(text="hello"))
    stub.on("Wait for the tide", Reply(text="The tide is in.", delay_s=6), Reply(text="The tide is in."))
    environ = agent_environment(stub, tmp_path / "person")
    settings = {"callsheet.python": sys.executable, "callsheet.model": "openai/stub"}
    with (
        serve(installed, tmp_path / "code", environ, settings) as code,
        browser(installed, tmp_path / "profile") as context,
        neovim(tmp_path / "nvim", workspace.root, SERVER, environ) as nvim,
    ):
        bench = Workbench(context.pages[0], BUILD / "screenshots")
        bench.goto(code.window(workspace.root))
        bench.open("slow.workflow.js")
        bench.lens("Run workflow").wait_for()
        bench.do("Callsheet: Show Runs")
        nvim.command("edit slow.workflow.js")
        nvim.until_drawn("Run workflow")
        try:
            yield Both(bench, code, nvim, workspace, environ)
        finally:
            bench.picture("both-editors-end")


@pytest.mark.timeout(400)
def test_same_states_and_neither_misses_the_other(both: Both) -> None:
    before = time.monotonic()
    run_id = both.start("slow.workflow.js")
    started = time.monotonic()
    both.nvim.until(lambda: both.nvim.state(run_id).get("status"), "the run in Neovim")
    in_neovim = time.monotonic()
    both.bench.sees("slow")
    in_vscode = time.monotonic()
    figures = {
        "terminal_start_s": round(started - before, 3),
        "seen_in_neovim_s": round(in_neovim - started, 3),
        "seen_in_vscode_s": round(in_vscode - started, 3),
    }
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(json.dumps(figures))

    both.in_neovim(run_id, hello="done", tide="running")
    both.in_vscode(hello="done", tide="running")
    os.kill(both.nvim.lua("return vim.fn.getpid()"), signal.SIGKILL)
    both.in_vscode(hello="done", tide="done")
    both.bench.page.locator('[aria-label^="Run slow, completed"]').first.wait_for()


@pytest.mark.timeout(400)
def test_a_run_outlives_the_editor_that_started_it(both: Both) -> None:
    both.bench.lens("Run workflow").click()
    both.nvim.until(lambda: both.nvim.state().get("status"), "the run in Neovim")
    run_id = both.nvim.state()["runId"]
    both.in_neovim(run_id, hello="done", tide="running")
    both.code.kill()
    both.in_neovim(run_id, hello="done", tide="done")
    both.nvim.until(lambda: both.nvim.state(run_id)["status"] == "completed", "the run's end")
    both.nvim.until_drawn("Last run: completed")
