"""A JSON Schema as a type: what an agent's structured answer looks like."""

from __future__ import annotations

from callsheet.language.types.literals import Value
from callsheet.language.types.metaschema import Violation, subschemas
from callsheet.language.types.model import (
    BOOLEAN,
    NULL,
    NUMBER,
    STRING,
    UNKNOWN,
    Member,
    Type,
    array_of,
    join_all,
)

_SIMPLE = {"string": STRING, "number": NUMBER, "integer": NUMBER, "boolean": BOOLEAN, "null": NULL}
_OPENING = frozenset(
    {
        "patternProperties",
        "unevaluatedProperties",
        "allOf",
        "anyOf",
        "oneOf",
        "if",
        "then",
        "else",
        "dependentSchemas",
    }
)
_DEPTH = 20


def type_of_schema(schema: Value, root: Value | None = None, depth: int = _DEPTH) -> Type:
    """The type of the values that are valid against a literal schema, as far as it can be told."""
    root = root or schema
    if schema.kind != "object" or depth <= 0:
        return UNKNOWN
    reference = schema.text("$ref")
    if reference is not None:
        target = _resolve(root, reference)
        return type_of_schema(target, root, depth - 1) if target is not None else UNKNOWN
    for key in ("anyOf", "oneOf"):
        choices = schema.get(key)
        if choices is not None and choices.kind == "array" and "properties" not in schema.entries:
            return join_all([type_of_schema(choice, root, depth - 1) for choice in choices.items])
    found = _by_type(schema, root, depth)
    description = schema.text("description")
    if description is not None or found.schema is None:
        found = Type(
            found.kind,
            None,
            found.properties,
            found.open,
            found.from_schema,
            found.element,
            None,
            _enum(schema),
            description,
            None,
            schema.node,
        )
    return found


def _by_type(schema: Value, root: Value, depth: int) -> Type:
    kinds = _kinds(schema)
    if len(kinds) > 1 and "null" in kinds:
        kinds.remove("null")
    kind = kinds[0] if len(kinds) == 1 else None
    if kind == "object":
        return _object(schema, root, depth)
    if kind == "array":
        items = schema.get("items")
        return array_of(type_of_schema(items, root, depth - 1) if items is not None else UNKNOWN)
    return _SIMPLE.get(kind or "", UNKNOWN)


def _kinds(schema: Value) -> list[str]:
    value = schema.get("type")
    if value is None:
        if "properties" in schema.entries:
            return ["object"]
        if "items" in schema.entries:
            return ["array"]
        enum = _enum(schema)
        return ["string"] if enum and all(isinstance(item, str) for item in enum) else []
    if value.kind == "array":
        return [item.data for item in value.items if isinstance(item.data, str)]
    return [value.data] if isinstance(value.data, str) else []


def _object(schema: Value, root: Value, depth: int) -> Type:
    properties = schema.get("properties")
    required = schema.get("required")
    names = {item.data for item in required.items} if required is not None else set()
    members: dict[str, Member] = {}
    complete = schema.complete and (
        properties is None or (properties.kind == "object" and properties.complete)
    )
    for name, entry in properties.entries.items() if properties is not None else ():
        type_ = type_of_schema(entry.value, root, depth - 1)
        members[name] = Member(type_, name in names, type_.description, entry.key)
    additional = schema.get("additionalProperties")
    invites = additional is not None and additional.data is not False
    is_open = not complete or properties is None or invites or not _OPENING.isdisjoint(schema.entries)
    return Type("object", None, members, is_open, True)


def _enum(schema: Value) -> tuple[object, ...]:
    enum, const = schema.get("enum"), schema.get("const")
    if const is not None and const.kind == "scalar":
        return (const.data,)
    if enum is not None and enum.kind == "array" and enum.is_known():
        return tuple(item.data for item in enum.items if item.kind == "scalar")
    return ()


def _resolve(root: Value, reference: str) -> Value | None:
    if reference == "#":
        return root
    if not reference.startswith("#/"):
        return None
    value: Value | None = root
    for part in reference[2:].split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        if value is None or value.kind == "unknown":
            return value
        if value.kind == "array":
            value = value.items[int(name)] if name.isdecimal() and int(name) < len(value.items) else None
        else:
            value = value.get(name)
    return value


def broken_references(root: Value) -> list[Violation]:
    """References in a schema that lead nowhere."""
    if not root.closed and not root.is_known():
        return []
    parts = list(subschemas(root))
    if any(not _NAMING.isdisjoint(part.entries) for part in parts):
        return []  # Names of parts change what references mean; a run tells the ones that fail.
    broken: list[Violation] = []
    for part in parts:
        reference = part.get("$ref")
        if reference is None or not isinstance(reference.data, str) or reference.data.startswith(_KNOWN):
            continue
        if _resolve(root, reference.data) is None:
            message = f"The schema refers to '{reference.data}', which it does not contain."
            broken.append(Violation(reference.node, message))
    return broken


_NAMING = frozenset({"$id", "$anchor", "$dynamicAnchor"})
_KNOWN = "https://json-schema.org/"
