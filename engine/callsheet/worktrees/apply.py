"""Changes applied to the working tree by a three-way merge.

The working tree as it is now, untracked files too, is one side; the agent's files are the other; the commit it started
from is their base. The staging area is never touched, and with a conflict nothing is.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from callsheet.worktrees.changes import Change
from callsheet.worktrees.git import git, git_text, split_nul
from callsheet.worktrees.repository import GITLINK, Repository, scratch_index, write_working_tree


@frozen
class ApplyOutcome:
    """What became of one change.

    Attributes:
        files: paths written or deleted; empty when everything was there already, or when nothing was touched.
        conflicts: paths that both sides changed, that would overwrite something ignored, or that are submodules.
        applied: whether the change is in the working tree now.
    """

    files: tuple[str, ...]
    conflicts: tuple[str, ...]
    applied: bool


@frozen
class _Touched:
    """A path that differs between two trees."""

    path: str
    status: str
    link: bool


def apply_changes(
    repository: Repository, changes: Sequence[Change], *, leave_markers: bool = False
) -> list[ApplyOutcome]:
    """Apply changes one on top of the other: all of them, or none where one has a conflict.

    Args:
        repository: the repository whose working tree to change.
        changes: what to apply, in this order.
        leave_markers: on a conflict, write the files with conflict markers instead of refusing.

    Returns:
        What became of each change.

    Raises:
        GitError: git refused; nothing was touched.
    """
    root = repository.root
    ours = tree = write_working_tree(repository, hidden=True)
    merges = []
    for change in changes:
        merged, conflicts = _merge(root, tree, change)
        touched = _differences(root, tree, merged)
        hard = {each.path for each in touched if each.link} | _in_the_way(
            root, _differences(root, ours, merged)
        )
        merges.append((touched, conflicts, hard))
        tree = merged
    refused = any(hard or (conflicts and not leave_markers) for _, conflicts, hard in merges)
    if not refused:
        _write(root, tree, _differences(root, ours, tree), repository.common_dir)
    return [
        ApplyOutcome(
            () if refused else tuple(sorted(each.path for each in touched)),
            tuple(sorted(conflicts | hard)),
            not refused,
        )
        for touched, conflicts, hard in merges
    ]


def _merge(root: Path, ours: str, change: Change) -> tuple[str, set[str]]:
    """The tree that has both sides, with conflict markers in the files that are returned with it."""
    # The parent makes the start commit the merge base of both sides, for gits whose merge-tree cannot be told one.
    here = git_text("commit-tree", ours, "-p", change.base, "-m", "Working tree", cwd=root)
    arguments = ("--write-tree", "--name-only", "-z", "--no-messages", here, change.commit)
    merged, *conflicts = split_nul(git("merge-tree", *arguments, cwd=root, accept=(0, 1)))
    return merged, set(conflicts)


def _differences(root: Path, before: str, after: str) -> list[_Touched]:
    fields = split_nul(git("diff-tree", "-r", "-z", "--no-renames", before, after, cwd=root))
    touched = []
    for facts, path in zip(fields[::2], fields[1::2], strict=True):
        old_mode, new_mode, _, _, status = facts.lstrip(":").split()
        touched.append(_Touched(path, status, GITLINK in (old_mode, new_mode)))
    return touched


def _in_the_way(root: Path, touched: Sequence[_Touched]) -> set[str]:
    """Paths to be added where something lies that git does not know of, an ignored file for one."""
    deleted = {Path(each.path) for each in touched if each.status == "D"}
    return {
        each.path for each in touched if each.status == "A" and not _is_free(root, Path(each.path), deleted)
    }


def _is_free(root: Path, path: Path, deleted: set[Path]) -> bool:
    for parent in path.parents[:-1]:
        place = root / parent
        if os.path.lexists(place) and (place.is_symlink() or not place.is_dir()):
            return parent in deleted
    place = root / path
    if place.is_symlink() or not place.is_dir():
        return path in deleted or not os.path.lexists(place)
    inside = (Path(folder, name) for folder, _, names in os.walk(place) for name in names)
    return all(file.relative_to(root) in deleted for file in inside)


def _write(root: Path, merged: str, touched: Sequence[_Touched], scratch: Path) -> None:
    for each in touched:
        if each.status == "D":
            (root / each.path).unlink(missing_ok=True)
            _remove_empty_parents(root, Path(each.path))
    written = b"".join(os.fsencode(each.path) + b"\0" for each in touched if each.status != "D")
    if not written:
        return
    with scratch_index(None, beside=scratch) as env:
        git("read-tree", merged, cwd=root, env=env)
        git("checkout-index", "--force", "-z", "--stdin", cwd=root, env=env, stdin=written)


def _remove_empty_parents(root: Path, path: Path) -> None:
    for parent in path.parents:
        if parent == Path():
            return
        try:
            (root / parent).rmdir()
        except OSError:
            return
