"""Which functions of a script run beside each other: those of a fan-out, and what they call."""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.scopes.bind import touch
from callsheet.language.scopes.functions import arguments_of, is_async, returned_by
from callsheet.language.scopes.lower import LightTree
from callsheet.language.scopes.nodes import FUNCTIONS, Fragment, Node
from callsheet.language.scopes.origins import origins
from callsheet.language.scopes.units import globals_in, in_each_statement

_FAN_OUTS = ("parallel", "pipeline")
_COMBINED = frozenset({"all", "allSettled", "any", "race"})
_MAPS = frozenset({"map", "flatMap"})
_SAME_ITEMS = frozenset({"filter", "slice", "concat", "reverse", "toReversed", "flat"})
_DEPTH = 6


def fan_out_around(node: Node) -> tuple[Node, str] | None:
    """The outermost function around a node that a fan-out runs, with the name of the fan-out; None for none.

    Functions that make the functions of a fan-out, in its own arguments, count as well.
    """
    known = functions_beside(node.fragment.tree)
    found = function = None
    for parent in node.ancestors():
        if parent in known:
            found = (parent, known[parent])
        function = parent if parent.type in FUNCTIONS else function
        callee = parent.children[0] if parent.type == "call_expression" else None
        is_fan_out = callee is not None and callee.binding is None and callee.name in _FAN_OUTS
        if found is None and function is not None and callee is not None and is_fan_out:
            found = (function, callee.name or "")
    return found


def runs_beside(node: Node, declared: Node) -> bool:
    """Whether a node stands in a function that runs beside others, and a name was declared outside of it."""
    known = functions_beside(node.fragment.tree)
    return any(
        parent in known and not parent.start <= declared.start < parent.end for parent in node.ancestors()
    )


def functions_beside(tree: LightTree) -> dict[Node, str]:
    """The functions that run beside others, each with the name of the fan-out that runs it."""
    known = tree.memo.get("functions beside")
    if isinstance(known, dict):
        return known
    found: dict[Node, str] = {}
    for function, name in in_each_statement(
        tree, "functions beside", lambda statement: _beside_in(tree, statement)
    ):
        found.setdefault(function, name)
    for function, name in _beside_in(tree, tree.whole):
        found.setdefault(function, name)
    tree.memo["functions beside"] = found
    return found


def _beside_in(tree: LightTree, statement: Fragment) -> Iterator[tuple[Node, str]]:
    """The functions that the fan-outs of a statement run, and those that they call."""
    seen: set[Node] = set()
    waiting = list(_handed_over(tree, statement))
    while waiting:
        function, name = waiting.pop()
        if function not in seen:
            seen.add(function)
            yield function, name
            waiting.extend((called, name) for called in _called_in(function))


def _handed_over(tree: LightTree, statement: Fragment) -> Iterator[tuple[Node, str]]:
    for name in _FAN_OUTS:
        for use in globals_in(tree, statement, name):
            call = use.parent
            if call is None or call.type != "call_expression" or call.children[0] is not use:
                continue
            given = arguments_of(call)[:1] if name == "parallel" else arguments_of(call)[1:]
            for argument in given:
                for function in _thunks(argument, _DEPTH):
                    yield function, name
    for use in globals_in(tree, statement, "Promise"):
        member = use.parent
        call = member.parent if member is not None and member.type == "member_expression" else None
        if member is None or call is None or call.type != "call_expression":
            continue
        name = member.children[-1].name or ""
        if name in _COMBINED and call.children[0] is member and arguments_of(call):
            for function in _promising(arguments_of(call)[0], _DEPTH):
                yield function, f"Promise.{name}"


def _thunks(node: Node, depth: int) -> Iterator[Node]:
    """The functions that an array holds, or that an expression is."""
    if depth <= 0:
        return
    for item in _pushed(node):
        yield from _thunks(item, depth - 1)
    for origin in origins(node):
        if origin.type in FUNCTIONS:
            yield origin
        elif origin.type in {"array", "spread_element"}:
            for child in origin.children:
                yield from _thunks(child, depth - 1)
        elif origin.type == "call_expression":
            receiver, callbacks = _mapping(origin)
            makers = callbacks or [found for found in origins(origin.children[0]) if found.type in FUNCTIONS]
            for maker in makers:
                for result in returned_by(maker):
                    yield from _thunks(result, depth - 1)
            if receiver is not None:
                yield from _thunks(receiver, depth - 1)


def _promising(node: Node, depth: int) -> Iterator[Node]:
    """The functions whose promises an array holds, as far as they go on after their first `await`."""
    if depth <= 0:
        return
    for item in _pushed(node):
        yield from _promising(item, depth - 1)
    for origin in origins(node):
        if origin.type in {"array", "spread_element"}:
            for child in origin.children:
                yield from _promising(child, depth - 1)
        elif origin.type == "call_expression":
            receiver, callbacks = _mapping(origin)
            for callback in callbacks:
                yield from [callback] if is_async(callback) else _called_in(callback)
            if receiver is not None:
                yield from _promising(receiver, depth - 1)
            if receiver is None and not callbacks:
                yield from (found for found in origins(origin.children[0]) if found.type in FUNCTIONS)


def _pushed(node: Node) -> Iterator[Node]:
    """What is pushed into the array that a name stands for."""
    if node.type != "identifier" or node.binding is None:
        return
    touch(node.binding, node, mentions=True)
    for use in node.binding.references:
        member = use.parent
        call = member.parent if member is not None and member.type == "member_expression" else None
        if member is None or call is None or call.type != "call_expression":
            continue
        if call.children[0] is member and member.children[-1].name == "push":
            yield from arguments_of(call)


def _mapping(call: Node) -> tuple[Node | None, list[Node]]:
    """Of `items.map(f)` the functions that `f` may be, of `items.filter(f)` the items."""
    callee, arguments = call.children[0], arguments_of(call)
    if callee.type != "member_expression" or (not arguments and callee.children[-1].name not in _SAME_ITEMS):
        return None, []
    if callee.children[-1].name in _SAME_ITEMS:
        return callee.children[0], []
    at = {"Array.from": 1}.get(callee.text, 0 if callee.children[-1].name in _MAPS else None)
    if at is None or at >= len(arguments):
        return None, []
    return None, [found for found in origins(arguments[at]) if found.type in FUNCTIONS]


def _called_in(function: Node) -> Iterator[Node]:
    """The functions of the script that a function calls by name."""
    for part in function.walk():
        if part.type == "call_expression" and part.children[0].type in {"identifier", "member_expression"}:
            callee = part.children[0]
            if callee.binding is None and callee.type == "identifier":
                continue
            for found in origins(callee):
                if found.type in FUNCTIONS and found is not function:
                    yield found
