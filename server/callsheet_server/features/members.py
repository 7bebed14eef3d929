"""Completion of properties: behind a dot, and in an object pattern."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from callsheet.language.scopes import resolve
from callsheet.language.syntax import Parsed
from callsheet.language.tables.globals import GLOBALS_BY_NAME
from callsheet.language.types import Property, members_before, members_in_pattern

from callsheet_server.features.cursor import Cursor
from callsheet_server.features.suggestion import Suggestion

_NAME_BEFORE = re.compile(rb"([\w$\x80-\xff]+)\s*$")


def member_suggestions(parsed: Parsed, cursor: Cursor) -> Iterator[Suggestion]:
    """Members of what stands before the dot."""
    start = max(parsed.script.start, cursor.before_start - 200)
    match = _NAME_BEFORE.search(parsed.source.data, start, cursor.before_start)
    name = match.group(1).decode("utf-8", "replace") if match else ""
    entry = GLOBALS_BY_NAME.get(name)
    if entry is None or not entry.members or name in resolve(parsed).visible_at(cursor.offset):
        yield from _properties(members_before(parsed, cursor.offset), cursor)
        return
    for member in entry.members:
        is_function = "=>" in member.type
        text = f"{member.name}($1)" if "...values" in member.type else f"{member.name}()"
        yield Suggestion(
            member.name,
            "function" if is_function else "property",
            cursor.word,
            text if is_function else None,
            is_function,
            member.type,
            f"member:{name}.{member.name}",
            1,
        )


def pattern_suggestions(parsed: Parsed, cursor: Cursor) -> Iterator[Suggestion]:
    """Properties that the object pattern around the cursor can take."""
    frame = cursor.frame
    taken = set(frame.keys) if frame is not None else set()
    found = members_in_pattern(parsed, cursor.offset)
    yield from _properties((item for item in found if item.name not in taken), cursor)


def _properties(found: Iterable[Property], cursor: Cursor) -> Iterator[Suggestion]:
    for item in found:
        detail = item.type if item.required else f"{item.type} (optional)"
        doc = f"text:{item.description}" if item.description else ""
        yield Suggestion(item.name, "property", cursor.word, detail=detail, doc=doc, rank=1)
