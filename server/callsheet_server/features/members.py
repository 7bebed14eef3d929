"""Completion behind a dot."""

from __future__ import annotations

import re
from collections.abc import Iterator

from callsheet.language.scopes import resolve
from callsheet.language.syntax import Parsed
from callsheet.language.tables.globals import GLOBALS_BY_NAME

from callsheet_server.features.cursor import Cursor
from callsheet_server.features.suggestion import Suggestion

_NAME_BEFORE = re.compile(rb"([\w$\x80-\xff]+)\s*$")


def member_suggestions(parsed: Parsed, cursor: Cursor) -> Iterator[Suggestion]:
    """Members of what stands before the dot."""
    match = _NAME_BEFORE.search(
        parsed.source.data, max(parsed.script.start, cursor.before_start - 200), cursor.before_start
    )
    name = match.group(1).decode("utf-8", "replace") if match else ""
    entry = GLOBALS_BY_NAME.get(name)
    if entry is None or name in resolve(parsed).visible_at(cursor.offset):
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
