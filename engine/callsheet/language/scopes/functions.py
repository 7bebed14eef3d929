"""Functions and their calls, as far as the script names them."""

from __future__ import annotations

from callsheet.language.scopes.bind import Binding, touch
from callsheet.language.scopes.nodes import CLASSES, FUNCTIONS, SAME, Node

GIVES_ELEMENTS = frozenset(
    {"map", "forEach", "filter", "find", "findLast", "flatMap", "some", "every", "findIndex", "findLastIndex"}
)
"""Methods of an array that call a function with its elements, one by one."""


def arguments_of(call: Node) -> list[Node]:
    """Arguments of a call or `new`; empty where there are none."""
    if len(call.children) > 1 and call.children[1].type == "arguments":
        return call.children[1].children
    return []


def is_async(function: Node) -> bool:
    """Whether a function is async."""
    head_end = function.children[0].start if function.children else function.end
    head = function.fragment.tree.data[function.start : head_end]
    return b"async" in head.split()


def returned_by(function: Node) -> list[Node]:
    """Expressions that a function returns, not those of functions in it."""
    body = function.children[-1]
    if body.type != "statement_block":
        return [body] if function.type == "arrow_function" else []
    found: list[Node] = []
    stack = list(body.children)
    while stack:
        node = stack.pop()
        if node.type == "return_statement":
            found.extend(node.children[:1])
        elif node.type not in FUNCTIONS and node.type not in CLASSES:
            stack.extend(node.children)
    return found


def name_of_function(function: Node) -> Binding | None:
    """The name that a function or class is declared with, or that its expression is assigned to at its declaration."""
    if function.type.endswith("declaration"):
        name = function.child("identifier")
        return name.binding if name is not None else None
    child, parent = function, function.parent
    while parent is not None and parent.type in SAME:
        child, parent = parent, parent.parent
    if parent is not None and parent.type == "variable_declarator" and parent.children[0] is not child:
        return parent.children[0].binding
    return None


def calls_of_function(function: Node) -> list[Node]:
    """Calls of a function by a name that is bound to it, in the same script."""
    binding = name_of_function(function)
    if binding is None:
        return []
    touch(binding, function, mentions=True)
    calls = []
    for use in binding.references:
        parent = use.parent
        if (
            parent is not None
            and parent.type in {"call_expression", "new_expression"}
            and parent.children[0] is use
        ):
            calls.append(parent)
    return calls
