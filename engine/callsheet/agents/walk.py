"""Walks a folder as git sees it: without what `.gitignore` files leave out, never through symbolic links."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import frozen

ALWAYS_SKIPPED = frozenset({".git", ".hg", ".svn"})


@frozen
class _Ignore:
    base: str
    spec: Any


def walk(root: Path, start: Path) -> Iterator[Path]:
    """Yield the files under `start` in order of their names, folder by folder.

    Args:
        root: the working directory; `.gitignore` files from the repository's root down apply.
        start: where to begin, inside the root.
    """
    repository = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)
    above = []
    for folder in reversed([start, *start.parents]):
        if folder.is_relative_to(repository) and folder != start:
            above += _ignores(folder)
    above = [*_exclude(repository), *above]
    yield from _walk(str(start), above)


def _walk(folder: str, above: list[_Ignore]) -> Iterator[Path]:
    ignores = [*above, *_ignores(Path(folder))]
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return
    folders = []
    for entry in entries:
        is_folder = entry.is_dir(follow_symlinks=False)
        if entry.name in ALWAYS_SKIPPED or _is_ignored(entry.path, ignores, is_folder=is_folder):
            continue
        if is_folder:
            folders.append(entry.path)
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path)
    for path in folders:
        yield from _walk(path, ignores)


def _ignores(folder: Path) -> list[_Ignore]:
    return _load(folder / ".gitignore", folder)


def _exclude(repository: Path) -> list[_Ignore]:
    return _load(repository / ".git" / "info" / "exclude", repository)


def _load(path: Path, base: Path) -> list[_Ignore]:
    from pathspec import GitIgnoreSpec

    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        return [_Ignore(f"{base}/", GitIgnoreSpec.from_lines(lines))]
    except (OSError, ValueError):
        return []


def _is_ignored(path: str, ignores: list[_Ignore], *, is_folder: bool) -> bool:
    """The nearest file that says anything decides."""
    for ignore in reversed(ignores):
        relative = path[len(ignore.base) :] + ("/" if is_folder else "")
        included: bool | None = ignore.spec.check_file(relative).include
        if included is not None:
            return included
    return False
