"""The one lock under which worktrees of a repository are added and removed, by whatever process."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from callsheet.worktrees.git import GitError, inherited

if sys.platform != "win32":
    import fcntl

_IN_PROCESS: dict[Path, Lock] = {}
_PATIENCE_S = 120.0
_POLL_S = 0.005
_STALE_S = 2.0
"""Age from which a lock on refs is taken for that of a killed command: git holds one for milliseconds."""

_CLOCK_S = 1.0
"""How much the clock of the file system may be behind."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock on a file.

    The git commands that are run under it hold it too: when this process is killed, what they still do is done before
    anybody else looks. The file tells since when it has been held, so that the next one sees that a holder was killed,
    and removes what git commands that were killed with it have left.

    Raises:
        GitError: others did not let go of it.
    """
    with _IN_PROCESS.setdefault(path, Lock()):
        if sys.platform == "win32":  # where nothing runs workflows
            yield
            return
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _wait(fd, path)
            _mend(path.parent, fd)
            os.pwrite(fd, str(time.time()).encode(), 0)
            try:
                with inherited(fd):
                    yield
            finally:
                os.ftruncate(fd, 0)
        finally:
            os.close(fd)


def _wait(fd: int, path: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                why = f"fatal: another process has held {path} for {_PATIENCE_S:.0f} s"
                raise GitError(("worktree",), 128, why) from None
            time.sleep(_POLL_S)


def _mend(git_dir: Path, fd: int) -> None:
    """Remove the locks on refs that were left under this lock: they would be in everybody's way for good."""
    told = os.pread(fd, 32, 0)
    os.ftruncate(fd, 0)
    if not told:
        return
    since = float(told) - _CLOCK_S
    for lock in (git_dir / "packed-refs.lock", *(git_dir / "refs" / "heads" / "callsheet").rglob("*.lock")):
        with suppress(FileNotFoundError):
            while (made := lock.stat().st_mtime) >= since:
                if time.time() - made > _STALE_S:
                    lock.unlink()
                time.sleep(_POLL_S)
