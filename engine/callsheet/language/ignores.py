"""Inline ignores: `// callsheet-ignore <rule>: why`, behind the code or on a line above it."""

from __future__ import annotations

import re

from attrs import define

from callsheet.language.problem import Problem, Span
from callsheet.language.syntax import Parsed

_MARK = b"callsheet-ignore"
_COMMENT = re.compile(r"callsheet-ignore(?![\w-])[ \t]*(?P<codes>[\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)?")
_CODE = re.compile(r"[\w-]+")


@define
class Ignore:
    """One rule's name in an ignore comment.

    Attributes:
        code: the rule; empty where the comment names none.
        span: the name, or the whole mark where there is none.
        line: the line, from 0, whose problems it silences.
        comment: the whole comment.
        checked: whether its rule was run.
        used: whether it silenced a problem.
    """

    code: str
    span: Span
    line: int
    comment: Span
    checked: bool = False
    used: bool = False


def find_ignores(parsed: Parsed) -> list[Ignore]:
    """Every ignore of a script, in order."""
    data, found = parsed.source.data, list[Ignore]()
    at = data.find(_MARK, parsed.script.start, parsed.script.end)
    while at >= 0:
        node = parsed.root.descendant_for_byte_range(at, at + len(_MARK))
        if node is not None and node.type == "comment":
            found.extend(_read(parsed, at, node.start_byte, node.end_byte))
        at = data.find(_MARK, at + len(_MARK), parsed.script.end)
    return found


def apply_ignores(parsed: Parsed, problems: list[Problem], ignores: list[Ignore]) -> list[Problem]:
    """Problems that no ignore silences; marks the ignores that were used."""
    by_place: dict[tuple[str, int], Ignore] = {(ignore.code, ignore.line): ignore for ignore in ignores}
    kept = []
    for problem in problems:
        ignore = by_place.get((problem.code, parsed.source.line_of(problem.span.start)))
        if ignore is None:
            kept.append(problem)
        else:
            ignore.used = True
    return kept


def _read(parsed: Parsed, at: int, start: int, end: int) -> list[Ignore]:
    text = parsed.source.slice(at, end)
    match = _COMMENT.match(text)
    if match is None:
        return []
    line, comment = _target_line(parsed, start, end), Span(start, end)
    codes = match["codes"]
    if codes is None:
        return [Ignore("", Span(at, at + len(_MARK)), line, comment)]
    base = match.start("codes")
    return [
        Ignore(code.group(), Span(at + base + code.start(), at + base + code.end()), line, comment)
        for code in _CODE.finditer(codes)
    ]


def _target_line(parsed: Parsed, start: int, end: int) -> int:
    source = parsed.source
    line = source.line_of(start)
    if source.data[source.line_starts[line] : start].strip():
        return line
    # Alone on its line: it speaks of the next line that holds code.
    following = source.line_of(end) + 1
    while following < source.line_count:
        text = source.data[source.line_starts[following] : source.line_end(following)].strip()
        if text and not text.startswith((b"//", b"/*", b"*")):
            return following
        following += 1
    return line
