"""Schemas that no answer, or every answer, can meet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from math import ceil, isfinite
from typing import Any, TypeGuard

from attrs import frozen

from callsheet.language.scopes.nodes import Node
from callsheet.language.types.literals import Value

_BOUNDS = (
    ("minimum", "maximum", False),
    ("minimum", "exclusiveMaximum", True),
    ("exclusiveMinimum", "maximum", True),
    ("exclusiveMinimum", "exclusiveMaximum", True),
    ("minLength", "maxLength", False),
    ("minItems", "maxItems", False),
    ("minContains", "maxContains", False),
    ("minProperties", "maxProperties", False),
)
_FOR_TYPES: dict[str, tuple[str, ...]] = {
    "array": ("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"),
    "object": (
        "properties",
        "required",
        "additionalProperties",
        "patternProperties",
        "minProperties",
        "maxProperties",
        "propertyNames",
    ),
    "string": ("minLength", "maxLength", "pattern"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
KEYWORD_TYPES = {keyword: type_ for type_, keywords in _FOR_TYPES.items() for keyword in keywords}
"""The type that a keyword speaks of; it has no effect on values of any other."""

_CONSTRAINING = frozenset(
    {
        *KEYWORD_TYPES,
        "$ref",
        "$dynamicRef",
        "allOf",
        "anyOf",
        "const",
        "dependentRequired",
        "dependentSchemas",
        "enum",
        "if",
        "not",
        "oneOf",
    }
)


@frozen(eq=False)
class Contradiction:
    """Why no value can meet a schema, and the part that says so."""

    node: Node
    message: str


def kinds_of(schema: Value) -> list[str] | None:
    """The types that a schema allows; None where it does not say."""
    type_ = schema.get("type")
    if type_ is None or type_.kind == "unknown":
        return None
    items = type_.items if type_.kind == "array" else (type_,)
    names = [item.data for item in items]
    return (
        [str(name) for name in names]
        if type_.complete and all(isinstance(name, str) for name in names)
        else None
    )


def contradictions(schema: Value) -> Iterator[Contradiction]:
    """What in one schema, its parts left aside, no value can meet."""
    yield from _bounds(schema)
    yield from _values(schema)
    yield from _required(schema)
    yield from _counts(schema)
    yield from _parts(schema)


def _bounds(schema: Value) -> Iterator[Contradiction]:
    for low_name, high_name, strict in _BOUNDS:
        low, high = schema.get(low_name), schema.get(high_name)
        if low is None or high is None or not _is_number(low.data) or not _is_number(high.data):
            continue
        if low.data > high.data or (strict and low.data == high.data):
            message = f"No value is at least `{low_name}` {low.data} and at most `{high_name}` {high.data}."
            yield Contradiction(low.node, message)
    least, most = schema.get("minimum"), schema.get("maximum")
    if kinds_of(schema) != ["integer"] or least is None or most is None:
        return
    if _is_number(least.data) and _is_number(most.data) and least.data <= most.data < ceil(least.data):
        yield Contradiction(least.node, f"There is no whole number from {least.data} to {most.data}.")


def _values(schema: Value) -> Iterator[Contradiction]:
    enum, const, kinds = schema.get("enum"), schema.get("const"), kinds_of(schema)
    if enum is not None and enum.kind == "array" and enum.complete:
        if not enum.items:
            yield Contradiction(enum.node, "An empty `enum` allows no value at all.")
        elif kinds and not any(_may_be(item, kinds) for item in enum.items):
            yield Contradiction(enum.node, f"No value of this `enum` is of the type {_shown(kinds)}.")
        elif const is not None and not any(_same(item, const) for item in enum.items):
            yield Contradiction(const.node, "The value of `const` is not in `enum`.")
        else:
            whys = [_why_not(schema, item) for item in enum.items]
            if None not in whys:
                yield Contradiction(enum.node, f"No value of this `enum` meets `{whys[0]}`.")
    if const is not None and kinds and not _may_be(const, kinds):
        yield Contradiction(const.node, f"The value of `const` is not of the type {_shown(kinds)}.")
    elif const is not None and (why := _why_not(schema, const)) is not None:
        yield Contradiction(const.node, f"The value of `const` does not meet `{why}`.")


def _why_not(schema: Value, value: Value) -> str | None:
    """The keyword that a value does not meet; None where it meets all, or may."""
    data = value.data
    if value.kind != "scalar" or not schema.complete:
        return None
    for keyword, fails in (_OF_STRINGS if isinstance(data, str) else _OF_NUMBERS).items():
        limit = _data(schema, keyword)
        is_limit = isinstance(limit, str) if keyword == "pattern" else _is_number(limit)
        if is_limit and (isinstance(data, str) or _is_number(data)) and fails(data, limit):
            return keyword
    return None


def _misses(text: Any, pattern: Any) -> bool:
    try:
        return re.search(pattern, text) is None
    except re.error:
        return False


_OF_STRINGS: dict[str, Callable[[Any, Any], bool]] = {
    "minLength": lambda text, limit: len(text) < limit,
    "maxLength": lambda text, limit: len(text) > limit,
    "pattern": _misses,
}
_OF_NUMBERS: dict[str, Callable[[Any, Any], bool]] = {
    "minimum": lambda number, limit: number < limit,
    "maximum": lambda number, limit: number > limit,
    "exclusiveMinimum": lambda number, limit: number <= limit,
    "exclusiveMaximum": lambda number, limit: number >= limit,
}


def dead_values(schema: Value) -> Iterator[Contradiction]:
    """Values of an `enum` that its `type` excludes, where others are fine."""
    enum, kinds = schema.get("enum"), kinds_of(schema)
    if enum is None or enum.kind != "array" or not kinds:
        return
    wrong = [item for item in enum.items if not _may_be(item, kinds)]
    if len(wrong) < len(enum.items):
        for item in wrong:
            yield Contradiction(item.node, f"This value can never be given: the type is {_shown(kinds)}.")


def _required(schema: Value) -> Iterator[Contradiction]:
    required, properties = schema.get("required"), schema.get("properties")
    if required is None or required.kind != "array":
        return
    additional = schema.get("additionalProperties")
    excludes = additional is not None and additional.data is False and schema.complete
    known = properties is None or (properties.kind == "object" and properties.complete)
    for item in required.items:
        name = item.data
        if not isinstance(name, str):
            continue
        described = properties.get(name) if properties is not None else None
        if described is not None and described.data is False and described.kind == "scalar":
            yield Contradiction(item.node, f"`{name}` is required, and its schema `false` allows no value.")
        elif described is None and excludes and known and not matches_pattern(schema, name):
            message = f"`{name}` is required, but `additionalProperties: false` excludes it."
            yield Contradiction(item.node, message)


def _counts(schema: Value) -> Iterator[Contradiction]:
    """More parts wanted than there may be."""
    properties, required = schema.get("properties"), schema.get("required")
    known = properties is None or (properties.kind == "object" and properties.complete)
    least, most = _data(schema, "minProperties"), schema.get("maxProperties")
    count = len(properties.entries) if properties is not None else 0
    is_closed = _data(schema, "additionalProperties") is False and schema.complete and known
    if is_closed and "patternProperties" not in schema.entries and _is_number(least) and least > count:
        yield Contradiction(schema.entries["minProperties"].value.node, f"No more than {count} can be there.")
    names = {item.data for item in required.items} if required is not None else set()
    if most is not None and _is_number(most.data) and len(names) > most.data:
        yield Contradiction(most.node, f"`required` has {len(names)} properties.")
    items, fewest = schema.get("items"), schema.get("minItems")
    enum = items.get("enum") if items is not None else None
    if enum is None or fewest is None or not enum.is_known() or not _is_number(fewest.data):
        return
    if _data(schema, "uniqueItems") is True and fewest.data > len(enum.items):
        yield Contradiction(fewest.node, f"No more than {len(enum.items)} items can differ.")


def _parts(schema: Value) -> Iterator[Contradiction]:
    kinds = kinds_of(schema)
    all_of = schema.get("allOf")
    parts = [schema, *(all_of.items if all_of is not None else ())]
    for at, part in enumerate(parts[1:], start=1):
        yield from _excluded_by_whole(schema, part)
        for other in parts[:at]:
            yield from _against(other, part, "the whole" if other is schema else "another part")
    for key in ("anyOf", "oneOf"):
        choices = schema.get(key)
        found = [kinds_of(choice) for choice in choices.items] if choices is not None else []
        told = [each for each in found if each is not None]
        is_known = choices is not None and choices.complete and len(told) == len(found) > 0
        if kinds and choices is not None and is_known and not any(_overlap(kinds, each) for each in told):
            message = f"The whole wants {_shown(kinds)}, and no part of `{key}` does."
            yield Contradiction(choices.node, message)
    negated = schema.get("not")
    if negated is None:
        return
    excluded = kinds_of(negated) if set(negated.entries) == {"type"} else None
    if (negated.kind == "object" and not negated.entries and negated.complete) or negated.data is True:
        yield Contradiction(negated.node, "`not` of a schema that everything meets: nothing meets this.")
    elif kinds and excluded and negated.complete and set(kinds) <= set(excluded):
        yield Contradiction(negated.node, f"The whole wants {_shown(kinds)}, and `not` excludes it.")


def _against(other: Value, part: Value, name: str) -> Iterator[Contradiction]:
    """What in a part of `allOf` excludes another one."""
    kinds, others = kinds_of(part), kinds_of(other)
    if kinds and others and not _overlap(kinds, others):
        yield Contradiction(part.node, f"This part wants {_shown(kinds)}, {name} {_shown(others)}.")
        return
    for low_name, high_name, strict in _BOUNDS:
        for one, two in ((part, other), (other, part)):
            low, high = _data(one, low_name), _data(two, high_name)
            if _is_number(low) and _is_number(high) and (low > high or (strict and low == high)):
                yield Contradiction(
                    part.node, f"`{low_name}` {low} and `{high_name}` {high} of {name} exclude each other."
                )
                return


def _excluded_by_whole(schema: Value, part: Value) -> Iterator[Contradiction]:
    """`additionalProperties: false` sees the properties next to it alone, not those of the parts in `allOf`."""
    additional, properties, required = (
        schema.get("additionalProperties"),
        schema.get("properties"),
        part.get("required"),
    )
    if additional is None or additional.data is not False or not schema.complete or required is None:
        return
    if properties is not None and (properties.kind != "object" or not properties.complete):
        return
    for item in required.items:
        name = item.data
        described = properties is not None and name in properties.entries
        if isinstance(name, str) and not described and not matches_pattern(schema, name):
            message = f"`{name}` is required, but `additionalProperties: false` of the whole excludes it."
            yield Contradiction(item.node, message)


def idle_keywords(schema: Value) -> Iterator[tuple[str, Node, str]]:
    """Keywords without effect, as they speak of another type: name, key, and the type that they speak of."""
    kinds = kinds_of(schema)
    if not kinds:
        return
    allowed = {"number" if kind == "integer" else kind for kind in kinds}
    allowed.add("object" if isinstance(_data(schema, "required"), bool) else "")
    for name, entry in schema.entries.items():
        type_ = KEYWORD_TYPES.get(name)
        if type_ is not None and type_ not in allowed:
            yield name, entry.key, type_


def _data(schema: Value, name: str) -> object:
    value = schema.get(name)
    return value.data if value is not None else None


def is_loose(schema: Value) -> bool:
    """Whether any object at all meets a root schema."""
    if not schema.complete:
        return False
    for name, entry in schema.entries.items():
        if name not in _CONSTRAINING:
            continue
        value = entry.value
        if value.data is True or (
            value.kind in {"object", "array"} and value.complete and not value.entries and not value.items
        ):
            continue
        if name == "additionalProperties" and value.kind == "scalar" and value.data is not False:
            continue
        return False
    return True


def matches_pattern(schema: Value, name: str) -> bool:
    """Whether a property may be described by `patternProperties`."""
    patterns = schema.get("patternProperties")
    if patterns is None:
        return False
    if patterns.kind != "object" or not patterns.complete:
        return True
    for pattern in patterns.entries:
        try:
            if re.search(pattern, name):
                return True
        except re.error:
            return True
    return False


def _may_be(value: Value, kinds: list[str]) -> bool:
    if value.kind == "unknown":
        return True
    data = value.data
    if value.kind in {"object", "array"}:
        return value.kind in kinds
    if data is None:
        return "null" in kinds
    if isinstance(data, bool):
        return "boolean" in kinds
    if isinstance(data, str):
        return "string" in kinds
    return "number" in kinds or ("integer" in kinds and data == int(data))


def _overlap(kinds: list[str], others: list[str]) -> bool:
    return any(one == other or {one, other} == {"number", "integer"} for one in kinds for other in others)


def _same(one: Value, other: Value) -> bool:
    """Whether two values are the same, or may be."""
    if one.kind != "scalar" or other.kind != "scalar":
        return True
    return type(one.data) is type(other.data) and bool(one.data == other.data)


def _is_number(data: object) -> TypeGuard[float]:
    return isinstance(data, int | float) and not isinstance(data, bool) and isfinite(data)


def _shown(kinds: list[str]) -> str:
    return " or ".join(f"'{kind}'" for kind in kinds)
