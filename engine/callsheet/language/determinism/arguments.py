"""A forbidden thing as the argument of a call, and in the containers whose methods are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from callsheet.language.determinism.built_ins import CALLING_GLOBALS, built_in, global_path
from callsheet.language.determinism.handing import anchored, give, give_by_method, place_in
from callsheet.language.determinism.values import (
    ANY,
    CALL,
    CONSTRUCTED,
    ELEMENT,
    LOOKUP,
    NEW,
    Flow,
    forbidden_call,
    read,
)
from callsheet.language.scopes.functions import GIVES_ELEMENTS, arguments_of
from callsheet.language.scopes.nodes import Node
from callsheet.language.scopes.origins import keys_of

if TYPE_CHECKING:
    from callsheet.language.determinism.flow import Tracer

_KEEPS = frozenset(
    {
        "filter",
        "slice",
        "concat",
        "reverse",
        "toReversed",
        "toSorted",
        "sort",
        "flat",
        "values",
        "with",
        "toSpliced",
        "splice",
    }
)
_TAKES_ONE = frozenset({"at", "find", "findLast", "pop", "shift"})
_ADDS = frozenset({"push", "unshift", "add"})
_RETURNS_RESULT = frozenset({"map", "flatMap", "then", "reduce", "reduceRight"})
_CALLBACK_METHODS = frozenset(
    {
        *GIVES_ELEMENTS,
        "reduce",
        "reduceRight",
        "sort",
        "toSorted",
        "then",
        "catch",
        "finally",
        "replace",
        "replaceAll",
        "getOrInsertComputed",
    }
)


def method(tracer: Tracer, member: Node, key: str, flow: Flow) -> None:
    """A method of the container that flows is named: what a call of it does with the content."""
    call = member.parent
    if call is None or call.type != "call_expression" or call.children[0] is not member:
        return
    arguments = arguments_of(call)
    if key == "then" and arguments:
        give(tracer, arguments[0], 0, flow)
    if flow.steps[:1] == (LOOKUP,):
        _of_lookup(tracer, call, key, flow.out())
    elif flow.steps and (flow.steps[0] in {ELEMENT, ANY} or flow.steps[0].isdecimal()):
        _of_elements(tracer, call, key, flow.out())
    if key == "set" and flow.steps:
        tracer.flow(call, flow)


def _of_elements(tracer: Tracer, call: Node, key: str, element: Flow) -> None:
    """A method of an array, set or iterator."""
    arguments = arguments_of(call)
    if key in GIVES_ELEMENTS and arguments:
        give(tracer, arguments[0], 0, element)
    elif key in {"reduce", "reduceRight"} and arguments:
        give(tracer, arguments[0], 1, element)
    if key in _KEEPS:
        tracer.flow(call, element.into(ELEMENT))
    elif key in _TAKES_ONE:
        tracer.flow(call, element)
    elif key == "entries":
        tracer.flow(call, element.into(ELEMENT, "1"))
    if key == "flat":
        for inner in read(element, ELEMENT):
            tracer.flow(call, inner.into(ELEMENT))


def _of_lookup(tracer: Tracer, call: Node, key: str, value: Flow) -> None:
    """A method of a `Map`."""
    arguments = arguments_of(call)
    if key == "forEach" and arguments:
        give(tracer, arguments[0], 0, value)
    elif key == "values":
        tracer.flow(call, value.into(ELEMENT))
    elif key == "entries":
        tracer.flow(call, value.into(ELEMENT, "1"))


def passed(tracer: Tracer, call: Node, argument: Node, flow: Flow) -> None:
    """The value that flows is an argument of `call`."""
    arguments = arguments_of(call)
    index = arguments.index(argument)
    callee = call.children[0]
    inner = anchored(argument, flow)
    if give(tracer, callee, index, inner) or give_by_method(tracer, callee, index, inner):
        return
    path = global_path(callee)
    if path is not None and built_in(tracer, path, call, index, flow):
        return
    method_name = ""
    if callee.type in {"member_expression", "subscript_expression"} and len(callee.children) == 2:
        keys = keys_of(callee)
        method_name = next(iter(keys)) if keys and len(keys) == 1 else ""
        if _into_container(tracer, callee, method_name, index, flow):
            return
    _escapes(tracer, path, method_name, call, argument, flow)


def filled(tracer: Tracer, call: Node, index: int, value: Node, flow: Flow) -> None:
    """The value that flows is in a hole of a template that a local function takes as its tag."""
    give(tracer, call.children[0], index + 1, anchored(value, flow))


def _into_container(tracer: Tracer, callee: Node, name: str, index: int, flow: Flow) -> bool:
    container = callee.children[0]
    call = callee.parent
    assert call is not None
    if name in _ADDS:
        tracer.store(container, flow.into(ELEMENT))
        if name == "add":
            tracer.flow(call, flow.into(ELEMENT))
        return True
    if name == "set" and index == 1:
        tracer.store(container, flow.into(LOOKUP))
        tracer.flow(call, flow.into(LOOKUP))
        return True
    if name in {"concat", "with", "fill"}:
        tracer.flow(call, flow if name == "concat" and flow.steps else flow.into(ELEMENT))
        return True
    if name in _RETURNS_RESULT and index == 0 and flow.steps[:1] == (CALL,):
        tracer.flow(call, flow.out().into(ELEMENT) if name == "map" else flow.out())
        return True
    return False


def _escapes(
    tracer: Tracer, path: str | None, method_name: str, call: Node, argument: Node, flow: Flow
) -> None:
    """Reports a forbidden function that is handed to code which calls it."""
    thing = flow.thing
    entry = forbidden_call(thing)
    if entry is None or (
        flow.steps and (path not in CALLING_GLOBALS or CALL in flow.steps or NEW in flow.steps)
    ):
        return
    calls_it = path in CALLING_GLOBALS or method_name in _CALLBACK_METHODS
    if calls_it or (thing.path not in CONSTRUCTED and not flow.steps):
        tracer.report(entry, place_in(argument, flow), flow)
