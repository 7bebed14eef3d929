"""Signature help: the function around the cursor and the argument that is being written."""

from __future__ import annotations

from attrs import frozen
from callsheet.language.scopes import resolve
from callsheet.language.syntax import Parsed
from callsheet.language.tables.entry import Global
from callsheet.language.tables.globals import GLOBALS_BY_NAME

from callsheet_server.features.cursor import read_cursor


@frozen
class Signature:
    """A function of the language in a call that is being written.

    Attributes:
        active: index of the parameter that the cursor is in; None behind the last one.
    """

    entry: Global
    active: int | None


def signature_at(parsed: Parsed, offset: int) -> Signature | None:
    """The call around a byte offset, the innermost one that is a function of the language."""
    cursor = read_cursor(parsed, offset)
    if cursor.in_comment:
        return None
    call = cursor.call()
    entry = GLOBALS_BY_NAME.get(call[0].callee or "") if call is not None else None
    if call is None or entry is None or entry.kind != "function":
        return None
    if entry.name in resolve(parsed).visible_at(offset):
        return None
    active: int | None = call[0].argument
    last = len(entry.parameters) - 1
    if call[0].argument > last:
        active = last if last >= 0 and entry.parameters[last].rest else None
    return Signature(entry, active)
