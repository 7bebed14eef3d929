"""What stays known when a script is edited: the findings in statements that the edit has no bearing on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar, cast

from attrs import frozen

from callsheet.language.problem import Span
from callsheet.language.scopes.bind import Binding, nodes_of
from callsheet.language.scopes.lower import LightTree
from callsheet.language.scopes.nodes import Fragment, Node

_Found = TypeVar("_Found")

NAMES = "names"
"""Result that every analysed unit has: the names of the script that it mentions."""


@frozen
class Spot:
    """A range of bytes in a statement, which moves with it.

    Attributes:
        start: from the statement's first byte; so is `end`.
    """

    unit: Fragment
    start: int
    end: int

    @property
    def span(self) -> Span:
        base = self.unit.base
        return Span(base + self.start, base + self.end)


def settled(tree: LightTree) -> LightTree:
    """The tree, without the findings that an edit has made void; every reader of `Fragment.results` asks for this."""
    if "settled" not in tree.memo:
        tree.memo["settled"] = True
        _settle(tree)
    return tree


def in_each_statement(
    tree: LightTree, key: str, find: Callable[[Fragment], Iterable[_Found]]
) -> Iterator[_Found]:
    """What an analysis finds in each statement of a script, that which no edit has a bearing on as it was found before.

    Args:
        tree: the script.
        key: names the analysis.
        find: analyses one statement. What it looks at beyond the statement it must `touch`, and places in what it finds
            must move with their statements: a `Spot` or a node.
    """
    for unit in settled(tree).whole.inner:
        known = unit.results.get(key)
        if known is None:
            known = unit.results[key] = list(find(unit))
            unit.results.setdefault(NAMES, names_of(tree, unit))
        if known:
            yield from cast("list[_Found]", known)


def globals_in(tree: LightTree, statement: Fragment, name: str) -> list[Node]:
    """The uses of a global in one statement.

    Args:
        tree: the script.
        statement: one of `tree.whole.inner`, or `tree.whole` for what broken code leaves outside of all of them.
        name: the global's name.
    """
    if name not in tree.globals:
        return []
    if statement is tree.whole:
        return [use for use in tree.globals[name] if use.fragment is statement]
    return statement.free.get(name, [])


def unit_at(tree: LightTree, start: int, end: int) -> Fragment | None:
    """The statement of the script that a range of bytes lies in."""
    units = tree.whole.inner
    at = bisect_right(units, start, key=lambda unit: unit.base) - 1
    return units[at] if at >= 0 and end <= units[at].root.end else None


def spot(tree: LightTree, span: Span) -> Spot:
    """A range of bytes so that it moves with its statement; with the whole script where it lies in none."""
    unit = unit_at(tree, span.start, span.end) or tree.whole
    return Spot(unit, span.start - unit.base, span.end - unit.base)


def touch_from(tree: LightTree, binding: Binding, offset: int, mentions: bool = False) -> None:
    """The same as `touch`, for an analysis that is at a byte of the file."""
    if binding.scope.parent is None:
        unit = unit_at(tree, offset, offset)
        if unit is not None:
            unit.touched.setdefault((binding.name, mentions), nodes_of(binding, mentions))


def _settle(tree: LightTree) -> None:
    """Forgets what is no longer good.

    The findings in a statement stay good while it is the same, the names of the script that it mentions are the same
    ones, what its analysis touched is the same, and all that holds for the statements that were touched, too.
    """
    good = {unit for unit in tree.whole.inner if NAMES in unit.results and _is_same(tree, unit)}
    leaning: dict[Fragment, list[Fragment]] = {}
    fallen: list[Fragment] = []
    for unit in good:
        for nodes in unit.touched.values():
            for node in nodes:
                other = node.fragment.unit
                if other is unit:
                    continue
                leaning.setdefault(other, []).append(unit)
                if other not in good:
                    fallen.append(unit)
    while fallen:
        unit = fallen.pop()
        if unit in good:
            good.discard(unit)
            fallen.extend(leaning.get(unit, ()))
    for unit in tree.whole.inner:
        if unit not in good:
            unit.touched = {}
            unit.results = {}


def names_of(tree: LightTree, unit: Fragment) -> frozenset[str]:
    """Names of the script that a statement mentions without declaring them in itself."""
    return frozenset(name for name in unit.free if name in tree.module.bindings)


def _is_same(tree: LightTree, unit: Fragment) -> bool:
    if unit.results[NAMES] != names_of(tree, unit):
        return False
    bindings = tree.module.bindings
    for (name, mentions), nodes in unit.touched.items():
        binding = bindings.get(name)
        if binding is None or nodes_of(binding, mentions) != nodes:
            return False
    return True
