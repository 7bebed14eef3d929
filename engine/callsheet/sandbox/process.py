"""The worker process as the engine sees it: frames in, frames out, and its end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import struct
import sys
from importlib.util import find_spec
from pathlib import Path

from callsheet.errors import ErrorCode, WorkflowError
from callsheet.sandbox.protocol import SandboxLimits
from callsheet.sandbox.source import LINE_OFFSET

_HEADER = struct.Struct("<IBI")
_REPLY = struct.Struct("<IB")
_READ_BYTES = 1 << 20
_WORKER = Path(__file__).with_name("worker.py")

OPEN, START, DELIVER, ABORT, CLOSE, CHECK = range(1, 7)
"""What the engine asks for. Each is answered by one frame."""

READY, TURN, FAULT = range(1, 4)
"""What the worker answers."""

EXIT_MEMORY = 77
"""Exit status of a worker that ran out of memory where nothing could be saved."""


class WorkerProcess:
    """One worker. Requests are answered in order, so only one may be under way; the caller sees to that."""

    def __init__(self, process: asyncio.subprocess.Process, limits: SandboxLimits) -> None:
        self._process = process
        self._limits = limits
        self._killed = False

    @classmethod
    async def start(cls, limits: SandboxLimits) -> WorkerProcess:
        """Starts a worker and waits until it is ready.

        Raises:
            WorkflowError: it did not start (`SCRIPT_ERROR`).
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-S",
            str(_WORKER),
            _engine_library(),
            str(limits.memory_bytes),
            str(LINE_OFFSET),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_READ_BYTES,
            env=_environment(),
            cwd=_neutral_folder(),
            start_new_session=sys.platform != "win32",
        )
        worker = cls(process, limits)
        try:
            async with asyncio.timeout(limits.start_timeout_s):
                kind, _ = await worker._read()
        except (TimeoutError, asyncio.IncompleteReadError, OSError) as error:
            await worker.kill()
            raise WorkflowError(
                ErrorCode.SCRIPT_ERROR, "The script sandbox did not start.", hint="Run `callsheet doctor`."
            ) from error
        except BaseException:
            await worker.kill()
            raise
        if kind != READY:
            await worker.kill()
            raise WorkflowError(ErrorCode.SCRIPT_ERROR, "The script sandbox did not start.")
        return worker

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return not self._killed and self._process.returncode is None

    async def request(self, operation: int, realm: int, *parts: bytes) -> tuple[int, bytes]:
        """Sends one request and gives the kind and the content of its answer.

        Raises:
            WorkflowError: `SCRIPT_TIMEOUT` and `SCRIPT_MEMORY` when the worker had to be ended or ended itself,
                `WORKFLOW_ABORTED` when it was killed meanwhile, `SCRIPT_ERROR` for anything else that it did.
        """
        if self._killed:
            raise WorkflowError(ErrorCode.WORKFLOW_ABORTED, "The script was stopped.")
        try:
            async with asyncio.timeout(self._limits.turn_timeout_s):
                await self._write(operation, realm, parts)
                return await self._read()
        except TimeoutError:
            await self.kill()
            raise WorkflowError(
                ErrorCode.SCRIPT_TIMEOUT,
                f"The script ran for {self._limits.turn_timeout_s:g} s without giving way.",
                hint="Look for a loop that never ends or never awaits an agent.",
            ) from None
        except (asyncio.IncompleteReadError, OSError):
            raise await self._ended() from None
        except asyncio.CancelledError:
            await self.kill()
            raise

    async def kill(self) -> None:
        """Kills the worker, whatever it does, and waits for its end."""
        self._killed = True
        process = self._process
        if process.returncode is None:
            # Process.kill() may take the exit status from asyncio's own watcher on Python 3.11.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process.pid, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
        if process.stdin is not None:
            process.stdin.close()
        await self._discard()
        await process.wait()

    async def _discard(self) -> None:
        # A pipe that nobody reads keeps asyncio from seeing the end of the process.
        stdout = self._process.stdout
        assert stdout is not None
        with contextlib.suppress(RuntimeError, OSError):  # RuntimeError: the request under way reads it
            while await stdout.read(_READ_BYTES):
                pass

    async def _write(self, operation: int, realm: int, parts: tuple[bytes, ...]) -> None:
        content = b"".join(struct.pack("<I", len(part)) + part for part in parts)
        stdin = self._process.stdin
        assert stdin is not None
        stdin.write(_HEADER.pack(len(content), operation, realm) + content)
        await stdin.drain()

    async def _read(self) -> tuple[int, bytes]:
        stdout = self._process.stdout
        assert stdout is not None
        size, kind = _REPLY.unpack(await stdout.readexactly(_REPLY.size))
        if size > self._limits.max_frame_bytes:
            await self.kill()
            raise WorkflowError(
                ErrorCode.SCRIPT_ERROR,
                f"The script handed over {size:,} bytes at once; {self._limits.max_frame_bytes:,} are allowed.",
                hint="Return or pass on less: a summary, or a file's name instead of its content.",
            )
        return kind, await stdout.readexactly(size)

    async def _ended(self) -> WorkflowError:
        if self._killed:
            return WorkflowError(ErrorCode.WORKFLOW_ABORTED, "The script was stopped.")
        status = await self._process.wait()
        await self.kill()
        if status == EXIT_MEMORY:
            return memory_error(self._limits)
        return WorkflowError(
            ErrorCode.SCRIPT_ERROR, f"The script's sandbox ended unexpectedly (status {status})."
        )


def memory_error(limits: SandboxLimits) -> WorkflowError:
    """The error of a script that used more memory than it may."""
    return WorkflowError(ErrorCode.SCRIPT_MEMORY, memory_message(limits))


def memory_message(limits: SandboxLimits) -> str:
    return f"The script used more than {limits.memory_bytes / (1024 * 1024):g} MiB of memory."


def _engine_library() -> str:
    spec = find_spec("_quickjs")
    if spec is None or spec.origin is None:
        raise WorkflowError(
            ErrorCode.SCRIPT_ERROR,
            "The JavaScript engine is not installed.",
            hint="Install `quickjs-ng` again.",
        )
    return spec.origin


def _environment() -> dict[str, str]:
    env = {"TZ": "UTC", "LC_ALL": "C"}
    if sys.platform == "win32":
        # Windows cannot start a process without it.
        env["SYSTEMROOT"] = os.environ.get("SYSTEMROOT", r"C:\Windows")
    return env


def _neutral_folder() -> str:
    return Path(sys.executable).anchor or os.sep
