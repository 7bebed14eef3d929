"""What methods of arrays and promises give, and what they hand to their callbacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import evolve

from callsheet.language.scopes.functions import GIVES_ELEMENTS, arguments_of, returned_by
from callsheet.language.scopes.nodes import FUNCTIONS, Node
from callsheet.language.scopes.origins import origins
from callsheet.language.types.model import (
    BOOLEAN,
    NUMBER,
    STRING,
    UNDEFINED,
    UNKNOWN,
    Member,
    Type,
    array_of,
    awaited,
    join,
    promise_of,
)
from callsheet.language.types.narrow import implies, mentions

if TYPE_CHECKING:
    from callsheet.language.types.infer import Inference

_KEEP = frozenset(
    {
        "slice",
        "sort",
        "reverse",
        "toSorted",
        "toReversed",
        "concat",
        "with",
        "splice",
        "toSpliced",
        "fill",
        "values",
    }
)
_STRINGS = frozenset({"join", "toString"})
_NUMBERS = frozenset({"indexOf", "lastIndexOf", "findIndex", "findLastIndex", "push", "unshift"})
_BOOLEANS = frozenset({"some", "every", "includes"})
_TEXT = frozenset(
    {
        "trim",
        "slice",
        "toLowerCase",
        "toUpperCase",
        "replace",
        "replaceAll",
        "padStart",
        "padEnd",
        "repeat",
        "substring",
    }
)

ARRAY_MEMBERS = frozenset(
    {
        *GIVES_ELEMENTS,
        *_KEEP,
        *_STRINGS,
        *_NUMBERS,
        *_BOOLEANS,
        "at",
        "copyWithin",
        "entries",
        "flat",
        "keys",
        "length",
        "pop",
        "reduce",
        "reduceRight",
        "shift",
        "toLocaleString",
    }
)
"""Names that every array has."""


def parameter(
    inference: Inference, receiver: Type, call: Node, name: str, position: int, index: int
) -> Type | None:
    """What a method hands to parameter `index` of its callback at `position`; None where that is not known."""
    if receiver.kind == "promise" and name == "then":
        return awaited(receiver) if position == 0 and index == 0 else None
    if receiver.kind != "array" or position != 0:
        return None
    element = receiver.element or UNKNOWN
    if name in GIVES_ELEMENTS:
        return (element, NUMBER, receiver.not_null())[index] if index < 3 else None
    if name in {"reduce", "reduceRight"}:
        return (_accumulator(inference, element, call), element, NUMBER)[index] if index < 3 else None
    return element if name in {"sort", "toSorted"} else None


def call(inference: Inference, receiver: Type, name: str, node: Node) -> Type | None:
    """The type of a call of a method; None where nothing is known of it."""
    arguments = arguments_of(node)
    if receiver.kind == "promise":
        return _promise_call(inference, receiver, name, arguments)
    if receiver.kind == "string":
        if name == "split":
            return array_of(STRING)
        return STRING if name in _TEXT else None
    if receiver.kind == "unknown" and name in {"map", "flatMap"}:
        return _ARRAY_CALLS[name](inference, receiver, arguments)
    if receiver.kind != "array":
        return None
    handler = _ARRAY_CALLS.get(name)
    if handler is not None:
        return handler(inference, receiver, arguments)
    if name in _KEEP:
        return array_of(receiver.element or UNKNOWN)
    if name in _STRINGS:
        return STRING
    if name in _NUMBERS:
        return NUMBER
    return BOOLEAN if name in _BOOLEANS else None


def _promise_call(inference: Inference, receiver: Type, name: str, arguments: list[Node]) -> Type | None:
    if name == "then" and arguments:
        return promise_of(awaited(inference.result_of_callback(arguments[0])))
    if name == "catch" and arguments:
        return promise_of(join(awaited(receiver), awaited(inference.result_of_callback(arguments[0]))))
    return receiver if name == "finally" else None


def _map(inference: Inference, receiver: Type, arguments: list[Node]) -> Type:
    if not arguments:
        return array_of(UNKNOWN)
    return array_of(inference.result_of_callback(arguments[0]))


def _flat_map(inference: Inference, receiver: Type, arguments: list[Node]) -> Type:
    found = inference.result_of_callback(arguments[0]) if arguments else UNKNOWN
    return array_of((found.element or UNKNOWN) if found.kind == "array" else found)


def _flat(inference: Inference, receiver: Type, arguments: list[Node]) -> Type:
    element = receiver.element or UNKNOWN
    return array_of(
        (element.element or UNKNOWN).or_null(element.null) if element.kind == "array" else element
    )


def _filter(inference: Inference, receiver: Type, arguments: list[Node]) -> Type:
    return array_of(_passing(receiver.element or UNKNOWN, arguments))


def _find(inference: Inference, receiver: Type, arguments: list[Node]) -> Type:
    return _passing(receiver.element or UNKNOWN, arguments)


def _element(inference: Inference, receiver: Type, arguments: list[Node]) -> Type:
    return receiver.element or UNKNOWN


def _entries(inference: Inference, receiver: Type, arguments: list[Node]) -> Type:
    element = receiver.element or UNKNOWN
    return array_of(array_of(UNKNOWN, (NUMBER, element)))


def _concat(inference: Inference, receiver: Type, arguments: list[Node]) -> Type:
    element = receiver.element or UNKNOWN
    for argument in arguments:
        given = inference.type_of(argument)
        element = join(element, (given.element or UNKNOWN) if given.kind == "array" else given)
    return array_of(element)


def _accumulator(inference: Inference, element: Type, call: Node) -> Type:
    """What a callback of `reduce` is handed first: of an array that starts empty, the elements are to be found out."""
    arguments = arguments_of(call)
    if len(arguments) < 2:
        return element
    initial = inference.type_of(arguments[1])
    return array_of(UNDEFINED, ()) if initial.items == () else initial


def _reduce(inference: Inference, receiver: Type, arguments: list[Node]) -> Type:
    if not arguments:
        return UNKNOWN
    if len(arguments) == 1:
        return join(receiver.element or UNKNOWN, inference.result_of_callback(arguments[0]))
    initial = inference.type_of(arguments[1])
    if initial.items == ():
        result = inference.result_of_callback(arguments[0])
        is_told = result.kind == "array" and result.element is not None and result.element.kind != "undefined"
        return result if is_told else array_of(UNKNOWN)
    return initial if initial.kind in {"number", "string", "boolean"} else UNKNOWN


_ARRAY_CALLS: dict[str, Callable[[Inference, Type, list[Node]], Type]] = {
    "map": _map,
    "flatMap": _flat_map,
    "flat": _flat,
    "filter": _filter,
    "find": _find,
    "findLast": _find,
    "at": _element,
    "pop": _element,
    "shift": _element,
    "entries": _entries,
    "concat": _concat,
    "reduce": _reduce,
    "reduceRight": _reduce,
}


def _passing(element: Type, arguments: list[Node]) -> Type:
    """The type of the elements that a predicate lets through."""
    for predicate in origins(arguments[0]) if arguments else ():
        if predicate.type == "identifier" and predicate.name == "Boolean":
            return element.not_null()
        if predicate.type not in FUNCTIONS:
            return _without_nulls(element)
        parameters = predicate.child("formal_parameters")
        first = (parameters.children if parameters is not None else predicate.children)[:1]
        results = returned_by(predicate)
        if not first or first[0].type != "identifier" or first[0].binding is None or not results:
            return _without_nulls(element)
        if all(implies(result, True, first[0].binding, ()) for result in results):
            element = element.not_null()
        if any(mentions(result, first[0].binding) for result in results):
            element = _without_nulls(element).or_null(element.null)
    return element


def _without_nulls(element: Type) -> Type:
    members = {
        name: Member(member.type.not_null(), member.required, member.description, member.key)
        for name, member in element.properties.items()
    }
    inner = element.element.not_null() if element.element is not None else None
    items = tuple(item.not_null() for item in element.items) if element.items is not None else None
    return evolve(element, null=None, properties=members, element=inner, items=items)
