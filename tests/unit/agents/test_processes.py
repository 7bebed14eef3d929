"""Shells of agents: what they see, and that nothing of them is left."""

import asyncio
import os
import subprocess
import sys
import time

import pytest
from callsheet.agents.processes import (
    ShellOwner,
    clean_environment,
    find_run_processes,
    kill_owned,
    kill_run_processes,
    run_command,
)

STUBBORN = "trap '' TERM INT HUP; (trap '' TERM; sleep 300) & setsid sleep 300 & echo ready; while :; do sleep 1; done"


async def until(condition):
    """Wait for a condition that must come true."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


@pytest.fixture
def owner():
    owner = ShellOwner(f"run-{os.getpid()}-{time.time_ns()}", 3)
    yield owner
    kill_run_processes(owner.run_id)


def start(owner, tmp_path, **options):
    ready = asyncio.Event()
    task = asyncio.create_task(
        run_command(
            ["/bin/sh", "-c", STUBBORN],
            tmp_path,
            clean_environment(os.environ, owner),
            on_output=lambda _: ready.set(),
            **{"timeout_s": None, "max_output_bytes": 100, **options},
        )
    )
    return task, ready


def test_shells_see_no_secrets(owner):
    environ = {
        "PATH": "/bin",
        "HOME": "/h",
        "LANG": "C",
        "TERM": "x",
        "OPENAI_API_KEY": "k",
        "GH_TOKEN": "t",
        "AWS_ACCESS_KEY_ID": "a",
        "DATABASE_URL": "postgres://u:password@h/d",
        "BASH_ENV": "/evil",
        "CALLSHEET_RUN": "another",
    }
    clean = clean_environment(environ, owner)
    assert clean["CALLSHEET_RUN"] == owner.run_id
    assert clean["CALLSHEET_CALL"] == "3"
    assert {name: clean[name] for name in ("PATH", "HOME", "LANG", "TERM")} == {
        "PATH": "/bin",
        "HOME": "/h",
        "LANG": "C",
        "TERM": "x",
    }
    assert not {"OPENAI_API_KEY", "GH_TOKEN", "AWS_ACCESS_KEY_ID", "DATABASE_URL", "BASH_ENV"} & clean.keys()


async def test_cancelling_kills_the_group_even_if_it_ignores_signals(owner, tmp_path):
    task, ready = start(owner, tmp_path)
    await ready.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    # What left the group is found by its markers.
    await until(lambda: len(find_run_processes(owner.run_id)) <= 1)
    kill_run_processes(owner.run_id)
    await until(lambda: not find_run_processes(owner.run_id))


async def test_the_limit_kills_the_group(owner, tmp_path):
    task, _ = start(owner, tmp_path, timeout_s=1)
    assert (await task).exit_code is None
    await until(lambda: len(find_run_processes(owner.run_id)) <= 1)


async def test_processes_are_found_by_call(owner, tmp_path):
    other = ShellOwner(owner.run_id, 4)
    (one, ready_one), (two, ready_two) = start(owner, tmp_path), start(other, tmp_path)
    await asyncio.gather(ready_one.wait(), ready_two.wait())
    assert find_run_processes(owner.run_id, 3)
    assert find_run_processes(owner.run_id, 4)
    kill_owned([owner])
    await until(lambda: not find_run_processes(owner.run_id, 3))
    assert find_run_processes(owner.run_id, 4)
    await one
    two.cancel()
    await asyncio.gather(two, return_exceptions=True)


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
@pytest.mark.parametrize("how", ["with the machine's command", "without"])
async def test_a_shell_dies_with_the_process_that_started_it(owner, tmp_path, how):
    program = f"""
import asyncio, os
from pathlib import Path
from callsheet.agents import processes
if {how!r} == "without":
    processes._death_prefix = tuple
environ = processes.clean_environment(os.environ, processes.ShellOwner({owner.run_id!r}, 3))
asyncio.run(processes.run_command(["sleep", "300"], Path("."), environ, timeout_s=None, max_output_bytes=9))
"""
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=tmp_path)  # noqa: ASYNC220
    await until(lambda: find_run_processes(owner.run_id))
    parent.kill()
    parent.wait()
    await until(lambda: not find_run_processes(owner.run_id))


async def test_output_is_the_tail(owner, tmp_path):
    result = await run_command(
        ["/bin/sh", "-c", "seq 1 100000"],
        tmp_path,
        {"PATH": os.environ["PATH"]},
        timeout_s=60,
        max_output_bytes=12,
    )
    assert result.output == b"9999\n100000\n"
    assert result.cut_bytes == len("".join(f"{n}\n" for n in range(1, 100001))) - 12
    assert result.exit_code == 0
