"""Rename: new names that stay valid where they are written."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve
from callsheet.errors import UsageError
from callsheet.language.problem import Edit
from callsheet.language.scopes import resolve
from callsheet.language.syntax import Parsed

from callsheet_server.features.references import Occurrence, Target, occurrences

_RESERVED = frozenset(
    [
        "arguments",
        "NaN",
        "Infinity",
        "undefined",
        "await",
        "break",
        "case",
        "catch",
        "class",
        "const",
        "continue",
        "debugger",
        "default",
        "delete",
        "do",
        "else",
        "enum",
        "eval",
        "export",
        "extends",
        "false",
        "finally",
        "for",
        "function",
        "if",
        "implements",
        "import",
        "in",
        "instanceof",
        "interface",
        "let",
        "new",
        "null",
        "package",
        "private",
        "protected",
        "public",
        "return",
        "static",
        "super",
        "switch",
        "this",
        "throw",
        "true",
        "try",
        "typeof",
        "var",
        "void",
        "while",
        "with",
        "yield",
    ]
)


def check_name(parsed: Parsed, target: Target, new_name: str) -> None:
    """Refuse a name that would break the script.

    Raises:
        UsageError: the name is blank, no identifier, or taken.
    """
    if target.kind != "local":
        if not new_name.strip():
            raise UsageError(f"The name of a {target.kind} must not be blank.")
        is_new = new_name != target.name
        if target.kind == "phase" and is_new and occurrences(parsed, evolve(target, name=new_name)):
            raise UsageError(f"There is a phase `{new_name}` in this script already.")
        return
    if not new_name.replace("$", "_").isidentifier() or new_name in _RESERVED:
        raise UsageError(f"`{new_name}` is not a name that a variable can have.")
    if new_name == target.name:
        return
    scopes = resolve(parsed)
    taken = {
        name
        for place in occurrences(parsed, target)
        for name, binding in scopes.visible_at(place.span.start).items()
        if name == new_name and binding.name == new_name
    }
    if taken:
        raise UsageError(f"`{new_name}` is already declared where `{target.name}` is used.")
    if scopes.globals(new_name):
        raise UsageError(f"`{new_name}` is used in this script as a name of the language; choose another.")


def edits(places: Iterable[Occurrence], new_name: str) -> list[Edit]:
    """The edits of one script that write the new name at each place."""
    return [
        Edit(place.span, place.prefix + (escaped(new_name, place.quote) if place.quote else new_name))
        for place in places
    ]


def escaped(text: str, quote: str) -> str:
    """A text as it is written between quotes, or in a template."""
    text = text.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    text = text.replace("\n", "\\n").replace("\r", "\\r")
    return text.replace("${", "\\${") if quote == "`" else text
