"""Calls with an options object, and the table of what it may hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from callsheet.language.model import CallSite, Options
from callsheet.language.rule import Context
from callsheet.language.tables.entry import Field
from callsheet.language.tables.globals import GLOBALS_BY_NAME


def option_sites(context: Context) -> Iterator[tuple[CallSite, Options, Mapping[str, Field]]]:
    """Every call whose options are written as an object, with the options and their fields by name."""
    for site in context.calls:
        options = site.options
        if options is not None:
            yield site, options, FIELDS[site.kind]


FIELDS = {
    entry.name: {field.name: field for field in found[1].fields}
    for entry in GLOBALS_BY_NAME.values()
    if (found := entry.parameter_with_fields()) is not None
}
"""Fields of each function's options by their names."""
