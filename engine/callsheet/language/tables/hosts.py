"""Where hosts of the same language differ from Callsheet (language, section 9)."""

from __future__ import annotations

from typing import Final, Literal

from attrs import frozen

Host = Literal["claude", "pi"]
HOST_NAMES: Final[dict[str, str]] = {"claude": "Claude Code", "pi": "pi"}


@frozen
class Difference:
    """One topic of the table.

    Attributes:
        topic: what differs.
        callsheet: Callsheet's own rule.
        claude: what Claude Code does.
        pi_1: what pi 1.5 does.
        pi_3: what pi 3 does.
    """

    topic: str
    callsheet: str
    claude: str
    pi_1: str
    pi_3: str


DIFFERENCES: Final = (
    Difference("`meta.phases[].model`", "routes", "label only", "routes", "routes"),
    Difference(
        "banned calls",
        "static on the tree, and at run time",
        "at run time",
        "static, by regex over the whole text (comments too); none at run time",
        "both",
    ),
    Difference("unknown `agentType`", "error", "throws", "a line of prompt", "warning"),
    Difference("unknown `isolation` string", "error", "ignored", "ignored", "ignored"),
    Difference("`timeoutMs`", "yes", "no", "yes, 5 min", "yes, none by default"),
    Difference("`effort`", "yes", "yes", "no", "no (`thinking`)"),
    Difference("`tier`, `retries`, quality helpers", "yes", "no", "no", "yes"),
    Difference("`workflow()`", "name, `{scriptPath}`", "name, `{scriptPath}`", "no", "name, script text"),
    Difference(
        "throw in a fan-out", "null; fatal ones reject", "null", "null", "null; fatal ones and schema reject"
    ),
    Difference("schema never satisfied", "throws", "throws", "null", "throws"),
    Difference(
        "resume",
        "longest matching prefix of the history, edited script, any process",
        "prefix, same session",
        "by index, same script",
        "prefix, edited script",
    ),
    Difference(
        "worktree after the call",
        "removed, change kept as a ref",
        "kept if changed",
        "removed, change lost",
        "kept",
    ),
)

UNSUPPORTED_OPTIONS: Final[dict[str, dict[str, str]]] = {
    "timeoutMs": {"claude": "Claude Code has no `timeoutMs`: the call is not limited there."},
    "effort": {"pi": "pi has no `effort` (pi 3 calls it `thinking`): the model's own effort is used there."},
    "tier": {
        "claude": "Claude Code has no `tier`: the default model is used there.",
        "pi": "pi 1.5 has no `tier`: the default model is used there.",
    },
    "retries": {
        "claude": "Claude Code has no `retries`: a failed call is not tried again there.",
        "pi": "pi 1.5 has no `retries`: a failed call is not tried again there.",
    },
}
"""What a host does with an option of `agent()` that it does not know."""

NO_HELPERS: Final[dict[str, str]] = {
    "claude": "Claude Code has no `{name}`: the script ends with a ReferenceError there.",
    "pi": "pi 1.5 has no `{name}`: the script ends with a ReferenceError there.",
}
NO_WORKFLOW: Final[dict[str, str]] = {
    "pi": "pi 1.5 has no `workflow()`: the script ends with a ReferenceError there.",
}
NO_SCRIPT_PATH: Final[dict[str, str]] = {
    "pi": "pi takes a workflow's name or its text, not `{ scriptPath }`.",
}
PHASE_MODEL: Final[dict[str, str]] = {
    "claude": "In Claude Code a phase's `model` is only a label: set `model` on the calls as well.",
}
BANNED_IN_TEXT: Final[dict[str, str]] = {
    "pi": "pi 1.5 looks for `{name}` in the whole text, strings and comments too, and refuses this script.",
}
ISOLATION: Final[dict[str, str]] = {
    "pi": "pi 1.5 removes the worktree after the call, and what the agent changed is lost there.",
}

FOREIGN_OPTIONS: Final[dict[str, str]] = {
    "timeout": "timeoutMs",
    "timeoutMS": "timeoutMs",
    "thinking": "effort",
    "reasoningEffort": "effort",
    "subagent_type": "agentType",
    "subagentType": "agentType",
    "agent": "agentType",
    "name": "label",
    "title": "label",
    "description": "label",
    "outputSchema": "schema",
    "jsonSchema": "schema",
    "responseSchema": "schema",
    "allowedTools": "tools",
    "maxRetries": "retries",
    "worktree": "isolation",
    "path": "scriptPath",
    "file": "scriptPath",
    "options": "choices",
    "rounds": "maxRounds",
    "times": "attempts",
}
"""Options of other tools, and the one of ours that says the same."""
