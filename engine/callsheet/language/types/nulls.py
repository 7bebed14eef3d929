"""Uses of values that may be null as if they never were."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from attrs import evolve, frozen

from callsheet.language.scopes.bind import Binding, touch
from callsheet.language.scopes.functions import arguments_of
from callsheet.language.scopes.lower import LightTree
from callsheet.language.scopes.nodes import FUNCTIONS, Fragment, Node
from callsheet.language.scopes.origins import declared_by
from callsheet.language.types.infer import Inference, per_unit
from callsheet.language.types.model import Null
from callsheet.language.types.narrow import path_of
from callsheet.language.types.uses import uses

_REFUSERS = frozenset({"Object.keys", "Object.values", "Object.entries", "Object.fromEntries", "Array.from"})
_REFUSE_NULL = frozenset(name.split(".")[0] for name in _REFUSERS)

How = Literal["access", "pattern", "loop", "spread", "argument"]


@frozen(eq=False)
class NullUse:
    """A use that fails when the value is null.

    Attributes:
        how: an access, a pattern, an iteration, a spread, or an argument of a function that refuses null.
        place: what to underline: the value, or the pattern that takes it apart.
        access: the member access where it is one.
        others: further unchecked uses of the same name, which fail as well where this one is mended.
        null: why it may be null.
        name: the declaration of the name at the root of the value.
        one_by_one: whether the value is one of a fan-out's results, taken in turn by a loop or callback.
        in_stage: whether the value is what a stage of a pipeline was handed by the one before.
    """

    how: How
    place: Node
    access: Node | None
    null: Null
    name: Node | None
    one_by_one: bool
    in_stage: bool
    others: tuple[NullUse, ...] = ()


def null_uses(tree: LightTree) -> list[NullUse]:
    """Unchecked uses of values that are null when an agent fails; of one name only the first, as it fails there."""
    memo = tree.memo.get("null uses")
    if isinstance(memo, list):
        return memo
    found = sorted(per_unit(tree, "null uses", _uses_in), key=lambda use: use.place.start)
    by_name: dict[Node, list[NullUse]] = {}
    for use in found:
        by_name.setdefault(use.name or use.place, []).append(use)
    first = [evolve(same[0], others=tuple(same[1:])) for same in by_name.values()]
    tree.memo["null uses"] = first
    return first


def _uses_in(types: Inference, unit: Fragment) -> Iterator[NullUse]:
    for group in uses(unit):
        for node, root in group.accesses:
            if root.binding is None and root.name in _REFUSE_NULL:
                yield from _argument_use(types, node)
            if node.name == "?." or types.is_unknown_root(root):
                continue
            value = node.children[0]
            null = types.type_in_chain(value).null
            if null is not None:
                yield _made("access", value, node, null, value)
        for spread in group.spreads:
            null = types.type_of(spread.children[0]).null
            if null is not None:
                yield _made("spread", spread.children[0], None, null, spread.children[0])
        for loop in group.loops:
            null = types.type_of(loop.children[1]).null
            if null is not None:
                yield _made("loop", loop.children[1], None, null, loop.children[1])
        for pattern in group.patterns:
            use = _pattern_use(types, pattern)
            if use is not None:
                yield use


def _argument_use(types: Inference, callee: Node) -> Iterator[NullUse]:
    """`Object.keys(r)` and the like, which throw when they are given null."""
    call = callee.parent
    if (
        callee.text not in _REFUSERS
        or call is None
        or call.type != "call_expression"
        or call.children[0] is not callee
    ):
        return
    for argument in arguments_of(call)[:1]:
        null = types.type_of(argument).null
        if null is not None:
            yield _made("argument", argument, None, null, argument)


def _pattern_use(types: Inference, pattern: Node) -> NullUse | None:
    null = types.type_of_declaration(pattern).null
    if null is None:
        return None
    owner, steps, defaults = declared_by(pattern)
    if steps or defaults or owner.type not in {"variable_declarator", "assignment_expression"}:
        return _made("pattern", pattern, None, null, None, owner)
    value = owner.children[-1]
    return _made("pattern", value, None, null, value)


def _made(
    how: How,
    place: Node,
    access: Node | None,
    null: Null,
    value: Node | None,
    owner: Node | None = None,
) -> NullUse:
    path = path_of(value) if value is not None else None
    name = path[0] if path is not None else None
    in_stage = (
        _is_stage_parameter(name, owner) if value is None or (path is not None and not path[1]) else False
    )
    declared = name.declarations[0] if name is not None else None
    return NullUse(how, place, access, null, declared, null.in_slot and _is_one_by_one(name, owner), in_stage)


def _is_one_by_one(name: Binding | None, owner: Node | None) -> bool:
    if name is not None:
        owner = declared_by(name.declarations[0])[0]
    return owner is not None and (
        owner.type in {"formal_parameters", "for_in_statement"} or owner.type in FUNCTIONS
    )


def _is_stage_parameter(name: Binding | None, owner: Node | None) -> bool:
    if name is not None:
        if name.kind != "param":
            return False
        owner = declared_by(name.declarations[0])[0]
    function = owner.parent if owner is not None and owner.type == "formal_parameters" else owner
    if function is None or function.type not in FUNCTIONS:
        return False
    places = [function]
    named = function.child("identifier") if function.type != "arrow_function" else None
    declared = function.parent
    if named is None and declared is not None and declared.type == "variable_declarator":
        named = declared.children[0]
    if named is not None and named.binding is not None:
        touch(named.binding, function, mentions=True)
        places.extend(named.binding.references)
    return any(_is_pipeline_argument(place) for place in places)


def _is_pipeline_argument(place: Node) -> bool:
    arguments = place.parent
    call = arguments.parent if arguments is not None and arguments.type == "arguments" else None
    callee = call.children[0] if call is not None and call.children else None
    return (
        callee is not None
        and callee.type == "identifier"
        and callee.binding is None
        and callee.name == "pipeline"
    )
