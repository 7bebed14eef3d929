"""Glob patterns as models write them, on top of those of `.gitignore`."""

from __future__ import annotations

import re
from typing import Any

MAX_ALTERNATIVES = 200
_BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")


def anchored(glob: str) -> str:
    """A leading `./` means the folder itself, for which `.gitignore` writes `/`."""
    return glob[1:] if glob.startswith("./") else glob


def glob_spec(glob: str) -> Any:
    """What matches a path by a glob of `.gitignore` that may have alternatives, such as `*.{ts,tsx}`.

    Raises:
        ValueError: no valid pattern, or one with too many alternatives.
    """
    from pathspec import GitIgnoreSpec

    lines = [anchored(line) for line in _alternatives(glob)]
    return GitIgnoreSpec.from_lines(f"\\{line}" if line.startswith("#") else line for line in lines)


def _alternatives(glob: str) -> list[str]:
    """Write out the braces, innermost first."""
    found = [glob]
    while any(_BRACES.search(each) for each in found):
        found = [whole for each in found for whole in _written_out(each)]
        if len(found) > MAX_ALTERNATIVES:
            raise ValueError(f"more than {MAX_ALTERNATIVES} alternatives")
    return found


def _written_out(glob: str) -> list[str]:
    match = _BRACES.search(glob)
    if match is None:
        return [glob]
    return [f"{glob[: match.start()]}{part}{glob[match.end() :]}" for part in match[1].split(",")]
