"""Pure literals of the syntax tree as Python values that remember where each part stands (language, F3)."""

from __future__ import annotations

import re
from typing import Any

from attrs import field, frozen
from tree_sitter import Node

FORBIDDEN_KEYS = frozenset({"__proto__", "constructor", "prototype"})

_ESCAPE = re.compile(
    r"\\(?:u\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(\r\n|[\s\S]))",
)
_DEEPEST = 100
_SIMPLE_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_LINE_CONTINUATIONS = {"\n", "\r", "\r\n", "\u2028", "\u2029"}


@frozen(eq=False)
class Fault:
    """A part of a literal that is none.

    Attributes:
        node: the offending part.
        what: what it is, as a noun phrase: "a spread", "a call".
    """

    node: Node
    what: str


@frozen(eq=False)
class Property:
    """One property of an object literal."""

    key: str
    key_node: Node
    value: Literal
    node: Node


@frozen(eq=False)
class Literal:
    """A literal and its parts.

    Attributes:
        node: the node it was read from.
        value: plain Python data; parts that are no literals are None.
        properties: of an object, in order.
        items: of an array, in order.
        faults: every part at any depth that is no literal.
    """

    node: Node
    value: Any
    properties: tuple[Property, ...] = ()
    items: tuple[Literal, ...] = ()
    faults: tuple[Fault, ...] = field(default=())

    @property
    def is_pure(self) -> bool:
        return not self.faults

    def get(self, key: str) -> Property | None:
        """The property of that name; of several the last, which is the one that counts."""
        for candidate in reversed(self.properties):
            if candidate.key == key:
                return candidate
        return None


def node_text(node: Node) -> str:
    """Source text of a node."""
    data = node.text
    return data.decode("utf-8", "replace") if data is not None else ""


def string_value(node: Node) -> str | None:
    """Value of a string or of a template without substitutions; None for anything else."""
    kind = node.type
    if kind == "string" or (
        kind == "template_string" and all(c.type != "template_substitution" for c in node.named_children)
    ):
        raw = node_text(node)
        raw = raw[1:-1] if len(raw) >= 2 else ""
        if kind == "template_string":
            raw = raw.replace("\r\n", "\n").replace("\r", "\n")
        return unescape(raw)
    return None


def number_value(node: Node) -> int | float | None:
    """Value of a number literal; None for a BigInt."""
    text = node_text(node).replace("_", "").lower()
    if text.endswith("n") and not text.startswith("0x"):
        return None
    try:
        if text[:2] in {"0x", "0o", "0b"}:
            return None if text.endswith("n") else int(text, 0)
        value = float(text)
    except ValueError:
        return None
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def key_name(node: Node) -> str | None:
    """Name of a property key; None for a computed one that is no literal."""
    kind = node.type
    if kind in {"property_identifier", "shorthand_property_identifier", "identifier"}:
        return unescape(node_text(node))
    if kind == "string":
        return string_value(node)
    if kind == "number":
        value = number_value(node)
        return None if value is None else _number_key(value)
    if kind == "computed_property_name":
        inner = node.named_child(0)
        return string_value(inner) if inner is not None else None
    return None


def read_literal(node: Node) -> Literal:
    """Reads a literal; whatever is none becomes a fault of the result."""
    faults: list[Fault] = []
    literal = _read(node, faults)
    return Literal(literal.node, literal.value, literal.properties, literal.items, tuple(faults))


def _read(node: Node, faults: list[Fault], depth: int = 0) -> Literal:
    kind = node.type
    if depth > _DEEPEST:
        faults.append(Fault(node, f"nested more than {_DEEPEST} levels deep"))
        return Literal(node, None)
    if kind == "object":
        return _read_object(node, faults, depth + 1)
    if kind == "array":
        return _read_array(node, faults, depth + 1)
    if kind in {"string", "template_string"}:
        text = string_value(node)
        if text is None:
            faults.append(Fault(node, "a template with ${…}"))
        return Literal(node, text)
    if kind == "number":
        number = number_value(node)
        if number is None:
            faults.append(Fault(node, "a BigInt" if node_text(node).endswith("n") else "a malformed number"))
        return Literal(node, number)
    if kind in _CONSTANTS:
        return Literal(node, _CONSTANTS[kind])
    if kind == "unary_expression":
        operator, operand = node.child_by_field_name("operator"), node.child_by_field_name("argument")
        if operator is not None and operator.type == "-" and operand is not None and operand.type == "number":
            number = number_value(operand)
            if number is not None:
                return Literal(node, -number)
    faults.append(Fault(node, _NOUNS.get(kind, "an expression")))
    return Literal(node, None)


def _read_object(node: Node, faults: list[Fault], depth: int) -> Literal:
    properties: list[Property] = []
    value: dict[str, Any] = {}
    for child in node.named_children:
        if child.type == "comment":
            continue
        if child.type != "pair":
            faults.append(Fault(child, _NOUNS.get(child.type, "an expression")))
            continue
        key_node, value_node = child.child_by_field_name("key"), child.child_by_field_name("value")
        if key_node is None or value_node is None:
            faults.append(Fault(child, "an unfinished property"))
            continue
        if key_node.type == "computed_property_name":
            faults.append(Fault(key_node, "a computed key"))
        key = key_name(key_node)
        item = _read(value_node, faults, depth)
        if key is None:
            continue
        if key in FORBIDDEN_KEYS:
            faults.append(Fault(key_node, f"the key `{key}`"))
        properties.append(Property(key, key_node, item, child))
        value[key] = item.value
    return Literal(node, value, tuple(properties))


def _read_array(node: Node, faults: list[Fault], depth: int) -> Literal:
    items: list[Literal] = []
    expects_item = True
    for child in node.children[1:]:
        if child.type == ",":
            if expects_item:
                faults.append(Fault(child, "a hole in an array"))
            expects_item = True
        elif child.is_named and child.type != "comment":
            items.append(_read(child, faults, depth))
            expects_item = False
    return Literal(node, [item.value for item in items], items=tuple(items))


def unescape(text: str) -> str:
    """The value of the text between the quotes of a string literal."""
    return _ESCAPE.sub(_unescape, text) if "\\" in text else text


def _unescape(match: re.Match[str]) -> str:
    braced, four, two, other = match.groups()
    digits = braced or four or two
    if digits is not None:
        point = int(digits, 16)
        return chr(point) if point <= 0x10FFFF else "\ufffd"
    if other in _LINE_CONTINUATIONS:
        return ""
    return _SIMPLE_ESCAPES.get(other, other)


def _number_key(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(value)


_CONSTANTS = {"true": True, "false": False, "null": None}

_NOUNS = {
    "identifier": "a variable",
    "undefined": "`undefined`",
    "shorthand_property_identifier": "a shorthand property",
    "spread_element": "a spread",
    "method_definition": "a method",
    "call_expression": "a call",
    "new_expression": "a call of a constructor",
    "binary_expression": "a calculation",
    "unary_expression": "a calculation",
    "ternary_expression": "a condition",
    "arrow_function": "a function",
    "function_expression": "a function",
    "generator_function": "a function",
    "class": "a class",
    "member_expression": "a reference to a property",
    "subscript_expression": "a reference to a property",
    "await_expression": "an `await`",
    "assignment_expression": "an assignment",
    "parenthesized_expression": "an expression in parentheses",
    "regex": "a regular expression",
    "object_assignment_pattern": "an assignment",
    "ERROR": "something that cannot be read",
}
