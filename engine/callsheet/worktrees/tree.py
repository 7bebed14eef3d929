"""One worktree: made, and taken down again with its changes kept."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import uuid
from pathlib import Path

from attrs import frozen

from callsheet.errors import CallsheetError
from callsheet.worktrees.capture import capture
from callsheet.worktrees.git import GitError, git, git_text
from callsheet.worktrees.repository import Repository, open_repository, why_no_repository

READY = "callsheet-ready"
"""File that holds the start commit once all files are there: a half-made tree must not look like a deletion."""

# Line endings stay as they are in the commit, so that files come back byte for byte.
VERBATIM = ("core.autocrlf=false",)

_IGNORED = ("runs/", "worktrees/", ".gitignore")
"""What `.callsheet/.gitignore` keeps out of git; itself too, so that a worktree never shows in `git status`."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,120}")


class WorktreeUnavailable(CallsheetError):
    """This directory cannot be isolated; the message says why."""


class WorktreeGone(CallsheetError):
    """The directory of a worktree was deleted while it was in use, with everything in it."""


@frozen
class Worktree:
    """A worktree of ours.

    Attributes:
        repository: the repository it belongs to.
        name: unique name; `<run>/<call>` within a run.
        path: its top directory.
        commit: commit that it started from.
    """

    repository: Repository
    name: str
    path: Path
    commit: str

    @property
    def branch(self) -> str:
        return f"callsheet/{self.name}"

    @property
    def ref(self) -> str:
        """Where its changes are kept once it is gone."""
        return f"refs/callsheet/{self.name}"

    @property
    def cwd(self) -> Path:
        """The directory that corresponds to the one the repository was opened from."""
        return self.path / self.repository.prefix

    @property
    def admin_dir(self) -> Path:
        """git's own directory for this worktree, whatever became of the tree's `.git` file.

        Raises:
            WorktreeUnavailable: git knows no such worktree.
        """
        path = self.path.resolve()
        for admin, tree in self.repository.admin_dirs():
            if tree == path:
                return admin
        raise WorktreeUnavailable(f"{self.path} is no worktree of {self.repository.root}")


def is_linked(worktree: Worktree, admin: Path) -> bool:
    """Whether the tree's `.git` file is as git made it: an agent may have put a repository of its own there."""
    try:
        return (worktree.path / ".git").read_bytes() == b"gitdir: " + os.fsencode(admin) + b"\n"
    except OSError:
        return False


def link(path: Path, admin: Path) -> None:
    """Tell git's own directory of a worktree where that worktree is."""
    (admin / "gitdir").write_bytes(os.fsencode(path.resolve() / ".git") + b"\n")


def worktree_path(repository: Repository, name: str) -> Path:
    return repository.worktrees_dir / name.replace("/", "-")


def add(repository: Repository, name: str, commit: str) -> Worktree:
    """Make a worktree on a branch of its own.

    Raises:
        GitError: git refused; nothing is left behind.
    """
    worktree = Worktree(repository, name, worktree_path(repository, name), commit)
    ensure_ignored(repository)
    with repository.locked():
        arguments = ("--no-checkout", "-b", worktree.branch, os.fspath(worktree.path), commit)
        git("worktree", "add", *arguments, cwd=repository.root)
    try:
        fill(worktree)
    except GitError:
        discard(worktree)
        raise
    return worktree


def fill(worktree: Worktree) -> None:
    """Write the files of the start commit, and mark the worktree as whole."""
    git("reset", "--hard", "--quiet", worktree.commit, cwd=worktree.path, config=VERBATIM)
    if shutil.which("git-lfs") and (worktree.path / ".gitattributes").is_file():
        # From the local store alone; what is not there stays a pointer.
        git("lfs", "checkout", cwd=worktree.path, accept=(0, 1, 2))
    worktree.cwd.mkdir(parents=True, exist_ok=True)
    (worktree.admin_dir / READY).write_text(f"{worktree.commit}\n")


def keep_changes(worktree: Worktree) -> str | None:
    """Keep what changed under `worktree.ref`.

    Returns:
        The ref, or None where nothing changed.

    Raises:
        WorktreeGone: there are no files any more.
        GitError: the files could not be read; the worktree is left as it is.
    """
    root = worktree.repository.root
    if not worktree.path.is_dir():
        raise WorktreeGone(f"{worktree.path} was deleted, and what was in it cannot be kept")
    try:
        git_dir = worktree.admin_dir
    except WorktreeUnavailable:
        git_dir = worktree.repository.common_dir
    commit = capture(worktree.path, git_dir, worktree.commit, f"Changes of {worktree.name}", config=VERBATIM)
    if commit is None:
        return None
    try:
        previous = git_text("rev-parse", "--verify", "--quiet", worktree.ref, cwd=root)
    except GitError:
        previous = None
    if previous is not None and _same_change(root, previous, commit):
        return worktree.ref
    if previous is not None:
        git("update-ref", _free_ref(root, worktree.ref), previous, cwd=root)
    git("update-ref", worktree.ref, commit, cwd=root)
    return worktree.ref


def _same_change(root: Path, one: str, other: str) -> bool:
    contents = [git_text("rev-parse", f"{each}^{{tree}}", f"{each}^", cwd=root) for each in (one, other)]
    return contents[0] == contents[1]


def _free_ref(root: Path, ref: str) -> str:
    taken = set(git_text("for-each-ref", "--format=%(refname)", f"{ref}-*", cwd=root).split())
    return next(f"{ref}-{number}" for number in range(1, len(taken) + 2) if f"{ref}-{number}" not in taken)


def discard(worktree: Worktree) -> None:
    """Remove worktree and branch without a look at its files.

    Renaming first makes the removal as good as instant for everybody else; git's own `prune` is not used because
    it would also remove stale entries that are not ours.
    """
    repository = worktree.repository
    trash = repository.worktrees_dir / f".trash-{uuid.uuid4().hex}"
    with repository.locked():
        admin: Path | None
        try:
            admin = worktree.admin_dir
        except WorktreeUnavailable:
            admin = _half_made_admin(worktree)
        if os.path.lexists(worktree.path):
            worktree.path.rename(trash)
        if admin is not None:
            shutil.rmtree(admin, ignore_errors=True)
        git("update-ref", "-d", f"refs/heads/{worktree.branch}", cwd=repository.root)
    delete_tree(trash)


def _half_made_admin(worktree: Worktree) -> Path | None:
    """What a crash in the middle of `git worktree add` leaves, before git has written where the tree is."""
    admin = worktree.repository.common_dir / "worktrees" / worktree.path.name
    return admin if admin.is_dir() and not (admin / "gitdir").exists() else None


def delete_tree(path: Path) -> None:
    """Delete a directory tree, also one with read-only directories in it."""

    def unlock_and_retry(function: object, name: str, _: object) -> None:
        entry = Path(name)
        # Two processes may clear the same tree away.
        with contextlib.suppress(FileNotFoundError):
            entry.parent.chmod(0o700)
            if entry.is_dir() and not entry.is_symlink():
                entry.chmod(0o700)
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink()

    if os.path.lexists(path):
        shutil.rmtree(path, onerror=unlock_and_retry)


def ensure_ignored(repository: Repository) -> None:
    """Keep runs and worktrees out of the project's git."""
    folder = repository.worktrees_dir.parent
    repository.worktrees_dir.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    lines = ignore.read_text(errors="surrogateescape").splitlines() if ignore.is_file() else []
    missing = [line for line in _IGNORED if line not in lines and f"/{line}" not in lines]
    if missing:
        ignore.write_text("\n".join([*lines, *missing, ""]), errors="surrogateescape")


def create_worktree(base: Path | str, name: str) -> Worktree:
    """Make a worktree of the repository that `base` lies in, at its HEAD.

    Args:
        base: a directory in the repository.
        name: a name that no other worktree of ours has; letters, digits, `.`, `_`, `-` and `/`.

    Raises:
        WorktreeUnavailable: there is no repository, no commit, or git refused; the message says which.
    """
    if not _NAME.fullmatch(name) or ".." in name or "//" in name or name.endswith(("/", ".lock", ".")):
        raise WorktreeUnavailable(f"{name!r} is no usable worktree name")
    repository = open_repository(Path(base))
    if repository is None:
        raise WorktreeUnavailable(why_no_repository(Path(base)))
    try:
        head = git_text("rev-parse", "--verify", "--quiet", "HEAD^{commit}", cwd=repository.root)
    except GitError as error:
        raise WorktreeUnavailable(f"{repository.root} has no commit yet") from error
    try:
        return add(repository, name, head)
    except GitError as error:
        raise WorktreeUnavailable(str(error)) from error


def remove_worktree(worktree: Worktree) -> str | None:
    """Keep what changed (W2), then remove worktree and branch.

    Returns:
        The ref that holds the changes, None where nothing changed.

    Raises:
        WorktreeGone: its directory was deleted; what git knew of it is removed.
        GitError: the changes could not be kept; the worktree is still there.
    """
    try:
        ref = keep_changes(worktree)
    except WorktreeGone:
        discard(worktree)
        raise
    discard(worktree)
    return ref
