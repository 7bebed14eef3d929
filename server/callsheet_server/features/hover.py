"""Hover: what the thing under the cursor is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from attrs import frozen
from callsheet.language.determinism import findings
from callsheet.language.literals import string_value
from callsheet.language.model import CallSite, build_model
from callsheet.language.problem import Span
from callsheet.language.scopes import resolve
from callsheet.language.syntax import Parsed, span_of
from callsheet.language.tables.forbidden import FORBIDDEN, WHY, Forbidden
from callsheet.language.tables.globals import GLOBALS_BY_NAME
from callsheet.language.tables.missing import MISSING_GLOBALS, MISSING_PROCESS
from callsheet.language.types import property_at, type_at
from tree_sitter import Node

from callsheet_server.features.callinfo import model_of, name_of
from callsheet_server.features.cursor import read_cursor
from callsheet_server.features.documentation import code, documentation, of_field
from callsheet_server.features.hierarchy import load
from callsheet_server.features.nested import NestedCall
from callsheet_server.features.place import field_of_value, innermost_object, schema_at
from callsheet_server.features.world import World

_NAMES: Final = frozenset(
    {
        "identifier",
        "property_identifier",
        "shorthand_property_identifier",
        "shorthand_property_identifier_pattern",
    }
)


@frozen
class Hover:
    """Markdown about a span."""

    span: Span
    text: str


def hover(parsed: Parsed, offset: int, world: World) -> Hover | None:
    """What stands at a byte offset of a script."""
    node = _leaf(parsed, offset)
    if node is None:
        return None
    if node.type in {"string", "template_string"}:
        return _of_string(parsed, node, world)
    if node.type not in _NAMES:
        return None
    for describe in (_of_key, _of_property, _of_use, _of_name, _of_member):
        text = describe(parsed, node, world)
        if text is not None:
            return Hover(span_of(node), text)
    return None


def hover_of_script(call: NestedCall, world: World) -> Hover:
    """The workflow that a call by path runs. It looks at the disk: call it off the event loop."""
    file = call.file(world)
    item = load(file, world) if file is not None else None
    if item is None:
        return Hover(call.span, f"There is no workflow at `{call.text}`.")
    parts = (f"**{item.name}** — workflow", item.detail, f"`{item.path}`")
    return Hover(call.span, "\n\n".join(part for part in parts if part))


def _leaf(parsed: Parsed, offset: int) -> Node | None:
    """The name or the string at an offset, or right before it."""
    for at in (offset, offset - 1):
        if at < parsed.script.start:
            continue
        node = parsed.root.descendant_for_byte_range(at, at)
        if node is not None and node.type in {"string_fragment", "escape_sequence", "'", '"', "`"}:
            node = node.parent
        if node is not None and (node.type in _NAMES or node.type in {"string", "template_string"}):
            return node
    return None


def _of_key(parsed: Parsed, node: Node, world: World) -> str | None:
    if node.type == "identifier":
        return None
    cursor = read_cursor(parsed, node.end_byte)
    if not cursor.at_key:
        return None
    schema = schema_at(cursor)
    name = parsed.text(node)
    if schema is not None:
        return documentation(f"keyword:{name}", parsed, world) if schema.is_schema else None
    place = innermost_object(cursor)
    field = place.field(name) if place is not None else None
    return of_field(field) if field is not None else None


def _of_use(parsed: Parsed, node: Node, world: World) -> str | None:
    """A name in a use of something that a replay would see differently, whatever the route to it."""
    for finding in findings(parsed):
        if finding.span.start <= node.start_byte and node.end_byte <= finding.span.end:
            around = node.parent
            while around is not None and around.start_byte > finding.span.start:
                if around.type == "arguments":
                    return None
                around = around.parent
            return _about(finding.entry)
    return None


def _of_name(parsed: Parsed, node: Node, world: World) -> str | None:
    if node.type == "property_identifier":
        return None
    name, scopes = parsed.text(node), resolve(parsed)
    binding = scopes.binding_of(node)
    if binding is not None and name != "meta":
        return _typed(parsed, node, f"{binding.kind} {name}")
    forbidden = _forbidden(name)
    if forbidden is not None:
        return forbidden
    if name in GLOBALS_BY_NAME:
        text = documentation(f"global:{name}", parsed, world)
        site = _call_of(parsed, node)
        return f"{_of_call(parsed, site, world)}\n\n---\n\n{text}" if site is not None else text
    if name in MISSING_GLOBALS:
        return f"`{name}` is not there in workflow scripts. {MISSING_GLOBALS[name]}"
    return None


def _of_member(parsed: Parsed, node: Node, world: World) -> str | None:
    parent = node.parent
    if parent is None or parent.type != "member_expression":
        return None
    owner = parent.child_by_field_name("object")
    if owner is None or resolve(parsed).binding_of(owner) is not None:
        return None
    path = f"{parsed.text(owner)}.{parsed.text(node)}"
    if (
        owner.type == "identifier"
        and parsed.text(owner) == "process"
        and parsed.text(node) in MISSING_PROCESS
    ):
        return f"`{path}` is not there in workflow scripts. {MISSING_PROCESS[parsed.text(node)]}"
    return _forbidden(path) or documentation(f"member:{path}", parsed, world)


def _of_property(parsed: Parsed, node: Node, world: World) -> str | None:
    """A property of a value whose type is known, such as an agent's result."""
    if node.type == "identifier":
        return None
    found = property_at(parsed, node.start_byte)
    if found is None:
        return None
    text = code(f"{found.name}{'' if found.required else '?'}: {found.type}")
    return f"{text}\n\n{found.description}" if found.description else text


def _typed(parsed: Parsed, node: Node, name: str) -> str:
    """A local name with what is known of its value."""
    found = type_at(parsed, node.start_byte)
    if found is None:
        return code(name)
    text = code(f"{name}: {found.text}")
    if found.description:
        text += f"\n\n{found.description}"
    if found.nullable:
        text += "\n\n`null` when its agent fails: check for it."
    return text


def _forbidden(path: str) -> str | None:
    for entry in FORBIDDEN:
        if entry.path == path and entry.form in {"call", "use"} and path != "Date":
            return _about(entry)
    return None


def _about(entry: Forbidden) -> str:
    return f"`{entry.shown}` {WHY[entry.rule]}.\n\n{entry.instead}"


def _call_of(parsed: Parsed, node: Node) -> CallSite | None:
    for site in build_model(parsed).calls_of("agent"):
        if site.callee.start_byte == node.start_byte:
            return site
    return None


def _of_call(parsed: Parsed, site: CallSite, world: World) -> str:
    workflow = build_model(parsed)
    lines = [f"**{name_of(site)}**"]
    title = workflow.phase_of(site)
    if title:
        lines.append(f"Phase: {title}")
    choice = model_of(site, workflow, world)
    if choice is None:
        lines.append("Model: worked out when the script runs")
    elif choice.name is None:
        lines.append(f"Model: {choice.origin}")
    else:
        about = world.models.describe(choice.name, world.settings)
        lines.append(f"Model: `{choice.name}`, chosen by {choice.origin}" + (f". {about}" if about else ""))
    return "  \n".join(lines)


def _of_string(parsed: Parsed, node: Node, world: World) -> Hover | None:
    value = string_value(node)
    if not value:
        return None
    cursor = read_cursor(parsed, node.start_byte)
    text = None
    found = field_of_value(cursor)
    if found is not None:
        place, field = found
        key = _KEY_OF_FIELD.get(field.name)
        if key is not None and not (place.owner == "phase-entry" and field.name == "phase"):
            text = documentation(key(value), parsed, world)
        if place.owner == "phase-entry" and field.name == "title":
            text = documentation(f"phase:{value}", parsed, world)
        if text is None and field.values and value in field.values:
            text = of_field(field)
    elif (call := cursor.call()) is not None and call[1] == len(cursor.frames) - 1 and call[0].argument == 0:
        prefix = {"phase": "phase", "workflow": "workflow"}.get(call[0].callee or "")
        text = documentation(f"{prefix}:{value}", parsed, world) if prefix else None
        if prefix == "workflow" and text is None:
            text = f"There is no saved workflow `{value}` in reach."
    return Hover(span_of(node), text) if text is not None else None


_KEY_OF_FIELD: Final[dict[str, Callable[[str], str]]] = {
    "model": lambda value: f"model:{value}",
    "agentType": lambda value: f"agentType:{value}",
    "phase": lambda value: f"phase:{value}",
    "tier": lambda value: f"tier:{value}",
}
