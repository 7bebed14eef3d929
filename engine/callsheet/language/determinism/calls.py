"""What calls do with a forbidden thing: call it, or construct it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from callsheet.language.determinism.values import (
    CALL,
    CONSTRUCTED,
    NEW,
    PROTOTYPE,
    Flow,
    Thing,
    forbidden_call,
)
from callsheet.language.scopes.functions import arguments_of
from callsheet.language.scopes.nodes import Node
from callsheet.language.scopes.origins import origins

if TYPE_CHECKING:
    from callsheet.language.determinism.flow import Tracer


def called(tracer: Tracer, call: Node, flow: Flow) -> None:
    """The value that flows is called by `call`."""
    if flow.steps:
        if flow.steps[0] == CALL:
            tracer.flow(call, flow.out())
        return
    thing = flow.thing
    if thing.form == "method" and thing.method == "bind":
        given = max(0, len(arguments_of(call)) - 1)
        tracer.flow(call, flow.as_(Thing(thing.path, "bound", given=given)))
        return
    if thing.form == "method" and thing.method == "valueOf":
        tracer.flow(call, flow.as_(Thing(thing.path)))
        return
    entry = forbidden_call(Thing(thing.path) if thing.form == "method" else thing)
    if entry is not None:
        tracer.report(entry, call, flow)


def constructed(tracer: Tracer, new: Node, flow: Flow) -> None:
    """The value that flows is constructed by `new`."""
    if flow.steps:
        if flow.steps[0] in {NEW, PROTOTYPE}:
            tracer.flow(new, flow.out())
        return
    construct(tracer, new, flow, surely_without(arguments_of(new), flow.anchor))


def construct(tracer: Tracer, place: Node, flow: Flow, without_arguments: bool) -> None:
    thing = flow.thing
    entry = CONSTRUCTED.get(thing.path)
    if entry is None or thing.form not in {"itself", "bound", "subclass"}:
        return
    if without_arguments and thing.given == 0 and not (thing.form == "subclass" and thing.method == "own"):
        tracer.report(entry, place, flow)
    tracer.flow(place, flow.as_(Thing(thing.path, "instance")))


def surely_without(arguments: list[Node], given: Node | None = None) -> bool:
    """Whether a call has no arguments, where `given` is the one that the local function around it was called with."""
    for argument in arguments:
        if argument.type != "spread_element" or not argument.children:
            return False
        if not surely_empty(argument.children[0], given):
            return False
    return True


def surely_empty(array: Node, given: Node | None = None) -> bool:
    """Whether an array that is spread, or holds arguments, has no elements."""
    return all(
        surely_without(origin.children) if origin.type == "array" else _is_empty_rest(origin, given)
        for origin in origins(array)
    )


def _is_empty_rest(name: Node, given: Node | None) -> bool:
    """Whether a name is a rest parameter that the call with a given argument gives nothing to."""
    rest = name.binding.declarations[0].parent if name.binding is not None else None
    parameters = rest.parent if rest is not None and rest.type == "rest_pattern" else None
    if given is None or given.parent is None or parameters is None or rest is None:
        return False
    if parameters.type != "formal_parameters" or given.parent.type != "arguments":
        return False
    passed = given.parent.children
    return len(passed) <= parameters.children.index(rest) and not any(
        a.type == "spread_element" for a in passed
    )


def check_super(tracer: Tracer, owner: Node, flow: Flow) -> None:
    """A class extends the thing: its constructor may construct it without arguments."""
    constructor = constructor_of(owner)
    entry = CONSTRUCTED[flow.thing.path]
    for node in constructor.walk() if constructor is not None else ():
        if (
            node.type == "call_expression"
            and node.children[0].type == "super"
            and surely_without(arguments_of(node))
        ):
            tracer.report(entry, node, flow)


def hands_arguments_on(constructor: Node) -> bool:
    """Whether a constructor gives its arguments to `super` as they are: `constructor(...rest) { super(...rest) }`."""
    for node in constructor.walk():
        if node.type == "call_expression" and node.children[0].type == "super":
            arguments = arguments_of(node)
            return bool(arguments) and all(argument.type == "spread_element" for argument in arguments)
    return False


def constructor_of(owner: Node) -> Node | None:
    body = owner.child("class_body")
    for member in body.children if body is not None else ():
        if member.type == "method_definition" and member.children[0].name == "constructor":
            return member
    return None
