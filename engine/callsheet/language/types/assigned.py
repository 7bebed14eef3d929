"""Which values a name may have where it is used: the one given last before, and those given on the way there."""

from __future__ import annotations

from bisect import bisect_left

from callsheet.language.scopes.bind import Binding
from callsheet.language.scopes.nodes import FUNCTIONS, Node

_BLOCKS = frozenset({"program", "statement_block", "switch_case", "switch_default"})
_LOOPS = frozenset({"for_statement", "for_in_statement", "while_statement", "do_statement"})
_PATTERNS = frozenset({"array_pattern", "object_pattern", "pair_pattern", "rest_pattern"})
_WRITES = frozenset({"assignment_expression", "augmented_assignment_expression"})


def values_at(use: Node, binding: Binding) -> list[Node] | None:
    """The values that a name may have at a use; None where an assignment before it does not decide that alone."""
    if any(_is_taken_apart(reference) for reference in binding.references):
        return None
    writes = [_write_of(reference) for reference in binding.references]
    found = [write for write in writes if write is not None]
    if not found or any(write.type != "assignment_expression" for write in found):
        return None
    last = _last_before(use, found)
    if last is None:
        return None
    loops = [
        loop for loop in use.ancestors() if loop.type in _LOOPS and not loop.start <= last.start < loop.end
    ]
    later = [
        write
        for write in found
        if write.start > last.start
        and (write.end <= use.start or any(loop.start <= write.start < loop.end for loop in loops))
    ]
    hidden = [write for write in found if _function_of(write) is not _function_of(last)]
    return [write.children[-1] for write in (last, *later, *hidden)]


def _is_taken_apart(use: Node) -> bool:
    """Whether a name is given a value by a pattern or a loop, whose parts are not followed here."""
    parent = use.parent
    if parent is None:
        return False
    return parent.type in _PATTERNS or (parent.type == "for_in_statement" and parent.children[0] is use)


def _write_of(use: Node) -> Node | None:
    parent = use.parent
    is_write = parent is not None and parent.type in _WRITES and parent.children[0] is use
    return parent if is_write else None


def _last_before(use: Node, writes: list[Node]) -> Node | None:
    """The last assignment that always runs before a use is reached."""
    statements = {write.parent: write for write in writes if write.parent is not None}
    child: Node = use
    for parent in use.ancestors():
        if parent.type in _BLOCKS:
            at = bisect_left(parent.children, child.start, key=lambda node: node.start)
            before = [statement for statement in parent.children[:at] if statement in statements]
            if before:
                return statements[before[-1]]
        if parent.type in FUNCTIONS and (parent.parent is None or parent.parent.type != "arguments"):
            return None
        child = parent
    return None


def _function_of(node: Node) -> Node | None:
    return next((parent for parent in node.ancestors() if parent.type in FUNCTIONS), None)
