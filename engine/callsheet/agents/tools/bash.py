"""Runs a shell command in the working directory."""

from __future__ import annotations

from callsheet.agents.paths import ToolError
from callsheet.agents.processes import run_command, shell
from callsheet.agents.tools.base import MAX_OUTPUT_CHARS, Arguments, Tool, ToolContext, parameters, string

DEFAULT_TIMEOUT_S = 120
MAX_TIMEOUT_S = 1800


async def bash(context: ToolContext, arguments: Arguments) -> str:
    """Return the command's output, its tail where it is long, and its exit code where it is not 0."""
    timeout_s = min(arguments.get("timeout_s", DEFAULT_TIMEOUT_S), MAX_TIMEOUT_S)

    def show(piece: bytes) -> None:
        lines = piece.decode(errors="replace").split("\n")
        context.on_line(next((line for line in reversed(lines) if line.strip()), ""))

    try:
        result = await run_command(
            [shell(), "-c", arguments["command"]],
            context.cwd,
            context.environ,
            timeout_s=timeout_s,
            max_output_bytes=MAX_OUTPUT_CHARS,
            on_output=show,
        )
    except (OSError, ValueError) as error:
        raise ToolError(f"the command cannot be started: {error}") from error
    output = result.output.decode(errors="replace")
    if result.cut_bytes:
        output = f"(the first {result.cut_bytes} bytes are left out)\n{output}"
    if result.exit_code is None:
        return f"{output}\n(stopped after {timeout_s:g} s)"
    if result.exit_code:
        return f"{output}\n(exit code {result.exit_code})"
    return output or "(no output)"


BASH = Tool(
    "bash",
    "Run a shell command in the working directory. No input can be given; what it leaves running is ended.",
    parameters(
        "command",
        command=string("the command"),
        timeout_s={
            "type": "number",
            "exclusiveMinimum": 0,
            "description": f"limit in seconds, {DEFAULT_TIMEOUT_S} by default, at most {MAX_TIMEOUT_S}",
        },
    ),
    bash,
    "command",
)
