"""What ends a loop: a count, a list that is emptied, the budget, or nothing but what agents answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import frozen

from callsheet.language.rules._callers import calls_that_ask
from callsheet.language.rules._loop_ends import End, EndReader
from callsheet.language.rules._loop_parts import LOOPS, body_of, condition_of, exits_of, guards_of, inside
from callsheet.language.scopes.lower import LightTree
from callsheet.language.scopes.nodes import FUNCTIONS, Node
from callsheet.language.scopes.origins import origins

_LOOP = re.compile(rb"\b(?:for|while)\b\s*(?:await\b\s*)?[(/]")


@frozen(eq=False)
class Loop:
    """A loop that calls agents, or asks for the budget, again and again.

    Attributes:
        node: the loop.
        call: a call in it that asks an agent; None where only the budget is asked for.
        end: what ends it; None where a count or something else does that is not an agent's answer.
        guards: the conditions that end it.
    """

    node: Node
    call: Node | None
    end: End | None
    guards: tuple[Node, ...]


def loops_of(tree: LightTree) -> list[Loop]:
    """The loops of a script around agents, in source order."""
    known = tree.memo.get("loops")
    if isinstance(known, list):
        return known
    if _LOOP.search(tree.data) is None:
        return []
    calls: dict[Node, Node | None] = {}
    for call in calls_that_ask(tree):
        loop = _loop_around(call)
        if loop is not None:
            calls.setdefault(loop, call)
    for use in tree.globals.get("budget", ()):
        loop = _loop_around(use)
        if loop is not None:
            calls.setdefault(loop, None)
    found = [_judged(loop, call) for loop, call in sorted(calls.items(), key=lambda item: item[0].start)]
    tree.memo["loops"] = found
    return found


def _loop_around(node: Node) -> Node | None:
    """The loop that makes a call again and again: the innermost one in the same function."""
    child = node
    for parent in node.ancestors():
        if parent.type in FUNCTIONS and not _is_called_in_place(parent):
            return None
        if parent.type == "for_in_statement" and child is parent.children[-1]:
            return None
        if parent.type in LOOPS and not (parent.type == "for_statement" and child is parent.children[0]):
            return parent
        child = parent
    return None


def _is_called_in_place(function: Node) -> bool:
    """Whether a function is the callback of `items.map(…)` and the like, which call it at once."""
    arguments = function.parent
    call = arguments.parent if arguments is not None and arguments.type == "arguments" else None
    callee = call.children[0] if call is not None else None
    return (
        callee is not None
        and callee.type == "member_expression"
        and callee.children[-1].name in {"map", "flatMap", "forEach"}
    )


def _judged(loop: Node, call: Node | None) -> Loop:
    condition = condition_of(loop)
    if condition is not None and condition.type == "false":
        return Loop(loop, call, None, ())
    guards = [condition] if condition is not None else []
    body = body_of(loop)
    if any(_is_in_hand(node) for node in inside(body)):
        return Loop(loop, call, None, tuple(guards))
    is_left = condition is not None
    for exit_ in exits_of(body):
        is_left = True
        around = list(guards_of(exit_, body))
        if not around:
            return Loop(loop, call, None, tuple(guards))
        guards.extend(around)
    if not is_left:
        return Loop(loop, call, "nothing", ())
    seen = EndReader(loop)
    ends = {seen.read(guard) for guard in guards}
    if any(seen.read(guard) is None for guard in _guards_in_helpers(body)):
        return Loop(loop, call, None, tuple(guards))
    end: End | None = None
    if None not in ends:
        end = next(each for each in ("budget", "answers", "constants") if each in ends)
    return Loop(loop, call, end, tuple(guards))


def _is_in_hand(node: Node) -> bool:
    """Whether a person, or who reads a generator, decides about the next round."""
    if node.type == "yield_expression":
        return True
    callee = node.children[0] if node.type == "call_expression" else None
    return callee is not None and callee.name == "checkpoint" and callee.binding is None


def _guards_in_helpers(body: Node) -> Iterator[Node]:
    """The conditions under which functions that a loop calls throw, which ends it as well."""
    for node in inside(body):
        if node.type != "call_expression" or node.children[0].type != "identifier":
            continue
        for function in origins(node.children[0]):
            if function.type in FUNCTIONS:
                for exit_ in exits_of(function.children[-1]):
                    if exit_.type == "throw_statement":
                        yield from guards_of(exit_, function.children[-1])
