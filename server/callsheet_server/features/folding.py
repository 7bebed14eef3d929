"""Folding: phases, `meta`, long prompts, blocks and comments."""

from __future__ import annotations

from typing import Literal

from attrs import frozen
from callsheet.language.model import build_model
from callsheet.language.syntax import Parsed, compile_query, matches
from tree_sitter import Node

_FOLDABLE = compile_query(
    """
    [(object) (array) (arguments) (statement_block) (class_body) (template_string) (switch_body)] @fold
    (comment) @comment
    """
)


@frozen
class Fold:
    """Lines, from 0, that fold into the first of them."""

    start_line: int
    end_line: int
    kind: Literal["region", "comment"] | None = None


def folds(parsed: Parsed) -> list[Fold]:
    """Folding ranges of a script, the outer ones first."""
    found: dict[tuple[int, int], Fold] = {}
    for _, captured in matches(_FOLDABLE, parsed.root):
        for name, nodes in captured.items():
            for node in nodes:
                _add(
                    found,
                    _lines(parsed, node, closing=name == "fold"),
                    "comment" if name == "comment" else None,
                )
    for start, end in _phases(parsed):
        _add(found, (start, end), "region")
    return sorted(found.values(), key=lambda fold: (fold.start_line, -fold.end_line))


def _lines(parsed: Parsed, node: Node, *, closing: bool) -> tuple[int, int]:
    """Lines of a node; the line of its closing bracket stays visible."""
    start, end = (
        parsed.source.line_of(node.start_byte),
        parsed.source.line_of(max(node.start_byte, node.end_byte - 1)),
    )
    return start, end - 1 if closing and node.type != "template_string" else end


def _add(
    found: dict[tuple[int, int], Fold], lines: tuple[int, int], kind: Literal["region", "comment"] | None
) -> None:
    if lines[1] > lines[0]:
        found.setdefault(lines, Fold(*lines, kind))


def _phases(parsed: Parsed) -> list[tuple[int, int]]:
    """From each `phase()` at the top level to the line before the next one."""
    sites = [
        site
        for site in build_model(parsed).calls_of("phase")
        if site.function is None and len(site.path) <= 2
    ]
    source = parsed.source
    last = source.line_of(max(parsed.script.start, len(source.data[: parsed.script.end].rstrip()) - 1))
    starts = [source.line_of(site.span.start) for site in sites]
    ends = [start - 1 for start in starts[1:]] + [last] * bool(starts)
    found = []
    for start, end in zip(starts, ends, strict=True):
        while end > start and not source.line_text(end).strip():
            end -= 1
        found.append((start, end))
    return found
