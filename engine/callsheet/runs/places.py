"""Where calls stand in a script. The JavaScript engine gives some calls the place of their last argument."""

from __future__ import annotations

from typing import Final

from attrs import define, field

from callsheet.language.model import Workflow
from callsheet.language.source import Source

_SITES: Final = {
    "agent": frozenset({"agent", "verify", "judgePanel", "completenessCheck"}),
    "checkpoint": frozenset({"checkpoint"}),
    "workflow": frozenset({"workflow"}),
}
"""Functions that a call of each kind may come from."""


@define
class CallPlaces:
    """The call sites of one script."""

    _source: Source | None = None
    _spans: list[tuple[str, int, int]] = field(factory=list)
    _known: dict[tuple[str, int, int], tuple[int, int]] = field(factory=dict)

    @classmethod
    def of(cls, source: Source, workflow: Workflow) -> CallPlaces:
        spans = [(site.kind, site.callee.start_byte, site.node.end_byte) for site in workflow.calls]
        return cls(source, spans)

    def begin(self, kind: str, line: int, column: int) -> tuple[int, int]:
        """Line and column, from 1 and in UTF-16 units, where the call begins that a place lies in.

        A place in no call that the script shows, such as one under another name, is given back as it came.
        """
        place = (kind, line, column)
        if place not in self._known:
            self._known[place] = self._find(*place)
        return self._known[place]

    def _find(self, kind: str, line: int, column: int) -> tuple[int, int]:
        if self._source is None or line > self._source.line_count:
            return line, column
        offset = self._source.offset(line - 1, column - 1)
        around = [
            start
            for name, start, end in self._spans
            if name in _SITES.get(kind, ()) and start <= offset < end
        ]
        if not around:
            return line, column
        row, units = self._source.position(max(around))
        return row + 1, units + 1
