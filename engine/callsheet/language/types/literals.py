"""Literals that a script puts together from constants: names, shared parts, spreads and helpers are followed."""

from __future__ import annotations

from typing import Any, Literal

from attrs import evolve, field, frozen

from callsheet.language.literals import unescape
from callsheet.language.scopes.bind import Binding
from callsheet.language.scopes.changes import is_changed
from callsheet.language.scopes.functions import arguments_of, returned_by
from callsheet.language.scopes.nodes import FUNCTIONS, Node
from callsheet.language.scopes.origins import constant_strings, declared_by, key_names, keys_of, origins

_DEPTH = 40
_WRAPPERS = frozenset({"Object.freeze", "structuredClone", "Object.seal"})
_ACCESSES = frozenset({"member_expression", "subscript_expression"})


@frozen(eq=False)
class Entry:
    """A property: where its key stands, and its value."""

    key: Node
    value: Value


@frozen(eq=False)
class Value:
    """A literal.

    Attributes:
        node: the expression that gives the value, where it is written.
        data: of a scalar.
        entries: of an object.
        items: of an array.
        complete: whether everything about this object or array is known, its parts aside.
        closed: whether it is written in one place, without names of other things.
    """

    kind: Literal["object", "array", "scalar", "unknown"]
    node: Node
    data: Any = None
    entries: dict[str, Entry] = field(factory=dict)
    items: tuple[Value, ...] = ()
    complete: bool = True
    closed: bool = True

    def get(self, name: str) -> Value | None:
        entry = self.entries.get(name)
        return entry.value if entry is not None else None

    def is_known(self) -> bool:
        """Whether every part at any depth is known."""
        if self.kind == "unknown" or not self.complete:
            return False
        parts = [entry.value for entry in self.entries.values()] if self.kind == "object" else self.items
        return all(part.is_known() for part in parts)

    def plain(self) -> Any:
        """The value as JSON data; unknown parts are None."""
        if self.kind == "object":
            return {name: entry.value.plain() for name, entry in self.entries.items()}
        if self.kind == "array":
            return [item.plain() for item in self.items]
        return self.data

    def text(self, name: str) -> str | None:
        """A property that is a string."""
        value = self.get(name)
        return value.data if value is not None and isinstance(value.data, str) else None


@frozen(eq=False)
class Given:
    """What the parameters of a helper stand for while one call of it is read.

    Attributes:
        call: the call.
        function: the helper.
        around: what the parameters stand for in the call's own arguments.
    """

    call: Node
    function: Node
    around: Given | None

    def value_of(self, parameter: Binding, depth: int) -> Value | None:
        """The value of a parameter of the helper; None for any other name."""
        owner, steps, defaults = declared_by(parameter.declarations[0])
        function = owner.parent if owner.type == "formal_parameters" else owner
        if function is not self.function:
            return self.around.value_of(parameter, depth) if self.around is not None else None
        declaration = parameter.declarations[0]
        index = 0
        if owner.type == "formal_parameters":
            index = next(
                at for at, child in enumerate(owner.children) if child.start <= declaration.start < child.end
            )
        arguments = arguments_of(self.call)
        if declaration.parent is not None and declaration.parent.type == "rest_pattern" and not steps:
            items = tuple(read_literal(argument, depth, self.around) for argument in arguments[index:])
            is_known = all(argument.type != "spread_element" for argument in arguments)
            return Value("array", self.call, None, {}, items, is_known, closed=False)
        if steps or any(argument.type == "spread_element" for argument in arguments[: index + 1]):
            return Value("unknown", declaration, closed=False)
        if index < len(arguments):
            return read_literal(arguments[index], depth, self.around)
        return read_literal(defaults[0][1], depth, self) if defaults else None


def read_literal(node: Node, depth: int = _DEPTH, given: Given | None = None) -> Value:
    """The literal that an expression stands for; of kind `unknown` where it is none, or may be one of several.

    Args:
        node: the expression.
        depth: how many steps are followed.
        given: what the parameters of the helper stand for whose result this is.
    """
    if node.type in _PLAIN and depth > 0:
        value = _read(node, depth, given)
        return _as_changed(value, node, node) if depth == _DEPTH else value
    if given is not None and depth > 0:
        told = _read_given(node, depth, given)
        if told is not None:
            return evolve(told, closed=False)
    found = origins(node)
    if len(found) != 1 or depth <= 0:
        return Value("unknown", node, closed=False)
    value = _as_changed(_read(found[0], depth, given if found[0] is node else None), found[0], node)
    return evolve(value, closed=False) if value.closed else value


def _as_changed(value: Value, literal: Node, asking: Node) -> Value:
    """What is known of a literal that the script changes later: its parts may be others, and more."""
    if literal.type in {"object", "array"} and is_changed(literal, asking):
        return _opened(value)
    return value


def _opened(value: Value) -> Value:
    entries = {name: evolve(entry, value=_opened(entry.value)) for name, entry in value.entries.items()}
    items = tuple(_opened(item) for item in value.items)
    return evolve(
        value, entries=entries, items=items, complete=value.kind not in {"object", "array"}, closed=False
    )


def _read_given(node: Node, depth: int, given: Given) -> Value | None:
    """The value of a parameter of a helper, or of a property of one; None for any other expression."""
    if node.type == "parenthesized_expression" and node.children:
        return read_literal(node.children[0], depth - 1, given)
    if node.type in {"identifier", "shorthand_property_identifier"}:
        is_parameter = node.binding is not None and node.binding.kind == "param"
        return given.value_of(node.binding, depth - 1) if is_parameter and node.binding is not None else None
    if node.type in _ACCESSES and len(node.children) == 2:
        container = _read_given(node.children[0], depth - 1, given)
        keys = keys_of(node)
        if container is None or keys is None or len(keys) != 1:
            return None
        return container.get(next(iter(keys))) or Value("unknown", node, closed=False)
    return None


def _read(node: Node, depth: int, given: Given | None) -> Value:
    type_ = node.type
    if type_ in {"object", "array"}:
        known = node.fragment.facts.get(("literal", node))
        if isinstance(known, Value):
            return known
        value = _object(node, depth, given) if type_ == "object" else _array(node, depth, given)
        if value.closed:
            node.fragment.facts["literal", node] = value
        return value
    if type_ == "string":
        return Value("scalar", node, unescape(node.text[1:-1]))
    if type_ in _SCALARS:
        return Value("scalar", node, _SCALARS[type_])
    if type_ == "number":
        return _number(node, node.text)
    if (
        type_ == "unary_expression"
        and node.name == "-"
        and node.children
        and node.children[0].type == "number"
    ):
        return _number(node, "-" + node.children[0].text)
    if type_ == "call_expression":
        return _call(node, depth, given)
    if type_ in {"template_string", "binary_expression"}:
        strings = constant_strings(node)
        if strings is not None and len(strings) == 1:
            return Value("scalar", node, next(iter(strings)), closed=not node.children)
    return Value("unknown", node, closed=False)


def _call(node: Node, depth: int, given: Given | None) -> Value:
    """What a call puts together: of a copying built-in, or of a helper of the script that returns one expression."""
    callee, arguments = node.children[0], arguments_of(node)
    unknown = Value("unknown", node, closed=False)
    if any(argument.type == "spread_element" for argument in arguments):
        return unknown
    if callee.text in _WRAPPERS and len(arguments) == 1:
        return read_literal(arguments[0], depth - 1, given)
    if callee.text == "Object.assign" and arguments:
        return _assigned(node, [read_literal(argument, depth - 1, given) for argument in arguments])
    if callee.text == "Object.keys" and len(arguments) == 1:
        return _keys(node, read_literal(arguments[0], depth - 1, given))
    functions = origins(callee)
    if len(functions) != 1 or functions[0].type not in FUNCTIONS or "generator" in functions[0].type:
        return unknown
    results = returned_by(functions[0])
    if len(results) != 1:
        return unknown
    value = read_literal(results[0], depth - 1, Given(node, functions[0], given))
    return evolve(value, node=node, closed=False) if value.kind == "object" else evolve(value, closed=False)


def _assigned(node: Node, parts: list[Value]) -> Value:
    entries: dict[str, Entry] = {}
    for part in parts:
        entries.update(part.entries)
    complete = all(part.kind == "object" and part.complete for part in parts)
    return Value("object", node, None, entries, (), complete, closed=False)


def _keys(node: Node, container: Value) -> Value:
    if container.kind != "object":
        return Value("unknown", node, closed=False)
    items = tuple(Value("scalar", entry.key, name) for name, entry in container.entries.items())
    return Value("array", node, None, {}, items, container.complete, closed=False)


_PLAIN = frozenset({"object", "array", "string", "number", "true", "false", "null"})
_SCALARS: dict[str, Any] = {"true": True, "false": False, "null": None}


def _number(node: Node, text: str) -> Value:
    text = text.replace("_", "")
    try:
        return Value("scalar", node, int(text, 0))
    except ValueError:
        try:
            return Value("scalar", node, float(text))
        except ValueError:
            return Value("unknown", node)


def _object(node: Node, depth: int, given: Given | None) -> Value:
    entries: dict[str, Entry] = {}
    complete = not node.errors
    for child in node.children:
        type_ = child.type
        if type_ == "pair" and len(child.children) == 2:
            names = key_names(child.children[0])
            if names is not None and len(names) == 1:
                entries[next(iter(names))] = Entry(
                    child.children[0], read_literal(child.children[1], depth - 1, given)
                )
                continue
        elif type_ == "shorthand_property_identifier":
            entries[child.name or ""] = Entry(child, read_literal(child, depth - 1, given))
            continue
        elif type_ == "spread_element" and child.children:
            spread = read_literal(child.children[0], depth - 1, given)
            if spread.kind == "object":
                entries.update(spread.entries)
                complete = complete and spread.complete
                continue
        complete = False
    closed = complete and all(entry.value.closed for entry in entries.values())
    return Value("object", node, None, entries, (), complete, closed and _has_no_spread(node))


def _array(node: Node, depth: int, given: Given | None) -> Value:
    items: list[Value] = []
    complete = not node.errors
    for child in node.children:
        if child.type != "spread_element":
            items.append(read_literal(child, depth - 1, given))
            continue
        spread = read_literal(child.children[0], depth - 1, given) if child.children else None
        if spread is not None and spread.kind == "array":
            items.extend(spread.items)
            complete = complete and spread.complete
        else:
            complete = False
    closed = complete and all(item.closed for item in items) and _has_no_spread(node)
    return Value("array", node, None, {}, tuple(items), complete, closed)


def _has_no_spread(node: Node) -> bool:
    return all(child.type != "spread_element" for child in node.children)
