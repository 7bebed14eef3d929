"""Whether a script changes an object or array after it was made."""

from __future__ import annotations

from callsheet.language.scopes.bind import Binding, touch
from callsheet.language.scopes.functions import arguments_of
from callsheet.language.scopes.nodes import FUNCTIONS, Node
from callsheet.language.scopes.origins import origins

_DEPTH = 4
_ACCESSES = frozenset({"member_expression", "subscript_expression"})
_LITERALS = frozenset({"object", "array", "pair", "spread_element", "parenthesized_expression"})
_ASSIGNMENTS = frozenset({"assignment_expression", "augmented_assignment_expression"})
_CHANGING_METHODS = frozenset(
    {"push", "unshift", "splice", "pop", "shift", "sort", "reverse", "fill", "set", "add", "delete"}
)
_CHANGERS = frozenset({"Object.assign", "Object.defineProperty", "Object.defineProperties", "Reflect.set"})


def is_changed(literal: Node, asking: Node) -> bool:
    """Whether what a literal makes is changed through the name that holds it, or a part of it.

    Args:
        literal: an object or array literal.
        asking: a node of the statement whose analysis depends on the answer.
    """
    node: Node = literal
    while node.parent is not None and node.parent.type in _LITERALS:
        node = node.parent
    holder = node.parent
    if holder is None or holder.type != "variable_declarator" or holder.children[0].binding is None:
        return False
    return _is_changed_by_name(holder.children[0].binding, asking, _DEPTH)


def is_changed_by_call(call: Node, argument: Node) -> bool:
    """Whether a call changes what it is given: a built-in that does, or a function of the script."""
    return _is_changed_by_call(call, argument, call, _DEPTH)


def _is_changed_by_name(binding: Binding, asking: Node, depth: int) -> bool:
    if depth <= 0:
        return False
    touch(binding, asking, mentions=True)
    return any(_changes(use, asking, depth) for use in binding.references)


def _changes(use: Node, asking: Node, depth: int) -> bool:
    node = use
    while node.parent is not None and node.parent.type in _ACCESSES and node.parent.children[0] is node:
        node = node.parent
    parent = node.parent
    if parent is None:
        return False
    if parent.type in _ASSIGNMENTS and parent.children[0] is node:
        return node is not use
    if parent.type == "update_expression" or (parent.type == "unary_expression" and parent.name == "delete"):
        return node is not use
    if parent.type == "call_expression" and parent.children[0] is node:
        return node.type == "member_expression" and node.children[-1].name in _CHANGING_METHODS
    if parent.type == "variable_declarator" and parent.children[-1] is node:
        alias = parent.children[0].binding
        return alias is not None and _is_changed_by_name(alias, asking, depth - 1)
    if parent.type == "arguments" and parent.parent is not None:
        return _is_changed_by_call(parent.parent, node, asking, depth)
    return False


def _is_changed_by_call(call: Node, argument: Node, asking: Node, depth: int) -> bool:
    arguments = arguments_of(call)
    if argument not in arguments:
        return False
    at = arguments.index(argument)
    if call.children[0].text in _CHANGERS:
        return at == 0
    functions = origins(call.children[0]) if call.children[0].type == "identifier" else []
    names = [_parameter(function, at) for function in functions if function.type in FUNCTIONS]
    return any(name is not None and _is_changed_by_name(name, asking, depth - 1) for name in names)


def _parameter(function: Node, at: int) -> Binding | None:
    parameters = function.child("formal_parameters")
    nodes = parameters.children if parameters is not None else function.children[:1]
    return nodes[at].binding if at < len(nodes) else None
