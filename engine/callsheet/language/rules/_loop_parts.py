"""The parts of a loop: its condition, its body, the ways out of it and what guards them."""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.scopes.nodes import FUNCTIONS, Node

LOOPS = frozenset({"while_statement", "do_statement", "for_statement"})
_INNER = LOOPS | {"for_in_statement"}
_EXITS = frozenset({"break_statement", "return_statement", "throw_statement"})
_ALWAYS = frozenset({"true", "1", "!0", "!false"})


def condition_of(loop: Node) -> Node | None:
    """The condition of a loop; None where it has none, or one that always holds."""
    at = {"while_statement": 0, "do_statement": 1, "for_statement": 1}[loop.type]
    condition = loop.children[at] if at < len(loop.children) - (loop.type != "do_statement") else None
    while condition is not None and condition.type in {"parenthesized_expression", "expression_statement"}:
        condition = condition.children[0] if condition.children else None
    if condition is None or condition.type == "empty_statement":
        return None
    return None if condition.text.replace(" ", "") in _ALWAYS else condition


def body_of(loop: Node) -> Node:
    """What a loop runs in each round."""
    return loop.children[0] if loop.type == "do_statement" else loop.children[-1]


def inside(body: Node) -> Iterator[Node]:
    """What runs in the body itself, functions in it left out."""
    stack = [body]
    while stack:
        node = stack.pop()
        yield node
        if node.type not in FUNCTIONS:
            stack.extend(node.children)


def exits_of(body: Node) -> Iterator[Node]:
    """The statements that leave a loop from inside its body, those of inner functions left out."""
    stack = [(body, False)]
    while stack:
        node, is_nested = stack.pop()
        if node.type in _EXITS:
            if not (is_nested and node.type == "break_statement" and not node.children):
                yield node
            continue
        if node.type not in FUNCTIONS:
            is_nested = is_nested or node.type in _INNER or node.type == "switch_statement"
            stack.extend((child, is_nested) for child in node.children)


def guards_of(exit_: Node, body: Node) -> Iterator[Node]:
    """The conditions on the way from the body of a loop to an exit."""
    child, parent = exit_, exit_.parent
    while child is not body and parent is not None:
        if (
            (parent.type == "if_statement" and child is not parent.children[0])
            or parent.type == "switch_statement"
            or (parent.type in _INNER and parent.children[0] is not child)
        ):
            guard = parent.children[1] if parent.type == "for_in_statement" else parent.children[0]
            yield guard.children[0] if guard.type == "parenthesized_expression" and guard.children else guard
        elif parent.type == "catch_clause":
            yield parent
        child, parent = parent, parent.parent
