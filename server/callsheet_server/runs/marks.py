"""Where the calls of a run stand in a document, from its start on and through every edit since."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Final

from attrs import define
from callsheet.language.model import CallSite, build_model
from callsheet.language.problem import Span
from callsheet.language.source import Source, TreeEdit
from callsheet.language.syntax import parse

from callsheet_server.documents import map_offset

MAX_DIFF_LINES: Final = 3000
"""Most lines that differ between the run's script and the document for which equal lines are looked for."""

Place = tuple[int, int]
"""Line and column in a run's script, from 1 and in UTF-16 units."""

_NO_AGENTS: Final = frozenset({"phase", "log", "budget", "parallel", "pipeline"})


@define
class Mark:
    """A call in the document.

    Attributes:
        start: byte offset of its name, as the document stands.
        end: byte offset of the call's end, on whichever line that is.
        text: its line when the run began; once the document's line differs, the mark is void.
    """

    start: int
    name_bytes: int
    end: int
    text: str


class Marks:
    """The places of a run's calls in one document, by line and column of the run's script, from 1.

    Finding them compares texts: make it off the event loop for long ones.
    """

    def __init__(self, script: Source, document: Source) -> None:
        self._script = script
        lines = _equal_lines(script, document)
        self._marks: dict[Place, Mark] = {}
        self._first: dict[int, Place] = {}
        for site in _sites(script):
            line, column = script.position(site.callee.start_byte)
            here = lines.get(line)
            if here is None:
                continue
            start = document.line_starts[here] + site.callee.start_byte - script.line_starts[line]
            size = site.callee.end_byte - site.callee.start_byte
            end = start + site.node.end_byte - site.node.start_byte
            place = (line + 1, column + 1)
            self._first.setdefault(line + 1, place)
            self._marks[place] = Mark(start, size, min(end, len(document.data)), document.line_text(here))

    def moved(self, edits: Sequence[TreeEdit], document: Source) -> None:
        """The document was edited: places move along, lines that changed lose theirs."""
        for place, mark in list(self._marks.items()):
            mark.start = map_offset(mark.start, edits)
            mark.end = map_offset(mark.end, edits, sticky_end=True)
            if document.line_text(document.line_of(mark.start)) != mark.text:
                del self._marks[place]

    def line_span(self, line: int, column: int, document: Source) -> Span | None:
        """Any place of the script, by line and column from 1, to the end of its line; None where it is not there."""
        here = _equal_lines(self._script, document).get(line - 1)
        if here is None:
            return None
        offset = self._script.offset(line - 1, column - 1) - self._script.line_starts[line - 1]
        start, end = document.line_starts[here], document.line_end(here)
        return Span(min(start + offset, end), end)

    def site(self, line: int, column: int) -> Place:
        """The call site that a call's place means: where none begins there, the first of its line."""
        place = (line, column)
        return place if place in self._marks else self._first.get(line, place)

    def span(self, site: Place) -> tuple[Span, int] | None:
        """The name of a site's call and the call's end, as the document stands; None where it is void."""
        mark = self._marks.get(site)
        return (Span(mark.start, mark.start + mark.name_bytes), mark.end) if mark is not None else None


def _sites(script: Source) -> list[CallSite]:
    """Calls that may start agents or questions, the first of each line first."""
    return [site for site in build_model(parse(script)).calls if site.kind not in _NO_AGENTS]


def _equal_lines(script: Source, document: Source) -> dict[int, int]:
    """Lines of the document, from 0, by the equal lines of the script."""
    if script.data == document.data:
        return {line: line for line in range(script.line_count)}
    before = [script.line_text(line) for line in range(script.line_count)]
    after = [document.line_text(line) for line in range(document.line_count)]
    shorter = min(len(before), len(after))
    head = 0
    while head < shorter and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < shorter - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    pairs = {line: line for line in range(head)}
    pairs.update((len(before) - 1 - line, len(after) - 1 - line) for line in range(tail))
    middle = before[head : len(before) - tail], after[head : len(after) - tail]
    if max(map(len, middle)) <= MAX_DIFF_LINES:
        for block in difflib.SequenceMatcher(None, *middle).get_matching_blocks():
            pairs.update((head + block.a + index, head + block.b + index) for index in range(block.size))
    return pairs
