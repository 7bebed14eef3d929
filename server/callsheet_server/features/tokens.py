"""Semantic tokens for the language's own names; JavaScript's colours stay the editor's."""

from __future__ import annotations

from typing import Final

from attrs import frozen
from callsheet.language.literals import string_value
from callsheet.language.model import build_model
from callsheet.language.problem import Span
from callsheet.language.scopes import resolve
from callsheet.language.syntax import Parsed
from callsheet.language.tables.forbidden import FORBIDDEN
from callsheet.language.tables.globals import GLOBALS
from callsheet.language.tables.missing import MISSING_GLOBALS

TYPES: Final = ("function", "variable", "enumMember", "namespace", "property")
MODIFIERS: Final = ("defaultLibrary", "readonly", "deprecated", "declaration")


@frozen
class Token:
    """A coloured span; `kind` indexes `TYPES`, `modifiers` is a bit set over `MODIFIERS`."""

    span: Span
    kind: int
    modifiers: int


def _bits(*names: str) -> int:
    return sum(1 << MODIFIERS.index(name) for name in names)


_FORBIDDEN_ROOTS: Final = frozenset(
    entry.path for entry in FORBIDDEN if entry.form == "use" and "." not in entry.path
)


def semantic_tokens(parsed: Parsed) -> list[Token]:
    """Tokens of a script in source order, none overlapping."""
    workflow, scopes = build_model(parsed), resolve(parsed)
    used = scopes.global_names()
    found: list[Token] = []
    for entry in GLOBALS:
        if entry.name in used:
            kind = TYPES.index("function" if entry.kind == "function" else "variable")
            bits = (
                _bits("defaultLibrary") if entry.kind == "function" else _bits("defaultLibrary", "readonly")
            )
            found += [Token(reference.span, kind, bits) for reference in scopes.globals(entry.name)]
    for name in used & (_FORBIDDEN_ROOTS | MISSING_GLOBALS.keys()):
        kind = TYPES.index("variable")
        found += [Token(reference.span, kind, _bits("deprecated")) for reference in scopes.globals(name)]
    meta = workflow.meta
    if meta is not None:
        found.append(
            Token(
                Span(meta.name_node.start_byte, meta.name_node.end_byte),
                TYPES.index("variable"),
                _bits("declaration", "readonly"),
            )
        )
        for phase in meta.phases:
            if string_value(phase.title_node):
                span = Span(phase.title_node.start_byte, phase.title_node.end_byte)
                found.append(Token(span, TYPES.index("enumMember"), _bits("declaration")))
    for site in workflow.calls:
        node = site.argument(0) if site.kind in {"phase", "workflow"} else None
        if node is not None and string_value(node):
            kind = TYPES.index("enumMember" if site.kind == "phase" else "namespace")
            found.append(Token(Span(node.start_byte, node.end_byte), kind, 0))
        option = site.option("phase") if site.kind == "agent" else None
        if option is not None and option.text:
            found.append(
                Token(Span(option.value.start_byte, option.value.end_byte), TYPES.index("enumMember"), 0)
            )
    return _in_order(found)


def _in_order(tokens: list[Token]) -> list[Token]:
    ordered: list[Token] = []
    for token in sorted(tokens, key=lambda token: (token.span.start, token.span.end)):
        if not ordered or token.span.start >= ordered[-1].span.end:
            ordered.append(token)
    return ordered
