"""Quick fixes: the changes that problems bring, all safe ones at once, and the ignore comment."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen
from callsheet.language.ignores import find_ignores
from callsheet.language.problem import Edit, Fix, Problem, Span
from callsheet.language.syntax import Parsed

_TEXT_NODES = frozenset({"template_string", "string", "comment", "regex"})


@frozen
class QuickFix:
    """A change that mends one problem."""

    problem: Problem
    fix: Fix


def quick_fixes(problems: Iterable[Problem], span: Span) -> list[QuickFix]:
    """Fixes of the problems that touch a span, the preferred ones first."""
    found = [
        QuickFix(problem, fix)
        for problem in problems
        if problem.span.start <= span.end and span.start <= problem.span.end
        for fix in problem.fixes
    ]
    return sorted(found, key=lambda item: not item.fix.preferred)


def fix_all(problems: Iterable[Problem]) -> list[Edit]:
    """The edits of every safe fix, one fix a problem; of fixes that overlap the first."""
    taken: list[Edit] = []
    for problem in problems:
        fix = next((fix for fix in problem.fixes if fix.safe), None)
        if fix is None or any(_overlap(edit, other) for edit in fix.edits for other in taken):
            continue
        taken += fix.edits
    return sorted(taken, key=lambda edit: edit.span.start)


def _overlap(one: Edit, other: Edit) -> bool:
    if one.span == other.span:
        return True
    return one.span.start < other.span.end and other.span.start < one.span.end


def ignore_edit(parsed: Parsed, problem: Problem) -> Edit | None:
    """The comment that ignores a problem's rule; None where no comment can stand."""
    source = parsed.source
    line = source.line_of(problem.span.start)
    for ignore in find_ignores(parsed):
        if ignore.line == line and ignore.code:
            return Edit(Span(ignore.span.end, ignore.span.end), f", {problem.code}")
    start = source.line_starts[line]
    text = source.line_text(line)
    if _is_code(parsed, start):
        indent = text[: len(text) - len(text.lstrip())]
        newline = _line_end(source.data)
        return Edit(Span(start, start), f"{indent}// callsheet-ignore {problem.code}: why{newline}")
    end = source.line_end(line)
    if _is_code(parsed, end):
        return Edit(Span(end, end), f" // callsheet-ignore {problem.code}: why")
    return None


def _is_code(parsed: Parsed, offset: int) -> bool:
    """Whether a comment at an offset would be one: not inside of a string, a template or another comment."""
    node = parsed.root.descendant_for_byte_range(offset, offset)
    while node is not None:
        if node.type in _TEXT_NODES and node.start_byte < offset < node.end_byte:
            return False
        if node.type in {"template_substitution", "statement_block"}:
            return True
        node = node.parent
    return parsed.script.start <= offset


def _line_end(data: bytes) -> str:
    at = data.find(b"\n")
    return "\r\n" if at > 0 and data[at - 1] == 0x0D else "\n"
