"""The one lock under which worktrees of a repository are added and removed, by whatever process."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from callsheet.worktrees.git import GitError, inherited

if sys.platform != "win32":
    import fcntl

_IN_PROCESS: dict[Path, Lock] = {}
_PATIENCE_S = 120.0
_POLL_S = 0.005


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock on a file.

    The git commands that are run under it hold it too: when this process is killed, what they still do is done before
    anybody else looks.

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
            with inherited(fd):
                yield
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
