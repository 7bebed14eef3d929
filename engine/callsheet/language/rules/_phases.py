"""Titles of phases, where they are used and where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from callsheet.language.literals import string_value
from callsheet.language.model import Workflow
from callsheet.language.problem import Edit, Fix, Span
from callsheet.language.rules._expressions import constant


def title_uses(workflow: Workflow) -> Iterator[tuple[Node, str | None]]:
    """Every place that names a phase, with its title where the script tells it."""
    for site in workflow.calls_of("phase"):
        node = site.argument(0)
        if node is not None:
            yield node, string_value(constant(workflow, node))
    for site in workflow.calls_of("agent"):
        option = site.option("phase")
        if option is not None:
            yield option.value, string_value(constant(workflow, option.value))


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
