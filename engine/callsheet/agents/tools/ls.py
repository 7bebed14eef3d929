"""Lists a folder."""

from __future__ import annotations

import os
from pathlib import Path

from callsheet.agents.paths import ToolError, existing_folder
from callsheet.agents.tools.base import Arguments, Tool, ToolContext, parameters, string

MAX_ENTRIES = 1000


def ls(context: ToolContext, arguments: Arguments) -> str:
    """Return the entries, folders with a slash at the end, links with their target, files with their size."""
    name = arguments.get("path", ".")
    path = existing_folder(context.cwd, name)
    try:
        with os.scandir(path) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise ToolError(f"{name!r}: {error.strerror}") from error
    lines = [_describe(entry) for entry in listed[:MAX_ENTRIES]]
    if len(listed) > MAX_ENTRIES:
        lines.append(f"({len(listed) - MAX_ENTRIES} more entries)")
    return "\n".join(lines) or "(the folder is empty)"


def _describe(entry: os.DirEntry[str]) -> str:
    try:
        if entry.is_symlink():
            return f"{entry.name} -> {Path(entry.path).readlink()}"
        if entry.is_dir():
            return f"{entry.name}/"
        return f"{entry.name}\t{entry.stat(follow_symlinks=False).st_size} bytes"
    except OSError:
        return entry.name


LS = Tool(
    "ls",
    "List a folder: folders end with a slash, files have their size.",
    parameters(
        "", path=string("folder, relative to the working directory; the working directory by default")
    ),
    ls,
    "path",
)
