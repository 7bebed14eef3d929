"""Whether a loop has an end that does not depend on what an agent answers."""

from __future__ import annotations

import re

from tree_sitter import Node

from callsheet.language.model import FUNCTION_TYPES

_BOUND = re.compile(
    r"<|(?<![=\-])>|\.length|\.size|\+\+|--|\+=|-=|\.(?:shift|pop|splice|next|has|slice|delete|every|some|includes)\s*\("
)
_ENDLESS = frozenset({"true", "1", "!0", "!false", ""})
_EXITS = frozenset({"break_statement", "return_statement", "throw_statement"})
_INNER = frozenset({"for_statement", "for_in_statement", "while_statement", "do_statement"})


def text_of(node: Node | None) -> str:
    """Source text without line breaks; empty for None."""
    return "" if node is None or node.text is None else " ".join(node.text.decode("utf-8", "replace").split())


def condition_of(loop: Node) -> Node | None:
    """The condition of a loop; None where it has none."""
    condition = loop.child_by_field_name("condition")
    while condition is not None and condition.type in {"parenthesized_expression", "expression_statement"}:
        condition = condition.named_child(0)
    return None if condition is None or condition.type == "empty_statement" else condition


def is_endless(condition: Node | None) -> bool:
    """Whether a condition is always true."""
    return text_of(condition) in _ENDLESS


def exits_of(loop: Node) -> list[Node]:
    """The statements that leave a loop from inside it, those of inner functions left out."""
    body = loop.child_by_field_name("body")
    exits: list[Node] = []
    stack = [(body, False)] if body is not None else []
    while stack:
        node, nested = stack.pop()
        if node.type in FUNCTION_TYPES:
            continue
        if node.type in _EXITS and not (
            nested and node.type == "break_statement" and node.named_child_count == 0
        ):
            exits.append(node)
            continue
        nested = nested or node.type in _INNER or node.type == "switch_statement"
        stack.extend((child, nested) for child in node.named_children)
    return exits


def counts_or_drains(loop: Node) -> bool:
    """Whether anything in a loop looks like a counter, a comparison of numbers, or a queue that is emptied.

    Where something does, one cannot tell without running it, and the loop is taken to be bounded.
    """
    return _BOUND.search(_code_of(loop)) is not None


def _code_of(loop: Node) -> str:
    """Text of a loop without strings, templates and comments, and without arrows."""
    parts: list[bytes] = []
    stack = [loop]
    while stack:
        node = stack.pop()
        if node.type in {"string", "comment", "regex", "string_fragment"}:
            continue
        if node.child_count == 0:
            if node.type != "=>":
                parts.append(node.text or b"")
            continue
        stack.extend(reversed(node.children))
    return b" ".join(parts).replace(b" . ", b".").replace(b" (", b"(").decode("utf-8", "replace")
