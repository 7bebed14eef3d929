"""Handing what flows to local functions, as arguments of calls that the script makes or lets be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from callsheet.language.determinism.calls import constructor_of
from callsheet.language.determinism.values import Flow
from callsheet.language.scopes.nodes import CLASSES, FUNCTIONS, Node
from callsheet.language.scopes.origins import origins

if TYPE_CHECKING:
    from callsheet.language.determinism.flow import Tracer


def give(tracer: Tracer, callback: Node, index: int, flow: Flow) -> bool:
    """Hands what flows to a parameter of a local function; whether there is one."""
    found = False
    for function in origins(callback):
        if function.type in CLASSES:
            function = constructor_of(function) or function
        if function.type not in FUNCTIONS:
            continue
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
    return found


def place_in(argument: Node, flow: Flow) -> Node:
    """The part of an argument that holds the thing."""
    held = flow.held if flow.steps else None
    return (
        held if held is not None and argument.start <= held.start and held.end <= argument.end else argument
    )


def give_by_method(tracer: Tracer, callee: Node, index: int, flow: Flow) -> bool:
    """Hands on what is given to `call`, `apply` or `bind` of a local function."""
    if callee.type != "member_expression" or len(callee.children) != 2 or index == 0:
        return False
    name = callee.children[1].name
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
