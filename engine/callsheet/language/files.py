"""Script files: what is one, and how it is read (language, F6 and F7)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

from callsheet.errors import UsageError
from callsheet.language.tables.limits import MAX_SCRIPT_BYTES

SUFFIXES: Final = (".js", ".mjs")
HOMES: Final = (".callsheet", ".claude", ".pi")
"""Folders of the hosts, the nearest to ours first."""
MARKDOWN_SUFFIXES: Final = (".md", ".markdown")
MAX_DOCUMENT_BYTES: Final = 16 * 1024 * 1024


def is_workflow_file(path: Path) -> bool:
    """Whether a path is that of a workflow script: by its name, or by the folder that it lies in."""
    if path.suffix not in SUFFIXES:
        return False
    return path.name.endswith((".workflow.js", ".workflow.mjs")) or is_saved(path)


def is_saved(path: Path) -> bool:
    """Whether a path lies directly in a folder of saved workflows."""
    return path.suffix in SUFFIXES and path.parent.name == "workflows" and path.parent.parent.name in HOMES


def is_record(path: Path) -> bool:
    """Whether a path is that of a workflow that pi saved as a JSON record."""
    parents = [parent.name for parent in path.parents[:3]]
    return path.suffix == ".json" and parents == ["saved", "workflows", ".pi"]


def is_markdown(path: Path) -> bool:
    """Whether a path is that of a Markdown document."""
    return path.suffix.lower() in MARKDOWN_SUFFIXES


def at_home(path: str | Path) -> Path:
    """The path with a leading `~` or `~user` expanded; as it is where there is no such user."""
    return Path(os.path.expanduser(path))  # noqa: PTH111 - Path.expanduser() raises for an unknown user


def real_path(path: str | Path) -> Path | None:
    """The path with every symbolic link resolved; None where links lead in a circle, or it can be no path at all.

    It need not exist. Behind a circle nothing is resolved, so that a further link there would be followed unseen.
    """
    try:
        real = os.path.realpath(path)
        return Path(real) if os.path.realpath(real) == real else None
    except ValueError:  # such as a NUL in it
        return None


def read_text(path: Path) -> str:
    """Text of a script or document.

    Raises:
        UsageError: it cannot be read, is too large, or is not UTF-8.
    """
    limit = MAX_DOCUMENT_BYTES if is_markdown(path) or path.suffix == ".json" else MAX_SCRIPT_BYTES
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file.") from None
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}.") from error
    if len(data) > limit:
        raise UsageError(
            f"{path} is larger than {limit // 1024} KiB, the most a script may have.",
            hint="Pass data in `args`, or let agents read it from files.",
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"{path} is not UTF-8: line {line} has the byte 0x{data[error.start]:02x}.",
            hint="Save the file as UTF-8.",
        ) from None


def record_script(text: str) -> tuple[str, str] | None:
    """Name and script of a saved record; None where the text is none."""
    try:
        record = json.loads(text)
    except ValueError:
        return None
    if not isinstance(record, dict):
        return None
    name, script = record.get("name"), record.get("script")
    return (name, script) if isinstance(name, str) and isinstance(script, str) else None
