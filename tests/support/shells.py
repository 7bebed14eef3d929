"""A run whose agents are in the middle of shell commands that will not go away when asked nicely."""

from __future__ import annotations

import os
import time
from pathlib import Path

from callsheet.agents.processes import find_run_processes
from callsheet.runs.launch import launch, options_from
from callsheet.runs.lease import is_held
from callsheet.runs.rundir import RunDir
from callsheet.runs.store import RunStore
from callsheet.settings import Settings

from tests.support.cli import write_script
from tests.support.stub_provider import Reply, StubProvider

STUBBORN = (
    "trap '' TERM INT HUP; (trap '' TERM HUP; setsid sleep 601 &); touch started-{n}; "
    "while :; do sleep 600; done"
)
PATIENCE_S = 120


def run_stubborn_agents(folder: Path, provider: StubProvider, count: int) -> RunDir:
    """Start a run of `count` agents; when this returns, each is in the middle of its command."""
    for number in range(count):
        command = STUBBORN.format(n=number)
        provider.on(f"^agent {number}$", Reply(tools=[("bash", {"command": command})]), Reply(text="never"))
    thunks = f"[...Array({count}).keys()].map((n) => () => agent(`agent ${{n}}`, {{timeoutMs: null}}))"
    script = write_script(folder / "stubborn.workflow.js", f"return await parallel({thunks})")
    os.environ.update(provider.environ())
    options = options_from(Settings(), model="openai/stub", concurrency=count)
    run_id = launch(script.read_text(), path=script, options=options, settings=Settings(), cwd=folder)
    run_dir = RunStore(folder).find(run_id)
    deadline = time.monotonic() + PATIENCE_S
    while len(list(folder.glob("started-*"))) < count:
        run = RunStore(folder).load(run_id)
        assert run.held, (run.status, run.error)
        assert time.monotonic() < deadline, f"only {len(list(folder.glob('started-*')))} of {count} started"
        time.sleep(0.02)
    return run_dir


def wait_until_gone(run_dir: RunDir) -> None:
    """Wait until the runner and every process of its agents are gone."""
    deadline = time.monotonic() + PATIENCE_S
    while is_held(run_dir.lock) or find_run_processes(run_dir.run_id):
        assert time.monotonic() < deadline, find_run_processes(run_dir.run_id)
        time.sleep(0.005)
