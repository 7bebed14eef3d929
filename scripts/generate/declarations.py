"""TypeScript declarations of everything that a script can name: from tables, between types that no table holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from callsheet.language.tables.entry import Field, Global
from callsheet.language.tables.globals import GLOBALS
from callsheet.language.tables.meta_fields import META_FIELDS

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


def declarations() -> str:
    """TypeScript declarations of everything that a script can name."""
    parts = [
        "// Made by `python -m scripts.generate` from the tables in code. Edit those.",
        '// Types for workflow scripts: `/// <reference path="workflow.d.ts" />`, or `files` in a '
        "jsconfig.json.",
        '/// <reference no-default-lib="true" />',
        '/// <reference lib="es2023" />',
        "",
        read("types.d.ts"),
        interface("Meta", META_FIELDS),
        *(interface(name, fields) for name, fields in option_types()),
        *(declaration(entry) for entry in GLOBALS if entry.name != "meta"),
        read("host.d.ts"),
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


def read(name: str) -> str:
    """Declarations that no table holds."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
