"""A change applied to the working tree by a three-way merge.

The working tree as it is now, untracked files too, is one side; the agent's files are the other; the commit it started
from is their base. The staging area is never touched, and with a conflict nothing is.
"""

from __future__ import annotations

import os
from pathlib import Path

from attrs import frozen

from callsheet.worktrees.changes import Change
from callsheet.worktrees.git import git, git_text, split_nul
from callsheet.worktrees.repository import Repository, scratch_index, write_working_tree


@frozen
class ApplyOutcome:
    """What `apply_change` did.

    Attributes:
        files: paths written or deleted; empty when everything was there already, or on a conflict without markers.
        conflicts: paths that both sides changed, or that would overwrite an ignored file.
    """

    files: tuple[str, ...]
    conflicts: tuple[str, ...]

    @property
    def applied(self) -> bool:
        return bool(self.files) or not self.conflicts


def apply_change(repository: Repository, change: Change, *, leave_markers: bool = False) -> ApplyOutcome:
    """Apply one change.

    Args:
        repository: the repository whose working tree to change.
        change: what to apply.
        leave_markers: on a conflict, write the files with conflict markers instead of refusing.

    Raises:
        GitError: git refused; nothing was touched.
    """
    root = repository.root
    ours = write_working_tree(repository)
    # The parent makes the start commit the merge base of both sides, for gits whose merge-tree cannot be told one.
    here = git_text("commit-tree", ours, "-p", change.base, "-m", "Working tree", cwd=root)
    arguments = ("--write-tree", "--name-only", "-z", "--no-messages", here, change.commit)
    merged, *conflicts = split_nul(git("merge-tree", *arguments, cwd=root, accept=(0, 1)))
    conflicts = sorted(set(conflicts))
    if conflicts and not leave_markers:
        return ApplyOutcome((), tuple(conflicts))
    fields = split_nul(git("diff-tree", "-r", "-z", "--no-renames", "--name-status", ours, merged, cwd=root))
    touched = list(zip(fields[::2], fields[1::2], strict=True))
    overwritten = [path for status, path in touched if status == "A" and os.path.lexists(root / path)]
    if overwritten:
        return ApplyOutcome((), tuple(sorted({*conflicts, *overwritten})))
    _write(root, merged, touched, repository.common_dir)
    return ApplyOutcome(tuple(sorted(path for _, path in touched)), tuple(conflicts))


def _write(root: Path, merged: str, touched: list[tuple[str, str]], scratch: Path) -> None:
    for status, path in touched:
        if status == "D":
            (root / path).unlink(missing_ok=True)
            _remove_empty_parents(root, Path(path))
    written = b"".join(os.fsencode(path) + b"\0" for status, path in touched if status != "D")
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
