"""The fields of `meta` (language, F4)."""

from __future__ import annotations

from typing import Final

from callsheet.language.tables.entry import Field

META_FIELDS: Final = (
    Field(
        "name",
        "string",
        "Name of the workflow. A saved workflow is called by it: `workflow('name')`, `callsheet run name`.",
        ("string",),
        required=True,
        not_blank=True,
    ),
    Field(
        "description",
        "string",
        "What the workflow does, in one sentence.",
        ("string",),
        required=True,
        not_blank=True,
    ),
    Field("whenToUse", "string", "When to choose this workflow.", ("string",)),
    Field(
        "model",
        "string",
        "Default model of the whole run; calls, agent types, tiers and phases may choose another.",
        ("string",),
        default="the session's",
    ),
    Field(
        "phases",
        "Array<{ title: string, detail?: string, model?: string }>",
        "The phases in order. They group the views, and a phase's `model` is the default of its calls.",
        ("array",),
        item_kinds=("object",),
    ),
)

PHASE_FIELDS: Final = (
    Field(
        "title", "string", "Title of the phase; no two are alike.", ("string",), required=True, not_blank=True
    ),
    Field("detail", "string", "What happens in it.", ("string",)),
    Field("model", "string", "Default model of its calls.", ("string",)),
)
