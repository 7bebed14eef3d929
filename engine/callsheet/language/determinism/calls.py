"""What calls do with a forbidden thing: call it, construct it, hand it on, or take it in as an argument."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from callsheet.language.determinism.values import (
    ANY,
    CALL,
    CONSTRUCTED,
    ELEMENT,
    LOOKUP,
    NEW,
    Flow,
    Thing,
    forbidden_call,
    read,
)
from callsheet.language.scopes.nodes import CLASSES, FUNCTIONS, Node
from callsheet.language.scopes.origins import arguments_of, constant_strings, declared_by, keys_of, origins

if TYPE_CHECKING:
    from callsheet.language.determinism.flow import Tracer

_GIVES_ELEMENTS = frozenset(
    {"map", "forEach", "filter", "find", "findLast", "flatMap", "some", "every", "findIndex", "findLastIndex"}
)
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
    }
)
_TAKES_ONE = frozenset({"at", "find", "findLast", "pop", "shift"})
_ADDS = frozenset({"push", "unshift", "add"})
_CALLBACK_METHODS = frozenset(
    {
        *_GIVES_ELEMENTS,
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
_CALLING_GLOBALS = frozenset(
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
    entry = forbidden_call(Thing(thing.path) if thing.form == "method" else thing)
    if entry is not None:
        tracer.report(entry, call, flow)


def constructed(tracer: Tracer, new: Node, flow: Flow) -> None:
    """The value that flows is constructed by `new`."""
    if flow.steps:
        if flow.steps[0] == NEW:
            tracer.flow(new, flow.out())
        return
    _construct(tracer, new, flow, _surely_without(arguments_of(new)))


def _construct(tracer: Tracer, place: Node, flow: Flow, without_arguments: bool) -> None:
    thing = flow.thing
    entry = CONSTRUCTED.get(thing.path)
    if entry is None or thing.form not in {"itself", "bound", "subclass"}:
        return
    if without_arguments and thing.given == 0 and not (thing.form == "subclass" and thing.method == "own"):
        tracer.report(entry, place, flow)
    tracer.flow(place, flow.as_(Thing(thing.path, "instance")))


def _surely_without(arguments: list[Node]) -> bool:
    for argument in arguments:
        if argument.type != "spread_element" or not argument.children:
            return False
        if not _surely_empty(argument.children[0]):
            return False
    return True


def _surely_empty(array: Node) -> bool:
    return all(origin.type == "array" and _surely_without(origin.children) for origin in origins(array))


def check_super(tracer: Tracer, owner: Node, flow: Flow) -> None:
    """A class extends the thing: its constructor may construct it without arguments."""
    constructor = constructor_of(owner)
    entry = CONSTRUCTED[flow.thing.path]
    for node in constructor.walk() if constructor is not None else ():
        if (
            node.type == "call_expression"
            and node.children[0].type == "super"
            and _surely_without(arguments_of(node))
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


def method(tracer: Tracer, member: Node, key: str, flow: Flow) -> None:
    """A method of the container that flows is named: what a call of it does with the content."""
    call = member.parent
    if call is None or call.type != "call_expression" or call.children[0] is not member:
        return
    arguments = arguments_of(call)
    if key == "then" and arguments:
        _give(tracer, arguments[0], 0, flow)
    if not flow.steps or not (flow.steps[0] in {ELEMENT, ANY} or flow.steps[0].isdecimal()):
        return
    element = flow.out()
    if key in _GIVES_ELEMENTS and arguments:
        _give(tracer, arguments[0], 0, element)
    elif key in {"reduce", "reduceRight"} and arguments:
        _give(tracer, arguments[0], 1, element)
    if key in _KEEPS:
        tracer.flow(call, element.into(ELEMENT))
    elif key in _TAKES_ONE:
        tracer.flow(call, element)
    elif key == "entries":
        tracer.flow(call, element.into(ELEMENT, "1"))


def _give(tracer: Tracer, callback: Node, index: int, flow: Flow) -> bool:
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


def passed(tracer: Tracer, call: Node, argument: Node, flow: Flow) -> None:
    """The value that flows is an argument of `call`."""
    arguments = arguments_of(call)
    index = arguments.index(argument)
    callee = call.children[0]
    inner = flow if flow.anchor is not None else evolve(flow, anchor=_place_in(argument, flow))
    if _give(tracer, callee, index, inner) or _give_by_method(tracer, callee, index, inner):
        return
    path = global_path(callee)
    if path is not None and _built_in(tracer, path, call, index, flow):
        return
    method_name = ""
    if callee.type in {"member_expression", "subscript_expression"} and len(callee.children) == 2:
        keys = keys_of(callee)
        method_name = next(iter(keys)) if keys and len(keys) == 1 else ""
        if _into_container(tracer, callee, method_name, index, flow):
            return
    _escapes(tracer, path, method_name, call, argument, flow)


def _place_in(argument: Node, flow: Flow) -> Node:
    """The part of an argument that holds the thing."""
    held = flow.held if flow.steps else None
    return (
        held if held is not None and argument.start <= held.start and held.end <= argument.end else argument
    )


def _give_by_method(tracer: Tracer, callee: Node, index: int, flow: Flow) -> bool:
    """Hands on what is given to `call`, `apply` or `bind` of a local function."""
    if callee.type != "member_expression" or len(callee.children) != 2 or index == 0:
        return False
    name = callee.children[1].name
    if name in {"call", "bind"}:
        return _give(tracer, callee.children[0], index - 1, flow)
    return name == "apply" and _give_elements(tracer, callee.children[0], flow)


def _give_elements(tracer: Tracer, function: Node, flow: Flow) -> bool:
    """Hands an array of arguments to a local function."""
    return (
        flow.steps[:1] != ()
        and flow.steps[0].isdecimal()
        and _give(tracer, function, int(flow.steps[0]), flow.out())
    )


def _built_in(tracer: Tracer, path: str, call: Node, index: int, flow: Flow) -> bool:
    arguments = arguments_of(call)
    if path in _IDENTITY and index == 0:
        kept = flow
        if path in {"Object.values", "Array.from", "Set"} and flow.steps:
            kept = flow.out().into(ELEMENT)
            if path == "Array.from" and len(arguments) > 1:
                _give(tracer, arguments[1], 0, flow.out())
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
        anchored = flow if flow.anchor is not None else evolve(flow, anchor=_place_in(arguments[2], flow))
        _give_elements(tracer, arguments[0], anchored)


def _reflect_construct(tracer: Tracer, call: Node, arguments: list[Node], index: int, flow: Flow) -> None:
    if index == 0 and not flow.steps:
        _construct(tracer, call, flow, len(arguments) > 1 and _surely_empty(arguments[1]))
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


def _into_container(tracer: Tracer, callee: Node, name: str, index: int, flow: Flow) -> bool:
    container = callee.children[0]
    call = callee.parent
    assert call is not None
    if name in _ADDS:
        tracer.store(container, flow.into(ELEMENT))
        return True
    if name == "set" and index == 1:
        tracer.store(container, flow.into(LOOKUP))
        return True
    if name in {"concat", "with", "fill"}:
        tracer.flow(call, flow if name == "concat" and flow.steps else flow.into(ELEMENT))
        return True
    if name in {"map", "flatMap", "then"} and index == 0 and flow.steps[:1] == (CALL,):
        result = flow.out()
        tracer.flow(call, result if name == "then" or name == "flatMap" else result.into(ELEMENT))
        return True
    return False


def _escapes(
    tracer: Tracer, path: str | None, method_name: str, call: Node, argument: Node, flow: Flow
) -> None:
    """Reports a forbidden function that is handed to code which calls it."""
    thing = flow.thing
    entry = forbidden_call(thing)
    if entry is None or (
        flow.steps and (path not in _CALLING_GLOBALS or CALL in flow.steps or NEW in flow.steps)
    ):
        return
    calls_it = path in _CALLING_GLOBALS or method_name in _CALLBACK_METHODS
    if calls_it or (thing.path not in CONSTRUCTED and not flow.steps):
        tracer.report(entry, _place_in(argument, flow), flow)


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
