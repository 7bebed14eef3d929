"""Problems as diagnostics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from callsheet.language.problem import Problem
from callsheet.language.source import TreeEdit
from lsprotocol import types

from callsheet_server.documents import Positions, Snapshot, map_span
from callsheet_server.pages import rule_page

SOURCE = "callsheet"


def to_lsp(snapshot: Snapshot, problems: Iterable[Problem], positions: Positions) -> list[types.Diagnostic]:
    """The problems of a document, ready to be published."""
    return [_diagnostic(snapshot, problem, positions) for problem in problems]


def _diagnostic(snapshot: Snapshot, problem: Problem, positions: Positions) -> types.Diagnostic:
    tags = [
        tag
        for tag, wanted in (
            (types.DiagnosticTag.Unnecessary, problem.unnecessary),
            (types.DiagnosticTag.Deprecated, problem.deprecated),
        )
        if wanted
    ]
    related = [
        types.DiagnosticRelatedInformation(
            types.Location(snapshot.uri, positions.range(snapshot.source, item.span)), item.message
        )
        for item in problem.related
    ]
    return types.Diagnostic(
        range=positions.range(snapshot.source, problem.span),
        message=problem.message,
        severity=types.DiagnosticSeverity(problem.severity),
        code=problem.code,
        code_description=types.CodeDescription(rule_page(problem.code)),
        source=SOURCE,
        tags=tags or None,
        related_information=related or None,
        data={"rule": problem.code, "fixes": [fix.title for fix in problem.fixes]},
    )


def moved(problem: Problem, edits: Sequence[TreeEdit], *, with_fixes: bool = False) -> Problem:
    """A problem of an older text, in the text after edits.

    Its fixes are kept only where the code is known to be the same; else they may not fit any more.
    """
    return problem.moved(lambda span: map_span(span, edits), with_fixes=with_fixes)
