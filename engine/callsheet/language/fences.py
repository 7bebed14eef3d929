"""Markdown code fences: a script wrapped in one, and scripts embedded in a document (language, F6 and F7)."""

from __future__ import annotations

import re

from attrs import frozen

from callsheet.language.problem import Span
from callsheet.language.source import Source

_OPEN = re.compile(rb"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^\r\n]*)")
_WORKFLOW_INFO = re.compile(r"(?:(?:js|javascript|mjs)[ \t,]+)?workflow(?=[ \t,{]|$)", re.IGNORECASE)


@frozen
class Fence:
    """A fenced code block.

    Attributes:
        info: the text behind the opening marks.
        content: bytes between the lines of the two marks.
        closed: whether the closing marks are there.
    """

    info: str
    content: Span
    closed: bool

    @property
    def is_workflow(self) -> bool:
        return _WORKFLOW_INFO.match(self.info) is not None


def find_fences(source: Source) -> list[Fence]:
    """Every fenced code block of a Markdown text, in order."""
    fences: list[Fence] = []
    starts = source.line_starts
    line = 0
    while line < len(starts):
        start = starts[line] + (source.content_start if line == 0 else 0)
        opening = _OPEN.match(source.data, start)
        if opening is None or (opening["mark"].startswith(b"`") and b"`" in opening["info"]):
            line += 1
            continue
        close = _closing_line(source, line + 1, opening["mark"])
        first = starts[line + 1] if line + 1 < len(starts) else len(source.data)
        last = starts[close] if close < len(starts) else len(source.data)
        info = opening["info"].decode("utf-8", "replace").strip()
        fences.append(Fence(info, Span(first, max(first, last)), close < len(starts)))
        line = close + 1
    return fences


def workflow_fences(source: Source) -> list[Fence]:
    """The fenced code blocks of a Markdown text that hold workflow scripts."""
    if b"workflow" not in source.data.lower():
        return []
    return [fence for fence in find_fences(source) if fence.is_workflow]


def script_span(source: Source) -> Span:
    """The bytes of the script in a script file: all of it, or the inside of the one fence that wraps it."""
    start, end = source.content_start, len(source.data)
    head = source.data[start : start + 4096].lstrip()
    if not head.startswith((b"```", b"~~~")):
        return Span(start, end)
    fences = find_fences(source)
    if len(fences) != 1:
        return Span(start, end)
    content = fences[0].content
    closing = source.data[content.end :].strip()
    return content if closing.strip(closing[:1]) == b"" else Span(start, end)


def _closing_line(source: Source, line: int, mark: bytes) -> int:
    closing = re.compile(rb"[ \t]*" + re.escape(mark[:1]) + rb"{%d,}[ \t]*(?=[\r\n]|$)" % len(mark))
    while line < source.line_count:
        start = source.line_starts[line]
        match = closing.match(source.data, start, source.line_end(line))
        if match is not None and match.end() == source.line_end(line):
            return line
        line += 1
    return line
