"""Literals that a script puts together from constants: names, shared parts and spreads are followed."""

from __future__ import annotations

from typing import Any, Literal

from attrs import evolve, field, frozen

from callsheet.language.literals import unescape
from callsheet.language.scopes.functions import arguments_of
from callsheet.language.scopes.nodes import Node
from callsheet.language.scopes.origins import constant_strings, key_names, origins

_DEPTH = 40
_WRAPPERS = frozenset({"Object.freeze", "structuredClone", "Object.seal"})


@frozen(eq=False)
class Entry:
    """A property: where its key stands, and its value."""

    key: Node
    value: Value


@frozen(eq=False)
class Value:
    """A literal.

    Attributes:
        node: the expression that gives the value, where it is written.
        data: of a scalar.
        entries: of an object.
        items: of an array.
        complete: whether everything about this object or array is known, its parts aside.
        closed: whether it is written in one place, without names of other things.
    """

    kind: Literal["object", "array", "scalar", "unknown"]
    node: Node
    data: Any = None
    entries: dict[str, Entry] = field(factory=dict)
    items: tuple[Value, ...] = ()
    complete: bool = True
    closed: bool = True

    def get(self, name: str) -> Value | None:
        entry = self.entries.get(name)
        return entry.value if entry is not None else None

    def is_known(self) -> bool:
        """Whether every part at any depth is known."""
        if self.kind == "unknown" or not self.complete:
            return False
        parts = [entry.value for entry in self.entries.values()] if self.kind == "object" else self.items
        return all(part.is_known() for part in parts)

    def plain(self) -> Any:
        """The value as JSON data; unknown parts are None."""
        if self.kind == "object":
            return {name: entry.value.plain() for name, entry in self.entries.items()}
        if self.kind == "array":
            return [item.plain() for item in self.items]
        return self.data

    def text(self, name: str) -> str | None:
        """A property that is a string."""
        value = self.get(name)
        return value.data if value is not None and isinstance(value.data, str) else None


def read_literal(node: Node, depth: int = _DEPTH) -> Value:
    """The literal that an expression stands for; of kind `unknown` where it is none, or may be one of several."""
    if node.type in _PLAIN and depth > 0:
        return _read(node, depth)
    found = origins(node)
    if len(found) != 1 or depth <= 0:
        return Value("unknown", node, closed=False)
    value = _read(found[0], depth)
    return evolve(value, closed=False) if value.closed else value


def _read(node: Node, depth: int) -> Value:
    type_ = node.type
    if type_ in {"object", "array"}:
        known = node.fragment.facts.get(("literal", node))
        if isinstance(known, Value):
            return known
        value = _object(node, depth) if type_ == "object" else _array(node, depth)
        if value.closed:
            node.fragment.facts["literal", node] = value
        return value
    if type_ == "string":
        return Value("scalar", node, unescape(node.text[1:-1]))
    if type_ in _SCALARS:
        return Value("scalar", node, _SCALARS[type_])
    if type_ == "number":
        return _number(node, node.text)
    if (
        type_ == "unary_expression"
        and node.name == "-"
        and node.children
        and node.children[0].type == "number"
    ):
        return _number(node, "-" + node.children[0].text)
    if type_ == "call_expression" and node.children[0].text in _WRAPPERS and len(arguments_of(node)) == 1:
        return read_literal(arguments_of(node)[0], depth - 1)
    if type_ in {"template_string", "binary_expression"}:
        strings = constant_strings(node)
        if strings is not None and len(strings) == 1:
            return Value("scalar", node, next(iter(strings)), closed=not node.children)
    return Value("unknown", node, closed=False)


_PLAIN = frozenset({"object", "array", "string", "number", "true", "false", "null"})
_SCALARS: dict[str, Any] = {"true": True, "false": False, "null": None}


def _number(node: Node, text: str) -> Value:
    text = text.replace("_", "")
    try:
        return Value("scalar", node, int(text, 0))
    except ValueError:
        try:
            return Value("scalar", node, float(text))
        except ValueError:
            return Value("unknown", node)


def _object(node: Node, depth: int) -> Value:
    entries: dict[str, Entry] = {}
    complete = not node.errors
    for child in node.children:
        type_ = child.type
        if type_ == "pair" and len(child.children) == 2:
            names = key_names(child.children[0])
            if names is not None and len(names) == 1:
                entries[next(iter(names))] = Entry(
                    child.children[0], read_literal(child.children[1], depth - 1)
                )
                continue
        elif type_ == "shorthand_property_identifier":
            entries[child.name or ""] = Entry(child, read_literal(child, depth - 1))
            continue
        elif type_ == "spread_element" and child.children:
            spread = read_literal(child.children[0], depth - 1)
            if spread.kind == "object":
                entries.update(spread.entries)
                complete = complete and spread.complete
                continue
        complete = False
    closed = complete and all(entry.value.closed for entry in entries.values())
    return Value("object", node, None, entries, (), complete, closed and _has_no_spread(node))


def _array(node: Node, depth: int) -> Value:
    items: list[Value] = []
    complete = not node.errors
    for child in node.children:
        if child.type != "spread_element":
            items.append(read_literal(child, depth - 1))
            continue
        spread = read_literal(child.children[0], depth - 1) if child.children else None
        if spread is not None and spread.kind == "array":
            items.extend(spread.items)
            complete = complete and spread.complete
        else:
            complete = False
    closed = complete and all(item.closed for item in items) and _has_no_spread(node)
    return Value("array", node, None, {}, tuple(items), complete, closed)


def _has_no_spread(node: Node) -> bool:
    return all(child.type != "spread_element" for child in node.children)
