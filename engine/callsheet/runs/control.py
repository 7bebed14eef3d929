"""Control of a running run over its socket: one JSON line asks, one JSON line answers.

The socket lies in the run's folder with mode 0600 and is never on the network. A path that is too long for
a socket address is met by a symbolic link to a short private folder. Asking is synchronous and takes
milliseconds; the server half is asyncio and lives in the runner.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final

from callsheet.errors import CallsheetError
from callsheet.runs.lease import holder, is_held
from callsheet.runs.rundir import RunDir

MAX_REQUEST_BYTES: Final = 1 << 20
REQUEST_TIMEOUT_S: Final = 5.0
MAX_ADDRESS_BYTES: Final = 100
"""Socket addresses end at 104 bytes on macOS, 108 on Linux."""

LINK_PREFIX: Final = "callsheet-"

Handler = Callable[[Mapping[str, Any]], Awaitable[Any]]
"""Handles one request; returns the answer's value or raises CallsheetError with what to tell the asker."""


class NotRunning(CallsheetError):
    """Nobody listens: the run has ended, or its runner died."""


class Refused(CallsheetError):
    """The runner understood the request and cannot meet it."""


def request(path: Path, do: str, *, timeout_s: float = REQUEST_TIMEOUT_S, **fields: Any) -> Any:
    """Ask the runner that listens on the socket `path` to do something; returns its answer's value.

    Raises:
        NotRunning: there is no runner, or it went away without an answer.
        Refused: the runner said no.
    """
    line = json.dumps({"do": do, **fields}).encode() + b"\n"
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(timeout_s)
            connection.connect(_address(path))
            connection.sendall(line)
            with connection.makefile("rb") as stream:
                answer = stream.readline(MAX_REQUEST_BYTES)
    except OSError as error:
        raise NotRunning(f"Run {path.parent.name} is not running.") from error
    return _value(path, answer)


def ask(run_dir: RunDir, do: str, *, patience_s: float = 10.0, **fields: Any) -> Any:
    """`request` to the runner of a run, which may have been started just now and not listen yet.

    Raises:
        NotRunning: nobody runs the run, or its runner does not answer.
        Refused: the runner said no.
    """
    deadline = time.monotonic() + patience_s
    while True:
        try:
            return request(run_dir.socket, do, timeout_s=min(patience_s, REQUEST_TIMEOUT_S), **fields)
        except NotRunning:
            if not is_held(run_dir.lock):
                raise
            if time.monotonic() > deadline:
                raise _deaf(run_dir) from None
            time.sleep(0.01)


def _deaf(run_dir: RunDir) -> NotRunning:
    who = holder(run_dir.lock) or "a process"
    return NotRunning(
        f"Run {run_dir.run_id} is held by {who}, which does not answer.",
        hint=f"`callsheet stop --force {run_dir.run_id}` kills that process; the run can be resumed.",
    )


def kill_runner(run_dir: RunDir) -> bool:
    """Kill a runner that does not answer, and what its agents started; the run can be resumed.

    Returns:
        Whether there was one on this machine.
    """
    from callsheet.agents.processes import kill_run_processes

    who = holder(run_dir.lock)
    if who is None or who.host != socket.gethostname() or not is_held(run_dir.lock):
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(who.pid, signal.SIGKILL)
    kill_run_processes(run_dir.run_id)
    return True


async def request_async(path: Path, do: str, *, timeout_s: float = REQUEST_TIMEOUT_S, **fields: Any) -> Any:
    """`request` for a caller with an event loop."""
    line = json.dumps({"do": do, **fields}).encode() + b"\n"
    try:
        async with asyncio.timeout(timeout_s):
            reader, writer = await asyncio.open_unix_connection(_address(path), limit=MAX_REQUEST_BYTES)
            try:
                writer.write(line)
                await writer.drain()
                answer = await reader.readline()
            finally:
                writer.close()
    except (OSError, ValueError, TimeoutError) as error:
        raise NotRunning(f"Run {path.parent.name} is not running.") from error
    return _value(path, answer)


def _value(path: Path, answer: bytes) -> Any:
    if not answer.endswith(b"\n"):
        raise NotRunning(f"Run {path.parent.name} ended while it was being asked.")
    reply = json.loads(answer)
    if not reply["ok"]:
        raise Refused(reply["error"], hint=reply.get("hint"))
    return reply.get("value")


class ControlServer:
    """Listens on the socket `path` until closed."""

    def __init__(self, path: Path, handle: Handler) -> None:
        self._path = path
        self._handle = handle
        self._server: asyncio.Server | None = None
        self._folder: Path | None = None

    async def start(self) -> None:
        remove_socket(self._path)
        bind_to = self._path
        if len(os.fsencode(bind_to)) > MAX_ADDRESS_BYTES:
            self._folder = Path(tempfile.mkdtemp(prefix=LINK_PREFIX))
            bind_to = self._folder / "s"
            self._path.symlink_to(bind_to)
        before = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._serve, bind_to, limit=MAX_REQUEST_BYTES)
        finally:
            os.umask(before)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        remove_socket(self._path)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, ValueError):
            while line := await reader.readline():
                writer.write(json.dumps(await self._answer(line)).encode() + b"\n")
                await writer.drain()
        writer.close()

    async def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            wanted = json.loads(line)
            if not isinstance(wanted, dict) or not isinstance(wanted.get("do"), str):
                raise Refused('A request is an object with a string `do`, such as {"do": "ping"}.')
            return {"ok": True, "value": await self._handle(wanted)}
        except ValueError:
            return {"ok": False, "error": "The request is no JSON."}
        except CallsheetError as error:
            return {"ok": False, "error": error.message, "hint": error.hint}


def remove_socket(path: Path) -> None:
    """Remove a socket that nobody listens on, with the short private folder that a long path needed."""
    try:
        target = path.readlink() if path.is_symlink() else None
        path.unlink(missing_ok=True)
    except OSError:
        return
    if target is not None and target.parent.name.startswith(LINK_PREFIX):
        shutil.rmtree(target.parent, ignore_errors=True)


def _address(path: Path) -> str:
    return str(path.readlink() if path.is_symlink() else path)
