"""Writes a whole file."""

from __future__ import annotations

from callsheet.agents.paths import ToolError, resolve_inside
from callsheet.agents.textfile import TextFile, write_bytes
from callsheet.agents.tools.base import Arguments, Tool, ToolContext, parameters, string


def write(context: ToolContext, arguments: Arguments) -> str:
    """Write the content; a file that had CRLF line ends keeps them."""
    name, content = arguments["path"], arguments["content"]
    path = resolve_inside(context.cwd, name)
    if path.is_dir():
        raise ToolError(f"{name!r} is a folder")
    existed = path.exists()
    if existed and not path.is_file():
        raise ToolError(f"{name!r} is no regular file")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if existed and "\r\n" not in content and (old := TextFile.load_or_none(path)) is not None:
            old.save(content)
        else:
            write_bytes(path, content.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise ToolError(f"{name!r}: {error.strerror}") from error
    lines = content.count("\n") + (not content.endswith("\n") and content != "")
    return f"{'replaced' if existed else 'wrote'} {name} ({lines} {'line' if lines == 1 else 'lines'})"


WRITE = Tool(
    "write",
    "Write a file, replacing what was there; missing folders are made. To change a part of a file, use edit.",
    parameters(
        "path content",
        path=string("file, relative to the working directory"),
        content=string("the whole text"),
    ),
    write,
    "path",
)
