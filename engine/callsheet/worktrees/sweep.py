"""What a crash left: worktrees of runs that nobody runs any more are found, their changes kept, and removed (W4)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from attrs import evolve, field, frozen

from callsheet.worktrees.git import GitError, git_text
from callsheet.worktrees.repository import Repository, remove_stale_indexes
from callsheet.worktrees.tree import (
    READY,
    Worktree,
    WorktreeUnavailable,
    delete_tree,
    discard,
    keep_changes,
    link,
    worktree_path,
)

_RUN_NAME = re.compile(r"(\d{8}-\d{6}-[0-9a-z]+)[/-](\d+|idle-\d+)")


@frozen
class Swept:
    """What a sweep found and did.

    Attributes:
        kept: refs that hold the changes of worktrees it removed.
        removed: paths of the worktrees it removed.
        failed: path and reason of each worktree whose changes could not be kept; it was left alone.
    """

    kept: list[str] = field(factory=list)
    removed: list[str] = field(factory=list)
    failed: list[tuple[str, str]] = field(factory=list)


def sweep(repository: Repository, alive: Callable[[str], bool]) -> Swept:
    """Keep and remove what dead runs left.

    Args:
        repository: the repository to look through.
        alive: tells of a run id whether a process is running it.

    Raises:
        GitError: git refused to list the branches.
    """
    swept = Swept()
    remove_stale_indexes(repository)
    if not repository.worktrees_dir.is_dir():
        return swept
    left = [
        Worktree(repository, name, worktree_path(repository, name), "")
        for name, run_id in sorted(_leftovers(repository).items())
        if not alive(run_id)
    ]
    for worktree in left:
        _relink(worktree)
    for worktree in left:
        _remove(worktree, swept)
    for trash in repository.worktrees_dir.glob(".*"):
        if trash.name.startswith((".trash-", ".nested-git-")):
            delete_tree(trash)
    return swept


def _leftovers(repository: Repository) -> dict[str, str]:
    """Names of our worktrees with the run of each, by git's own directory for it, by folder and by branch.

    Only names that a run gives count: a person may have branches under `callsheet/` too. And only what belongs to
    this working tree: the runs of others that share its git directory are swept from there.
    """
    with repository.locked():
        trees = [tree for _, tree in repository.admin_dirs()]
        listing = git_text(
            "for-each-ref", "--format=%(refname:lstrip=3)", "refs/heads/callsheet/", cwd=repository.root
        )
    home = repository.worktrees_dir.resolve()
    elsewhere = {tree.name for tree in trees if tree.parent != home}
    branches = [name for name in listing.split() if name.replace("/", "-") not in elsewhere]
    ours = [tree.name for tree in trees if tree.parent == home]
    folders = [path.name for path in home.iterdir() if path.is_dir()]
    matches = [_RUN_NAME.fullmatch(name) for name in (*branches, *ours, *folders)]
    return {f"{match[1]}/{match[2]}": match[1] for match in matches if match}


def _relink(worktree: Worktree) -> None:
    """Tell git where the tree is: a crash may have come between its renaming and that."""
    try:
        entry = (worktree.path / ".git").read_bytes()
    except OSError:
        return
    admin = Path(os.fsdecode(entry.removeprefix(b"gitdir: ")).strip())
    known = dict(worktree.repository.admin_dirs())
    if admin in known and not known[admin].exists():
        link(worktree.path, admin)


def _remove(worktree: Worktree, swept: Swept) -> None:
    """Keep what changed, unless the tree was never whole, and remove it."""
    try:
        start = (worktree.admin_dir / READY).read_text().strip()
    except WorktreeUnavailable as error:
        if worktree.path.is_dir():
            swept.failed.append((os.fspath(worktree.path), str(error)))
            return
        start = ""
    except FileNotFoundError:
        start = ""
    if start and worktree.path.is_dir():
        try:
            ref = keep_changes(evolve(worktree, commit=start))
        except GitError as error:
            swept.failed.append((os.fspath(worktree.path), str(error)))
            return
        if ref is not None:
            swept.kept.append(ref)
    discard(worktree)
    swept.removed.append(os.fspath(worktree.path))
