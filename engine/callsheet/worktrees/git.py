"""The git command, run so that neither a person's environment nor a hook can change what it does."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from shutil import which
from threading import local

from callsheet.errors import CallsheetError

# Inherited from a hook or an outer git, these would aim our commands at another repository.
_FOREIGN = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_EXTERNAL_DIFF",
    "GIT_CONFIG_PARAMETERS",
)

_CONFIG = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.quotePath=false",
    "core.safecrlf=false",
    "worktree.useRelativePaths=false",
    "gc.auto=0",
    "advice.addEmbeddedRepo=false",
)

_IDENTITY = {
    "GIT_AUTHOR_NAME": "Callsheet",
    "GIT_AUTHOR_EMAIL": "callsheet@localhost",
    "GIT_COMMITTER_NAME": "Callsheet",
    "GIT_COMMITTER_EMAIL": "callsheet@localhost",
}


class GitError(CallsheetError):
    """git refused.

    Attributes:
        status: git's exit status.
        stderr: what git said, stripped.
    """

    def __init__(self, args: Sequence[str], status: int, stderr: str) -> None:
        lines = [line.strip() for line in stderr.splitlines() if line.strip()] or [f"exit status {status}"]
        why = next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[0])
        super().__init__(f"git {args[0]}: {why}")
        self.status = status
        self.stderr = stderr


_here = local()


@contextmanager
def inherited(fd: int) -> Iterator[None]:
    """Hand an open file on to the git commands that this thread runs, so that a lock on it lasts as long as they do."""
    _here.fds = (fd,)
    try:
        yield
    finally:
        _here.fds = ()


@lru_cache(maxsize=1)
def _lfs_config() -> tuple[str, ...]:
    # A required filter whose program is missing would fail every checkout; pointers are better than no tree.
    if which("git-lfs"):
        return ()
    return ("filter.lfs.smudge=", "filter.lfs.clean=", "filter.lfs.process=", "filter.lfs.required=false")


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of every git command: no prompts, no pagers, no foreign repository."""
    env = {key: value for key, value in os.environ.items() if key not in _FOREIGN}
    env.update(
        _IDENTITY, LC_ALL="C", GIT_TERMINAL_PROMPT="0", GIT_OPTIONAL_LOCKS="0", GIT_LFS_SKIP_SMUDGE="1"
    )
    env.update(extra or {})
    return env


def git(
    *args: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
    config: Sequence[str] = (),
    accept: Sequence[int] = (0,),
) -> bytes:
    """Run one git command to its end.

    Args:
        args: subcommand and its arguments.
        cwd: directory to run in.
        env: variables beside those of `environment`.
        stdin: bytes to feed.
        config: further `key=value` settings for this command alone.
        accept: exit statuses that are answers rather than errors.

    Returns:
        Standard output.

    Raises:
        GitError: git is missing, or answered with another status.
    """
    settings = [part for item in (*_CONFIG, *_lfs_config(), *config) for part in ("-c", item)]
    try:
        done = subprocess.run(
            ["git", *settings, *args],
            cwd=cwd,
            env=environment(env),
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            check=False,
            pass_fds=getattr(_here, "fds", ()),
        )
    except FileNotFoundError as error:
        missing = "the directory is gone" if which("git") else "git is not installed, or not on the PATH"
        raise GitError(args, 127, missing) from error
    if done.returncode not in accept:
        raise GitError(args, done.returncode, done.stderr.decode("utf-8", "replace").strip())
    return done.stdout


def git_text(*args: str, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """`git`, with its output as stripped text."""
    return os.fsdecode(git(*args, cwd=cwd, env=env)).strip()


def split_nul(output: bytes) -> list[str]:
    """The fields of `-z` output, as file names."""
    return [os.fsdecode(part) for part in output.split(b"\0") if part]
