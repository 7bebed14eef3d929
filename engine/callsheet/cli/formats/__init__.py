"""How `callsheet check` shows problems: each format is a function from the reports to text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from callsheet.cli.formats import github, json, sarif, text
from callsheet.cli.formats.report import Report

FORMATS: Final[dict[str, Callable[[Sequence[Report]], str]]] = {
    "text": text.render,
    "json": json.render,
    "github": github.render,
    "sarif": sarif.render,
}
"""Formats by name; `text.render` also takes `color`."""

__all__ = ["FORMATS", "Report", "github", "json", "sarif", "text"]
