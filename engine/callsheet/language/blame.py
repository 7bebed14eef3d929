"""Which part of a script an error came from, where the JavaScript engine only knows a place before it, or none.

QuickJS gives an error the place of the last call or name that ran. Taking null apart, spreading it, and reading a
property through `this` are none of these; and a thrown value that is no `Error` has no place at all (language, E8).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from tree_sitter import Node

from callsheet.language.calls import FUNCTION_TYPES
from callsheet.language.literals import node_text, read_literal
from callsheet.language.syntax import Parsed
from callsheet.language.tables.globals import GLOBALS_BY_NAME

_PROPERTY = re.compile(r"cannot (?:read|set) property '((?!Symbol\.)[^']*)' of (?:null|undefined)")
_NO_OBJECT: Final = "Cannot convert undefined or null to object"
_MEMBERS: Final = frozenset({"member_expression", "subscript_expression"})
_CHAIN: Final = _MEMBERS | {"call_expression", "await_expression", "parenthesized_expression"}
_ITERATES: Final = frozenset({"array_pattern", "spread_element", "for_in_statement", "yield_expression"})
_ASSIGNED: Final = {
    # what holds a pattern: field of what the pattern takes apart
    "variable_declarator": "value",
    "assignment_expression": "right",
    "assignment_pattern": "right",
    "for_in_statement": "right",
}
_ENGINE_ERROR = re.compile(r"new\s+\w*Error\b")


def place_of_null(parsed: Parsed, offset: int, message: str) -> int:
    """Where a null or undefined was used.

    Args:
        parsed: the script.
        offset: byte that the engine names; the place is this one or comes after it.
        message: the engine's message.
    """
    wanted = _PROPERTY.search(message)
    if _is_exact(parsed, offset, wanted[1] if wanted is not None else None):
        return offset
    function = _function_at(parsed, offset)
    if wanted is not None:
        uses = [(node, node.end_byte) for node in _walk(function) if _is_member(node, wanted[1])]
    else:
        uses = [(node, _end(node)) for node in _walk(function) if _takes_apart(node, _NO_OBJECT in message)]
    ahead = [node for node, end in uses if end > offset]
    own = [node for node in ahead if _function_of(node) == function]
    for node in own or ahead:
        return offset if node.start_byte <= offset < node.end_byte else node.start_byte
    return offset


def place_of_call(parsed: Parsed, offset: int) -> int:
    """Where the call of a global function begins that an offset lies in; the offset itself where it lies in none."""
    node = parsed.root.descendant_for_byte_range(offset, offset)
    while node is not None and node.type not in FUNCTION_TYPES:
        callee = node.child_by_field_name("function") if node.type == "call_expression" else None
        if callee is not None and callee.end_byte <= offset and node_text(callee) in GLOBALS_BY_NAME:
            return callee.start_byte
        node = node.parent
    return offset


def place_of_thrown(parsed: Parsed, shown: str) -> int | None:
    """Where a value that is no `Error` was thrown; None where several places may be it.

    Args:
        parsed: the script.
        shown: the value as text.
    """
    exact, others = [], []
    for value in _thrown_values(parsed.root):
        literal = read_literal(value)
        if not literal.faults and not isinstance(literal.value, dict | list):
            text = literal.value if isinstance(literal.value, str) else json.dumps(literal.value)
            if text == shown:
                exact.append(value)
        elif not _ENGINE_ERROR.match(node_text(value)):
            others.append(value)
    for found in (exact, others):
        if len(found) == 1:
            return found[0].start_byte
        if found:
            return None
    return None


def _function_at(parsed: Parsed, offset: int) -> Node:
    """The innermost function that an offset lies in; one that begins behind the offset in its line, too."""
    data = parsed.source.data
    while offset < len(data) and data[offset : offset + 1] in b" \t":
        offset += 1
    node = parsed.root.descendant_for_byte_range(offset, offset) or parsed.root
    outer = node
    while outer.parent is not None and outer.parent.start_byte == offset:
        outer = outer.parent
        if outer.type in FUNCTION_TYPES:
            return outer
    return node if node.type in FUNCTION_TYPES else _function_of(node)


def _function_of(node: Node) -> Node:
    """The innermost function around a node, or the program."""
    parent = node.parent
    while parent is not None and parent.type not in FUNCTION_TYPES and parent.parent is not None:
        parent = parent.parent
    return parent or node


def _is_exact(parsed: Parsed, offset: int, name: str | None) -> bool:
    """Whether the expression that begins at an offset reads this property, or one that it computes, or deletes one."""
    node = parsed.root.descendant_for_byte_range(offset, offset)
    while node is not None and node.parent is not None and node.parent.type in _CHAIN:
        node = node.parent
        if name is not None and _is_member(node, name):
            return True
    return (
        node is not None
        and node.parent is not None
        and node.parent.type == "unary_expression"
        and name is None
    )


def _is_member(node: Node, name: str) -> bool:
    if node.type == "subscript_expression":
        return True
    key = node.child_by_field_name("property") if node.type == "member_expression" else None
    return key is not None and node_text(key) == name


def _takes_apart(node: Node, by_key: bool) -> bool:
    if by_key:
        return node.type == "object_pattern"
    if node.type == "spread_element":
        return node.parent is not None and node.parent.type != "object"
    if node.type == "yield_expression":
        return any(child.type == "*" for child in node.children)
    return node.type in _ITERATES


def _end(node: Node) -> int:
    """Where what a node takes apart ends; a pattern stands before it."""
    holder = node.parent if node.type.endswith("_pattern") else node
    assigned = (
        holder.child_by_field_name(_ASSIGNED[holder.type]) if holder and holder.type in _ASSIGNED else None
    )
    return (assigned or node).end_byte


def _thrown_values(root: Node) -> Iterator[Node]:
    for node in _walk(root):
        if node.type == "throw_statement":
            yield from (child for child in node.named_children[:1] if child.type != "comment")
        elif node.type == "call_expression":
            callee = node.child_by_field_name("function")
            arguments = node.child_by_field_name("arguments")
            if callee is not None and arguments is not None and node_text(callee) == "Promise.reject":
                yield from arguments.named_children[:1]


def _walk(node: Node) -> Iterator[Node]:
    """Every node under a node, in the order of the text."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(current.children))
