"""Selection ranges: from the word at the cursor outwards."""

from __future__ import annotations

from callsheet.language.problem import Span
from callsheet.language.syntax import Parsed
from tree_sitter import Node

MAX_SPANS = 100
"""An answer nests as deep as the code; clients and the serialiser end somewhere, nobody grows a selection so often."""


def selections(parsed: Parsed, offset: int) -> list[Span]:
    """Spans around a byte offset, the innermost first, each larger than the one before."""
    node = _leaf(parsed, offset)
    spans: list[Span] = []
    while node is not None and len(spans) < MAX_SPANS:
        span = Span(node.start_byte, node.end_byte)
        inner = Span(span.start + 1, span.end - 1)
        holds = inner.start <= offset <= inner.end
        if (
            node.type in {"string", "template_string", "object", "array", "arguments", "statement_block"}
            and holds
        ):
            _add(spans, inner)
        _add(spans, span)
        node = node.parent
    return spans or [Span(offset, offset)]


def _leaf(parsed: Parsed, offset: int) -> Node | None:
    """The token at an offset; of two that meet there the one that is a word."""
    here = parsed.root.descendant_for_byte_range(offset, offset)
    before = (
        parsed.root.descendant_for_byte_range(offset - 1, offset - 1)
        if offset > parsed.script.start
        else None
    )
    if before is not None and before.child_count == 0 and (before.text or b"")[-1:].isalnum():
        return before if here is None or not (here.text or b"")[:1].isalnum() else here
    return here


def _add(spans: list[Span], span: Span) -> None:
    if not spans or (span != spans[-1] and span.start <= spans[-1].start and spans[-1].end <= span.end):
        spans.append(span)
