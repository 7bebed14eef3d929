"""Which part of the language the cursor is in: an option, a field of `meta`, a schema."""

from __future__ import annotations

import re
from typing import Literal

from attrs import frozen
from callsheet.language.tables.entry import Field
from callsheet.language.tables.globals import GLOBALS_BY_NAME
from callsheet.language.tables.meta_fields import META_FIELDS, PHASE_FIELDS

from callsheet_server.features.cursor import Cursor, Frame

Owner = Literal["meta", "phase-entry", "schema"] | str

_SCHEMA_NAME = re.compile(r"schema$", re.IGNORECASE)


@frozen
class ObjectPlace:
    """An object literal of the language around the cursor.

    Attributes:
        owner: the function it is the options of, or `meta`, `phase-entry`.
        fields: what may stand in it.
        frame: the bracket.
    """

    owner: Owner
    fields: tuple[Field, ...]
    frame: Frame

    def field(self, name: str | None) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)


def object_at(frames: tuple[Frame, ...], index: int) -> ObjectPlace | None:
    """What the open bracket at `index` is, if it is an object literal of the language."""
    frame = frames[index]
    if frame.opener != b"{":
        return None
    if frame.assigned == "meta":
        return ObjectPlace("meta", META_FIELDS, frame)
    parent = frames[index - 1] if index > 0 else None
    if parent is None:
        return None
    if parent.opener == b"(" and parent.callee in GLOBALS_BY_NAME:
        parameters = GLOBALS_BY_NAME[parent.callee].parameters
        if parent.argument < len(parameters) and parameters[parent.argument].fields:
            return ObjectPlace(parent.callee, parameters[parent.argument].fields, frame)
    if parent.opener == b"[" and index > 1:
        around = object_at(frames, index - 2)
        if around is not None and around.owner == "meta" and around.frame.key == "phases":
            return ObjectPlace("phase-entry", PHASE_FIELDS, frame)
    return None


def innermost_object(cursor: Cursor) -> ObjectPlace | None:
    """The object literal of the language whose own property is being written."""
    return object_at(cursor.frames, len(cursor.frames) - 1) if cursor.frames else None


def field_of_value(cursor: Cursor) -> tuple[ObjectPlace, Field] | None:
    """The field whose value, or item of whose array, is being written."""
    last = len(cursor.frames) - 1
    if last < 0:
        return None
    index = last - 1 if cursor.frames[last].opener == b"[" and last > 0 else last
    place = object_at(cursor.frames, index)
    found = place.field(place.frame.key) if place is not None else None
    return (place, found) if place is not None and found is not None else None


@frozen
class SchemaPlace:
    """A place in a JSON Schema.

    Attributes:
        is_schema: whether the innermost object is a schema, not a table of schemas by name.
        keyword: the keyword whose value is being written.
        keys: what the innermost object holds already.
    """

    is_schema: bool
    keyword: str | None
    keys: tuple[str, ...]


_TABLES_OF_SCHEMAS = frozenset({"properties", "$defs", "patternProperties", "dependentSchemas"})


def schema_at(cursor: Cursor) -> SchemaPlace | None:
    """The place in the JSON Schema around the cursor; None outside of one."""
    frames = cursor.frames
    for index, frame in enumerate(frames):
        place = object_at(frames, index)
        if place is not None and place.owner == "agent" and frame.key == "schema":
            return _walk(frames[index + 1 :])
        named = frame.assigned is not None and _SCHEMA_NAME.search(frame.assigned) is not None
        if named and frame.opener == b"{":
            return _walk(frames[index:])
    return None


def _walk(frames: tuple[Frame, ...]) -> SchemaPlace | None:
    objects = [frame for frame in frames if frame.opener == b"{"]
    if not objects:
        return None
    is_schema = True
    for frame in objects[:-1]:
        is_schema = frame.key not in _TABLES_OF_SCHEMAS if is_schema else True
    return SchemaPlace(is_schema, objects[-1].key, tuple(objects[-1].keys))
