"""What the analysis of a script reports. Positions are byte offsets into the file's UTF-8 text."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from attrs import evolve, frozen


class Severity(IntEnum):
    """How bad a problem is; the numbers are LSP's own."""

    ERROR = 1
    WARNING = 2
    INFORMATION = 3
    HINT = 4


@frozen
class Span:
    """A half-open range of bytes."""

    start: int
    end: int


@frozen
class Edit:
    """Replace the bytes of `span` with `text`."""

    span: Span
    text: str


@frozen
class Fix:
    """A change that mends a problem.

    Attributes:
        title: what the change does, in the imperative.
        edits: non-overlapping edits of the same file, in order.
        safe: whether it keeps the script's meaning, so that fix-all may apply it unasked.
        preferred: whether it is the one most people want.
    """

    title: str
    edits: tuple[Edit, ...]
    safe: bool = False
    preferred: bool = False


@frozen
class Related:
    """A further place that explains a problem, such as a step of an alias chain."""

    span: Span
    message: str


@frozen
class Problem:
    """One finding of one rule.

    Attributes:
        code: the rule's name, kebab-case; its page is `docs/rules/<code>.md`.
        severity: level in force after the settings were applied.
        span: bytes to underline.
        message: what is wrong, and what to do.
        fixes: ready-made changes, the preferred one first.
        related: further places, in order of the explanation.
        unnecessary: whether editors may fade the span as unused.
        deprecated: whether editors may strike the span through.
    """

    code: str
    severity: Severity
    span: Span
    message: str
    fixes: tuple[Fix, ...] = ()
    related: tuple[Related, ...] = ()
    unnecessary: bool = False
    deprecated: bool = False

    def places(self) -> tuple[Span, ...]:
        """Every range of bytes it names, in the order in which `moved` asks for them."""
        edits = (edit.span for fix in self.fixes for edit in fix.edits)
        return (*edits, *(item.span for item in self.related), self.span)

    def moved(self, move: Callable[[Span], Span], *, with_fixes: bool = True) -> Problem:
        """The same finding where its text stands in another version of the file.

        Args:
            move: gives the new place of each range of bytes.
            with_fixes: keep the fixes; they fit only where the code around them is the same.
        """
        fixes = tuple(
            evolve(fix, edits=tuple(evolve(edit, span=move(edit.span)) for edit in fix.edits))
            for fix in (self.fixes if with_fixes else ())
        )
        related = tuple(evolve(item, span=move(item.span)) for item in self.related)
        return evolve(self, span=move(self.span), fixes=fixes, related=related)
