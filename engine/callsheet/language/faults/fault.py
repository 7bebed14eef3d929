"""One syntax error."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from callsheet.language.problem import Fix, Related, Span

FaultKind = Literal["syntax", "typescript", "backtick"]


@frozen
class Fault:
    """A syntax error at its cause, and which rule reports it.

    Attributes:
        misread: where text is read as code because of it: nothing else is worth saying about these bytes.
    """

    kind: FaultKind
    span: Span
    message: str
    fixes: tuple[Fix, ...] = ()
    related: tuple[Related, ...] = ()
    misread: Span | None = None
