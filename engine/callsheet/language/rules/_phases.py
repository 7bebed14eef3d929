"""Titles of phases, where they are used and where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from callsheet.language.model import Workflow
from callsheet.language.problem import Edit, Fix, Span
from callsheet.language.scopes.functions import arguments_of
from callsheet.language.scopes.lower import LightTree
from callsheet.language.scopes.nodes import Node
from callsheet.language.scopes.origins import constant_strings, origins
from callsheet.language.types.options import option_choices


@frozen(eq=False)
class TitleUse:
    """A place that names a phase.

    Attributes:
        node: where the title is written, or the name that stands for it.
        title: None where the script does not tell.
    """

    node: Node
    title: str | None


def title_uses(tree: LightTree) -> Iterator[TitleUse]:
    """Every place that names a phase, in `phase()` and in options, also through names and helpers."""
    for call in _calls(tree, "phase"):
        for argument in arguments_of(call)[:1]:
            yield from _titles(argument)
    for call in _calls(tree, "agent"):
        choices = option_choices(call, "phase")
        for value in choices.nodes:
            yield from _titles(value)
        if choices.is_open:
            yield TitleUse(call, None)


def _calls(tree: LightTree, name: str) -> Iterator[Node]:
    for use in tree.globals.get(name, ()):
        if use.parent is not None and use.parent.type == "call_expression" and use.parent.children[0] is use:
            yield use.parent


def _titles(node: Node) -> Iterator[TitleUse]:
    found = origins(node)
    for origin in found:
        if origin.type in {"undefined", "null"}:
            continue
        titles = constant_strings(origin) or [None]
        place = origin if origin.type in {"string", "template_string"} else node
        if len(found) == 1 and _is_constant(node):
            place = node
        for title in titles:
            yield TitleUse(place, title)


def _is_constant(node: Node) -> bool:
    """Whether a title is given by the name of a constant, or a property of one."""
    while node.type in {"member_expression", "subscript_expression"}:
        node = node.children[0]
    binding = node.binding
    declarator = binding.declarations[0].parent if binding is not None and binding.kind == "const" else None
    return declarator is not None and declarator.type == "variable_declarator"


def declare(workflow: Workflow, title: str) -> Fix | None:
    """Adds a phase to `meta.phases`."""
    literal = workflow.meta.literal if workflow.meta is not None else None
    entries = literal.get("phases") if literal is not None else None
    if entries is None or entries.value.node.type != "array" or not entries.value.items:
        return None
    source, last = workflow.parsed.source, entries.value.items[-1].node
    line = source.line_of(last.start_byte)
    indent = source.slice(source.line_starts[line], last.start_byte)
    own_line = not indent.strip() and source.line_of(entries.value.node.start_byte) != line
    quoted = "'" + title.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"
    text = f",{chr(10) + indent if own_line else ' '}{{ title: {quoted} }}"
    return Fix(f"Declare the phase `{title}`", (Edit(Span(last.end_byte, last.end_byte), text),))
