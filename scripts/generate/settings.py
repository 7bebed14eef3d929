"""The reference of all settings."""

from __future__ import annotations

import re

from callsheet.settings.docs import SETTING_DOCS
from callsheet.settings.model import Settings
from callsheet.settings.schema import SCHEMA

from scripts.generate.markdown import NOTE, cell


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
