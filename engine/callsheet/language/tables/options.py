"""The options of `agent()` and `phase()` (language, sections 3 and 5)."""

from __future__ import annotations

from typing import Final

from callsheet.language.tables.entry import Field
from callsheet.language.tables.limits import (
    DEFAULT_TIMEOUT_MS,
    MAX_LABEL_CODE_POINTS,
    MAX_RETRIES,
    MAX_SCHEMA_TRIES,
)

EFFORTS: Final = ("low", "medium", "high", "xhigh", "max")
ISOLATIONS: Final = ("worktree",)
BUILT_IN_TIERS: Final = ("small", "medium", "big")
BUILT_IN_ALIASES: Final = ("haiku", "sonnet", "opus", "fable", "inherit")
BUILT_IN_AGENT_TYPES: Final = ("general-purpose", "Explore", "Plan")
TOOLS: Final = ("read", "write", "edit", "bash", "grep", "find", "ls")

AGENT_OPTIONS: Final = (
    Field(
        "label",
        "string",
        "Name of this call in every view.",
        ("string",),
        default=f"the prompt with white space folded, cut to {MAX_LABEL_CODE_POINTS} characters",
    ),
    Field(
        "phase",
        "string",
        "Phase of this call. Inside a fan-out this is the way to set it: `phase()` there would race.",
        ("string",),
        default="the phase current when `agent()` is called, else the first declared one",
    ),
    Field(
        "schema",
        "JSONSchema",
        'JSON Schema (Draft 2020-12, root `type: "object"`) of the result. The call then gives an object that is '
        f"valid against it, and throws `SCHEMA_NONCOMPLIANCE` when the agent fails it {MAX_SCHEMA_TRIES} "
        f"times.",
        ("object",),
        default="none: the result is the agent's final text",
    ),
    Field(
        "model",
        "string",
        "Model of this call: `provider/model`, a bare model name, or an alias: "
        "`haiku`, `sonnet`, `opus`, `fable`, `inherit`, or one of the settings.",
        ("string",),
        default="the agent type's, then the tier's, the phase's, `meta.model`, the session's",
        not_blank=True,
    ),
    Field(
        "effort",
        '"low" | "medium" | "high" | "xhigh" | "max"',
        "Reasoning effort, passed on where the model has one.",
        ("string",),
        default="the model's own",
        values=EFFORTS,
    ),
    Field(
        "tier",
        '"small" | "medium" | "big" | (string & {})',
        "A model by purpose: `small`, `medium`, `big`, or a tier of the settings.",
        ("string",),
        default="none",
        not_blank=True,
    ),
    Field(
        "isolation",
        '"worktree"',
        "Run in a git worktree of its own. What the agent changes is kept as a commit to review; nothing "
        "is merged "
        "by itself.",
        ("string",),
        default="the shared working directory",
        values=ISOLATIONS,
    ),
    Field(
        "agentType",
        "string",
        "A named agent definition: `general-purpose`, `Explore`, `Plan`, or a Markdown file in "
        "`.callsheet/agents/`, "
        "`.claude/agents/`, `.pi/agents/`.",
        ("string",),
        default="`general-purpose`",
        not_blank=True,
    ),
    Field(
        "tools",
        "string[]",
        "Narrows the tools of this call: `read`, `write`, `edit`, `bash`, `grep`, `find`, `ls`.",
        ("array",),
        default="those of the agent type",
        item_kinds=("string",),
    ),
    Field(
        "timeoutMs",
        "number | null",
        "Limit on each try in milliseconds, from when it starts; waiting for a free place does not count. "
        "`null` is "
        "no limit.",
        ("number", "null"),
        default=f"{DEFAULT_TIMEOUT_MS:,} (five minutes)",
        above=0,
    ),
    Field(
        "retries",
        "number",
        f"Further tries after a failure that may pass, 0 to {MAX_RETRIES}.",
        ("number",),
        default="0",
        whole=True,
        minimum=0,
        maximum=MAX_RETRIES,
    ),
)

PHASE_OPTIONS: Final = (
    Field(
        "budget",
        "number",
        "Ceiling in tokens for this phase, over all calls of that title.",
        ("number",),
        default="none",
        above=0,
    ),
)

AGENT_OPTION_NAMES: Final = tuple(option.name for option in AGENT_OPTIONS)
