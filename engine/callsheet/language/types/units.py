"""What stays known when a script is edited: the findings in statements that the edit has no bearing on."""

from __future__ import annotations

from callsheet.language.scopes.bind import nodes_of
from callsheet.language.scopes.lower import LightTree
from callsheet.language.scopes.nodes import Fragment

NAMES = "names"
"""Result that every analysed unit has: the names of the script that it mentions."""


def settle(tree: LightTree) -> None:
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
