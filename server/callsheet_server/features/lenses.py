"""Lenses above `meta`: they stay where they are while the code is half typed."""

from __future__ import annotations

import re
from typing import Any

from attrs import frozen
from callsheet.language.problem import Span
from callsheet.language.syntax import Parsed

from callsheet_server.features.run_actions import RunView, run_actions

_META = re.compile(rb"^[ \t]*(?:export[ \t]+)?(?:const|let|var)[ \t]+meta\b", re.MULTILINE)


@frozen
class Lens:
    """A line above a span; without a command it only tells something."""

    span: Span
    title: str
    command: str = ""
    argument: dict[str, Any] | None = None


def lenses(
    parsed: Parsed, uri: str, run: RunView | None, *, trusted: bool, fence: int | None = None
) -> list[Lens]:
    """Lenses of a script; none that act where runs may not be started. For `fence` see `run_actions`."""
    span = meta_span(parsed)
    found = [Lens(span, run.summary, "callsheet.showRun", {"runId": run.run_id})] if run is not None else []
    if trusted:
        found += [
            Lens(span, action.title, action.command, action.argument)
            for action in run_actions(uri, run, fence)
        ]
    return found


def meta_span(parsed: Parsed) -> Span:
    """Where `meta` is declared, read from the text, so that broken code around it does not matter."""
    match = _META.search(parsed.source.data, parsed.script.start, parsed.script.end)
    if match is None:
        return Span(parsed.script.start, parsed.script.start)
    start = match.start() + len(match.group()) - len(match.group().lstrip())
    return Span(start, match.end())
