"""What completion offers, in plain values."""

from __future__ import annotations

from typing import Literal

from attrs import frozen
from callsheet.language.problem import Span

Kind = Literal[
    "function", "value", "variable", "property", "text", "keyword", "snippet", "file", "module", "type"
]


@frozen
class Suggestion:
    """One offer.

    Attributes:
        label: what the list shows and filters by.
        kind: which icon it gets.
        span: the bytes that it replaces.
        insert: what it writes; a snippet in LSP's syntax when `is_snippet`. None writes the label.
        detail: a few words beside the label.
        doc: key of its documentation, for `documentation`.
        rank: suggestions of a lower rank come first.
    """

    label: str
    kind: Kind
    span: Span
    insert: str | None = None
    is_snippet: bool = False
    detail: str = ""
    doc: str = ""
    rank: int = 5
