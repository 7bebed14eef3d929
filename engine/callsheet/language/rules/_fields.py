"""Checks of objects against a table of fields, for `meta` and for options."""

from __future__ import annotations

from tree_sitter import Node

from callsheet.language.literals import number_value, read_literal, string_value
from callsheet.language.rules._expressions import unwrap
from callsheet.language.suggest import nearest
from callsheet.language.tables.entry import Field, Kind

_KINDS: dict[str, Kind] = {
    "string": "string",
    "template_string": "string",
    "number": "number",
    "true": "boolean",
    "false": "boolean",
    "null": "null",
    "array": "array",
    "object": "object",
    "regex": "regex",
    "arrow_function": "function",
    "function_expression": "function",
    "generator_function": "function",
    "method_definition": "function",
    "class": "function",
}
_GIVEN_BY: dict[bytes, Kind] = {b"JSON.stringify": "string", b"String": "string", b"Number": "number"}
_NOUNS: dict[Kind, str] = {
    "string": "a string",
    "number": "a number",
    "boolean": "a boolean",
    "null": "`null`",
    "array": "an array",
    "object": "an object",
    "function": "a function",
    "regex": "a regular expression",
}


def kind_of(node: Node) -> Kind | None:
    """What kind of value an expression has; None where only running it would tell."""
    node = unwrap(node)
    if node.type == "unary_expression":
        operator = node.child_by_field_name("operator")
        if operator is not None and operator.type in {"-", "+"}:
            return "number"
        return "boolean" if operator is not None and operator.type == "!" else None
    if node.type == "call_expression":
        callee = node.child_by_field_name("function")
        return _GIVEN_BY.get(callee.text or b"") if callee is not None else None
    return _KINDS.get(node.type)


def wrong_kind(field: Field, node: Node) -> str | None:
    """What is wrong with the type of a value, as a sentence; None where nothing is, or where one cannot tell."""
    kind = kind_of(node)
    if kind is None:
        return None
    if kind not in field.kinds:
        wanted = " or ".join(_NOUNS[kind] for kind in field.kinds)
        return f"`{field.name}` must be {wanted}, not {_NOUNS[kind]}."
    if kind == "array" and field.item_kinds:
        for item in node.named_children:
            item_kind = kind_of(item)
            if item_kind is not None and item_kind not in field.item_kinds:
                wanted = " or ".join(_NOUNS[kind] for kind in field.item_kinds)
                return f"Each item of `{field.name}` must be {wanted}, not {_NOUNS[item_kind]}."
    return None


def is_limited(field: Field) -> bool:
    """Whether not every value of the right type is allowed."""
    return bool(
        field.values
        or field.not_blank
        or field.whole
        or field.minimum is not None
        or field.maximum is not None
        or field.above is not None
    )


def wrong_value(field: Field, node: Node) -> str | None:
    """What is wrong with a value of the right type, as a sentence."""
    text = string_value(node)
    if text is not None:
        if field.not_blank and not text.strip():
            return f"`{field.name}` must not be blank."
        if len(field.values) == 1 and text != field.values[0]:
            return f"`{field.name}` must be {field.values[0]!r}."
        if field.values and text not in field.values:
            near = nearest(text, field.values)
            meant = f" Did you mean {near!r}?" if near is not None else ""
            return f"`{field.name}` must be one of {', '.join(repr(value) for value in field.values)}.{meant}"
        return None
    number = _number(node)
    if number is None:
        return None
    if field.whole and number != int(number):
        return f"`{field.name}` must be a whole number."
    if field.above is not None and number <= field.above:
        return f"`{field.name}` must be greater than {field.above:g}."
    if (
        field.minimum is not None
        and field.maximum is not None
        and not field.minimum <= number <= field.maximum
    ):
        return f"`{field.name}` must be from {field.minimum:g} to {field.maximum:g}."
    if field.minimum is not None and number < field.minimum:
        return f"`{field.name}` must be at least {field.minimum:g}."
    return None


def _number(node: Node) -> float | None:
    if node.type == "number":
        return number_value(node)
    if node.type == "unary_expression":
        value = read_literal(node).value
        return value if isinstance(value, (int, float)) else None
    return None
