"""The names that every script can use (language, section 2)."""

from __future__ import annotations

from typing import Final

from callsheet.language.tables.entry import Field, Global, Parameter
from callsheet.language.tables.helpers import HELPERS
from callsheet.language.tables.limits import MAX_AGENTS, MAX_ITEMS, MAX_LOG_CHARACTERS
from callsheet.language.tables.options import AGENT_OPTIONS, PHASE_OPTIONS

SCRIPT_PATH: Final = Field(
    "scriptPath", "string", "Path of the script, relative to the calling one.", ("string",), required=True
)

CORE: Final = (
    Global(
        name="agent",
        kind="function",
        signature="agent(prompt: string, options?: AgentOptions): Promise<string | object | null>",
        summary="Sends a prompt to an agent and gives its result.",
        docs="The result is the agent's final text, or with a `schema` an object valid against it. It is "
        "`null` when the "
        "agent timed out, failed, answered nothing or was skipped: check for it. An invalid call, a "
        "schema that is "
        "never met, an exhausted budget and a stop throw.\n\n"
        f"A run makes at most {MAX_AGENTS:,} agent calls.",
        parameters=(
            Parameter(
                "prompt",
                "string",
                "What the agent is to do. It sees nothing else of the script.",
                kinds=("string",),
            ),
            Parameter(
                "options",
                "AgentOptions",
                "How to run it.",
                optional=True,
                kinds=("object",),
                fields=AGENT_OPTIONS,
            ),
        ),
        snippet="agent(${1:'$2'}, { label: '${3}' })",
        awaited=True,
    ),
    Global(
        name="parallel",
        kind="function",
        signature="parallel(thunks: Array<() => any>): Promise<any[]>",
        summary="Runs functions at the same time and waits for all of them.",
        docs="Takes an array of functions, not of promises, and keeps their order. A function that throws "
        "gives `null` in "
        "its place; errors that end the run reject the whole call.\n\n"
        f"At most {MAX_ITEMS:,} items.",
        parameters=(Parameter("thunks", "Array<() => any>", "Functions that start the work."),),
        snippet="parallel(${1:items}.map((${2:item}) => () =>\n\tagent(${3:`$4`}),\n))",
        awaited=True,
    ),
    Global(
        name="pipeline",
        kind="function",
        signature="pipeline(items: any[], ...stages: Array<(previous, item, index) => any>): Promise<any[]>",
        summary="Takes each item through the stages, without waiting for the other items.",
        docs="Each stage gets what the stage before gave, the item and its index. The results keep the "
        "items' order. A "
        "stage that throws makes the item's result `null`; a `null` that a stage *returns* flows on to "
        "the next "
        "stage.\n\n"
        f"At most {MAX_ITEMS:,} items.",
        parameters=(
            Parameter("items", "any[]", "What to work on."),
            Parameter(
                "stages",
                "Array<(previous, item, index) => any>",
                "What to do with each, in order.",
                rest=True,
            ),
        ),
        snippet="pipeline(\n\t${1:items},\n\t(item) => agent(${2:`$3`}),\n\t(previous, item) => "
        "agent(${4:`$5`}),\n)",
        awaited=True,
    ),
    Global(
        name="workflow",
        kind="function",
        signature="workflow(name: string | { scriptPath: string }, args?: any): Promise<any>",
        summary="Runs another workflow and gives its result.",
        docs="The child has its own `args`, `meta` and phases; it shares limits, budget and journal. One "
        "level deep: a child "
        "cannot call `workflow()`.",
        parameters=(
            Parameter(
                "name",
                "string | { scriptPath: string }",
                "Name of a saved workflow, or the path of a script.",
                kinds=("string", "object"),
                fields=(SCRIPT_PATH,),
            ),
            Parameter("args", "any", "What the child sees as `args`.", optional=True),
        ),
        snippet="workflow('${1:name}'${2:, ${3:args}})",
        awaited=True,
    ),
    Global(
        name="phase",
        kind="function",
        signature="phase(title: string, options?: { budget?: number }): void",
        summary="Starts a phase: calls made after it belong to it.",
        docs="A title that `meta.phases` does not declare makes a new group. Inside a fan-out use the "
        "option `phase` of "
        "`agent()`.",
        parameters=(
            Parameter("title", "string", "A title of `meta.phases`.", kinds=("string",)),
            Parameter(
                "options",
                "{ budget?: number }",
                "Its ceiling.",
                optional=True,
                kinds=("object",),
                fields=PHASE_OPTIONS,
            ),
        ),
        snippet="phase('${1:title}')",
    ),
    Global(
        name="log",
        kind="function",
        signature="log(message: any): void",
        summary="Writes a line to the run's log.",
        docs=f"Strings as they are, other values as JSON; at most {MAX_LOG_CHARACTERS:,} characters a line.",
        parameters=(Parameter("message", "any", "What to write."),),
        snippet="log(${1:`$2`})",
    ),
    Global(
        name="args",
        kind="value",
        signature="args: any",
        summary="What the run was started with; `undefined` when nothing was given.",
        docs="A string that holds a JSON object or array arrives parsed.",
    ),
    Global(
        name="budget",
        kind="value",
        signature="budget: { total: number | null, spent(): number, remaining(): number }",
        summary="The run's token budget.",
        docs="`total` is `null` when none is set, and then `remaining()` is `Infinity`. It is an object, "
        "not a function.",
        members=(
            Parameter("total", "number | null", "The budget in tokens; `null` when none is set."),
            Parameter("spent", "() => number", "Tokens of input and output so far."),
            Parameter(
                "remaining", "() => number", "What is left, never below 0; `Infinity` without a budget."
            ),
        ),
    ),
    Global(
        name="meta",
        kind="value",
        signature="meta: Meta",
        summary="The script's own `meta`, frozen.",
    ),
    Global(
        name="cwd",
        kind="value",
        signature="cwd: string",
        summary="The run's working directory.",
    ),
    Global(
        name="process",
        kind="value",
        signature="process: { cwd(): string }",
        summary="Only `process.cwd()`.",
        docs="There is no environment, no arguments and no exit: use `args`, `return` and `throw`.",
        members=(Parameter("cwd", "() => string", "The run's working directory."),),
    ),
    Global(
        name="console",
        kind="value",
        signature="console: { log, info, warn, error, debug }",
        summary="Writes to the run's log, as `log` does.",
        docs="Several arguments are joined by a space.",
        members=tuple(
            Parameter(name, "(...values: any[]) => void", "Writes a line to the run's log.")
            for name in ("log", "info", "warn", "error", "debug")
        ),
    ),
)

GLOBALS: Final = (*CORE, *HELPERS)
"""Every name of the language, core first."""

GLOBALS_BY_NAME: Final = {entry.name: entry for entry in GLOBALS}

AWAITED: Final = frozenset(entry.name for entry in GLOBALS if entry.awaited)
"""Functions that give a promise."""

HOST_BUILT_INS: Final = (
    "structuredClone",
    "queueMicrotask",
    "URL",
    "URLSearchParams",
    "TextEncoder",
    "TextDecoder",
    "setTimeout",
    "clearTimeout",
)
"""What is there beside ECMAScript; timers run in virtual time."""

ECMASCRIPT_BUILT_INS: Final = (
    *(
        "AggregateError",
        "Array",
        "ArrayBuffer",
        "Atomics",
        "BigInt",
        "BigInt64Array",
        "BigUint64Array",
        "Boolean",
    ),
    *("DataView", "Date", "Error", "EvalError", "Float16Array", "Float32Array", "Float64Array", "Function"),
    *(
        "Infinity",
        "Int16Array",
        "Int32Array",
        "Int8Array",
        "Iterator",
        "JSON",
        "Map",
        "Math",
        "NaN",
        "Number",
    ),
    *(
        "Object",
        "Promise",
        "Proxy",
        "RangeError",
        "ReferenceError",
        "Reflect",
        "RegExp",
        "Set",
        "String",
        "Symbol",
    ),
    *(
        "SyntaxError",
        "TypeError",
        "URIError",
        "Uint16Array",
        "Uint32Array",
        "Uint8Array",
        "Uint8ClampedArray",
    ),
    *(
        "WeakMap",
        "WeakSet",
        "decodeURI",
        "decodeURIComponent",
        "encodeURI",
        "encodeURIComponent",
        "escape",
        "eval",
    ),
    *("globalThis", "isFinite", "isNaN", "parseFloat", "parseInt", "undefined", "unescape"),
)
