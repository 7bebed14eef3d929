"""Searches the contents of files: with ripgrep where it is installed, else with a search of our own.

Either runs as a process, so that a pattern that never comes to an end can be stopped.
"""

from __future__ import annotations

import shutil
import sys

from callsheet.agents.globs import anchored
from callsheet.agents.paths import ToolError, display, existing_folder, resolve_inside
from callsheet.agents.processes import run_command
from callsheet.agents.tools.base import (
    MAX_LINE_CHARS,
    MAX_OUTPUT_CHARS,
    Arguments,
    Tool,
    ToolContext,
    boolean,
    integer,
    parameters,
    string,
)

TIMEOUT_S = 60
NO_MATCH, INVALID = 1, 2


async def grep(context: ToolContext, arguments: Arguments) -> str:
    """Return matching lines as `path:line:text`, the first ones where there are many."""
    root = existing_folder(context.cwd, ".")
    target = resolve_inside(context.cwd, arguments.get("path", "."))
    if not target.exists():
        raise ToolError(f"{arguments['path']!r}: no such file or folder")
    argv = [*_program(arguments), f"--regexp={arguments['pattern']}", "--", display(root, target)]
    try:
        result = await run_command(
            argv, root, context.environ, timeout_s=TIMEOUT_S, max_output_bytes=64 * MAX_OUTPUT_CHARS
        )
    except (OSError, ValueError) as error:
        raise ToolError(f"the search cannot be started: {error}") from error
    output = result.output.decode(errors="replace").replace("\r\n", "\n")
    output = output.removeprefix("./").replace("\n./", "\n")
    if result.exit_code is None:
        raise ToolError(
            f"the search did not end within {TIMEOUT_S} s; use a simpler pattern or a narrower path"
        )
    if result.exit_code == NO_MATCH and not output:
        return "(no match)"
    if result.exit_code == INVALID and not output.strip().count("\n") > 3:
        raise ToolError(output.strip())
    return _cut(output)


def _program(arguments: Arguments) -> list[str]:
    context_lines = str(arguments.get("context", 0))
    ripgrep = shutil.which("rg")
    if ripgrep is not None:
        argv = [ripgrep, "--no-config", "--no-heading", "--line-number", "--with-filename", "--color=never"]
        argv += ["--hidden", "--no-require-git", "--glob=!.git", "--sort=path", "--no-messages"]
        argv += [f"--max-columns={MAX_LINE_CHARS}", "--max-columns-preview", "--context", context_lines]
    else:
        argv = [sys.executable, "-P", "-m", "callsheet.agents.search", "--context", context_lines]
    if arguments.get("ignore_case"):
        argv.append("--ignore-case")
    if "glob" in arguments:
        argv.append(f"--glob={anchored(arguments['glob'])}")
    return argv


def _cut(output: str) -> str:
    if len(output) <= MAX_OUTPUT_CHARS:
        return output.rstrip("\n")
    shown = output[:MAX_OUTPUT_CHARS]
    shown = shown[: shown.rfind("\n")] if "\n" in shown else shown
    return f"{shown}\n({output.count(chr(10), len(shown))} more lines; narrow the pattern or the path)"


GREP = Tool(
    "grep",
    "Search file contents with a regular expression; ignored and binary files are left out.",
    parameters(
        "pattern",
        pattern=string("regular expression"),
        path=string("file or folder; the working directory by default"),
        glob=string("only files that match this, such as `*.py`"),
        ignore_case=boolean("take upper and lower case as the same"),
        context=integer("how many lines to show around each match", minimum=0),
    ),
    grep,
    "pattern",
)
