"""The files that the arguments of `callsheet check` stand for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from callsheet.language import files

_SKIPPED = frozenset({"node_modules", ".git", ".hg", ".svn", ".venv", "venv", "__pycache__"})
_Ignores = tuple[tuple[Path, Any], ...]


@frozen
class Target:
    """A file to check.

    Attributes:
        path: absolute path.
        shown: how it is shown.
        named: whether it was named, not found in a folder.
    """

    path: Path
    shown: str
    named: bool


def collect(paths: Sequence[Path]) -> tuple[list[Target], list[str]]:
    """The files to check, each once, and what is wrong with the arguments."""
    targets: dict[Path, Target] = {}
    complaints: list[str] = []
    for path in paths:
        absolute = files.at_home(path).absolute()
        if absolute.is_dir():
            found = list(_scripts_in(absolute, _ignores_above(absolute)))
            if not found:
                complaints.append(f"{path}: there is no workflow script in this folder.")
            for each in found:
                targets.setdefault(each, Target(each, _shown(each), False))
        elif absolute.exists():
            targets.setdefault(absolute, Target(absolute, _shown(absolute), True))
        else:
            complaints.append(f"{path}: no such file or folder.")
    return list(targets.values()), complaints


def _scripts_in(folder: Path, ignores: _Ignores) -> Iterator[Path]:
    ignores += _ignores_of(folder)
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in _SKIPPED and not _is_ignored(path, True, ignores):
                yield from _scripts_in(path, ignores)
        elif _is_file(entry) and not _is_ignored(path, False, ignores):
            is_script = files.is_workflow_file(path) or files.is_record(path)
            if is_script or (files.is_markdown(path) and _mentions_workflow(path)):
                yield path


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False  # such as a symbolic link to itself


def _mentions_workflow(path: Path) -> bool:
    from callsheet.language.fences import workflow_fences
    from callsheet.language.source import Source

    try:
        data = path.read_bytes()
    except OSError:
        return False
    return b"workflow" in data and bool(workflow_fences(Source.from_bytes(data)))


def _ignores_above(folder: Path) -> _Ignores:
    above: list[Path] = []
    for parent in (folder, *folder.parents):
        if (parent / ".git").exists():
            return tuple(ignore for each in reversed(above) for ignore in _ignores_of(each))
        if parent.parent != parent:
            above.append(parent.parent)
    return ()


def _ignores_of(folder: Path) -> _Ignores:
    try:
        lines = (folder / ".gitignore").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    from pathspec import GitIgnoreSpec

    return ((folder, GitIgnoreSpec.from_lines(lines)),)


def _is_ignored(path: Path, is_folder: bool, ignores: _Ignores) -> bool:
    # The nearest file that says anything about a path decides, as in git.
    for folder, spec in reversed(ignores):
        name = path.relative_to(folder).as_posix() + ("/" if is_folder else "")
        verdict = spec.check_file(name).include
        if verdict is not None:
            return bool(verdict)
    return False


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
