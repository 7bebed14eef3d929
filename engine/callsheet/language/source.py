"""The text of a file: its bytes, its lines, and conversions between byte offsets and editor positions."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Literal

from attrs import frozen

Encoding = Literal["utf-8", "utf-16", "utf-32"]
"""What a column counts: UTF-8 bytes, UTF-16 code units, or code points."""

_LINE_END = re.compile(rb"\r\n|\n|\r")
_BOM = b"\xef\xbb\xbf"


@frozen
class TreeEdit:
    """One replacement in the terms of tree-sitter: bytes, and points of (row, column in bytes)."""

    start_byte: int
    old_end_byte: int
    new_end_byte: int
    start_point: tuple[int, int]
    old_end_point: tuple[int, int]
    new_end_point: tuple[int, int]


class Source:
    r"""An immutable text with a line index.

    Lines end at ``\n``, ``\r\n`` and ``\r`` only, as in the Language Server Protocol.
    Lone surrogates are kept.

    Attributes:
        data: the text as UTF-8.
    """

    def __init__(self, text: str) -> None:
        self.data = text.encode("utf-8", "surrogatepass")
        self.__dict__["text"] = text

    @classmethod
    def from_bytes(cls, data: bytes) -> Source:
        """Wraps UTF-8 bytes, which are decoded when `text` is first read."""
        source = cls.__new__(cls)
        source.data = data
        return source

    @cached_property
    def text(self) -> str:
        return self.data.decode("utf-8", "surrogatepass")

    @cached_property
    def is_ascii(self) -> bool:
        return self.data.isascii()

    @cached_property
    def line_starts(self) -> list[int]:
        """Byte offset of each line's first byte; there is always a first line."""
        return [0, *(match.end() for match in _LINE_END.finditer(self.data))]

    @property
    def line_count(self) -> int:
        return len(self.line_starts)

    @property
    def content_start(self) -> int:
        """Byte offset behind the byte-order mark, if there is one."""
        return len(_BOM) if self.data.startswith(_BOM) else 0

    def slice(self, start: int, end: int) -> str:
        """Text between two byte offsets."""
        return self.data[start:end].decode("utf-8", "replace")

    def line_of(self, offset: int) -> int:
        """Line, from 0, that the byte at `offset` is on."""
        return bisect_right(self.line_starts, offset) - 1

    def line_end(self, line: int) -> int:
        """Byte offset of the end of a line's content, before its line end."""
        starts = self.line_starts
        if line + 1 >= len(starts):
            return len(self.data)
        end = starts[line + 1] - 1
        if end > starts[line] and self.data[end] == 0x0A and self.data[end - 1] == 0x0D:
            end -= 1
        return end

    def line_text(self, line: int) -> str:
        """Content of a line, without its line end."""
        return self.slice(self.line_starts[line], self.line_end(line))

    def position(self, offset: int, encoding: Encoding = "utf-16") -> tuple[int, int]:
        """Line and column, both from 0, of a byte offset.

        Offsets outside the text are clamped; one inside a character counts as that character's start.
        """
        offset = max(0, min(offset, len(self.data)))
        line = self.line_of(offset)
        start = self.line_starts[line]
        offset = min(offset, self.line_end(line))
        if self.is_ascii:
            return line, offset - start
        return line, _width(self.data[start : self._character_start(offset)], encoding)

    def offset(self, line: int, column: int, encoding: Encoding = "utf-16") -> int:
        """Byte offset of a line and column, both from 0.

        A column behind the line's end means its end, a line behind the last one the end of the text.
        """
        if line < 0 or column < 0:
            return 0 if line < 0 else self.line_starts[min(line, self.line_count - 1)]
        if line >= self.line_count:
            return len(self.data)
        start, end = self.line_starts[line], self.line_end(line)
        if self.is_ascii or encoding == "utf-8":
            return self._character_start(min(start + column, end))
        content = self.data[start:end]
        if content.isascii():
            return min(start + column, end)
        text = content.decode("utf-8", "surrogatepass")
        text = _cut_utf16(text, column) if encoding == "utf-16" else text[:column]
        return start + len(text.encode("utf-8", "surrogatepass"))

    def replace(self, start: int, end: int, text: str) -> tuple[Source, TreeEdit]:
        """The source with the bytes from `start` to `end` replaced, and that edit for `reparse`."""
        inserted = text.encode("utf-8", "surrogatepass")
        new = Source.from_bytes(b"".join((self.data[:start], inserted, self.data[end:])))
        new_end = start + len(inserted)
        if "line_starts" in self.__dict__:
            new.__dict__["line_starts"] = self._line_starts_after(new.data, start, end, new_end)
        edit = TreeEdit(
            start, end, new_end, _point(self.data, start), _point(self.data, end), _point(new.data, new_end)
        )
        return new, edit

    def _line_starts_after(self, data: bytes, start: int, end: int, new_end: int) -> list[int]:
        """The line index after a replacement, looking only at the lines that it touches."""
        starts, moved = self.line_starts, new_end - end
        first, after = bisect_right(starts, max(start - 1, 0)) - 1, bisect_right(starts, end)
        stop = starts[after] + moved if after < len(starts) else len(data)
        between = [match.end() for match in _LINE_END.finditer(data, starts[first], stop)]
        return [*starts[: first + 1], *between, *(line + moved for line in starts[after + 1 :])]

    def _character_start(self, offset: int) -> int:
        data = self.data
        while 0 < offset < len(data) and data[offset] & 0xC0 == 0x80:
            offset -= 1
        return offset


def _width(content: bytes, encoding: Encoding) -> int:
    if encoding == "utf-8" or content.isascii():
        return len(content)
    text = content.decode("utf-8", "surrogatepass")
    if encoding == "utf-32":
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut_utf16(text: str, units: int) -> str:
    width = 0
    for index, character in enumerate(text):
        width += 2 if character > "\uffff" else 1
        if width > units:
            return text[:index]
    return text


def _point(data: bytes, offset: int) -> tuple[int, int]:
    return data.count(b"\n", 0, offset), offset - (data.rfind(b"\n", 0, offset) + 1)
