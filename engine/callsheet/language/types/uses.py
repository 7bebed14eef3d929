"""The places of a script where values are used, sorted by how; kept for each fragment as long as no edit touches it."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field, frozen

from callsheet.language.scopes.lower import LightTree
from callsheet.language.scopes.nodes import Fragment, Node

_ACCESSES = frozenset({"member_expression", "subscript_expression"})
_TYPED_ROOTS = frozenset({"identifier", "call_expression", "await_expression", "parenthesized_expression"})


@frozen(eq=False)
class Uses:
    """Uses in one fragment, those in its inner fragments aside.

    Attributes:
        accesses: members and elements of something that may have a type, with the name or call that they start from.
        lengths: accesses to `length`.
        filters: accesses to `filter`.
        spreads: spreads into arrays and arguments.
    """

    accesses: list[tuple[Node, Node]] = field(factory=list)
    lengths: list[Node] = field(factory=list)
    filters: list[Node] = field(factory=list)
    spreads: list[Node] = field(factory=list)
    loops: list[Node] = field(factory=list)
    patterns: list[Node] = field(factory=list)


def uses(unit: Fragment) -> Iterator[Uses]:
    """The uses in a statement of the script with everything below it; of the whole script its own alone."""
    stack = [unit]
    while stack:
        fragment = stack.pop()
        if fragment.uses:
            yield _of_fragment(fragment)
        if fragment is not fragment.tree.whole:
            stack.extend(fragment.inner)


def all_uses(tree: LightTree) -> Iterator[Uses]:
    """The uses in the whole script."""
    for unit in (tree.whole, *tree.whole.inner):
        yield from uses(unit)


def _of_fragment(fragment: Fragment) -> Uses:
    key = ("uses", fragment.root)
    known = fragment.facts.get(key)
    if not isinstance(known, Uses):
        known = fragment.facts[key] = Uses()
        for node in fragment.uses:
            _sort_in(known, node)
    return known


def _sort_in(found: Uses, node: Node) -> None:
    type_ = node.type
    if type_ in _ACCESSES:
        if len(node.children) != 2:
            return
        root = node.children[0]
        while root.type in _ACCESSES and root.children:
            root = root.children[0]
        if root.type in _TYPED_ROOTS:
            found.accesses.append((node, root))
        name = node.children[1].name if type_ == "member_expression" else None
        if name == "length":
            found.lengths.append(node)
        elif name == "filter":
            found.filters.append(node)
    elif type_ == "spread_element":
        if node.children and node.parent is not None and node.parent.type != "object":
            found.spreads.append(node)
    elif type_ == "for_in_statement":
        if len(node.children) == 3 and _is_for_of(node):
            found.loops.append(node)
    else:
        found.patterns.append(node)


def _is_for_of(loop: Node) -> bool:
    data = loop.fragment.tree.data
    return b"of" in data[loop.children[0].end : loop.children[1].start].split()
