"""Replaces a text in a file, which must be there exactly once."""

from __future__ import annotations

from callsheet.agents.paths import ToolError, existing_file
from callsheet.agents.textfile import TextFile
from callsheet.agents.tools.base import Arguments, Tool, ToolContext, boolean, cut_line, parameters, string

CONTEXT_LINES = 3
MAX_PLACES = 10
MAX_SNIPPET_LINES = 60


def edit(context: ToolContext, arguments: Arguments) -> str:
    """Replace `old` by `new` and show the lines around the change."""
    name = arguments["path"]
    path = existing_file(context.cwd, name)
    try:
        file = TextFile.load(path)
    except OSError as error:
        raise ToolError(f"{name!r}: {error.strerror}") from error
    old, new = arguments["old"], arguments["new"]
    if file.crlf:
        old, new = old.replace("\r\n", "\n"), new.replace("\r\n", "\n")
    _check(name, file.text, old, new, several=arguments.get("all", False))
    count = file.text.count(old)
    position = file.text.index(old)
    text = file.text.replace(old, new)
    try:
        file.save(text)
    except OSError as error:
        raise ToolError(f"{name!r}: {error.strerror}") from error
    places = f" in {count} places, here the first" if count > 1 else ""
    return f"edited {name}{places}:\n{_snippet(text, position, len(new))}"


def _check(name: str, text: str, old: str, new: str, *, several: bool) -> None:
    if old == "":
        raise ToolError("`old` is empty; to make a file use write")
    if old == new:
        raise ToolError("`old` and `new` are the same")
    count = text.count(old)
    if count == 0:
        folded = " ".join(old.split())
        hint = (
            "; it is there with other white space, read the file again"
            if folded in " ".join(text.split())
            else ""
        )
        raise ToolError(f"`old` is not in {name}{hint}")
    if count > 1 and not several:
        lines = ", ".join(map(str, _places(text, old)))
        raise ToolError(
            f"`old` is {count} times in {name} (lines {lines}{'…' if count > MAX_PLACES else ''}); "
            "give more of the lines around it, or set `all`"
        )


def _places(text: str, old: str) -> list[int]:
    places: list[int] = []
    position = text.find(old)
    while position >= 0 and len(places) < MAX_PLACES:
        places.append(text.count("\n", 0, position) + 1)
        position = text.find(old, position + len(old))
    return places


def _snippet(text: str, position: int, size_chars: int) -> str:
    first = text.count("\n", 0, position)
    last = text.count("\n", 0, position + size_chars)
    lines = text.split("\n")
    start = max(0, first - CONTEXT_LINES)
    end = min(len(lines), last + CONTEXT_LINES + 1, start + MAX_SNIPPET_LINES)
    return "\n".join(f"{number + 1:>6}\t{cut_line(lines[number])}" for number in range(start, end))


EDIT = Tool(
    "edit",
    "Replace text in a file. `old` must be in the file exactly once, with all its white space (without line numbers).",
    parameters(
        "path old new",
        path=string("file, relative to the working directory"),
        old=string("the text to replace"),
        new=string("the text to put there"),
        all=boolean("replace every occurrence"),
    ),
    edit,
    "path",
)
