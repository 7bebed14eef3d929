"""`export const meta = {…}`: where it stands and what it says (language, F2 to F4)."""

from __future__ import annotations

import re
from typing import Any

from attrs import frozen
from tree_sitter import Node

from callsheet.language.literals import Literal, read_literal

_BY_TEXT = re.compile(rb"^[ \t]*export\s+const\s+(meta)\b[^=\r\n]*=\s*\{", re.MULTILINE)


@frozen(eq=False)
class Phase:
    """One entry of `meta.phases` with a usable title."""

    title: str
    title_node: Node
    node: Node
    detail: str | None
    model: str | None


@frozen(eq=False)
class Meta:
    """The `meta` of a script, as far as it can be read.

    Attributes:
        statement: the whole statement.
        name_node: the identifier `meta`.
        value_node: what is assigned.
        literal: the value where it is an object literal.
        phases: entries that have a title.
    """

    statement: Node
    name_node: Node
    value_node: Node | None
    literal: Literal | None
    phases: tuple[Phase, ...]

    @property
    def name(self) -> str | None:
        return self.text("name")

    @property
    def description(self) -> str | None:
        return self.text("description")

    @property
    def model(self) -> str | None:
        return self.text("model")

    @property
    def value(self) -> dict[str, Any]:
        """The data of `meta`; empty where it is no object literal."""
        return self.literal.value if self.literal is not None else {}

    def text(self, field: str) -> str | None:
        """A field of `meta` where it is a string."""
        value = self.value.get(field)
        return value if isinstance(value, str) else None


def find_meta(root: Node, data: bytes) -> Meta | None:
    """The first top-level declaration of a `meta`, whatever its form and place; the rules judge those.

    In a script that cannot be read as a whole, `meta` is found by its text, so that what builds on it stays in place
    while code is half-typed.
    """
    for statement in root.children:
        declaration = statement
        if statement.type == "export_statement":
            declaration = statement.child_by_field_name("declaration") or statement
        if declaration.type not in {"lexical_declaration", "variable_declaration"}:
            continue
        for declarator in declaration.named_children:
            name = (
                declarator.child_by_field_name("name") if declarator.type == "variable_declarator" else None
            )
            if name is not None and name.type == "identifier" and name.text == b"meta":
                return _read_meta(statement, name, declarator.child_by_field_name("value"))
    return _find_in_broken(root, data) if root.has_error else None


def _find_in_broken(root: Node, data: bytes) -> Meta | None:
    match = _BY_TEXT.search(data)
    if match is None:
        return None
    name = root.descendant_for_byte_range(*match.span(1))
    value: Node | None = root.descendant_for_byte_range(match.end() - 1, match.end())
    while value is not None and value.type != "object" and value.start_byte == match.end() - 1:
        value = value.parent
    if name is None or value is None or value.type != "object":
        return None
    statement = value
    while statement.parent is not None and statement.parent.parent is not None:
        statement = statement.parent
    return _read_meta(statement, name, value)


def _read_meta(statement: Node, name: Node, value: Node | None) -> Meta:
    inner = value
    while inner is not None and inner.type == "parenthesized_expression":
        inner = inner.named_child(0)
    literal = read_literal(inner) if inner is not None and inner.type == "object" else None
    return Meta(statement, name, value, literal, _read_phases(literal))


def _read_phases(literal: Literal | None) -> tuple[Phase, ...]:
    entries = literal.get("phases") if literal is not None else None
    phases = []
    for item in entries.value.items if entries is not None else ():
        title = item.get("title")
        if title is None or not isinstance(title.value.value, str) or not title.value.value.strip():
            continue
        detail, model = item.value.get("detail"), item.value.get("model")
        phases.append(
            Phase(
                title.value.value,
                title.value.node,
                item.node,
                detail if isinstance(detail, str) else None,
                model if isinstance(model, str) else None,
            )
        )
    return tuple(phases)
