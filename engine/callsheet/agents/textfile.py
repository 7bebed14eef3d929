"""Text files as editing tools see them: line ends as LF, and put back as they were."""

from __future__ import annotations

import os
from pathlib import Path

from attrs import frozen

from callsheet.agents.paths import ToolError

MAX_EDIT_BYTES = 20 * 2**20
BOM = "\ufeff"


@frozen
class TextFile:
    """A file's text with LF line ends.

    Attributes:
        crlf: whether every line ends with CRLF; a file of mixed line ends is left as it is.
        bom: whether a byte-order mark comes first.
    """

    path: Path
    text: str
    crlf: bool
    bom: bool

    @classmethod
    def load(cls, path: Path) -> TextFile:
        """Read a file; bytes that are no UTF-8 survive a save unchanged.

        Raises:
            ToolError: binary, or too large.
            OSError: unreadable.
        """
        size_bytes = path.stat().st_size
        if size_bytes > MAX_EDIT_BYTES:
            raise ToolError(f"{path.name!r} is too large to edit ({size_bytes} bytes); use bash")
        data = path.read_bytes()
        if b"\0" in data:
            raise ToolError(f"{path.name!r} is a binary file of {size_bytes} bytes")
        text = data.decode("utf-8", "surrogateescape")
        bom = text.startswith(BOM)
        crlf = "\r\n" in text and text.count("\n") == text.count("\r\n")
        text = text.removeprefix(BOM)
        return cls(path, text.replace("\r\n", "\n") if crlf else text, crlf, bom)

    @classmethod
    def load_or_none(cls, path: Path) -> TextFile | None:
        """Read a file, or return None for one that is no text."""
        try:
            return cls.load(path)
        except ToolError:
            return None

    def save(self, text: str) -> None:
        """Write a text with this file's line ends and byte-order mark.

        Raises:
            OSError: the file cannot be written.
        """
        if self.crlf:
            text = text.replace("\r\n", "\n").replace("\n", "\r\n")
        if self.bom and not text.startswith(BOM):
            text = BOM + text
        write_bytes(self.path, text.encode("utf-8", "surrogateescape"))


def write_bytes(path: Path, data: bytes) -> None:
    """Write in place, which keeps mode and hard links; never through a link that appeared after the check.

    Raises:
        OSError: the file cannot be written.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK
    with os.fdopen(os.open(path, flags, 0o666), "wb") as file:
        file.write(data)
