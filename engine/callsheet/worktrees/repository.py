"""Which repository a directory belongs to, and the commit that a run starts from."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copy2, rmtree

from attrs import frozen

from callsheet.worktrees.git import GitError, git, git_text, split_nul
from callsheet.worktrees.lock import locked

GITLINK = "160000"
"""Mode of an entry that stands for a commit of another repository."""

_SCRATCH = ".callsheet-index-"
"""Begins the name of a scratch index; the id of the process that uses it follows."""


@frozen
class Repository:
    """A git repository as seen from one directory.

    Attributes:
        root: top of the working tree; of a bare repository, its own directory.
        common_dir: the directory that all worktrees share (`.git`).
        prefix: the directory it was opened from, relative to `root`.
        bare: whether it has no working tree of its own.
    """

    root: Path
    common_dir: Path
    prefix: Path
    bare: bool

    @property
    def worktrees_dir(self) -> Path:
        """Where our worktrees live: within the project, so that its tools find their configuration."""
        return self.root / ".callsheet" / "worktrees"

    def admin_dirs(self) -> Iterator[tuple[Path, Path]]:
        """git's own directory for each worktree but the main one, with the top of that worktree.

        A worktree may have lost its `.git` file, so this is asked from here.
        """
        for admin in (self.common_dir / "worktrees").glob("*"):
            try:
                entry = os.fsdecode((admin / "gitdir").read_bytes()).strip()
            except OSError:
                continue
            yield admin, (admin / entry).parent.resolve()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the one lock under which worktrees of this repository are added and removed.

        git itself fails when worktrees are added, removed and pruned side by side.
        """
        with locked(self.common_dir / "callsheet-worktrees.lock"):
            yield


def open_repository(cwd: Path) -> Repository | None:
    """The repository that `cwd` lies in.

    Returns:
        None outside of one, and where git refuses to work (no git, foreign owner); see `why_no_repository`.
    """
    try:
        bare, common = git_text("rev-parse", "--is-bare-repository", "--git-common-dir", cwd=cwd).splitlines()
        common_dir = (cwd / common).resolve()
        if bare == "true":
            return Repository(common_dir, common_dir, Path(), True)
        root = Path(git_text("rev-parse", "--show-toplevel", cwd=cwd)).resolve()
    except (GitError, ValueError):
        return None
    return Repository(root, common_dir, cwd.resolve().relative_to(root), False)


def why_no_repository(cwd: Path) -> str:
    """Why `open_repository` finds none: mostly there is none, but git may also be missing or refuse its work."""
    try:
        git_text("rev-parse", "--git-dir", cwd=cwd)
    except GitError as error:
        if "not a git repository" not in error.stderr:
            return f"git does not work in {cwd}: {error}"
    return f"{cwd} is not in a git repository"


@contextmanager
def scratch_index(start_from: Path | None, *, beside: Path) -> Iterator[dict[str, str]]:
    """An index of our own, so that nobody's staging area is touched.

    Args:
        start_from: index to copy, for its cached file states; None or missing starts empty.
        beside: directory on the repository's file system to put it in.

    Yields:
        The environment that makes git use it.
    """
    with tempfile.TemporaryDirectory(prefix=f"{_SCRATCH}{os.getpid()}-", dir=beside) as folder:
        path = Path(folder) / "index"
        if start_from is not None and start_from.is_file():
            # With its time: git takes files as changed since by the index's own time.
            copy2(start_from, path)
        yield {"GIT_INDEX_FILE": os.fspath(path)}


def remove_stale_indexes(repository: Repository) -> None:
    """Remove the scratch indexes of processes that died while they used them."""
    for folder in (repository.worktrees_dir, repository.common_dir):
        for path in folder.glob(f"{_SCRATCH}*"):
            pid = path.name.removeprefix(_SCRATCH).partition("-")[0]
            if pid.isdigit() and not _is_alive(int(pid)):
                rmtree(path, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def index_path(tree: Path) -> Path:
    """The index file of the worktree at `tree`."""
    return (tree / git_text("rev-parse", "--git-path", "index", cwd=tree)).resolve()


def start_commit(repository: Repository, *, run_id: str, include_uncommitted: bool) -> str | None:
    """The commit that a run's worktrees start from.

    Args:
        repository: where the run starts.
        run_id: keeps a snapshot of uncommitted work alive under `refs/callsheet/<run>/base`.
        include_uncommitted: whether to snapshot changed and untracked files on top of HEAD.

    Returns:
        A commit id; None in a repository without commits.

    Raises:
        GitError: the working tree could not be read.
    """
    try:
        head = git_text("rev-parse", "--verify", "--quiet", "HEAD^{commit}", cwd=repository.root)
    except GitError:
        return None
    if not include_uncommitted or repository.bare:
        return head
    tree = write_working_tree(repository, hidden=False)
    if tree == git_text("rev-parse", f"{head}^{{tree}}", cwd=repository.root):
        return head
    message = f"Working tree at the start of run {run_id}"
    commit = git_text("commit-tree", tree, "-p", head, "-m", message, cwd=repository.root)
    git("update-ref", f"refs/callsheet/{run_id}/base", commit, cwd=repository.root)
    return commit


def write_working_tree(repository: Repository, *, hidden: bool) -> str:
    """Write the user's working tree, untracked files too, as a tree object; returns its id.

    Args:
        repository: the repository.
        hidden: whether to look also at files that the person told git to take for unchanged.

    Raises:
        GitError: a file could not be read.
    """
    root = repository.root
    with scratch_index(index_path(root), beside=repository.common_dir) as env:
        if hidden:
            unhide(root, env, index_entries(root, env))
        # Repositories of their own within the project are no part of it; git even refuses those without a commit.
        others = [f":(exclude,literal){name.rstrip('/')}" for name in untracked_repositories(root, env)]
        git("add", "-A", "--sparse", "--", ".", *others, cwd=root, env=env)
        return git_text("write-tree", cwd=root, env=env)


@frozen
class Entry:
    """One entry of an index.

    Attributes:
        tag: letter of `ls-files -v`: `S` for skipped by a sparse checkout, lower case for taken for unchanged.
        mode: file mode, such as `100644` or `GITLINK`.
        path: path from the top of the tree.
    """

    tag: str
    mode: str
    path: str


def index_entries(tree: Path, env: Mapping[str, str]) -> list[Entry]:
    entries = []
    for listed in split_nul(git("ls-files", "-z", "-v", "--stage", cwd=tree, env=env)):
        facts, _, path = listed.partition("\t")
        tag, mode, _, _ = facts.split()
        entries.append(Entry(tag, mode, path))
    return entries


def unhide(tree: Path, env: Mapping[str, str], entries: Sequence[Entry]) -> None:
    """Let git look at the files that are there although it was told to take them for unchanged."""
    hidden = [
        entry.path
        for entry in entries
        if (entry.tag == "S" or entry.tag.islower()) and os.path.lexists(tree / entry.path)
    ]
    if hidden:
        names = b"".join(os.fsencode(path) + b"\0" for path in hidden)
        for flag in ("--no-assume-unchanged", "--no-skip-worktree"):
            git("update-index", flag, "-z", "--stdin", cwd=tree, env=env, stdin=names)


def untracked_repositories(tree: Path, env: Mapping[str, str]) -> list[str]:
    """Repositories within a working tree that it does not track, as paths that end with `/`."""
    others = split_nul(git("ls-files", "-z", "--others", "--exclude-standard", cwd=tree, env=env))
    return [name for name in others if name.endswith("/") and os.path.lexists(tree / name / ".git")]
