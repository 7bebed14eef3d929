"""Titles of phases, where they are used and where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from attrs import frozen

from callsheet.language.literals import string_value
from callsheet.language.model import CallSite, Workflow
from callsheet.language.problem import Edit, Fix, Span
from callsheet.language.rules._expressions import constant
from callsheet.language.scopes.lower import LightTree
from callsheet.language.scopes.units import Spot, spot
from callsheet.language.statements import facts
from callsheet.language.syntax import span_of


@frozen
class PhaseUse:
    """What one call says of phases.

    Attributes:
        how: the call enters a phase, names the phase of its own, or leaves that to where it stands.
        title: of the phase, where the script tells it.
        place: what names the phase; the call where it names none.
        in_function: whether the call stands in a function.
        may_name: whether options come from where the script does not tell, so that a phase may be among them.
    """

    how: Literal["enters", "names", "inherits"]
    title: str | None
    place: Spot
    in_function: bool
    may_name: bool = False


def phase_uses(workflow: Workflow) -> list[PhaseUse]:
    """What each call of `phase` and `agent` says of phases, in source order."""
    return list(
        facts(workflow, "phases", ("phase", "agent"), lambda tree, calls: _uses(workflow, tree, calls))
    )


def _uses(workflow: Workflow, tree: LightTree, calls: list[CallSite]) -> Iterator[PhaseUse]:
    for site in calls:
        inside, may_name = site.function is not None, _may_name(site)
        how: Literal["enters", "names"] = "enters" if site.kind == "phase" else "names"
        option = site.option("phase")
        named_by = site.argument(0) if how == "enters" else option.value if option is not None else None
        if named_by is not None:
            title = string_value(constant(workflow, named_by))
            yield PhaseUse(how, title, spot(tree, span_of(named_by)), inside, may_name)
        elif how == "names":
            yield PhaseUse("inherits", None, spot(tree, site.span), inside, may_name)


def _may_name(site: CallSite) -> bool:
    if site.kind != "agent":
        return False
    if any(argument.type == "spread_element" for argument in site.arguments):
        return True
    return site.options_node is not None and (site.options is None or site.options.is_open)


def declare(workflow: Workflow, title: str) -> Fix | None:
    """Adds a phase to `meta.phases`."""
    literal = workflow.meta.literal if workflow.meta is not None else None
    entries = literal.get("phases") if literal is not None else None
    if entries is None or entries.value.node.type != "array" or not entries.value.items:
        return None
    source, last = workflow.parsed.source, entries.value.items[-1].node
    line = source.line_of(last.start_byte)
    indent = source.slice(source.line_starts[line], last.start_byte)
    own_line = not indent.strip() and source.line_of(entries.value.node.start_byte) != line
    quoted = "'" + title.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"
    text = f",{chr(10) + indent if own_line else ' '}{{ title: {quoted} }}"
    return Fix(f"Declare the phase `{title}`", (Edit(Span(last.end_byte, last.end_byte), text),))
