"""What a name or a string means, and every place that means the same: phases, workflows, local names.

Definition, references, highlight and rename all come from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from attrs import frozen
from callsheet.language.literals import string_value
from callsheet.language.model import Workflow, build_model
from callsheet.language.problem import Span
from callsheet.language.scopes import resolve
from callsheet.language.syntax import Parsed, span_of
from tree_sitter import Node

from callsheet_server.features.documentation import first_text

Kind = Literal["phase", "workflow", "local"]
Role = Literal["definition", "read", "write"]


@frozen
class Occurrence:
    """One place that means a symbol.

    Attributes:
        span: the name, without the quotes of a string.
        role: whether it declares, reads or writes it.
        prefix: what a new name must have before it, as in `name: new` for a shorthand property.
        quote: the quote around a string; empty for an identifier.
    """

    span: Span
    role: Role
    prefix: str = ""
    quote: str = ""


@frozen
class Target:
    """What the cursor is on.

    Attributes:
        name: the phase's title, the workflow's or the local name.
        span: the place under the cursor, without quotes.
    """

    kind: Kind
    name: str
    span: Span


def target_at(parsed: Parsed, offset: int) -> Target | None:
    """The symbol at a byte offset of a script, or right before it."""
    workflow = build_model(parsed)
    for kind, node in _strings(workflow):
        if node.start_byte <= offset <= node.end_byte:
            return Target(kind, string_value(node) or "", _inner(node))
    binding = resolve(parsed).binding_of(offset)
    if binding is None or binding.name == "meta":
        return None
    for occurrence in _local(parsed, offset):
        if occurrence.span.start <= offset <= occurrence.span.end:
            return Target("local", binding.name, occurrence.span)
    return None


def occurrences(parsed: Parsed, target: Target) -> list[Occurrence]:
    """Every place in a script that means the target, in source order.

    For a local name the target must be of this very script.
    """
    if target.kind == "local":
        return _local(parsed, target.span.start)
    workflow = build_model(parsed)
    found = []
    for kind, node in _strings(workflow):
        if kind == target.kind and string_value(node) == target.name:
            role: Role = "definition" if _is_declaration(node, workflow) else "read"
            found.append(Occurrence(_inner(node), role, quote=parsed.text(node)[:1]))
    return sorted(found, key=lambda occurrence: occurrence.span.start)


def definition_in(parsed: Parsed, target: Target) -> Span | None:
    """Where a script declares the target."""
    return next((place.span for place in occurrences(parsed, target) if place.role == "definition"), None)


def _strings(workflow: Workflow) -> Iterator[tuple[Kind, Node]]:
    """Every string of the script that names a phase or a workflow."""
    meta = workflow.meta
    if meta is not None:
        for phase in meta.phases:
            if string_value(phase.title_node) is not None:
                yield "phase", phase.title_node
        name = meta.literal.get("name") if meta.literal is not None else None
        if name is not None and string_value(name.value.node):
            yield "workflow", name.value.node
    for site in workflow.calls:
        if site.kind in {"phase", "workflow"}:
            node = site.argument(0)
            if node is not None and first_text(site):
                yield ("phase" if site.kind == "phase" else "workflow"), node
        elif site.kind == "agent":
            option = site.option("phase")
            if option is not None and option.text:
                yield "phase", option.value


def _is_declaration(node: Node, workflow: Workflow) -> bool:
    meta = workflow.meta
    return meta is not None and meta.statement.start_byte <= node.start_byte < meta.statement.end_byte


def _inner(node: Node) -> Span:
    return Span(node.start_byte + 1, node.end_byte - 1)


def _local(parsed: Parsed, offset: int) -> list[Occurrence]:
    scopes = resolve(parsed)
    binding = scopes.binding_of(offset)
    if binding is None:
        return []
    found = [_declaration(parsed, span, binding.name) for span in binding.declarations]
    for reference in scopes.references_of(binding):
        prefix = f"{reference.name}: " if reference.shorthand else ""
        role: Role = "read" if reference.kind == "read" else "write"
        found.append(Occurrence(reference.span, role, prefix))
    return sorted(found, key=lambda occurrence: occurrence.span.start)


def _declaration(parsed: Parsed, span: Span, name: str) -> Occurrence:
    node = parsed.root.descendant_for_byte_range(span.start, span.end)
    shorthand = node is not None and node.type == "shorthand_property_identifier_pattern"
    return Occurrence(span, "definition", f"{name}: " if shorthand else "")


def module_span(parsed: Parsed) -> Span | None:
    """Where a workflow file says its name."""
    meta = build_model(parsed).meta
    name = meta.literal.get("name") if meta is not None and meta.literal is not None else None
    return span_of(name.value.node) if name is not None else None
