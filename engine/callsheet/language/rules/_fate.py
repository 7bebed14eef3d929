"""What becomes of the promise that a call gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from attrs import frozen
from tree_sitter import Node

from callsheet.language.rules._expressions import method_call

FateKind = Literal["kept", "dropped", "read", "not waited for"]
"""Kept: awaited, returned, stored or passed on. Dropped: nobody has it. Read: used as if it were the result. Not
waited for: returned to a `forEach`, which drops it."""

_PASSED_ON = frozenset({"then", "catch", "finally"})
_COMBINED = frozenset({"all", "allSettled", "race", "any"})
_THROUGH = frozenset({"parenthesized_expression"})
_CONDITIONS = frozenset({"if_statement", "while_statement", "do_statement"})
_SHOWN_BY = frozenset({"log", "String", "Number", "Boolean"})


@frozen
class Fate:
    """What becomes of a promise.

    Attributes:
        kind: see `FateKind`.
        promise: the call with what is chained to it, where an `await` belongs.
        user: what drops or reads it.
    """

    kind: FateKind
    promise: Node
    user: Node


def fate_of(call: Node, path: Sequence[Node]) -> Fate:
    """What becomes of the promise of a call.

    Args:
        call: the call.
        path: the nodes around it, from the root to its parent.
    """
    child = promise = call
    for depth in range(len(path) - 1, -1, -1):
        parent = path[depth]
        kind = parent.type
        if kind in _THROUGH or _is_passed_through(parent, child):
            child = parent
        elif kind == "member_expression":
            grandparent = path[depth - 1] if depth else None
            name = parent.child_by_field_name("property")
            is_called = grandparent is not None and grandparent.type == "call_expression"
            if not is_called or name is None or name.text is None or name.text.decode() not in _PASSED_ON:
                return Fate("read", promise, parent)
            child = parent
        elif kind == "call_expression":
            if child.type != "member_expression":
                return Fate("read", promise, parent)
            child = promise = parent
        else:
            return _end(parent, child, promise, path[:depth])
    return Fate("kept", promise, call)


def _is_passed_through(parent: Node, child: Node) -> bool:
    kind = parent.type
    if kind == "ternary_expression":
        return child != parent.child_by_field_name("condition")
    if kind == "binary_expression":
        operator = parent.child_by_field_name("operator")
        logical = operator is not None and operator.type in {"&&", "||", "??"}
        return logical and child == parent.child_by_field_name("right")
    return kind == "sequence_expression" and child == parent.named_children[-1]


def _end(parent: Node, child: Node, promise: Node, above: Sequence[Node]) -> Fate:
    kind = parent.type
    if kind in {"expression_statement", "sequence_expression"}:
        return Fate("dropped", promise, parent)
    if kind in {"template_substitution", "subscript_expression"}:
        return (
            Fate("read", promise, parent) if child == parent.named_child(0) else Fate("kept", promise, parent)
        )
    if kind in {"binary_expression", "ternary_expression", "spread_element"} or kind in _CONDITIONS:
        return Fate("read", promise, parent)
    if kind == "for_in_statement" and child == parent.child_by_field_name("right"):
        return Fate("read", promise, parent)
    if kind == "unary_expression":
        operator = parent.child_by_field_name("operator")
        return Fate("kept" if operator is not None and operator.type == "void" else "read", promise, parent)
    if kind == "arguments" and above:
        return _as_argument(parent, promise, above)
    if kind == "arrow_function" and above:
        return _returned(parent, promise, above)
    if kind == "array":
        return _in_array(parent, promise, above)
    return Fate("kept", promise, parent)


def _as_argument(arguments: Node, promise: Node, above: Sequence[Node]) -> Fate:
    call = above[-1]
    callee = call.child_by_field_name("function") if call.type == "call_expression" else None
    if callee is not None and callee.text is not None:
        name = callee.text.decode()
        if name in _SHOWN_BY or name == "JSON.stringify" or name.startswith("console."):
            return Fate("read", promise, call)
    return Fate("kept", promise, arguments)


def _returned(function: Node, promise: Node, above: Sequence[Node]) -> Fate:
    """A callback's result: what becomes of it depends on who calls back."""
    if above[-1].type != "arguments" or len(above) < 2:
        return Fate("kept", promise, function)
    call = above[-2]
    method = method_call(call)
    if method is None:
        return Fate("kept", promise, function)
    if method[1] == "forEach":
        return Fate("not waited for", promise, call)
    if method[1] == "map" and len(above) > 2 and above[-3].type == "expression_statement":
        return Fate("dropped", promise, above[-3])
    return Fate("kept", promise, function)


def _in_array(array: Node, promise: Node, above: Sequence[Node]) -> Fate:
    """An item of an array: dropped where `Promise.all([…])` itself is."""
    if len(above) < 2 or above[-1].type != "arguments":
        return Fate("kept", promise, array)
    method = method_call(above[-2])
    is_combined = method is not None and method[0].text == b"Promise" and method[1] in _COMBINED
    if is_combined and len(above) > 2 and above[-3].type == "expression_statement":
        return Fate("dropped", above[-2], above[-3])
    return Fate("kept", promise, array)
