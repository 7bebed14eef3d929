"""Handing what flows to local functions, as arguments of calls that the script makes or lets be made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import evolve

from callsheet.language.determinism.calls import constructor_of
from callsheet.language.determinism.classes import give_this
from callsheet.language.determinism.values import Flow
from callsheet.language.scopes.nodes import CLASSES, FUNCTIONS, Node
from callsheet.language.scopes.origins import origins

if TYPE_CHECKING:
    from callsheet.language.determinism.flow import Tracer

_WITH_ARGUMENTS = FUNCTIONS - {"arrow_function"}
_MOST_ANCESTORS = 8


def give(tracer: Tracer, callback: Node, index: int, flow: Flow) -> bool:
    """Hands what flows to a parameter of a local function; whether there is one."""
    found = False
    for function in _functions(callback):
        found = True
        parameters = function.child("formal_parameters")
        names = parameters.children if parameters is not None else function.children[:1]
        if index < len(names) and (parameters is not None or function.type == "arrow_function"):
            target = names[index]
            if target.type == "rest_pattern":
                tracer.bind(target.children[0], flow.into("0"))
            else:
                tracer.bind(target, flow)
        elif names and names[-1].type == "rest_pattern":
            tracer.bind(names[-1].children[0], flow.into(str(index - len(names) + 1)))
        for use in tracer.tree.globals.get("arguments", ()):
            if next((outer for outer in use.ancestors() if outer.type in _WITH_ARGUMENTS), None) is function:
                tracer.flow(use, flow.into(str(index)))
    return found


def _functions(callback: Node) -> Iterator[Node]:
    """The local functions that an expression may be; of a class its constructor, or the one it inherits."""
    waiting = [callback]
    for _ in range(_MOST_ANCESTORS):
        if not waiting:
            return
        expression = waiting.pop()
        if expression.type == "super":
            owner = next((outer for outer in expression.ancestors() if outer.type in CLASSES), None)
            found = (
                origins(heritage)
                if owner is not None and (heritage := _heritage_of(owner)) is not None
                else []
            )
        else:
            found = origins(expression)
        for function in found:
            if function.type in FUNCTIONS:
                yield function
            elif function.type in CLASSES:
                constructor = constructor_of(function)
                heritage = _heritage_of(function)
                if constructor is not None:
                    yield constructor
                elif heritage is not None:
                    waiting.append(heritage)


def _heritage_of(owner: Node) -> Node | None:
    heritage = owner.child("class_heritage")
    return heritage.children[0] if heritage is not None and heritage.children else None


def place_in(argument: Node, flow: Flow) -> Node:
    """The part of an argument that holds the thing."""
    held = flow.held if flow.steps else None
    return (
        held if held is not None and argument.start <= held.start and held.end <= argument.end else argument
    )


def anchored(argument: Node, flow: Flow) -> Flow:
    """What flows on into a local function: a finding inside belongs to the argument that it came in with."""
    return flow if flow.anchor is not None else evolve(flow, anchor=place_in(argument, flow))


def give_by_method(tracer: Tracer, callee: Node, index: int, flow: Flow) -> bool:
    """Hands on what is given to `call`, `apply` or `bind` of a local function."""
    if callee.type != "member_expression" or len(callee.children) != 2:
        return False
    name = callee.children[1].name
    if index == 0:
        if name in {"call", "apply", "bind"}:
            give_this(tracer, callee.children[0], flow)
        return False
    if name in {"call", "bind"}:
        return give(tracer, callee.children[0], index - 1, flow)
    return name == "apply" and give_elements(tracer, callee.children[0], flow)


def give_elements(tracer: Tracer, function: Node, flow: Flow) -> bool:
    """Hands an array of arguments to a local function."""
    return (
        flow.steps[:1] != ()
        and flow.steps[0].isdecimal()
        and give(tracer, function, int(flow.steps[0]), flow.out())
    )
