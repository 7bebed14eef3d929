"""The lock on a repository's worktrees, over the death of who holds it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from callsheet.worktrees.lock import locked

HOLDER = """
import sys
from pathlib import Path
from callsheet.worktrees.git import git
from callsheet.worktrees.lock import locked

here = Path(sys.argv[1])
with locked(here / "lock"):
    git("-c", "alias.slow=!echo; touch begun; sleep 0.4; touch done", "slow", cwd=here)
"""


DYING = """
import os, signal, sys
from pathlib import Path
from callsheet.worktrees.lock import locked

here = Path(sys.argv[1])
with locked(here / "lock"):
    (here / "packed-refs.lock").touch()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_lock_that_a_killed_git_left_is_removed(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", DYING, str(tmp_path)], check=False)
    assert (tmp_path / "packed-refs.lock").exists()
    with locked(tmp_path / "lock"):
        assert not (tmp_path / "packed-refs.lock").exists()


def test_the_lock_of_another_git_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "packed-refs.lock").touch()
    with locked(tmp_path / "lock"):
        pass
    with locked(tmp_path / "lock"):
        assert (tmp_path / "packed-refs.lock").exists()


def test_a_git_command_that_outlives_its_process_keeps_the_lock(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)])
    while not (tmp_path / "begun").exists():
        assert holder.poll() is None
    holder.kill()
    holder.wait()
    with locked(tmp_path / "lock"):
        assert (tmp_path / "done").exists()
