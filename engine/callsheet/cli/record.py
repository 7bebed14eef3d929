"""Places in a script that stands as a string in a JSON record."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from attrs import evolve

from callsheet.language.problem import Problem, Span

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_UNIT = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
)


def place_in_record(raw: str, script: str, problems: Sequence[Problem]) -> list[Problem]:
    """The problems of a script with their places in the record's text; fixes are left out, a record is read-only."""
    literal = next((match for match in _STRING.finditer(raw) if _decoded(match.group()) == script), None)
    if literal is None:
        return [evolve(problem, span=Span(0, 0), fixes=(), related=()) for problem in problems]
    places = _places(raw, literal.start() + 1, literal.end() - 1)
    last = len(places) - 1

    def moved(span: Span) -> Span:
        return Span(places[min(span.start, last)], places[min(span.end, last)])

    return [
        evolve(
            problem,
            span=moved(problem.span),
            fixes=(),
            related=tuple(evolve(related, span=moved(related.span)) for related in problem.related),
        )
        for problem in problems
    ]


def _decoded(literal: str) -> str | None:
    try:
        return str(json.loads(literal, strict=False))
    except ValueError:
        return None


def _places(raw: str, start: int, end: int) -> list[int]:
    """For each byte of the script, and one behind it, the byte of the record."""
    places: list[int] = []
    at = len(raw[:start].encode("utf-8", "surrogatepass"))
    for match in _UNIT.finditer(raw, start, end):
        unit = match.group()
        value = json.loads(f'"{unit}"', strict=False) if unit.startswith("\\") else unit
        places.extend([at] * len(value.encode("utf-8", "surrogatepass")))
        at += len(unit.encode("utf-8", "surrogatepass"))
    places.append(at)
    return places
