"""Problems for people: place, message, and the line with a mark under it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from callsheet.cli.formats.report import SEVERITY_NAMES, Region, Report
from callsheet.language.problem import Problem, Severity
from callsheet.language.source import Source

_COLORS = {
    Severity.ERROR: "31",
    Severity.WARNING: "33",
    Severity.INFORMATION: "34",
    Severity.HINT: "36",
}
_WIDEST_LINE = 160
_TAB = "    "


def render(reports: Sequence[Report], *, color: bool = False) -> str:
    """Every problem with its line, then a summary."""
    blocks = [
        "\n".join(_problem(report, problem, color)) for report in reports for problem in report.problems
    ]
    return "\n\n".join([*blocks, summary(reports)])


def lines(path: str | Path, source: Source, problems: Sequence[Problem], *, color: bool = False) -> list[str]:
    """The problems of one file, line by line."""
    report = Report(str(path), source, problems)
    return [line for problem in problems for line in _problem(report, problem, color)]


def summary(reports: Sequence[Report]) -> str:
    """How many problems there are in how many files."""
    counts = dict.fromkeys(Severity, 0)
    for report in reports:
        for problem in report.problems:
            counts[problem.severity] += 1
    where = _count(len(reports), "file")
    parts = [_count(count, _NOUNS[severity]) for severity, count in counts.items() if count]
    return f"{', '.join(parts)} in {where}." if parts else f"No problems in {where}."


_NOUNS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "note",
    Severity.HINT: "hint",
}


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _problem(report: Report, problem: Problem, color: bool) -> Iterator[str]:
    region = report.region(problem.span)
    severity = _paint(SEVERITY_NAMES[problem.severity], _COLORS[problem.severity], color)
    place = _paint(f"{report.path}:{region.line}:{region.column}", "1", color)
    yield f"{place}: {severity}: {problem.message} [{problem.code}]"
    yield from _excerpt(report.source, region, _COLORS[problem.severity], color)
    for related in problem.related:
        there = report.region(related.span)
        yield f"    {there.line}:{there.column}: {related.message}"


def _excerpt(source: Source, region: Region, paint: str, color: bool) -> Iterator[str]:
    text = source.line_text(region.line - 1)
    start = _characters(text, region.column - 1)
    end = _characters(text, region.end_column - 1) if region.end_line == region.line else len(text)
    first = max(0, start - _WIDEST_LINE // 2)
    shown = text[first : first + _WIDEST_LINE]
    before, marked = text[first:start], text[start : min(max(end, start + 1), first + _WIDEST_LINE)]
    number = str(region.line)
    yield f"  {number} | {_clean(shown)}"
    mark = _paint("^" * max(1, _width(_clean(marked))), paint, color)
    yield f"  {' ' * len(number)} | {' ' * _width(_clean(before))}{mark}"


def _characters(text: str, units: int) -> int:
    """Number of code points that make up so many UTF-16 units."""
    for index, character in enumerate(text):
        if units <= 0:
            return index
        units -= 2 if character > "\uffff" else 1
    return len(text)


def _clean(text: str) -> str:
    return "".join(
        _TAB if character == "\t" else character if character.isprintable() else "\ufffd"
        for character in text
    )


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def _paint(text: str, code: str, color: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if color else text
