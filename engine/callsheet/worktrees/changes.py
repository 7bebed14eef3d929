"""The changes that isolated agents left: listed, shown, dropped."""

from __future__ import annotations

import re
from typing import Literal

from attrs import frozen

from callsheet.worktrees.git import git, git_text, split_nul
from callsheet.worktrees.repository import Repository

_STATUS: dict[str, Literal["added", "deleted", "modified", "renamed"]] = {
    "A": "added",
    "C": "added",
    "D": "deleted",
    "M": "modified",
    "T": "modified",
    "R": "renamed",
}
_CALL = re.compile(r"(\d+)(?:-(\d+))?")


@frozen
class FileChange:
    """One changed file.

    Attributes:
        path: path in the repository, with `/`.
        status: what happened to it.
        added: lines added, None for a binary file.
        removed: lines removed, None for a binary file.
        old_path: where a renamed file was before.
    """

    path: str
    status: Literal["added", "deleted", "modified", "renamed"]
    added: int | None
    removed: int | None
    old_path: str | None = None


@frozen
class Change:
    """What one try of one call changed.

    Attributes:
        call: number of the call in its run.
        earlier: 0 for the newest change of the call; a number from 1 for one that a later try replaced.
        ref: ref that holds it.
        commit: commit id.
        base: commit that it started from.
        files: the changed files, by path.
    """

    call: int
    earlier: int
    ref: str
    commit: str
    base: str
    files: tuple[FileChange, ...]


def list_changes(repository: Repository, run_id: str, call: int | None = None) -> list[Change]:
    """Every change of a run, or of one of its calls, in order of call.

    Raises:
        GitError: git refused.
    """
    prefix = f"refs/callsheet/{run_id}/"
    wanted = "--format=%(refname) %(objectname) %(parent)"
    lines = git_text("for-each-ref", wanted, prefix, cwd=repository.root)
    found = []
    for line in lines.splitlines():
        ref, commit, base = line.split(" ")[:3]
        match = _CALL.fullmatch(ref.removeprefix(prefix))
        if match is None or (call is not None and int(match[1]) != call):
            continue
        files = _files(repository, base, commit)
        found.append(Change(int(match[1]), int(match[2] or 0), ref, commit, base, files))
    return sorted(found, key=lambda change: (change.call, change.earlier))


def _files(repository: Repository, base: str, commit: str) -> tuple[FileChange, ...]:
    pair = ("-r", "-M", "-z", "--no-commit-id", base, commit)
    statuses = split_nul(git("diff-tree", "--name-status", *pair, cwd=repository.root))
    counts = _line_counts(git("diff-tree", "--numstat", *pair, cwd=repository.root))
    files = []
    fields = iter(statuses)
    for letter in fields:
        old_path = next(fields) if letter[0] in "RC" else None
        path = next(fields)
        added, removed = counts[path]
        renamed_from = old_path if letter[0] == "R" else None
        files.append(FileChange(path, _STATUS[letter[0]], added, removed, renamed_from))
    return tuple(sorted(files, key=lambda file: file.path))


def _line_counts(output: bytes) -> dict[str, tuple[int | None, int | None]]:
    """Lines added and removed by path; `-` stands for a binary file. A rename has two further fields."""
    counts: dict[str, tuple[int | None, int | None]] = {}
    fields = iter(output.decode("utf-8", "surrogateescape").split("\0"))
    for field in fields:
        if not field:
            continue
        added, removed, path = field.split("\t", 2)
        if not path:
            next(fields)
            path = next(fields)
        counts[path] = (None if added == "-" else int(added), None if removed == "-" else int(removed))
    return counts


def diff(repository: Repository, change: Change) -> bytes:
    """The change as a unified diff, byte for byte, binary files included, fit for `git apply`."""
    # Not `git diff`, which heeds the person's taste: other prefixes, text made of binary files.
    arguments = ("-p", "-r", "-M", "--binary", "--full-index", "--no-ext-diff", "--no-textconv")
    return git("diff-tree", *arguments, change.base, change.commit, cwd=repository.root)


def drop(repository: Repository, change: Change) -> None:
    """Forget a change; git deletes it for good at its next clean-up."""
    git("update-ref", "-d", change.ref, change.commit, cwd=repository.root)


def kept_refs(repository: Repository) -> set[str]:
    """Every ref that holds a change, of whatever run.

    Raises:
        GitError: git refused.
    """
    return set(
        git_text("for-each-ref", "--format=%(refname)", "refs/callsheet/", cwd=repository.root).split()
    )


def remove_refs(repository: Repository, run_id: str) -> None:
    """Forget every ref of a run."""
    refs = git_text(
        "for-each-ref", "--format=delete %(refname)", f"refs/callsheet/{run_id}/", cwd=repository.root
    )
    if refs:
        git("update-ref", "--stdin", cwd=repository.root, stdin=f"{refs}\n".encode())
