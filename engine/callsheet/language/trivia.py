"""Edits that change nothing but white space and comments: what was found in the text before them still holds."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from tree_sitter import Node

from callsheet.language.source import TreeEdit
from callsheet.language.syntax import Parsed

_SPEAKING = b"callsheet-ignore"
"""Comments with this word are read."""

_TEXTS = frozenset({"string", "template_string", "regex"})


def same_code(before: Parsed, after: Parsed, edits: Sequence[TreeEdit]) -> bool:
    """Whether both scripts are the same tokens, with the same places where a line end could matter.

    Args:
        before: the script before the edits.
        after: the script after them.
        edits: as `Source.replace` gave them; several are never looked at in detail.
    """
    if len(edits) != 1 or before.embedded or _speaks(before) or _speaks(after):
        return False
    edit = edits[0]
    delta = edit.new_end_byte - edit.old_end_byte
    old = _neighbours(before.root, edit.start_byte, edit.old_end_byte)
    new = _neighbours(after.root, edit.start_byte, edit.new_end_byte)
    if old is None or new is None:
        return False
    script = before.script
    if (after.script.start, after.script.end) != (script.start, script.end + delta):
        return False
    return (
        _place(old[0], 0) == _place(new[0], 0)
        and _place(old[1], delta) == _place(new[1], 0)
        and _has_line_end(before, old) == _has_line_end(after, new)
    )


def _speaks(parsed: Parsed) -> bool:
    return _SPEAKING in parsed.source.data


def _place(node: Node | None, delta: int) -> tuple[str, int, int] | None:
    return (node.type, node.start_byte + delta, node.end_byte + delta) if node is not None else None


def _has_line_end(parsed: Parsed, neighbours: tuple[Node | None, Node | None]) -> bool:
    left, right = neighbours
    start = left.end_byte if left is not None else parsed.script.start
    end = right.start_byte if right is not None else parsed.script.end
    gap = parsed.source.data[start:end]
    return b"\n" in gap or b"\r" in gap


def _neighbours(root: Node, start: int, end: int) -> tuple[Node | None, Node | None] | None:
    """The tokens around a range that holds none of them; None where it does hold, or cuts, one."""
    node = root.descendant_for_byte_range(start, end)
    while node is not None and (node.type == "comment" or _is_beside(node, start, end)):
        node = node.parent
    if node is None or node.child_count == 0 or node.type in _TEXTS:
        return None
    return _search(node, start, end)


def _is_beside(node: Node, start: int, end: int) -> bool:
    """Whether a token only touches the range from outside."""
    return node.child_count == 0 and (node.start_byte >= end or node.end_byte <= start)


def _search(node: Node, start: int, end: int) -> tuple[Node | None, Node | None] | None:
    left: Node | None = None
    right: Node | None = None
    current: Node | None = node
    while current is not None and (left is None or right is None):
        children = current.children
        first = bisect_right(children, start, key=_end)
        last = bisect_left(children, end, key=_start)
        inside = children[first:last]
        if current is node and any(child.type != "comment" for child in inside):
            return None
        if left is None:
            left = _last_token(children[:first][::-1])
        if right is None:
            right = _first_token(children[last:])
        current = current.parent
    return left, right


def _start(node: Node) -> int:
    return node.start_byte


def _end(node: Node) -> int:
    return node.end_byte


def _last_token(nodes: Sequence[Node]) -> Node | None:
    for node in nodes:
        if node.type != "comment":
            return node if node.child_count == 0 else _last_token(node.children[::-1])
    return None


def _first_token(nodes: Sequence[Node]) -> Node | None:
    for node in nodes:
        if node.type != "comment":
            return node if node.child_count == 0 else _first_token(node.children)
    return None
