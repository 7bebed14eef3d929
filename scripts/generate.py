"""Writes what is made from tables in code: rule pages and index, language and settings reference, `workflow.d.ts`.

python scripts/generate.py           write what is out of date
python scripts/generate.py --check   only say what is; exit status 1 when anything is
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from callsheet.language.problem import Severity
from callsheet.language.rule import Rule
from callsheet.language.rules import all_rules, rule_modules
from callsheet.language.tables import limits
from callsheet.language.tables.entry import Field, Global
from callsheet.language.tables.forbidden import FORBIDDEN, WHY
from callsheet.language.tables.globals import CORE, GLOBALS, HOST_BUILT_INS
from callsheet.language.tables.helpers import HELPERS
from callsheet.language.tables.hosts import DIFFERENCES
from callsheet.language.tables.meta_fields import META_FIELDS, PHASE_FIELDS
from callsheet.language.tables.missing import MISSING_GLOBALS, MISSING_PROCESS
from callsheet.settings.docs import SETTING_DOCS
from callsheet.settings.model import Settings
from callsheet.settings.schema import SCHEMA

ROOT = Path(__file__).resolve().parent.parent
NOTE = "<!-- Made by scripts/generate.py from the tables in code. Edit those. -->\n"
GROUPS = (
    "Structure",
    "Determinism",
    "Calls",
    "Schemas",
    "Values",
    "Phases",
    "Cost",
    "Order",
    "Composition",
    "Portability",
    "Ignores",
)


def main() -> int:
    """Write the artefacts, or say which are out of date."""
    only_check = "--check" in sys.argv[1:]
    stale = [path for path, text in artefacts().items() if read(path) != text]
    for path in stale:
        print(f"{'out of date' if only_check else 'written'}: {path}")
        if not only_check:
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(artefacts()[path], encoding="utf-8")
    for path in orphans():
        print(f"{'no rule has' if only_check else 'removed'}: {path}")
        if not only_check:
            (ROOT / path).unlink()
    return 1 if only_check and (stale or orphans()) else 0


def artefacts() -> dict[str, str]:
    """Text of every artefact by its path in the repository."""
    pages = {
        f"docs/rules/{module.RULE.code}.md": rule_page(module.RULE, module.__doc__)
        for module in rule_modules()
    }
    return {
        **pages,
        "docs/rules/README.md": rule_index(),
        "docs/language.md": language_reference(),
        "docs/settings.md": settings_reference(),
        "engine/callsheet/workflow.d.ts": declarations(),
    }


def orphans() -> list[str]:
    """Rule pages of which there is no rule."""
    made = artefacts()
    found = (f"docs/rules/{path.name}" for path in (ROOT / "docs" / "rules").glob("*.md"))
    return sorted(path for path in found if path not in made)


def read(path: str) -> str | None:
    """Text of a file as it stands; None where there is none."""
    file = ROOT / path
    return file.read_text(encoding="utf-8") if file.exists() else None


# Rules


def rule_page(rule: Rule, doc: str | None) -> str:
    """The page of one rule."""
    title, _, body = inspect.cleandoc(doc or "").partition("\n")
    level = "off, until a setting gives it a level" if rule.off_by_default else severity_name(rule)
    if rule.needs_hosts:
        level += ", where the setting `hosts` names any"
    text = (
        f"{NOTE}\n{title}\n\n"
        f"| rule | level | group |\n|---|---|---|\n| `{rule.code}` | {level} | {rule.group} |\n"
        f"{body.rstrip()}\n\n---\n\n"
        f'Change its level in `callsheet.toml`: `rules.{rule.code} = "off"`'
    )
    how = "" if rule.after_ignores else f", or ignore one finding:\n`// callsheet-ignore {rule.code}: why`"
    return f"{text}{how}.\n\n[All rules](README.md)\n"


def rule_index() -> str:
    """The list of all rules by group."""
    rules = list(all_rules().values())
    lines = [
        NOTE,
        "# Rules",
        "",
        f'{len(rules)} rules. The level of each can be set in `callsheet.toml` (`rules.<rule> = "error" '
        f'| "warning" | '
        '"information" | "hint" | "off"`), and one finding can be ignored by a comment on its line or above it: '
        "`// callsheet-ignore <rule>: why`.",
    ]
    for group in sorted({rule.group for rule in rules}, key=group_order):
        lines += ["", f"## {group}", "", "| rule | level | finds |", "|---|---|---|"]
        for rule in sorted((rule for rule in rules if rule.group == group), key=lambda rule: rule.code):
            level = "off" if rule.off_by_default else severity_name(rule)
            lines.append(f"| [{rule.code}]({rule.code}.md) | {level} | {cell(rule.summary)} |")
    return "\n".join(lines) + "\n"


def group_order(group: str) -> tuple[int, str]:
    """Where a group stands in the index."""
    return (GROUPS.index(group) if group in GROUPS else len(GROUPS), group)


def severity_name(rule: Rule) -> str:
    """The level of a rule as the settings write it."""
    return {
        Severity.ERROR: "error",
        Severity.WARNING: "warning",
        Severity.INFORMATION: "information",
        Severity.HINT: "hint",
    }[rule.severity]


# Language


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


def cell(text: str) -> str:
    """Text for a cell of a table."""
    return re.sub(r"\s+", " ", text.replace("|", "\\|"))


# Settings


def settings_reference() -> str:
    """The reference of all settings."""
    lines = [
        NOTE,
        "# Settings",
        "",
        "Settings come from `callsheet.toml` in the working directory and in every folder above it up to "
        "the repository "
        "root, from the editor (`callsheet.*`, camelCase), and from the person's own file "
        "(`~/.config/callsheet/config.toml`, or the platform's own place). The nearer one wins, setting "
        "by setting; the "
        "editor's are the nearest.",
        "",
        "| setting | in the editor | value | default |",
        "|---|---|---|---|",
    ]
    for name, kind in SCHEMA.items():
        wanted = f"a table; each value {kind.wanted}" if kind.table else kind.wanted
        where = f"[`{name}`](#{anchor(name)}) | `callsheet.{camel(name)}`"
        lines.append(f"| {where} | {cell(wanted)} | {default_of(name)} |")
    for name in SCHEMA:
        docs = SETTING_DOCS[name]
        lines += ["", f"## `{name}`", "", docs.meaning, "", "```toml", f"{name} = {docs.example}", "```"]
    return "\n".join(lines) + "\n"


def anchor(name: str) -> str:
    """The anchor of a heading that holds a name."""
    return re.sub(r"[^\w-]", "", name)


def camel(name: str) -> str:
    """A setting's name as editors write it."""
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)


def default_of(name: str) -> str:
    """Default of a setting as the reference shows it."""
    value: object = Settings()
    for part in name.split("."):
        value = getattr(value, part)
    if value is None or value in ({}, ()):
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


# workflow.d.ts


DECLARED = {
    "agent": """declare function agent<const S extends JSONSchema>(
  prompt: string,
  options: AgentOptions & { schema: S },
): Promise<FromSchema<S> | null>;
declare function agent(prompt: string, options?: AgentOptions & { schema?: undefined }): Promise<string | null>;
declare function agent(prompt: string, options?: AgentOptions): Promise<any>;""",
    "parallel": """declare function parallel<const T extends ReadonlyArray<() => any>>(
  thunks: T,
): Promise<{ -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> | null }>;""",
    "pipeline": """declare function pipeline<I, A>(
  items: readonly I[],
  first: Stage<I, I, A>,
): Promise<Array<A | null>>;
declare function pipeline<I, A, B>(
  items: readonly I[],
  first: Stage<I, I, A>,
  second: Stage<A, I, B>,
): Promise<Array<B | null>>;
declare function pipeline<I, A, B, C>(
  items: readonly I[],
  first: Stage<I, I, A>,
  second: Stage<A, I, B>,
  third: Stage<B, I, C>,
): Promise<Array<C | null>>;
declare function pipeline<I>(items: readonly I[], ...stages: Array<Stage<any, I, any>>): Promise<any[]>;""",
}

TYPES = """/** A JSON Schema, Draft 2020-12. */
type JSONSchema = { readonly [keyword: string]: any };

/** The values that a literal schema allows; `any` where the schema does not tell. */
type FromSchema<S> = S extends { readonly const: infer C }
  ? C
  : S extends { readonly enum: readonly (infer E)[] }
    ? E
    : S extends { readonly anyOf: readonly (infer A)[] }
      ? FromSchema<A>
      : S extends { readonly oneOf: readonly (infer O)[] }
        ? FromSchema<O>
        : S extends { readonly type: infer T }
          ? FromType<T, S>
          : any;

type FromType<T, S> = T extends readonly (infer U)[]
  ? U extends string
    ? FromType<U, S>
    : any
  : string extends T
    ? any
    : T extends 'string'
      ? string
      : T extends 'number' | 'integer'
        ? number
        : T extends 'boolean'
          ? boolean
          : T extends 'null'
            ? null
            : T extends 'array'
              ? S extends { readonly items: infer I }
                ? Array<FromSchema<I>>
                : any[]
              : T extends 'object'
                ? FromObject<S>
                : any;

type FromObject<S> = S extends { readonly properties: infer P }
  ? Simplify<
      { -readonly [K in keyof P as K extends RequiredKeys<S> ? K : never]: FromSchema<P[K]> } & {
        -readonly [K in keyof P as K extends RequiredKeys<S> ? never : K]?: FromSchema<P[K]>;
      }
    >
  : { [key: string]: any };

type RequiredKeys<S> = S extends { readonly required: readonly (infer R)[] } ? R : never;
type Simplify<T> = { [K in keyof T]: T[K] };

/** `filter(Boolean)` drops the nulls of agents that failed. */
interface Array<T> {
  filter(isThere: BooleanConstructor): Array<Exclude<T, null | undefined | false | '' | 0>>;
}
interface ReadonlyArray<T> {
  filter(isThere: BooleanConstructor): Array<Exclude<T, null | undefined | false | '' | 0>>;
}
type Stage<P, I, R> = (previous: Awaited<P>, item: I, index: number) => R | Promise<R>;
type Validator<T> = (value: T) => { ok: boolean; feedback?: string } | Promise<{ ok: boolean; feedback?: string }>;
interface Verdict {
  real: boolean;
  realCount: number;
  total: number;
  votes: Array<{ real: boolean; reason?: string }>;
}
interface Judgement<T> {
  index: number;
  attempt: T;
  score: number;
  judgments: Array<{ score: number; reason?: string }>;
}
"""

HOST_TYPES = """declare function structuredClone<T>(value: T): T;
declare function queueMicrotask(callback: () => void): void;
/** In virtual time: never waits for the clock. */
declare function setTimeout(callback: (...values: any[]) => void, delayMs?: number, ...values: any[]): number;
declare function clearTimeout(timer?: number): void;
declare class URL {
  constructor(url: string, base?: string | URL);
  static canParse(url: string, base?: string): boolean;
  href: string;
  readonly origin: string;
  protocol: string;
  username: string;
  password: string;
  host: string;
  hostname: string;
  port: string;
  pathname: string;
  search: string;
  hash: string;
  readonly searchParams: URLSearchParams;
  toString(): string;
  toJSON(): string;
}
declare class URLSearchParams implements Iterable<[string, string]> {
  constructor(init?: string | Record<string, string> | Iterable<[string, string]>);
  append(name: string, value: string): void;
  delete(name: string): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string): boolean;
  set(name: string, value: string): void;
  sort(): void;
  forEach(callback: (value: string, name: string) => void): void;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}
declare class TextEncoder {
  encode(text?: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: ArrayBufferView | ArrayBuffer): string;
}
"""


def declarations() -> str:
    """TypeScript declarations of everything that a script can name."""
    parts = [
        "// Made by scripts/generate.py from the tables in code. Edit those.",
        '// Types for workflow scripts: `/// <reference path="workflow.d.ts" />`, or `files` in a '
        "jsconfig.json.",
        '/// <reference no-default-lib="true" />',
        '/// <reference lib="es2023" />',
        "",
        TYPES,
        interface("Meta", META_FIELDS),
        *(interface(name, fields) for name, fields in option_types()),
        *(declaration(entry) for entry in GLOBALS if entry.name != "meta"),
        HOST_TYPES,
    ]
    return "\n".join(parts)


def option_types() -> Iterator[tuple[str, tuple[Field, ...]]]:
    """The named types of options, with their fields."""
    for entry in GLOBALS:
        for parameter in entry.parameters:
            if parameter.fields and parameter.type[0].isupper():
                yield parameter.type, parameter.fields


def interface(name: str, fields: tuple[Field, ...]) -> str:
    """An interface with its fields."""
    lines = [f"interface {name} {{"]
    for field in fields:
        text = field.docs if field.default is None else f"{field.docs} Default: {field.default}."
        lines += [f"  /** {text} */", f"  {field.name}{'' if field.required else '?'}: {field.type};"]
    return "\n".join([*lines, "}", ""])


def declaration(entry: Global) -> str:
    """The declaration of one global, with its documentation."""
    docs = [entry.summary, *(["", *entry.docs.splitlines()] if entry.docs else [])]
    comment = f"/** {docs[0]} */"
    if len(docs) > 1:
        comment = "\n".join(["/**", *(f" * {line}".rstrip() for line in docs), " */"])
    if entry.name in DECLARED:
        return f"{comment}\n{DECLARED[entry.name]}\n"
    if entry.kind == "function":
        return f"{comment}\ndeclare function {entry.signature};\n"
    if entry.members:
        members = "; ".join(
            f"{member.name}{member.type.replace(' => ', ': ') if '=>' in member.type else ': ' + member.type}"
            for member in entry.members
        )
        return f"{comment}\ndeclare const {entry.name}: {{ {members} }};\n"
    return f"{comment}\ndeclare const {entry.signature};\n"


if __name__ == "__main__":
    sys.exit(main())
