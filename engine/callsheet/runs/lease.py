"""The lease on a run: two processes never run one run, and a dead holder's lease is free.

The lease is an OS lock (`flock`) on the run's `lock` file, so it ends with its holder however that dies.
The file's text says who holds it. A launcher takes the lease and hands the open file to the runner it
starts: at no moment between the command and the run's end could another process slip in, and a run without
a holder is known to be dead.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from attrs import asdict, frozen

from callsheet.errors import ErrorCode, UsageError, WorkflowError

if sys.platform != "win32":
    import fcntl

_BUSY = frozenset({errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK})
_TEXT_BYTES = 512
_PATIENCE_S = 0.4
"""How long to wait for a lease before refusing: a look at it (`is_held`) holds it for microseconds."""


@frozen
class Holder:
    """The process that runs a run."""

    pid: int
    host: str
    at: float
    """When it took the lease, seconds since the epoch."""

    def __str__(self) -> str:
        since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(self.at))
        return f"process {self.pid} on {self.host}, since {since}"


class Lease:
    """A held lease; release it with `release()` or by dying."""

    def __init__(self, path: Path, fd: int) -> None:
        self._path = path
        self._fd = fd

    @classmethod
    def take(cls, path: Path) -> Self:
        """Take the lease on the run that the lock file `path` belongs to.

        Raises:
            WorkflowError: `RUN_LOCKED`, naming the holder.
            UsageError: this system has no such locks.
        """
        if sys.platform == "win32":
            raise UsageError(
                "Workflows run on Linux and macOS; on Windows, use the Windows Subsystem for Linux.",
                hint="Checking and editing scripts works everywhere.",
            )
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + _PATIENCE_S
        while not _try_lock(fd, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                os.close(fd)
                raise locked(path)
            time.sleep(0.02)
        lease = cls(path, fd)
        lease.sign()
        return lease

    @classmethod
    def inherit(cls, path: Path, fd: int) -> Self:
        """Go on with the lease that a launcher took and handed over as the open file `fd`."""
        os.set_inheritable(fd, False)
        lease = cls(path, fd)
        launcher = holder(path)
        lease.sign(at=launcher.at if launcher else None)
        return lease

    @property
    def fd(self) -> int:
        return self._fd

    def sign(self, *, pid: int | None = None, at: float | None = None) -> None:
        """Write this process, or the child that takes over, into the lock file."""
        self._write(asdict(Holder(pid or os.getpid(), socket.gethostname(), at or time.time())))

    def _write(self, fields: dict[str, Any]) -> None:
        # In one piece and always as long: whoever looks meanwhile must not take the run for released.
        text = json.dumps(fields).encode().ljust(_TEXT_BYTES)
        os.pwrite(self._fd, text, 0)
        os.ftruncate(self._fd, len(text))

    def hand_over(self) -> None:
        """Leave the lease to the child process that has inherited it, and that it was signed for before."""
        os.close(self._fd)

    def unsign(self, why: str = "") -> None:
        """Say that the holder ends in order; the lease itself is then given up by its death.

        Args:
            why: what the journal could not be told, on a full disk for one: rewriting this file takes no room.
        """
        if not why:
            os.ftruncate(self._fd, 0)
            return
        with contextlib.suppress(OSError):
            self._write({"why": why})

    def release(self) -> None:
        """Give the lease up; the file stays, since removing it would let two holders lock two files."""
        self.unsign()
        fcntl.flock(self._fd, fcntl.LOCK_UN)
        os.close(self._fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def is_held(path: Path) -> bool:
    """Whether a living process holds the lease."""
    if sys.platform == "win32":
        return False
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not _try_lock(fd, fcntl.LOCK_SH)
    finally:
        os.close(fd)


def holder(path: Path) -> Holder | None:
    """Who signed the lock file last, alive or not; None when it was released in order or cannot be read."""
    try:
        fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Holder(int(fields["pid"]), str(fields["host"]), float(fields["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def last_words(path: Path) -> str:
    """Why the last holder ended, where it could say so here alone; else empty."""
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["why"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def locked(path: Path) -> WorkflowError:
    """The refusal that names the holder of the lease."""
    who = holder(path)
    return WorkflowError(
        ErrorCode.RUN_LOCKED,
        f"Run {path.parent.name} is being run by {who or 'another process'}.",
        hint=f"Follow it with `callsheet attach {path.parent.name}`, or end it with `callsheet stop`.",
    )


def _try_lock(fd: int, how: int) -> bool:
    try:
        fcntl.flock(fd, how | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _BUSY:
            return False
        raise
    return True
