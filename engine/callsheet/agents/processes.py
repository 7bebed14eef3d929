"""Agents' shell commands: a clean environment, a process group each, and an end to everything that they started."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from attrs import frozen

from callsheet.redaction import without_secrets

RUN_MARKER = "CALLSHEET_RUN"
CALL_MARKER = "CALLSHEET_CALL"
STARTUP_FILES = frozenset({"BASH_ENV", "ENV", "PROMPT_COMMAND"})
DRAIN_S = 0.3
FLOOD_BYTES = 2**20
REST_S = 0.003
KILL_ROUNDS = 40
KILL_PAUSE_S = 0.01
PR_SET_PDEATHSIG = 1

_prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


@frozen
class ShellOwner:
    """Whom a command belongs to: marked in its environment, so that strays can be found."""

    run_id: str
    call: int


@frozen
class ShellResult:
    """How a command ended.

    Attributes:
        output: standard output and error as they came, the tail where it was too much.
        cut_bytes: how much is missing at the front of the output.
        exit_code: status, negative for a signal, None when it ran out of time.
    """

    output: bytes
    cut_bytes: int
    exit_code: int | None


def clean_environment(environ: Mapping[str, str], owner: ShellOwner) -> dict[str, str]:
    """Return the variables that a command may see: no secrets, no start-up files, with the owner's markers."""
    clean = {name: value for name, value in without_secrets(environ).items() if name not in STARTUP_FILES}
    clean.update(
        {RUN_MARKER: owner.run_id, CALL_MARKER: str(owner.call), "GIT_TERMINAL_PROMPT": "0", "PAGER": "cat"}
    )
    return clean


async def run_command(
    argv: Sequence[str],
    cwd: Path,
    environ: Mapping[str, str],
    *,
    timeout_s: float | None,
    max_output_bytes: int,
    on_output: Callable[[bytes], None] | None = None,
) -> ShellResult:
    """Run a command in a session of its own; whatever is left of its group when it ends, or is cancelled, is killed.

    Args:
        argv: program and arguments.
        cwd: working directory.
        environ: the whole environment, see `clean_environment`.
        timeout_s: limit, None for none.
        max_output_bytes: how much of the output's tail is kept.
        on_output: called with each piece of output.
    """
    loop = asyncio.get_running_loop()
    prefix = _death_prefix()
    transport, protocol = await loop.subprocess_exec(
        lambda: _Output(max_output_bytes, on_output),
        *prefix,
        *argv,
        cwd=cwd,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=None if prefix or _prctl is None else _die_with_parent,
    )
    exit_code: int | None = None
    try:
        async with asyncio.timeout(timeout_s):
            await protocol.exited.wait()
        exit_code = transport.get_returncode()
        # What it left running in the background may hold the pipe open for ever.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_S):
                await protocol.closed.wait()
    except TimeoutError:
        pass
    finally:
        kill_group(transport.get_pid())
        transport.close()
    return ShellResult(*protocol.tail(), exit_code)


def kill_group(pid: int) -> None:
    """Kill a process group; a group that is gone is no error."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def kill_run_processes(run_id: str, call: int | None = None) -> list[int]:
    """Kill every process that an agent of the run (or of one call) started, found by the markers in its environment.

    For stop, and for the sweep after a crash: it finds those that left their process group too.

    Returns:
        Ids of the processes that were killed.
    """
    return _kill(lambda: find_run_processes(run_id, call))


def find_run_processes(run_id: str, call: int | None = None) -> list[int]:
    """Return the ids of living processes that carry the markers of the run, or of one call of it."""
    wanted = {f"{RUN_MARKER}={run_id}"}
    if call is not None:
        wanted.add(f"{CALL_MARKER}={call}")
    return [pid for pid, words in _environments() if wanted <= words]


def kill_owned(owners: Collection[ShellOwner]) -> list[int]:
    """Kill every process of these calls, with one look at all processes; see `kill_run_processes`."""
    wanted = [{f"{RUN_MARKER}={owner.run_id}", f"{CALL_MARKER}={owner.call}"} for owner in owners]
    return _kill(lambda: [pid for pid, words in _environments() if any(marks <= words for marks in wanted)])


def _kill(find: Callable[[], list[int]]) -> list[int]:
    """Kill until nothing is found: a process may start another one meanwhile, and takes a moment to die."""
    killed: dict[int, None] = {}
    for _ in range(KILL_ROUNDS):
        pids = [pid for pid in find() if pid != os.getpid()]
        if not pids:
            break
        for pid in pids:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
                killed[pid] = None
        time.sleep(KILL_PAUSE_S)
    return list(killed)


def shell() -> str:
    """Return the path of the shell that runs agents' commands."""
    return shutil.which("bash") or "/bin/sh"


def _environments() -> list[tuple[int, set[str]]]:
    if Path("/proc/self/environ").exists():
        found = []
        for entry in os.scandir("/proc"):
            if entry.name.isdigit():
                # A zombie's environment is empty, another user's unreadable.
                with contextlib.suppress(OSError):
                    data = Path(entry.path, "environ").read_bytes()
                    found.append((int(entry.name), set(data.decode(errors="replace").split("\0"))))
        return found
    listing = subprocess.run(["ps", "-axEww", "-o", "pid=,command="], capture_output=True, check=False)
    lines = [line.split() for line in listing.stdout.decode(errors="replace").splitlines()]
    return [(int(words[0]), set(words[1:])) for words in lines if words and words[0].isdigit()]


@lru_cache(maxsize=1)
def _death_prefix() -> tuple[str, ...]:
    """The command that makes another die with its parent, where there is one.

    Doing it between fork and exec instead copies the tables of a large process: 14 ms where this takes 2.
    """
    setpriv = shutil.which("setpriv") if _prctl is not None else None
    if setpriv is None:
        return ()
    prefix = (setpriv, "--pdeathsig", "KILL", "--")
    probe = subprocess.run([*prefix, "true"], capture_output=True, check=False)
    return prefix if probe.returncode == 0 else ()


def _die_with_parent() -> None:
    """Runs between fork and exec, so it may only make system calls."""
    assert _prctl is not None
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class _Output(asyncio.SubprocessProtocol):
    """Collects the tail of the output, and slows down a command that floods it."""

    def __init__(self, limit_bytes: int, on_output: Callable[[bytes], None] | None) -> None:
        self.exited = asyncio.Event()
        self.closed = asyncio.Event()
        self._limit_bytes = limit_bytes
        self._on_output = on_output
        self._data = bytearray()
        self._cut_bytes = 0
        self._transport: asyncio.SubprocessTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._transport = transport

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self._data += data
        if len(self._data) > 2 * self._limit_bytes:
            self._trim()
        if self._on_output is not None:
            self._on_output(data)
        if self._cut_bytes > FLOOD_BYTES:
            self._rest(fd)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        self.closed.set()

    def process_exited(self) -> None:
        self.exited.set()

    def tail(self) -> tuple[bytes, int]:
        self._trim()
        return bytes(self._data), self._cut_bytes

    def _trim(self) -> None:
        excess = max(0, len(self._data) - self._limit_bytes)
        del self._data[:excess]
        self._cut_bytes += excess

    def _rest(self, fd: int) -> None:
        pipe = self._transport.get_pipe_transport(fd) if self._transport is not None else None
        if isinstance(pipe, asyncio.ReadTransport) and not pipe.is_closing():
            pipe.pause_reading()
            asyncio.get_running_loop().call_later(REST_S, _go_on, pipe)


def _go_on(pipe: asyncio.ReadTransport) -> None:
    if not pipe.is_closing():
        pipe.resume_reading()
