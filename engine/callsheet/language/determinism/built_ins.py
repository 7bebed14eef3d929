"""What the functions of the realm do with a forbidden thing that is handed to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from callsheet.language.determinism.calls import called, construct, constructed, surely_empty
from callsheet.language.determinism.classes import give_this
from callsheet.language.determinism.handing import anchored, give, give_elements
from callsheet.language.determinism.values import ANY, CALL, ELEMENT, LOOKUP, Flow, Thing, read
from callsheet.language.scopes.functions import arguments_of
from callsheet.language.scopes.nodes import Node
from callsheet.language.scopes.origins import constant_strings, declared_by, keys_of, origins, property_of

if TYPE_CHECKING:
    from callsheet.language.determinism.flow import Tracer

CALLING_GLOBALS = frozenset(
    {
        "parallel",
        "pipeline",
        "retry",
        "gate",
        "loopUntilDry",
        "setTimeout",
        "setInterval",
        "queueMicrotask",
        "Promise",
        "Promise.try",
        "Array.from",
        "Array.fromAsync",
        "Object.groupBy",
        "Map.groupBy",
        "JSON.parse",
    }
)
"""Functions of the realm that call what they are given."""
_ITEMS_FIRST = frozenset({"Array.from", "pipeline"})
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
        "Promise.resolve",
        "Promise.all",
        "Iterator.from",
    }
)
_DESCRIBES = frozenset({"Object.getOwnPropertyDescriptor", "Reflect.getOwnPropertyDescriptor"})
_SETS_PROTOTYPE = frozenset({"Object.setPrototypeOf", "Reflect.setPrototypeOf"})
_PROTOTYPES = frozenset({"Object.getPrototypeOf", "Reflect.getPrototypeOf"})
_UNCURRIED = frozenset(
    f"Function.prototype.{inner}.{outer}"
    for inner in ("call", "apply", "bind")
    for outer in ("call", "apply")
)


def built_in(tracer: Tracer, path: str, call: Node, index: int, flow: Flow) -> bool:
    """Hands what flows to a function of the realm; whether that is all there is to say about it."""
    arguments = arguments_of(call)
    if path in _IDENTITY and index == 0:
        tracer.flow(call, flow)
        return True
    if (path in _HARMLESS_SINKS and index == 0) or path.startswith("console."):
        return True
    handler = _BUILT_INS.get(path)
    if handler is not None:
        handler(tracer, call, arguments, index, flow)
        return path not in CALLING_GLOBALS or (index == 0 and path in _ITEMS_FIRST)
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
    elif index == 1:
        give_this(tracer, arguments[0], anchored(arguments[1], flow))
    elif index == 2:
        give_elements(tracer, arguments[0], anchored(arguments[2], flow))


def _reflect_construct(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    if index == 0 and not flow.steps:
        construct(tracer, call, flow, len(arguments) > 1 and surely_empty(arguments[1], flow.anchor))
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
    later = (argument for argument in arguments[index + 1 :] if argument.type == "object")
    if flow.steps and any(property_of(argument, flow.steps[0]) is not None for argument in later):
        return
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
    if len(flow.steps) > 1 and flow.steps[1] == "1":
        tracer.flow(call, flow.out().out().into(LOOKUP))


def _array_of(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    tracer.flow(call, flow.into(str(index)))


def _define(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    if index == 0:
        tracer.flow(call, flow)
    elif index == 2:
        for key in constant_strings(arguments[1]) or {ANY}:
            _described(tracer, call, arguments, key, flow)


def _define_all(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    if index == 0:
        tracer.flow(call, flow)
    elif flow.steps:
        _described(tracer, call, arguments, flow.steps[0], flow.out())


def _described(tracer: Tracer, call: Node, arguments: list[Node], key: str, descriptor: Flow) -> None:
    """A property of the first argument is described by what flows; the call gives that object."""
    found = [*read(descriptor, "value")]
    for getter in read(descriptor, "get"):
        if getter.steps[:1] == (CALL,):
            found.append(getter.out())
        elif not getter.steps:
            called(tracer, arguments[-1], getter)
    for value in found:
        tracer.store(arguments[0], value.into(key))
        tracer.flow(call, value.into(key))


def _set_prototype(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    if index == 1:
        tracer.store(arguments[0], flow)
    tracer.flow(call, flow)


def _elements(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    """`Array.from`, `new Set`, `Object.values` and the like: a new container of the same elements."""
    if index == 0:
        for element in read(flow, ELEMENT):
            tracer.flow(call, element.into(ELEMENT))
            if len(arguments) > 1:
                give(tracer, arguments[1], 0, element)
    else:
        _result_of_callback(tracer, call, flow)


def _values(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    if flow.steps:
        tracer.flow(call, flow.out().into(ELEMENT))


def _one_of(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    for element in read(flow, ELEMENT):
        tracer.flow(call, element)


def _results(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    """`parallel`: an array of what functions return."""
    for function in read(flow, ELEMENT):
        _result_of_callback(tracer, call, function)


def _stages(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    """`pipeline`: items go to the first stage, what a stage returns to the next one, and then out."""
    for item in read(flow, ELEMENT if index == 0 else CALL):
        if index + 1 < len(arguments):
            give(tracer, arguments[index + 1], 0, item)
        else:
            tracer.flow(call, item.into(ELEMENT))


def _result_of_callback(tracer: Tracer, call: Node, flow: Flow) -> None:
    """What a callback returns is an element of what the call gives."""
    if flow.steps[:1] == (CALL,):
        tracer.flow(call, flow.out().into(ELEMENT))


def _retried(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    """`retry` gives what its function returns."""
    if index == 0 and flow.steps[:1] == (CALL,):
        tracer.flow(call, flow.out())


def _settled(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    for value in read(flow, ELEMENT):
        tracer.flow(call, value.into(ELEMENT, "value"))


def _proxy(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    if index == 0:
        tracer.flow(call, flow)
    elif flow.steps[:2] == ("get", CALL):
        tracer.flow(call, flow.out().out().into(ANY))


_BUILT_INS = {
    "Reflect.get": _reflect_get,
    "Reflect.apply": _reflect_apply,
    "Reflect.construct": _reflect_construct,
    "Object.assign": _assign,
    "Object.entries": _entries,
    "Object.fromEntries": _from_entries,
    "Object.values": _values,
    "Object.getOwnPropertyDescriptors": _descriptors,
    "Object.defineProperty": _define,
    "Reflect.defineProperty": _define,
    "Object.defineProperties": _define_all,
    "Object.create": _define_all,
    "Map": _map,
    "WeakMap": _map,
    "Set": _elements,
    "Array.from": _elements,
    "Array.of": _array_of,
    "Promise.allSettled": _settled,
    "Promise.any": _one_of,
    "Promise.race": _one_of,
    "Proxy": _proxy,
    "parallel": _results,
    "pipeline": _stages,
    "retry": _retried,
    **dict.fromkeys(_DESCRIBES, _descriptor),
    **dict.fromkeys(_PROTOTYPES, _prototype),
    **dict.fromkeys(_SETS_PROTOTYPE, _set_prototype),
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
