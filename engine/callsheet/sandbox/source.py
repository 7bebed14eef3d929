"""A user's file as the code that the worker evaluates, without moving a line or a column."""

from __future__ import annotations

import re

from attrs import frozen

from callsheet.language.fences import script_span
from callsheet.language.problem import Span
from callsheet.language.source import Source

LINE_OFFSET = 20_000
"""Lines of the user's file start behind this one, so that they are told from the runtime's own in stack traces."""

_GAP = rb"(?:[ \t\r\n\v\f]|\xc2\xa0|\xe2\x80[\xa8\xa9]|\xef\xbb\xbf|//[^\r\n]*|/\*(?:[^*]|\*(?!/))*\*/)"
_META = re.compile(
    rb"(?P<before>"
    + _GAP
    + rb"*)(?P<export>export)(?P<gap>"
    + _GAP
    + rb"+)(?P<const>const)"
    + _GAP
    + rb"+meta(?![\w$\\])"
)
_NEW = re.compile(rb"(?<![\w$.])new[ \t]+(?=$)")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@frozen
class Prepared:
    """A script ready for the worker.

    Attributes:
        source: the user's file, for positions.
        script: the bytes of the script in it.
        run: code in which the first statement assigns `meta`, which the runtime then freezes.
        check: code in which it declares `meta`, so that a second declaration is a syntax error.
    """

    source: Source
    script: Span
    run: str
    check: str

    def position(self, line: int, column: int) -> tuple[int, int]:
        """Line and column (UTF-16 units), from 1, of a line and a column in bytes, both from 1.

        Whatever the worker says is brought inside the file.
        """
        offset = self.offset(line, column)
        # The engine points at the class behind `new`.
        start = self.source.line_starts[self.source.line_of(offset)]
        construct = _NEW.search(self.source.data, start, offset)
        return self.position_of(construct.start() if construct else offset)

    def offset(self, line: int, column: int) -> int:
        """The byte of the file at a line and a column in bytes, both from 1."""
        row = max(0, min(line - 1, self.source.line_count - 1))
        offset = self.source.line_starts[row] + max(0, column - 1)
        return min(offset, self.source.line_end(row))

    def position_of(self, offset: int) -> tuple[int, int]:
        """Line and column (UTF-16 units), from 1, of a byte of the file."""
        row, unit = self.source.position(offset)
        return row + 1, unit + 1

    def call_position(self, line: int, column: int, name: str) -> tuple[int, int]:
        """The same for a call of `name`; the engine may point at an argument of it."""
        row = max(0, min(line - 1, self.source.line_count - 1))
        start = self.source.line_starts[row]
        offset = min(start + max(0, column - 1), self.source.line_end(row))
        word = name.encode()
        if not self.source.data.startswith(word, offset):
            found = self.source.data.rfind(word + b"(", start, offset)
            offset = found if found >= 0 else offset
        return self.position_of(offset)


def prepare(text: str, span: Span | None = None) -> Prepared:
    """Makes the code to evaluate from a user's file.

    Args:
        text: the whole file.
        span: bytes of the script in it; found where None.
    """
    source = Source(_LONE_SURROGATE.sub("\ufffd", text))
    span = span or script_span(source)
    # The engine counts lines by \n and takes no NUL. A lone \r ends a line as \n does, and another control character
    # is as little a part of the language.
    body = re.sub(rb"\r(?!\n)", b"\n", source.data[span.start : span.end]).replace(b"\0", b"\1")
    if body.startswith(b"#!"):
        body = b"//" + body[2:]
    line = source.line_of(span.start)
    padding = b"\n" * (LINE_OFFSET + line) + b" " * (span.start - source.line_starts[line])
    match = _META.match(body)
    run = check = body
    if match is not None:
        check = _blank(body, match.span("export"))
        run = _blank(check, match.span("const"))
    return Prepared(source, span, (padding + run).decode(), (padding + check).decode())


def _blank(body: bytes, span: tuple[int, int]) -> bytes:
    start, end = span
    return body[:start] + b" " * (end - start) + body[end:]
