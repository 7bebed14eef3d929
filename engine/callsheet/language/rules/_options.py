"""Calls with an options object, and the table of what it may hold."""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.model import CALL_KINDS, CallSite, Options, Workflow
from callsheet.language.tables.entry import Field
from callsheet.language.tables.globals import GLOBALS_BY_NAME


def option_sites(workflow: Workflow) -> Iterator[tuple[CallSite, Options, tuple[Field, ...]]]:
    """Every call whose options are written as an object, with the options and their fields."""
    for site in workflow.calls_of(*CALL_KINDS):
        fields = FIELDS.get(site.kind)
        if fields and (options := site.options) is not None:
            yield site, options, fields


FIELDS = {
    entry.name: found[1].fields
    for entry in GLOBALS_BY_NAME.values()
    if (found := entry.parameter_with_fields()) is not None
}
"""Fields of each function's options."""
