"""What a crash left is found, and nothing else is touched."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from callsheet.runs.lease import Lease, holder
from callsheet.runs.rundir import create_run_dir, publish
from callsheet.runs.sweep import sweep

from tests.support.git_repository import make_repository


def dead_pid() -> int:
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def test_scratch_indexes_of_dead_processes_are_removed(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "r", {"a.txt": "a"})
    trees = root / ".callsheet" / "worktrees"
    trees.mkdir(parents=True)
    left = [folder / f".callsheet-index-{dead_pid()}-x" for folder in (trees, root / ".git")]
    used = [folder / f".callsheet-index-{os.getpid()}-x" for folder in (trees, root / ".git")]
    foreign = trees / "mine"
    for path in (*left, *used, foreign):
        path.mkdir()
        (path / "index").touch()
    sweep(root)
    assert not any(path.exists() for path in left)
    assert all(path.exists() for path in (*used, foreign))


def test_half_made_folders_are_removed_when_they_are_old(tmp_path: Path) -> None:
    old, new = create_run_dir(tmp_path), create_run_dir(tmp_path)
    os.utime(old.path, (time.time() - 3600,) * 2)
    foreign = old.path.parent / ".mine"
    foreign.mkdir()
    os.utime(foreign, (0, 0))
    sweep(tmp_path)
    assert not old.path.exists()
    assert new.path.exists()
    assert foreign.exists()


def test_the_lease_and_socket_of_a_dead_runner_are_cleared(tmp_path: Path) -> None:
    run_dir = publish(create_run_dir(tmp_path))
    lease = Lease.take(run_dir.lock)
    os.close(lease.fd)
    run_dir.socket.touch()
    assert holder(run_dir.lock) is not None
    sweep(tmp_path)
    assert holder(run_dir.lock) is None
    assert not run_dir.socket.exists()


def test_where_nothing_ever_ran_there_is_nothing_to_sweep(tmp_path: Path) -> None:
    assert sweep(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
