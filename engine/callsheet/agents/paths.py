"""What an agent's file tools may touch: its working directory, symbolic links resolved."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from callsheet.language.files import real_path


class ToolError(Exception):
    """A tool cannot do what the model asked; the message is told to the model."""


def resolve_inside(root: Path, name: str) -> Path:
    """Return the real path of a name, which need not exist yet.

    Args:
        root: the working directory.
        name: a path, relative to the root or absolute.

    Raises:
        ToolError: the path leads out of the root, whatever the route: `..`, an absolute path, a symbolic link.
    """
    if "\0" in name:
        raise ToolError("a path cannot contain a NUL character")
    real_root = Path(os.path.realpath(root))
    real = real_path(real_root / name)
    if real is None:
        raise ToolError(f"{name!r} leads nowhere: it is no path, or symbolic links lead in a circle")
    if not real.is_relative_to(real_root):
        raise ToolError(f"{name!r} is outside the working directory; only paths inside it can be used")
    return real


def existing_file(root: Path, name: str) -> Path:
    """Return the real path of a regular file.

    Raises:
        ToolError: no such file, or a folder, device or pipe (reading one could block for ever), or outside.
    """
    path = resolve_inside(root, name)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise ToolError(f"{name!r}: {error.strerror}") from error
    if stat.S_ISDIR(mode):
        raise ToolError(f"{name!r} is a folder; use ls")
    if not stat.S_ISREG(mode):
        raise ToolError(f"{name!r} is no regular file")
    return path


def existing_folder(root: Path, name: str) -> Path:
    """Return the real path of a folder.

    Raises:
        ToolError: no such folder, or outside.
    """
    path = resolve_inside(root, name or ".")
    if not path.is_dir():
        raise ToolError(f"{name!r}: {'no folder' if path.exists() else 'no such folder'}")
    return path


def display(root: Path, path: Path) -> str:
    """Return a path as the model should see it: relative to the root."""
    return os.path.relpath(path, os.path.realpath(root))
