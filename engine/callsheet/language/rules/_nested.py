"""Calls of other workflows by name."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from callsheet.language.literals import string_value
from callsheet.language.rule import Context
from callsheet.language.rules._expressions import constant


def called_names(context: Context) -> Iterator[tuple[Node, str]]:
    """Every `workflow('name')`, with the argument and the name where the script tells it."""
    for site in context.workflow.calls_of("workflow"):
        node = site.argument(0)
        name = string_value(constant(context.workflow, node)) if node is not None else None
        if node is not None and name is not None and name.strip():
            yield node, name
