"""Finds files by the form of their path."""

from __future__ import annotations

from callsheet.agents.globs import glob_spec
from callsheet.agents.paths import ToolError, display, existing_folder
from callsheet.agents.tools.base import MAX_OUTPUT_CHARS, Arguments, Tool, ToolContext, parameters, string
from callsheet.agents.walk import walk

MAX_FOUND = 1000


def find(context: ToolContext, arguments: Arguments) -> str:
    """Return the paths that match, relative to the working directory, in order of names."""
    start = existing_folder(context.cwd, arguments.get("path", "."))
    root = existing_folder(context.cwd, ".")
    try:
        spec = glob_spec(arguments["pattern"])
    except ValueError as error:
        raise ToolError(f"{arguments['pattern']!r} is no valid pattern: {error}") from error
    found: list[str] = []
    size_chars = 0
    for path in walk(root, start):
        if not spec.match_file(path.relative_to(start).as_posix()):
            continue
        if len(found) == MAX_FOUND or size_chars > MAX_OUTPUT_CHARS:
            found.append("(more files match; narrow the pattern)")
            break
        found.append(display(context.cwd, path))
        size_chars += len(found[-1]) + 1
    return "\n".join(found) or "(no file matches)"


FIND = Tool(
    "find",
    "Find files by a glob pattern such as `*.py` (in any folder) or `src/**/*.{ts,tsx}`; ignored files are left out.",
    parameters(
        "pattern",
        pattern=string("glob pattern; ** stands for any folders"),
        path=string("folder to look in; the working directory by default"),
    ),
    find,
    "pattern",
)
