"""Calls with options, and the table of what they may hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen
from tree_sitter import Node

from callsheet.language.calls import read_options
from callsheet.language.model import CallSite, Options, Workflow
from callsheet.language.rules._expressions import constant, unwrap
from callsheet.language.tables.entry import Field
from callsheet.language.tables.globals import GLOBALS_BY_NAME

_EITHER = frozenset({"&&", "||", "??"})
_DEEPEST = 4


@frozen(eq=False)
class OptionSite:
    """An object literal whose properties are options of a call.

    Attributes:
        call: the call; of several that share the object the first.
        options: the object.
        fields: what its function takes, by name.
        in_place: whether the object is written as the argument itself, not behind a name, a spread or a condition.
    """

    call: CallSite
    options: Options
    fields: Mapping[str, Field]
    in_place: bool


def option_sites(workflow: Workflow, calls: Iterable[CallSite]) -> Iterator[OptionSite]:
    """Every object of options that these calls are given, once."""
    seen: set[int] = set()
    for call in calls:
        argument = call.options_node
        for node in _objects(workflow, argument) if argument is not None else ():
            if node.start_byte in seen:
                continue
            seen.add(node.start_byte)
            in_place = node == argument
            options = call.options if in_place else read_options(node)
            if options is not None:
                yield OptionSite(call, options, FIELDS[call.kind], in_place)


def _objects(workflow: Workflow, expression: Node, depth: int = _DEEPEST) -> Iterator[Node]:
    """The object literals that make up a value: behind names, in spreads, on both sides of a condition."""
    node = constant(workflow, unwrap(expression))
    parts: list[Node | None] = []
    if node.type == "object":
        yield node
        parts = [child.named_child(0) for child in node.named_children if child.type == "spread_element"]
    elif node.type == "ternary_expression":
        parts = [node.child_by_field_name("consequence"), node.child_by_field_name("alternative")]
    elif node.type == "binary_expression":
        operator = node.child_by_field_name("operator")
        if operator is not None and operator.type in _EITHER:
            left = node.child_by_field_name("left") if operator.type != "&&" else None
            parts = [left, node.child_by_field_name("right")]
    for part in parts if depth > 0 else ():
        if part is not None:
            yield from _objects(workflow, part, depth - 1)


FIELDS = {
    entry.name: {field.name: field for field in found[1].fields}
    for entry in GLOBALS_BY_NAME.values()
    if (found := entry.parameter_with_fields()) is not None
}
"""Fields of each function's options by their names."""
