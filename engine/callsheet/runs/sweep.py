"""What a crash left is found at the next start: leases, sockets, agents' shells, worktrees, half-made folders.

Only what Callsheet made is touched, and only of runs that nobody runs. Changes of agents are kept (language, W4).
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from callsheet.errors import WorkflowError
from callsheet.runs.control import remove_socket
from callsheet.runs.follow import run_dirs
from callsheet.runs.lease import Lease, holder, is_held
from callsheet.runs.rundir import RunDir, is_half_made, runs_folder

if TYPE_CHECKING:
    from callsheet.worktrees.sweep import Swept

_SWEEP_S: Final = 5.0
"""How long the end of a run waits for the clearing away of what others left."""

_HALF_MADE_S: Final = 60.0
"""Age from which a folder that is still hidden is no work in progress."""


@asynccontextmanager
async def sweeping(root: Path) -> AsyncIterator[None]:
    """Clear away what dead runs under `root` left, while a run goes on; its end waits a little for that."""
    task = asyncio.create_task(asyncio.to_thread(_sweep_quietly, root))
    try:
        yield
    finally:
        await asyncio.wait({task}, timeout=_SWEEP_S)


def _sweep_quietly(root: Path) -> None:
    # What it cannot clear away now, a later start will.
    with contextlib.suppress(OSError):
        sweep(root)


def sweep_run(run_dir: RunDir) -> Swept | None:
    """Clear away what the run's last runner left, before the run goes on; its lease must be held by the caller."""
    from callsheet.agents.processes import kill_run_processes

    kill_run_processes(run_dir.run_id)
    remove_socket(run_dir.socket)
    return _sweep_worktrees(run_dir.root, only=run_dir.run_id)


def sweep(root: Path) -> Swept | None:
    """Clear away what dead runs under `root` left.

    Returns:
        What became of their worktrees, None outside of a repository.
    """
    from callsheet.agents.processes import kill_run_processes

    for run_dir in run_dirs(runs_folder(root)):
        if holder(run_dir.lock) is None or is_held(run_dir.lock):
            continue
        with contextlib.suppress(WorkflowError, OSError), Lease.take(run_dir.lock):
            kill_run_processes(run_dir.run_id)
            remove_socket(run_dir.socket)
    for path in runs_folder(root).glob(".*"):
        with contextlib.suppress(OSError):
            if is_half_made(path) and time.time() - path.stat().st_mtime > _HALF_MADE_S:
                shutil.rmtree(path)
    return _sweep_worktrees(root)


def _sweep_worktrees(root: Path, *, only: str | None = None) -> Swept | None:
    from callsheet.worktrees import GitError, open_repository
    from callsheet.worktrees import sweep as sweep_worktrees

    def alive(run_id: str) -> bool:
        return run_id != only if only else is_held(RunDir(runs_folder(root) / run_id).lock)

    if not (root / ".callsheet" / "worktrees").is_dir():
        return None
    repository = open_repository(root)
    if repository is None:
        return None
    try:
        return sweep_worktrees(repository, alive)
    except GitError:
        return None
