"""The reference of everything that a script can name."""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.json_values import MAX_DEPTH
from callsheet.language.tables import limits
from callsheet.language.tables.entry import Field, Global
from callsheet.language.tables.forbidden import FORBIDDEN, WHY
from callsheet.language.tables.globals import CORE, HOST_BUILT_INS
from callsheet.language.tables.helpers import HELPERS
from callsheet.language.tables.hosts import DIFFERENCES
from callsheet.language.tables.meta_fields import META_FIELDS, PHASE_FIELDS
from callsheet.language.tables.missing import MISSING_GLOBALS, MISSING_PROCESS

from scripts.generate.markdown import NOTE, cell


def language_reference() -> str:
    """The reference of everything that a script can name."""
    host_built_ins = ", ".join(f"`{name}`" for name in HOST_BUILT_INS)
    sections = [
        NOTE,
        "# Language reference",
        "",
        "A workflow script is plain JavaScript: a module whose body runs as an async function. It begins with "
        "`export const meta = {…}`, and its result is what it returns.",
        "",
        "## `meta`",
        "",
        *field_table(META_FIELDS),
        "",
        "Each entry of `phases`:",
        "",
        *field_table(PHASE_FIELDS),
        "",
        "## Globals",
        *(line for entry in CORE for line in global_section(entry)),
        "",
        f"Also there: the built-ins of ECMAScript, and {host_built_ins}. Timers run in virtual time: "
        "they never wait for the clock. The time zone is UTC.",
        "",
        "## Quality helpers",
        "",
        "Attempts and rounds count from 0. Scores go from 0 to 1.",
        *(line for entry in HELPERS for line in global_section(entry)),
        "",
        "## Limits",
        "",
        "| limit | value |",
        "|---|---|",
        f"| size of a script | {limits.MAX_SCRIPT_BYTES // 1024} KiB |",
        f"| items of a fan-out | {limits.MAX_ITEMS:,} |",
        f"| agent calls of a run | {limits.MAX_AGENTS:,} by default |",
        f"| agents at a time | {limits.DEFAULT_CONCURRENCY}, by default |",
        f"| time of one try of an agent | {limits.DEFAULT_TIMEOUT_MS // 60_000} minutes by default |",
        f"| JavaScript without giving way | {limits.SCRIPT_TURN_TIMEOUT_S} s |",
        f"| memory of the script | {limits.SCRIPT_MEMORY_BYTES // 1024**2} MiB |",
        f"| length of a log line | {limits.MAX_LOG_CHARACTERS:,} characters |",
        f"| nesting of workflows | {limits.MAX_NESTING} level |",
        f"| nesting of arrays and objects in a result, args or options | {MAX_DEPTH} levels |",
        "",
        "## Not available, because a replay would differ",
        "",
        "| use | why | instead |",
        "|---|---|---|",
        *(f"| `{entry.shown}` | {WHY[entry.rule]} | {cell(entry.instead)} |" for entry in FORBIDDEN),
        "",
        "## Not available, because only agents touch the world",
        "",
        "| name | instead |",
        "|---|---|",
        *(f"| `{name}` | {cell(instead)} |" for name, instead in MISSING_GLOBALS.items()),
        *(f"| `process.{name}` | {cell(instead)} |" for name, instead in MISSING_PROCESS.items()),
        "",
        "## Where hosts differ",
        "",
        "| topic | Callsheet | Claude Code | pi 1.5 | pi 3 |",
        "|---|---|---|---|---|",
        *(
            f"| {cell(row.topic)} | {cell(row.callsheet)} | {cell(row.claude)} | {cell(row.pi_1)} | "
            f"{cell(row.pi_3)} |"
            for row in DIFFERENCES
        ),
    ]
    return "\n".join(sections) + "\n"


def global_section(entry: Global) -> Iterator[str]:
    """A chapter on one global."""
    yield from ("", f"### `{entry.name}`", "", "```ts", entry.signature, "```", "", entry.summary)
    if entry.docs:
        yield from ("", entry.docs)
    named = (*entry.parameters, *entry.members)
    if named:
        yield ""
    for parameter in named:
        yield f"- `{'...' if parameter.rest else ''}{parameter.name}`: {parameter.docs}"
    for parameter in entry.parameters:
        if parameter.fields:
            yield from ("", *field_table(parameter.fields))


def field_table(fields: tuple[Field, ...]) -> list[str]:
    """Fields as a table."""
    rows = ["| field | type | meaning | default |", "|---|---|---|---|"]
    for field in fields:
        default = "required" if field.required else field.default or ""
        rows.append(f"| `{field.name}` | `{cell(field.type)}` | {cell(field.docs)} | {cell(default)} |")
    return rows
