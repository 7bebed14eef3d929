"""What JSON Schema 2020-12 demands of each of its keywords, as a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from attrs import frozen

from callsheet.language.scopes.nodes import Node
from callsheet.language.suggest import nearest
from callsheet.language.types.literals import Value

Demand = Literal[
    "schema",
    "schemas",
    "schema map",
    "string",
    "boolean",
    "number",
    "positive number",
    "count",
    "list",
    "any",
    "names",
    "names map",
    "type",
    "anchor",
    "object",
]

KEYWORDS: dict[str, Demand] = {
    "$anchor": "anchor",
    "$comment": "string",
    "$defs": "schema map",
    "$dynamicAnchor": "anchor",
    "$dynamicRef": "string",
    "$id": "string",
    "$ref": "string",
    "$schema": "string",
    "$vocabulary": "object",
    "additionalProperties": "schema",
    "allOf": "schemas",
    "anyOf": "schemas",
    "const": "any",
    "contains": "schema",
    "contentEncoding": "string",
    "contentMediaType": "string",
    "contentSchema": "schema",
    "default": "any",
    "definitions": "schema map",
    "dependentRequired": "names map",
    "dependentSchemas": "schema map",
    "deprecated": "boolean",
    "description": "string",
    "else": "schema",
    "enum": "list",
    "examples": "list",
    "exclusiveMaximum": "number",
    "exclusiveMinimum": "number",
    "format": "string",
    "if": "schema",
    "items": "schema",
    "maxContains": "count",
    "maxItems": "count",
    "maxLength": "count",
    "maxProperties": "count",
    "maximum": "number",
    "minContains": "count",
    "minItems": "count",
    "minLength": "count",
    "minProperties": "count",
    "minimum": "number",
    "multipleOf": "positive number",
    "not": "schema",
    "oneOf": "schemas",
    "pattern": "string",
    "patternProperties": "schema map",
    "prefixItems": "schemas",
    "properties": "schema map",
    "propertyNames": "schema",
    "readOnly": "boolean",
    "required": "names",
    "then": "schema",
    "title": "string",
    "type": "type",
    "unevaluatedItems": "schema",
    "unevaluatedProperties": "schema",
    "uniqueItems": "boolean",
    "writeOnly": "boolean",
}
TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
_OTHER_NAMES = {
    "bool": "boolean",
    "str": "string",
    "text": "string",
    "int": "integer",
    "float": "number",
    "double": "number",
    "list": "array",
    "dict": "object",
    "map": "object",
    "none": "null",
    "date": "string",
}
_ANCHOR = re.compile(r"^[A-Za-z_][-A-Za-z0-9._]*$")

_SHOWN: dict[Demand, str] = {
    "schema": "a schema: an object, `true` or `false`",
    "schemas": "a list of at least one schema",
    "schema map": "an object whose values are schemas",
    "string": "a string",
    "boolean": "`true` or `false`",
    "number": "a number",
    "positive number": "a number above 0",
    "count": "a whole number from 0",
    "list": "a list",
    "any": "any value",
    "names": "a list of property names, no two alike",
    "names map": "an object whose values are lists of property names",
    "type": "the name of a type or a list of them, no two alike",
    "anchor": "a name of letters, digits, `-`, `_` and `.`",
    "object": "an object",
}


@frozen(eq=False)
class Violation:
    """A part of a schema that is no JSON Schema.

    Attributes:
        node: the offending value.
        suggestion: what was probably meant, to be put in its place.
    """

    node: Node
    message: str
    suggestion: str | None = None


def subschemas(schema: Value) -> Iterator[Value]:
    """A schema and every schema in it."""
    stack = [schema]
    while stack:
        current = stack.pop()
        yield current
        for name, entry in current.entries.items():
            value = entry.value
            demand = KEYWORDS.get(name)
            if demand == "schema" and value.kind == "object":
                stack.append(value)
            elif demand == "schemas" and value.kind == "array":
                stack.extend(item for item in value.items if item.kind == "object")
            elif demand == "schema map" and value.kind == "object":
                stack.extend(part.value for part in value.entries.values() if part.value.kind == "object")


def violations(schema: Value) -> Iterator[Violation]:
    """What makes one schema invalid, the schemas in it and its unknown parts left aside."""
    for name, entry in schema.entries.items():
        demand = KEYWORDS.get(name)
        if demand is not None:
            yield from _check(name, demand, entry.value)


def _check(name: str, demand: Demand, value: Value) -> Iterator[Violation]:
    if value.kind == "unknown" or demand == "any":
        return
    if demand == "type":
        yield from _check_type(value)
    elif demand in {"schemas", "schema map", "names map"}:
        yield from _check_parts(name, demand, value)
    elif not _meets(demand, value):
        yield Violation(value.node, f"`{name}` must be {_SHOWN[demand]}.")


def _check_parts(name: str, demand: Demand, value: Value) -> Iterator[Violation]:
    fits = value.kind == ("array" if demand == "schemas" else "object")
    if not fits or (demand == "schemas" and not value.items and value.complete):
        yield Violation(value.node, f"`{name}` must be {_SHOWN[demand]}.")
        return
    parts = list(value.items) if value.kind == "array" else [entry.value for entry in value.entries.values()]
    wanted: Demand = "names" if demand == "names map" else "schema"
    for part in parts:
        if part.kind != "unknown" and not _meets(wanted, part):
            shown = "a schema: an object, `true` or `false`" if wanted == "schema" else _SHOWN["names"]
            yield Violation(part.node, f"Each entry of `{name}` must be {shown}.")


def _check_type(value: Value) -> Iterator[Violation]:
    items = value.items if value.kind == "array" else (value,)
    known = [item for item in items if item.kind == "scalar"]
    names = [item.data for item in known]
    if value.kind == "object" or (value.kind == "array" and not items and value.complete) or _repeats(names):
        yield Violation(value.node, f"`type` must be {_SHOWN['type']}.")
        return
    for item in items:
        if item.kind in {"object", "array"} or (item.kind == "scalar" and not isinstance(item.data, str)):
            shown = " Write 'null' in quotes." if item.kind == "scalar" and item.data is None else ""
            yield Violation(
                item.node, f"`type` must be {_SHOWN['type']}.{shown}", "'null'" if shown else None
            )
        elif item.kind == "scalar" and item.data not in TYPES:
            near = _OTHER_NAMES.get(item.data.lower()) or nearest(item.data, TYPES)
            hint = f" Did you mean '{near}'?" if near else f" There are {', '.join(TYPES)}."
            yield Violation(
                item.node, f"JSON Schema has no type '{item.data}'.{hint}", f"'{near}'" if near else None
            )


def _meets(demand: Demand, value: Value) -> bool:
    data = value.data
    is_number = isinstance(data, int | float) and not isinstance(data, bool)
    if demand == "schema":
        return value.kind == "object" or isinstance(data, bool)
    if demand == "object":
        return value.kind == "object"
    if demand == "list":
        return value.kind == "array"
    if demand == "names":
        names = [item.data for item in value.items if item.kind == "scalar"]
        plain = all(item.kind == "unknown" or isinstance(item.data, str) for item in value.items)
        return value.kind == "array" and plain and not _repeats(names)
    if value.kind != "scalar":
        return False
    if demand == "string":
        return isinstance(data, str)
    if demand == "anchor":
        return isinstance(data, str) and _ANCHOR.match(data) is not None
    if demand == "boolean":
        return isinstance(data, bool)
    if demand == "count":
        return is_number and data >= 0 and data == int(data)
    return is_number and (demand == "number" or data > 0)


def _repeats(names: list[object]) -> bool:
    return len({repr(name) for name in names}) < len(names)
