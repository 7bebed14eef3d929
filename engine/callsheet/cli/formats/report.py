"""What was found in one file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import frozen

from callsheet.language.problem import Problem, Severity, Span
from callsheet.language.source import Source

SEVERITY_NAMES: Final = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "info",
    Severity.HINT: "hint",
}


@frozen
class Region:
    """A range of text: lines and columns from 1, columns in UTF-16 units, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@frozen
class Report:
    """The problems of one file.

    Attributes:
        path: as it is shown: relative to the working directory where it lies in it.
        source: the text that the problems are about.
    """

    path: str
    source: Source
    problems: Sequence[Problem]

    def region(self, span: Span) -> Region:
        """Lines and columns of a range of bytes."""
        line, column = self.source.position(span.start)
        end_line, end_column = self.source.position(max(span.end, span.start))
        return Region(line + 1, column + 1, end_line + 1, end_column + 1)
