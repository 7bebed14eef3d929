"""The worker as a process: it starts with nothing, ends when told or left alone, and the caller lives on."""

# Each row of a table stays on its line.

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from callsheet.errors import ErrorCode, WorkflowError
from callsheet.sandbox import Delivery, Program, Sandbox, SandboxLimits, wall, worker
from callsheet.sandbox import process as process_module
from callsheet.sandbox.process import WorkerProcess
from callsheet.sandbox.source import LINE_OFFSET

from tests.support.sandbox import META, run_script

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


async def test_kill_ends_a_turn_under_way() -> None:
    sandbox = await Sandbox.start()
    task = asyncio.create_task(sandbox.open(0, Program(META + "for (;;) {}")))
    while sandbox._one_at_a_time.locked() is False:
        await asyncio.sleep(0)
    await sandbox.kill()
    with pytest.raises(WorkflowError) as caught:
        await task
    assert caught.value.code is ErrorCode.WORKFLOW_ABORTED
    assert not sandbox.alive
    with pytest.raises(WorkflowError):
        await sandbox.open(1, Program(META))


async def test_cancelling_a_turn_kills_the_worker() -> None:
    sandbox = await Sandbox.start()
    task = asyncio.create_task(sandbox.open(0, Program(META + "for (;;) {}")))
    while sandbox._one_at_a_time.locked() is False:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not sandbox.alive


async def test_a_worker_that_dies_is_an_error() -> None:
    sandbox = await Sandbox.start()
    os.kill(sandbox.pid, signal.SIGTERM)
    with pytest.raises(WorkflowError) as caught:
        await sandbox.open(0, Program(META + "return 1"))
    assert caught.value.code is ErrorCode.SCRIPT_ERROR
    await sandbox.kill()


async def test_a_result_that_is_too_large_is_an_error() -> None:
    limits = SandboxLimits(max_frame_bytes=100_000)
    with pytest.raises(WorkflowError) as caught:
        await run_script("return 'x'.repeat(200000)", limits=limits)
    assert caught.value.code is ErrorCode.SCRIPT_ERROR
    assert "100,000" in caught.value.message


async def test_an_answer_that_is_larger_than_the_memory_is_an_error() -> None:
    limits = SandboxLimits(memory_bytes=16 * 1024 * 1024)
    async with await Sandbox.start(limits) as sandbox:
        await sandbox.open(0, Program(META + "await agent('a')"))
        with pytest.raises(WorkflowError) as caught:
            await sandbox.deliver(0, [Delivery(1, f'"{"x" * 150_000_000}"')])
    assert caught.value.code is ErrorCode.SCRIPT_MEMORY


async def test_a_start_that_fails_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(process_module, "_engine_library", lambda: str(tmp_path / "missing.so"))
    with pytest.raises(WorkflowError) as caught:
        await Sandbox.start()
    assert "did not start" in caught.value.message


def test_a_worker_ends_with_its_parent_even_in_a_loop() -> None:
    """The reader notices the closed pipe while the script spins."""
    child = subprocess.Popen(
        [
            sys.executable,
            "-I",
            "-S",
            str(Path(worker.__file__)),
            process_module._engine_library(),
            str(1 << 26),
            str(LINE_OFFSET),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdout.read(5)
    code = b"\n" * LINE_OFFSET + b"for (;;) {}"
    for operation, parts in ((worker.OPEN, [options()]), (worker.START, [code, code])):
        content = b"".join(struct.pack("<I", len(part)) + part for part in parts)
        child.stdin.write(struct.pack("<IBI", len(content), operation, 0) + content)
    child.stdin.flush()
    child.stdin.close()
    assert child.wait(timeout=60) == 0
    child.stdout.close()


def options() -> bytes:
    import json

    from callsheet.sandbox import host

    limits = {"maxItems": 1, "maxCalls": 1, "maxLogs": 1, "maxLogChars": 1}
    fixed = {"limits": limits, "budgetTotal": None, "spentTokens": 0, "cwd": ".", "fileName": "x"}
    return json.dumps({**fixed, **host._NAMES}).encode()


@linux_only
async def test_the_worker_has_nothing_worth_stealing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "secret")
    async with await Sandbox.start() as sandbox:
        folder = Path(f"/proc/{sandbox.pid}")
        with contextlib.suppress(PermissionError):  # what others may not even read is as good
            assert b"SOME_API_KEY" not in (folder / "environ").read_bytes()
        status = (folder / "status").read_text()
        limits = (folder / "limits").read_text()
        for name in ("Max open files", "Max processes", "Max file size", "Max core file size"):
            line = next(line for line in limits.splitlines() if line.startswith(name))
            assert line[len(name) :].split()[:2] == ["0", "0"]
        if os.uname().machine in wall._MACHINES:
            assert "Seccomp:\t2" in status
        assert not list((folder / "task").glob("*/children")) or not any(
            path.read_text().strip() for path in (folder / "task").glob("*/children")
        )


@linux_only
def test_the_filter_refuses_what_a_script_must_not_do(tmp_path: Path) -> None:
    """Inside the walls, with Python itself as the one that tries."""
    probe = f"""
import os, socket, sys, threading, importlib.util
spec = importlib.util.spec_from_file_location("wall", {wall.__file__!r})
wall = importlib.util.module_from_spec(spec)
spec.loader.exec_module(wall)
import mmap
go = threading.Event()
results = []
def attempt(name, action):
    try:
        action()
        results.append(name + " allowed")
    except OSError as error:
        results.append(name + " refused")
def tries():
    go.wait()
    attempt("open", lambda: os.open({str(tmp_path / "x")!r}, os.O_CREAT | os.O_WRONLY))
    attempt("socket", lambda: socket.socket())
    attempt("fork", os.fork)
    attempt("exec", lambda: os.execv("/bin/true", ["true"]))
    attempt("unlink", lambda: os.unlink({str(tmp_path / "y")!r}))
    attempt("kill", lambda: os.kill(os.getppid(), 0))
    attempt("executable memory", lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC))
    attempt("memory", lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE))
    os.write(1, "\\n".join(results).encode())
thread = threading.Thread(target=tries)
thread.start()
wall.build(1 << 26)
go.set()
thread.join()
os._exit(0)
"""
    (tmp_path / "y").write_text("keep")
    done = subprocess.run(
        [sys.executable, "-I", "-c", probe], capture_output=True, timeout=60, check=False, text=True
    )
    expected = ["open", "socket", "fork", "exec", "unlink", "kill", "executable memory"]
    if os.uname().machine not in wall._MACHINES:
        pytest.skip("no filter for this machine")
    assert done.stdout.splitlines() == [f"{name} refused" for name in expected] + ["memory allowed"], (
        done.stderr
    )
    assert (tmp_path / "y").read_text() == "keep"
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("machine", sorted(wall._MACHINES))
def test_the_filter_decides_by_its_tables(machine: str) -> None:
    """The program is run by a small interpreter, so that both machines' tables are tried on either."""
    column, architecture, _ = wall._MACHINES[machine]
    program = list(struct.iter_unpack("=HBBI", wall.filter_program(column, architecture)))

    def verdict(number: int, protection: int = 0, arch: int = architecture) -> bool:
        data = {0: number, 4: arch, 32: protection}
        at = value = 0
        while True:
            code, yes, no, argument = program[at]
            at += 1
            if code == 0x06:
                return argument == 0x7FFF0000
            if code == 0x20:
                value = data[argument]
            else:
                at += yes if (value == argument if code == 0x15 else value & argument) else no

    for numbers in wall._CALLS.values():
        assert verdict(numbers[column])
        assert not verdict(numbers[column], arch=0x40000003)
    for numbers in wall._MAPPING_CALLS.values():
        assert verdict(numbers[column], protection=3)
        assert not verdict(numbers[column], protection=5)
    allowed = {numbers[column] for numbers in (wall._CALLS | wall._MAPPING_CALLS).values()}
    assert not any(verdict(number) for number in range(600) if number not in allowed)


async def test_worker_and_host_speak_of_the_same_things() -> None:
    names = ("OPEN", "START", "DELIVER", "ABORT", "CLOSE", "CHECK", "READY", "TURN", "FAULT", "EXIT_MEMORY")
    for name in names:
        assert getattr(process_module, name) == getattr(worker, name)
    assert isinstance(await WorkerProcess.start(SandboxLimits()), WorkerProcess)
