"""What a tool is, and the bounds that all tools share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from callsheet.agents.processes import ShellOwner

MAX_OUTPUT_CHARS = 40_000
MAX_LINE_CHARS = 2_000
MAX_FILE_BYTES = 20 * 2**20
BINARY_PROBE_BYTES = 8192

Arguments = dict[str, Any]

OTHER_NAMES = {
    "file_path": "path",
    "filePath": "path",
    "old_string": "old",
    "old_text": "old",
    "oldText": "old",
    "new_string": "new",
    "new_text": "new",
    "newText": "new",
    "replace_all": "all",
    "include": "glob",
}
"""What tools of other agents call an argument: models have habits, and an error costs a turn."""


@frozen
class ToolContext:
    """Where a tool works.

    Attributes:
        cwd: the directory it may not leave.
        environ: environment of the commands it starts, already clean.
        owner: whom those commands belong to.
        on_line: called with lines of output as they come, for people to see.
    """

    cwd: Path
    environ: Mapping[str, str] = field(factory=dict)
    owner: ShellOwner = field(factory=lambda: ShellOwner("none", 0))
    on_line: Callable[[str], None] = lambda line: None


@frozen
class Tool:
    """One tool as the model sees it.

    Attributes:
        name: as scripts and agent definitions name it.
        description: told to the model.
        parameters: JSON Schema of the arguments.
        run: does it and returns the text for the model, or raises ToolError; run in a thread unless it is a coroutine.
        subject: the argument that tells people what it is about.
    """

    name: str
    description: str
    parameters: dict[str, Any]
    run: Callable[[ToolContext, Arguments], str | Awaitable[str]]
    subject: str

    def named(self, given: Arguments) -> Arguments:
        """The arguments under this tool's own names, 2.0 as the 2 that it is, without those that hold nothing."""
        known = self.parameters["properties"]
        own = {name if name in known else OTHER_NAMES.get(name, name): value for name, value in given.items()}
        return {name: _plain_number(value) for name, value in own.items() if value is not None}


def _plain_number(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def parameters(required: str, **properties: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object; `required` lists names, separated by spaces."""
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def string(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


def integer(description: str, minimum: int = 1) -> dict[str, Any]:
    return {"type": "integer", "description": description, "minimum": minimum}


def boolean(description: str) -> dict[str, Any]:
    return {"type": "boolean", "description": description}


def cut_line(line: str) -> str:
    """Return a line, cut where it is too long to be of use."""
    if len(line) <= MAX_LINE_CHARS:
        return line
    return f"{line[:MAX_LINE_CHARS]}… ({len(line) - MAX_LINE_CHARS} more characters)"
