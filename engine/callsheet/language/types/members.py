"""Accesses to properties that an agent's answer does not have."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from callsheet.language.scopes.bind import Binding, touch
from callsheet.language.scopes.lower import LightTree
from callsheet.language.scopes.nodes import Fragment, Node
from callsheet.language.scopes.origins import keys_of
from callsheet.language.types.infer import Inference, per_unit
from callsheet.language.types.methods import ARRAY_MEMBERS
from callsheet.language.types.model import Type
from callsheet.language.types.narrow import path_of
from callsheet.language.types.uses import all_uses, uses

_OBJECT_MEMBERS = frozenset(
    {
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    }
)
_NUMBER_MEMBERS = frozenset({"toExponential", "toFixed", "toPrecision"})
_STRING_MEMBERS = frozenset(
    [
        "at",
        "charAt",
        "charCodeAt",
        "codePointAt",
        "concat",
        "endsWith",
        "includes",
        "indexOf",
        "isWellFormed",
        "lastIndexOf",
        "length",
        "localeCompare",
        "match",
        "matchAll",
        "normalize",
        "padEnd",
        "padStart",
        "repeat",
        "replace",
        "replaceAll",
        "search",
        "slice",
        "split",
        "startsWith",
        "substr",
        "substring",
        "toLocaleLowerCase",
        "toLocaleUpperCase",
        "toLowerCase",
        "toUpperCase",
        "toWellFormed",
        "trim",
        "trimEnd",
        "trimStart",
    ]
)
_PLAIN_MEMBERS = {
    "string": _STRING_MEMBERS | _OBJECT_MEMBERS,
    "number": _NUMBER_MEMBERS | _OBJECT_MEMBERS,
    "boolean": _OBJECT_MEMBERS,
}
"""Names that the values of a type have which is no object and no list."""

_PLAIN_KEYS = frozenset({"shorthand_property_identifier_pattern", "property_identifier"})
_ACCESSES = frozenset({"member_expression", "subscript_expression"})


@frozen(eq=False)
class Stranger:
    """A name that the value does not have.

    Attributes:
        key: where the name stands.
        type: of the value.
        in_list: whether the value is a list whose elements have the property.
    """

    key: Node
    name: str
    type: Type
    in_list: bool = False


def strangers(tree: LightTree) -> Iterator[Stranger]:
    """Properties that are read of values whose schema does not have them."""
    found = list(per_unit(tree, "strangers", _strangers_in))
    written = _written_names(tree) if found else frozenset()
    return (stranger for stranger in found if stranger.name not in written)


def _written_names(tree: LightTree) -> frozenset[str]:
    """Properties that the script gives to any value; the elements of a list have many names."""
    return frozenset(
        node.children[1].name or ""
        for group in all_uses(tree)
        for node, _ in group.accesses
        if node.type == "member_expression" and _is_target(node)
    )


def _strangers_in(types: Inference, unit: Fragment) -> Iterator[Stranger]:
    for group in uses(unit):
        for node, root in group.accesses:
            if not types.is_unknown_root(root):
                yield from _access(types, node)
        for pattern in group.patterns:
            if pattern.type == "object_pattern":
                yield from _pattern(types, pattern)


def _access(types: Inference, node: Node) -> Iterator[Stranger]:
    container = types.type_in_chain(node.children[0])
    if not _is_certain(container) or not _is_plain_key(node):
        return
    keys = keys_of(node)
    if keys is None or len(keys) != 1:
        return
    (name,) = keys
    if _is_strange(container, name) and not _is_written(node):
        yield Stranger(node.children[1], name, container, container.kind == "array")


def _pattern(types: Inference, pattern: Node) -> Iterator[Stranger]:
    container = types.type_of_declaration(pattern)
    if container.kind == "array" or not _is_certain(container):
        return
    for child in pattern.children:
        key = child.children[0] if child.type == "pair_pattern" else child
        name = key.name
        if name is not None and key.type in _PLAIN_KEYS and _is_strange(container, name):
            yield Stranger(key, name, container)


def _is_certain(type_: Type) -> bool:
    if type_.kind == "array":
        element = type_.element
        return element is not None and element.kind == "object" and element.from_schema
    if type_.kind in _PLAIN_MEMBERS:
        return type_.from_schema or type_.schema is not None
    return type_.kind == "object" and type_.from_schema and not type_.open and bool(type_.properties)


def _is_strange(type_: Type, name: str) -> bool:
    if type_.kind == "array":
        return name not in ARRAY_MEMBERS and type_.element is not None and name in type_.element.properties
    return name not in type_.properties and name not in _PLAIN_MEMBERS.get(type_.kind, _OBJECT_MEMBERS)


def _is_plain_key(node: Node) -> bool:
    return node.type == "member_expression" or node.children[1].type == "string"


def _is_written(node: Node) -> bool:
    """Whether the script itself puts the property there, here or elsewhere."""
    if _is_target(node):
        return True
    found = path_of(node)
    if found is not None:
        touch(found[0], node, mentions=True)
    return found is not None and any(_writes(use, found) for use in found[0].references)


def _writes(use: Node, path: tuple[Binding, tuple[str, ...]]) -> bool:
    parent, depth = use.parent, len(path[1])
    if parent is not None and parent.type == "arguments" and depth == 1 and parent.parent is not None:
        return parent.parent.children[0].text == "Object.assign" and parent.children[0] is use
    while depth > 1 and parent is not None and parent.type in _ACCESSES:
        parent, depth = parent.parent, depth - 1
    return parent is not None and parent.type in _ACCESSES and _is_target(parent) and path_of(parent) == path


def _is_target(node: Node) -> bool:
    parent = node.parent
    return (
        parent is not None
        and parent.type in {"assignment_expression", "augmented_assignment_expression"}
        and parent.children[0] is node
    )
