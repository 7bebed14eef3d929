"""Types as an editor asks for them: by a place in the text, as plain values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from attrs import frozen

from callsheet.language.lexer import tokenize
from callsheet.language.literals import unescape
from callsheet.language.problem import Span
from callsheet.language.scopes import node_at
from callsheet.language.scopes.lower import LightTree, light_tree
from callsheet.language.scopes.nodes import Node
from callsheet.language.syntax import Parsed, parse, reparse
from callsheet.language.types.infer import inference
from callsheet.language.types.model import UNKNOWN, Member, Type

_MOST_SHOWN = 6
_NAME_CHARACTER = re.compile(rb"[\w$\x80-\xff]")
_ACCESSES = frozenset({"member_expression", "subscript_expression"})
_NAMES = frozenset({"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"})
_BRACKETS = {b"(": ")", b"[": "]", b"{": "}"}
_CLOSING = frozenset({b")", b"]", b"}"})


@frozen
class Property:
    """A property of a value.

    Attributes:
        type: as it is shown, such as `"low" | "high"` or `Array<{…}>`.
        required: whether every answer has it.
        enum: the only values there are.
        span: its key in the schema or literal; None where the language defines it.
    """

    name: str
    type: str
    required: bool
    description: str | None
    enum: tuple[object, ...]
    span: Span | None


@frozen
class TypeInfo:
    """What is known of a value.

    Attributes:
        text: as it is shown.
        nullable: whether it is null when its agent fails.
        properties: of an object; of an array none.
        schema: the literal schema that it comes from.
    """

    text: str
    nullable: bool
    description: str | None
    enum: tuple[object, ...]
    properties: tuple[Property, ...]
    schema: Span | None


def type_at(parsed: Parsed, offset: int) -> TypeInfo | None:
    """The type of the name or member at a byte offset; None where nothing is known."""
    found = _type_at(light_tree(parsed), offset)
    return _info(found) if found is not None and (found.kind != "unknown" or found.null is not None) else None


def property_at(parsed: Parsed, offset: int) -> Property | None:
    """The property that is named at a byte offset, in an access or a pattern."""
    tree = light_tree(parsed)
    found = _member_at(tree, offset)
    return _property(*found) if found is not None else None


def definition_of_member(parsed: Parsed, offset: int) -> Span | None:
    """Where the property that is named at a byte offset is declared: its key in the schema or literal."""
    found = property_at(parsed, offset)
    return found.span if found is not None else None


def members_before(parsed: Parsed, offset: int) -> list[Property]:
    """Properties of what stands in front of the dot before a byte offset, also in half-typed code.

    Args:
        parsed: the script.
        offset: the end of the dot, or in or behind the name that follows it.
    """
    data = parsed.source.data
    start, end = offset, offset
    while start > 0 and _NAME_CHARACTER.match(data, start - 1):
        start -= 1
    while end < len(data) and _NAME_CHARACTER.match(data, end):
        end += 1
    if not data[:start].rstrip().endswith(b"."):
        return []
    for candidate in _completed(parsed, start, end):
        tree = light_tree(candidate)
        access = node_at(tree, start).parent
        if access is None or access.type != "member_expression" or len(access.children) != 2:
            continue
        if access.children[1].start == start:
            found = _properties(inference(tree).type_in_chain(access.children[0]))
            if found:
                return found
    return []


def members_in_pattern(parsed: Parsed, offset: int) -> list[Property]:
    """Properties that an object pattern around a byte offset can take: `const { | } = await agent(…)`."""
    tree = light_tree(parsed)
    node: Node | None = node_at(tree, offset)
    while node is not None and node.type != "object_pattern":
        node = node.parent
    return _properties(_type_of_pattern(tree, node)) if node is not None else []


def _completed(parsed: Parsed, start: int, end: int) -> Iterator[Parsed]:
    """The script as it is, then with a name behind the dot, then cut off there with its brackets closed."""
    if end > start:
        yield parsed
    yield _changed(parsed, start, end, "name")
    closers = _closers(parsed.source.data, parsed.script.start, start)
    yield _changed(parsed, start, parsed.script.end, "name" + closers)


def _changed(parsed: Parsed, start: int, end: int, text: str) -> Parsed:
    source, edit = parsed.source.replace(start, end, text)
    if not parsed.embedded:
        return reparse(parsed, source, [edit])
    script_end = parsed.script.end + len(source.data) - len(parsed.source.data)
    return parse(source, Span(parsed.script.start, script_end))


def _closers(data: bytes, start: int, end: int) -> str:
    """What closes the brackets and templates that are open at the end of a piece of code."""
    stack: list[str] = []
    for token in tokenize(data, start, end):
        text = token.text
        if token.kind == "template":
            if text.startswith(b"}") and stack:
                stack.pop()
            if text.endswith(b"${"):
                stack.append("}`")
        elif text in _BRACKETS:
            stack.append(_BRACKETS[text])
        elif text in _CLOSING and stack and stack[-1] == text.decode():
            stack.pop()
    return "".join(reversed(stack))


def _type_at(tree: LightTree, offset: int) -> Type | None:
    node = node_at(tree, offset)
    types = inference(tree)
    parent = node.parent
    if node.type in {"property_identifier", "string"} and parent is not None:
        if parent.type in _ACCESSES and parent.children[-1] is node:
            return types.type_in_chain(parent)
        found = _member_at(tree, offset)
        return found[1].type if found is not None else None
    if node.type not in _NAMES:
        return None
    if node.binding is not None and node in node.binding.declarations:
        return types.type_of_declaration(node)
    return types.type_of(node)


def _member_at(tree: LightTree, offset: int) -> tuple[str, Member] | None:
    node = node_at(tree, offset)
    parent = node.parent
    if parent is None:
        return None
    container: Type | None = None
    name = node.name
    if parent.type in _ACCESSES and len(parent.children) == 2 and parent.children[1] is node:
        container = inference(tree).type_in_chain(parent.children[0])
        if parent.type == "subscript_expression":
            name = unescape(node.text[1:-1]) if node.type == "string" else None
    elif node.type == "shorthand_property_identifier_pattern":
        pattern = parent if parent.type == "object_pattern" else parent.parent
        container = _type_of_pattern(tree, pattern) if pattern is not None else None
    elif parent.type == "pair_pattern" and parent.children[0] is node and parent.parent is not None:
        container = _type_of_pattern(tree, parent.parent)
    member = container.member(name) if container is not None and name is not None else None
    return (name or "", member) if member is not None else None


def _type_of_pattern(tree: LightTree, pattern: Node) -> Type:
    """The type of what an object pattern takes apart."""
    return inference(tree).type_of_declaration(pattern)


def _properties(type_: Type) -> list[Property]:
    return [_property(name, member) for name, member in type_.properties.items()]


def _property(name: str, member: Member) -> Property:
    span = member.key.span if member.key is not None else None
    return Property(name, show(member.type), member.required, member.description, member.type.enum, span)


def _info(type_: Type) -> TypeInfo:
    schema = type_.schema.span if type_.schema is not None else None
    return TypeInfo(
        show(type_), type_.null is not None, type_.description, type_.enum, tuple(_properties(type_)), schema
    )


def show(type_: Type, depth: int = 2) -> str:
    """A type in the notation of TypeScript."""
    text = _show_plain(type_, depth)
    return f"{text} | null" if type_.null is not None else text


def _show_plain(type_: Type, depth: int) -> str:
    kind = type_.kind
    if type_.enum:
        return " | ".join(json.dumps(value, ensure_ascii=False) for value in type_.enum)
    if kind == "array":
        if type_.items is not None and depth > 0 and type_.items:
            return f"[{', '.join(show(item, depth - 1) for item in type_.items)}]"
        return f"Array<{show(type_.element or UNKNOWN, depth)}>"
    if kind == "promise":
        return f"Promise<{show(type_.element or UNKNOWN, depth)}>"
    if kind == "object":
        if depth <= 0 or not type_.properties:
            return "{…}" if type_.properties else "object"
        shown = [
            f"{name}{'' if member.required else '?'}: {show(member.type, depth - 1)}"
            for name, member in list(type_.properties.items())[:_MOST_SHOWN]
        ]
        more = ", …" if len(type_.properties) > _MOST_SHOWN else ""
        return f"{{ {', '.join(shown)}{more} }}"
    return "Function" if kind == "function" else kind
