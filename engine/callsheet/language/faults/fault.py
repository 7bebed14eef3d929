"""One syntax error."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from callsheet.language.problem import Fix, Related, Span

FaultKind = Literal["syntax", "typescript", "backtick"]


@frozen
class Fault:
    """A syntax error at its cause, and which rule reports it."""

    kind: FaultKind
    span: Span
    message: str
    fixes: tuple[Fix, ...] = ()
    related: tuple[Related, ...] = ()
