"""What the functions of the realm do with a forbidden thing that is handed to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from callsheet.language.determinism.calls import called, construct, constructed, surely_empty
from callsheet.language.determinism.handing import give, give_elements, place_in
from callsheet.language.determinism.values import ANY, CALL, ELEMENT, LOOKUP, Flow, Thing, read
from callsheet.language.scopes.nodes import Node
from callsheet.language.scopes.origins import arguments_of, constant_strings, declared_by, keys_of, origins

if TYPE_CHECKING:
    from callsheet.language.determinism.flow import Tracer

_HARMLESS_SINKS = frozenset(
    {
        "log",
        "String",
        "Boolean",
        "Number",
        "Symbol",
        "Object.is",
        "Object.keys",
        "Object.getOwnPropertyNames",
        "Reflect.ownKeys",
        "Reflect.has",
        "Object.hasOwn",
        "Array.isArray",
        "JSON.stringify",
        "isNaN",
        "structuredClone",
        "agent",
    }
)
_IDENTITY = frozenset(
    {
        "Object",
        "Object.freeze",
        "Object.seal",
        "Object.preventExtensions",
        "Object.create",
        "Promise.resolve",
        "Promise.all",
        "Promise.race",
        "Promise.any",
        "Proxy",
        "Set",
        "Array.from",
        "Object.values",
        "Iterator.from",
    }
)
_DESCRIBES = frozenset({"Object.getOwnPropertyDescriptor", "Reflect.getOwnPropertyDescriptor"})
_PROTOTYPES = frozenset({"Object.getPrototypeOf", "Reflect.getPrototypeOf"})
_UNCURRIED = frozenset(
    f"Function.prototype.{inner}.{outer}"
    for inner in ("call", "apply", "bind")
    for outer in ("call", "apply")
)


def built_in(tracer: Tracer, path: str, call: Node, index: int, flow: Flow) -> bool:
    arguments = arguments_of(call)
    if path in _IDENTITY and index == 0:
        kept = flow
        if path in {"Object.values", "Array.from", "Set"} and flow.steps:
            kept = flow.out().into(ELEMENT)
            if path == "Array.from" and len(arguments) > 1:
                give(tracer, arguments[1], 0, flow.out())
        tracer.flow(call, kept)
        return path != "Promise" and bool(flow.steps or path != "Object.values")
    if (path in _HARMLESS_SINKS and index == 0) or path.startswith("console."):
        return True
    handler = _BUILT_INS.get(path)
    if handler is not None:
        handler(tracer, call, arguments, index, flow)
        return True
    if path in _UNCURRIED and index == 0:
        if ".bind." in path:
            tracer.flow(call, flow.as_(Thing(flow.thing.path, "bound")))
        else:
            called(tracer, call, flow)
        return True
    return False


def _reflect_get(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    keys = constant_strings(arguments[1]) if len(arguments) > 1 else None
    for key in (keys or ({ANY} if flow.steps else ())) if index == 0 else ():
        for inner in read(flow, key):
            tracer.flow(call, inner)


def _reflect_apply(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    if index == 0:
        called(tracer, call, flow)
    elif index == 2:
        anchored = flow if flow.anchor is not None else evolve(flow, anchor=place_in(arguments[2], flow))
        give_elements(tracer, arguments[0], anchored)


def _reflect_construct(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    if index == 0 and not flow.steps:
        construct(tracer, call, flow, len(arguments) > 1 and surely_empty(arguments[1]))
    elif index == 0:
        constructed(tracer, call, flow)


def _descriptor(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    keys = constant_strings(arguments[1]) if len(arguments) > 1 else None
    for key in (keys or ()) if index == 0 else ():
        for inner in read(flow, key):
            tracer.flow(call, inner.into("value"))


def _descriptors(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    if not flow.steps and flow.thing.form == "itself":
        tracer.flow(call, flow.as_(Thing(flow.thing.path, "descriptors")))


def _prototype(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    if not flow.steps and flow.thing.form == "subclass":
        tracer.flow(call, flow.as_(Thing(flow.thing.path)))
    elif flow.steps or flow.thing.form == "instance":
        tracer.flow(call, flow)


def _assign(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    if flow.steps or index == 0:
        tracer.flow(call, flow)
    if flow.steps and index > 0:
        tracer.store(arguments[0], flow)


def _entries(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    if flow.steps:
        tracer.flow(call, flow.out().into(ELEMENT, "1"))


def _from_entries(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    if len(flow.steps) > 1:
        tracer.flow(call, flow.out().out().into(ANY))


def _map(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    if len(flow.steps) > 1:
        tracer.flow(call, flow.out().out().into(LOOKUP))


def _array_of(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    tracer.flow(call, flow.into(str(index)))


def _define(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    if index != 2 or not flow.steps:
        return
    for key in constant_strings(arguments[1]) or {ANY}:
        if flow.steps[0] == "value":
            tracer.store(arguments[0], flow.out().into(key))
        elif flow.steps[0] == "get":
            got = flow.out()
            if got.steps[:1] == (CALL,):
                tracer.store(arguments[0], got.out().into(key))
            elif not got.steps:
                called(tracer, arguments[index], got)


_BUILT_INS = {
    "Reflect.get": _reflect_get,
    "Reflect.apply": _reflect_apply,
    "Reflect.construct": _reflect_construct,
    "Object.assign": _assign,
    "Object.entries": _entries,
    "Object.fromEntries": _from_entries,
    "Object.getOwnPropertyDescriptors": _descriptors,
    "Object.defineProperty": _define,
    "Reflect.defineProperty": _define,
    "Map": _map,
    "Array.of": _array_of,
    **dict.fromkeys(_DESCRIBES, _descriptor),
    **dict.fromkeys(_PROTOTYPES, _prototype),
}


def global_path(node: Node, depth: int = 8) -> str | None:
    """Dotted name from the global object of what an expression is, aliases being followed; None for anything else."""
    for origin in origins(node, depth):
        type_ = origin.type
        if type_ == "identifier":
            if origin.binding is None:
                return origin.name
            return _declared_path(origin, depth - 1) if depth > 0 else None
        if type_ in {"member_expression", "subscript_expression"} and len(origin.children) == 2 and depth > 0:
            base = global_path(origin.children[0], depth - 1)
            keys = keys_of(origin)
            if base is None or not keys or len(keys) != 1:
                return None
            key = next(iter(keys))
            return key if base == "globalThis" else f"{base}.{key}"
        return None
    return None


def _declared_path(name: Node, depth: int) -> str | None:
    binding = name.binding
    if binding is None or binding.kind != "const":
        return None
    owner, steps, _ = declared_by(binding.declarations[0])
    if owner.type != "variable_declarator" or len(owner.children) < 2 or not steps or None in steps:
        return None
    base = global_path(owner.children[1], depth)
    if base is None:
        return None
    inner = ".".join(step or "" for step in steps)
    return inner if base == "globalThis" else f"{base}.{inner}"
