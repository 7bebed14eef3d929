"""Completion: what may stand at the cursor, also in code that is half typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from attrs import frozen
from callsheet.language.model import build_model
from callsheet.language.problem import Span
from callsheet.language.rules import all_rules
from callsheet.language.scopes import resolve
from callsheet.language.syntax import Parsed
from callsheet.language.tables.entry import Field
from callsheet.language.tables.globals import GLOBALS
from callsheet.language.tables.options import BUILT_IN_TIERS, TOOLS

from callsheet_server.features.cursor import Cursor, read_cursor
from callsheet_server.features.documentation import first_text
from callsheet_server.features.members import member_suggestions, pattern_suggestions
from callsheet_server.features.place import field_of_value, innermost_object, schema_at
from callsheet_server.features.rename import escaped
from callsheet_server.features.schema_keywords import FORMATS, KEYWORDS, TYPES
from callsheet_server.features.suggestion import Kind, Suggestion
from callsheet_server.features.world import World

TRIGGERS: Final = (".", "'", '"', "`", "{", "(", ",", ":", " ", "/", "-")

_IGNORE = re.compile(r"callsheet-ignore\s+(?:[\w-]+\s*,\s*)*(?P<code>[\w-]*)$")
_DECLARING: Final = frozenset({"const", "let", "var", "function", "class"})
_KEYWORDS: Final = (
    "await", "async", "break", "case", "catch", "const", "continue", "do", "else", "false", "finally", "for",
    "function", "if", "let", "new", "null", "of", "return", "switch", "throw", "true", "try", "typeof", "undefined",
    "while",
)  # fmt: skip
_META_SNIPPET = (
    "export const meta = {\n\tname: '${1:name}',\n\tdescription: '${2:What it does.}',\n"
    "\tphases: [{ title: '${3:Work}' }],\n}\n\n$0"
)


MAX_SUGGESTIONS: Final = 150
"""Longer lists are cut to what fits the text typed so far, and asked for again."""


@frozen
class Completion:
    """Suggestions, best first; when they are not complete they depend on the text typed so far."""

    items: tuple[Suggestion, ...]
    is_complete: bool = True


def complete(parsed: Parsed, offset: int, world: World) -> Completion:
    """What may stand at a byte offset of a script."""
    cursor = read_cursor(parsed, offset)
    found = _suggestions(parsed, cursor, world)
    if len(found) <= MAX_SUGGESTIONS:
        return Completion(tuple(found))
    typed = (cursor.text if cursor.string is None else cursor.string).lower()
    fitting = [item for item in found if typed in item.label.lower()]
    return Completion(tuple(fitting[:MAX_SUGGESTIONS]), is_complete=False)


def _suggestions(parsed: Parsed, cursor: Cursor, world: World) -> list[Suggestion]:
    if cursor.in_comment:
        return list(_rule_codes(parsed, cursor))
    if cursor.in_template:
        return []
    if cursor.string is not None:
        return list(_in_string(parsed, cursor, world))
    if cursor.after_dot:
        return list(member_suggestions(parsed, cursor))
    if cursor.at_key:
        return list(_keys(parsed, cursor))
    if cursor.before in _DECLARING:
        return []
    return [*_values(parsed, cursor, world), *_names(parsed, cursor)]


def _rule_codes(parsed: Parsed, cursor: Cursor) -> Iterator[Suggestion]:
    line = parsed.source.line_of(cursor.offset)
    text = parsed.source.slice(parsed.source.line_starts[line], cursor.offset)
    match = _IGNORE.search(text)
    if match is None:
        return
    span = Span(cursor.offset - len(match["code"].encode()), cursor.offset)
    for code, rule in all_rules().items():
        yield Suggestion(code, "value", span, detail=rule.summary, doc=f"rule:{code}")


def _in_string(parsed: Parsed, cursor: Cursor, world: World) -> Iterator[Suggestion]:
    quote = chr(parsed.source.data[cursor.string_span.start - 1])
    for kind, text, detail, doc in _string_values(parsed, cursor, world):
        insert = escaped(text, quote) if quote in text or "\\" in text else None
        yield Suggestion(text, kind, cursor.string_span, insert, detail=detail, doc=doc, rank=1)


def _values(parsed: Parsed, cursor: Cursor, world: World) -> Iterator[Suggestion]:
    """Values where no quote was typed yet: they bring their own."""
    for kind, text, detail, doc in _string_values(parsed, cursor, world):
        insert = "'" + escaped(text, "'") + "'"
        yield Suggestion(f"'{text}'", kind, cursor.word, insert, detail=detail, doc=doc, rank=1)
    found = field_of_value(cursor)
    if found is not None and found[1].name == "schema":
        text = "{\n\ttype: 'object',\n\tproperties: {\n\t\t${1:name}: { type: '${2:string}' },\n\t},\n"
        text += "\trequired: ['${1:name}'],\n}"
        yield Suggestion(
            "{ type: 'object', … }", "snippet", cursor.word, text, True, "an object schema", rank=0
        )


Value = tuple[Kind, str, str, str]
"""Kind, text, detail and documentation key of a string that may stand somewhere."""


def _string_values(parsed: Parsed, cursor: Cursor, world: World) -> Iterator[Value]:
    schema = schema_at(cursor)
    if schema is not None:
        yield from _schema_values(parsed, cursor, schema.keyword)
        return
    found = field_of_value(cursor)
    if found is not None:
        yield from _field_values(found[1], found[0].owner, parsed, world, cursor)
        return
    call = cursor.call()
    if call is not None and call[1] == len(cursor.frames) - 1 and call[0].argument == 0:
        provide = _FIRST_ARGUMENTS.get(call[0].callee or "")
        if provide is not None:
            yield from provide(parsed, world, cursor)


def _field_values(field: Field, owner: str, parsed: Parsed, world: World, cursor: Cursor) -> Iterator[Value]:
    for value in field.values:
        yield "value", value, "", f"field:{owner}.{field.name}"
    provide = _BY_FIELD.get(field.name)
    if provide is not None:
        yield from provide(parsed, world, cursor)


def _titles(parsed: Parsed, world: World, cursor: Cursor) -> Iterator[Value]:
    declared = build_model(parsed).phases
    for phase in declared:
        yield "value", phase.title, phase.detail or "phase", f"phase:{phase.title}"
    known = {phase.title for phase in declared}
    for site in build_model(parsed).calls_of("phase"):
        text = first_text(site)
        is_being_written = site.span.start <= cursor.offset <= site.span.end
        if text and text not in known and not is_being_written:
            known.add(text)
            yield "value", text, "phase, not declared", f"phase:{text}"


def _workflow_names(parsed: Parsed, world: World, cursor: Cursor) -> Iterator[Value]:
    for saved in world.workflows():
        yield "module", saved.name, saved.description, f"workflow:{saved.name}"


def _script_paths(parsed: Parsed, world: World, cursor: Cursor) -> Iterator[Value]:
    for saved in world.workflows():
        if world.path is not None and not saved.bundled and saved.path.suffix in {".js", ".mjs"}:
            yield (
                "file",
                _relative(saved.path.parts, world.path.parent.parts),
                saved.name,
                f"workflow:{saved.name}",
            )


def _relative(parts: tuple[str, ...], base: tuple[str, ...]) -> str:
    common = 0
    while common < min(len(parts), len(base)) and parts[common] == base[common]:
        common += 1
    up = [".."] * (len(base) - common) or ["."]
    return "/".join((*up, *parts[common:]))


def _models(parsed: Parsed, world: World, cursor: Cursor) -> Iterator[Value]:
    for alias, detail in world.models.aliases(world.settings):
        yield "value", alias, detail, f"model:{alias}"
    yield from (("value", name, detail, f"model:{name}") for name, detail in world.models.names())


def _tiers(parsed: Parsed, world: World, cursor: Cursor) -> Iterator[Value]:
    for tier in dict.fromkeys((*BUILT_IN_TIERS, *world.settings.models.tiers)):
        yield "value", tier, world.settings.models.tiers.get(tier, ""), "field:agent.tier"


def _agent_types(parsed: Parsed, world: World, cursor: Cursor) -> Iterator[Value]:
    for agent_type in world.agent_types.values():
        yield "type", agent_type.name, agent_type.description, f"agentType:{agent_type.name}"


def _tools(parsed: Parsed, world: World, cursor: Cursor) -> Iterator[Value]:
    for tool in TOOLS:
        yield "value", tool, "tool", "field:agent.tools"


_Provide = Callable[[Parsed, World, Cursor], Iterable[Value]]
_BY_FIELD: Final[dict[str, _Provide]] = {
    "model": _models,
    "tier": _tiers,
    "agentType": _agent_types,
    "phase": _titles,
    "tools": _tools,
    "scriptPath": _script_paths,
}
_FIRST_ARGUMENTS: Final[dict[str, _Provide]] = {"phase": _titles, "workflow": _workflow_names}


def _schema_values(parsed: Parsed, cursor: Cursor, keyword: str | None) -> Iterator[Value]:
    if keyword == "type":
        yield from (("type", name, "", "keyword:type") for name in TYPES)
    elif keyword == "format":
        yield from (("value", name, "", "keyword:format") for name in FORMATS)
    elif keyword == "required":
        yield from (
            ("property", name, "", "keyword:required") for name in _sibling_properties(parsed, cursor)
        )


def _sibling_properties(parsed: Parsed, cursor: Cursor) -> list[str]:
    """Names in the `properties` that stand beside the `required` at the cursor, before or behind it."""
    frames = [frame for frame in cursor.frames if frame.opener == b"{"]
    node = parsed.root.descendant_for_byte_range(frames[-1].start - 1, frames[-1].start) if frames else None
    while node is not None and node.type not in {"object", "ERROR"}:
        node = node.parent
    for child in node.named_children if node is not None else ():
        key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
        if key is not None and value is not None and parsed.text(key).strip("'\"") == "properties":
            pairs = (pair.child_by_field_name("key") for pair in value.named_children)
            return [parsed.text(name).strip("'\"") for name in pairs if name is not None]
    return []


def _keys(parsed: Parsed, cursor: Cursor) -> Iterator[Suggestion]:
    schema = schema_at(cursor)
    if schema is not None:
        if schema.is_schema:
            for name, (value, doc) in KEYWORDS.items():
                if name not in schema.keys:
                    label = name if name.isidentifier() else f"'{name}'"
                    text = f"{label.replace('$', chr(92) + '$')}: {value}"
                    yield Suggestion(name, "property", cursor.word, text, True, doc, f"keyword:{name}")
        return
    place = innermost_object(cursor)
    if place is not None:
        for field in place.fields:
            if field.name not in place.frame.keys:
                text = f"{field.name}: {_value_snippet(field)}"
                doc = f"field:{place.owner}.{field.name}"
                rank = 1 if field.required else 3
                yield Suggestion(field.name, "property", cursor.word, text, True, field.type, doc, rank)
        return
    properties = list(pattern_suggestions(parsed, cursor))
    # In an object literal of another kind a name may stand for itself.
    yield from properties or _names(parsed, cursor)


def _value_snippet(field: Field) -> str:
    if field.values:
        return f"'${{1|{','.join(field.values)}|}}'"
    return _SNIPPETS.get(field.name) or _SNIPPETS_BY_KIND.get(field.kinds[0], "$1")


_SNIPPETS: Final = {
    "phases": "[\n\t{ title: '${1:Work}' },\n]",
    "schema": "{\n\ttype: 'object',\n\tproperties: {\n\t\t${1:name}: { type: '${2:string}' },\n\t},\n"
    "\trequired: ['${1:name}'],\n}",
    "timeoutMs": "${1:300_000}",
    "retries": "${1|0,1,2,3|}",
}
_SNIPPETS_BY_KIND: Final = {"string": "'$1'", "array": "[$1]", "object": "{ $1 }", "function": "($1) => $2"}


def _names(parsed: Parsed, cursor: Cursor) -> Iterator[Suggestion]:
    local = resolve(parsed).visible_at(cursor.offset)
    inner_first = sorted(local.items(), key=lambda item: (-item[1].visible.start, item[0]))
    for name, binding in inner_first:
        if name != "meta" and not (binding.span.start <= cursor.word.start <= binding.span.end):
            yield Suggestion(name, "variable", cursor.word, detail=binding.kind, doc=f"local:{name}", rank=2)
    has_meta = build_model(parsed).meta is not None
    called = parsed.source.data[cursor.word.end : cursor.word.end + 1] == b"("
    for entry in GLOBALS:
        if entry.name == "meta":
            if not has_meta:
                continue
        elif entry.name in local:
            continue
        snippet = None if called else entry.snippet
        kind: Kind = "function" if entry.kind == "function" else "value"
        doc = f"global:{entry.name}"
        yield Suggestion(
            entry.name,
            kind,
            cursor.word,
            snippet,
            snippet is not None,
            entry.summary,
            doc,
            3 + entry.is_helper,
        )
    if not cursor.frames and not has_meta:
        yield Suggestion(
            "meta", "snippet", cursor.word, _META_SNIPPET, True, "the script's meta", "global:meta", 0
        )
    for keyword in _KEYWORDS:
        yield Suggestion(keyword, "keyword", cursor.word, rank=6)
