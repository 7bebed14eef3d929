"""Reads a part of a text file, with line numbers."""

from __future__ import annotations

from typing import BinaryIO

from callsheet.agents.paths import ToolError, existing_file
from callsheet.agents.tools.base import (
    BINARY_PROBE_BYTES,
    MAX_LINE_CHARS,
    MAX_OUTPUT_CHARS,
    Arguments,
    Tool,
    ToolContext,
    integer,
    parameters,
    string,
)

DEFAULT_LINES = 2000
SKIP_BYTES = 2**20


def read(context: ToolContext, arguments: Arguments) -> str:
    """Return lines `offset` to `offset + limit`; only as much of the file is read as is needed."""
    path = existing_file(context.cwd, arguments["path"])
    first = arguments.get("offset", 1)
    last = first + arguments.get("limit", DEFAULT_LINES) - 1
    try:
        with path.open("rb") as file:
            if b"\0" in file.read(BINARY_PROBE_BYTES):
                raise ToolError(f"{arguments['path']!r} is a binary file of {path.stat().st_size} bytes")
            file.seek(0)
            return _lines(file, first, last)
    except OSError as error:
        raise ToolError(f"{arguments['path']!r}: {error.strerror}") from error


def _lines(file: BinaryIO, first: int, last: int) -> str:
    shown: list[str] = []
    size_chars = 0
    number = 0
    while (line := _line(file)) is not None:
        number += 1
        if number < first:
            continue
        if number > last or size_chars > MAX_OUTPUT_CHARS:
            shown.append(f"(more lines follow; continue with offset {number})")
            break
        shown.append(f"{number:>6}\t{line}")
        size_chars += len(shown[-1]) + 1
    if number == 0:
        return "(the file is empty)"
    if not shown:
        raise ToolError(f"the file has only {number} lines")
    return "\n".join(shown)


def _line(file: BinaryIO) -> str | None:
    """Return the next line without its end, the rest of an overlong one skipped; None at the end."""
    start = file.readline(4 * MAX_LINE_CHARS)
    if not start:
        return None
    skipped_bytes = 0
    end = start
    while len(end) > 0 and not end.endswith(b"\n") and (end := file.readline(SKIP_BYTES)):
        skipped_bytes += len(end)
    if skipped_bytes and end.endswith(b"\n"):
        skipped_bytes -= 1
    text = start.rstrip(b"\r\n").decode(errors="replace")
    if len(text) > MAX_LINE_CHARS:
        skipped_bytes += len(text[MAX_LINE_CHARS:].encode())
        text = text[:MAX_LINE_CHARS]
    return f"{text}… ({skipped_bytes} more bytes)" if skipped_bytes else text


READ = Tool(
    "read",
    "Read a text file. Lines come with their numbers, counted from 1; the numbers are no part of the file.",
    parameters(
        "path",
        path=string("file, relative to the working directory"),
        offset=integer("first line to read, 1 by default"),
        limit=integer(f"how many lines to read, {DEFAULT_LINES} by default"),
    ),
    read,
    "path",
)
