"""What the determinism rules share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from callsheet.language.determinism import Finding, findings
from callsheet.language.problem import Problem
from callsheet.language.rule import Context
from callsheet.language.tables.forbidden import WHY


def checker(*chapters: str) -> Callable[[Context], Iterator[Problem]]:
    """A check that reports the findings under some of the language's rules D1 to D5."""

    def check(context: Context) -> Iterator[Problem]:
        for finding in findings(context.parsed):
            if finding.entry.rule in chapters:
                yield context.problem(finding.span, message_of(finding), related=finding.related)

    return check


def message_of(finding: Finding) -> str:
    """What is used, why a replay would differ, and what to do instead."""
    entry = finding.entry
    plain = " ".join(finding.text.split())
    shown = entry.shown.removesuffix("()")
    if plain.removeprefix("new ").startswith(shown.removeprefix("new ")):
        subject = f"`{entry.shown}`"
    else:
        subject = f"This is `{entry.shown}`, which"
    return f"{subject} {WHY[entry.rule]}. {entry.instead}"
