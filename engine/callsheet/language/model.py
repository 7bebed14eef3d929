"""The workflow model: what a script declares, and each of its calls of the language's own functions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterable

from attrs import define, field

from callsheet.language.calls import (
    CALL_KINDS,
    FAN_OUT_KINDS,
    FUNCTION_TYPES,
    LOOP_TYPES,
    CallSite,
    Option,
    Options,
    arguments_of,
    calls_in,
    read_options,
)
from callsheet.language.faults import Fault, find_faults
from callsheet.language.literals import string_value
from callsheet.language.meta import Meta, Phase, find_meta
from callsheet.language.scopes import Scopes, resolve
from callsheet.language.scopes.lower import light_tree
from callsheet.language.scopes.nodes import Fragment
from callsheet.language.syntax import Parsed


@define(eq=False)
class Workflow:
    """What the analysis knows of one script.

    Attributes:
        parsed: the tree it was read from.
        meta: the script's `meta`, also where it is faulty; None where there is none.
    """

    parsed: Parsed
    meta: Meta | None
    _by_kinds: dict[tuple[str, ...], list[CallSite]] = field(factory=dict, init=False, repr=False)
    _by_statement: dict[Fragment, tuple[CallSite, ...]] = field(factory=dict, init=False, repr=False)
    _calls: tuple[CallSite, ...] | None = field(default=None, init=False, repr=False)
    _faults: list[Fault] | None = field(default=None, init=False, repr=False)
    _scopes: Scopes | None = field(default=None, init=False, repr=False)

    @property
    def calls(self) -> tuple[CallSite, ...]:
        """Calls of the language's own functions, in source order; calls of shadowed names are left out."""
        if self._calls is None:
            whole = light_tree(self.parsed).whole
            found = [site for statement in (*whole.inner, whole) for site in self.calls_in(statement)]
            self._calls = tuple(sorted(found, key=lambda site: site.node.start_byte))
        return self._calls

    def calls_in(self, statement: Fragment) -> tuple[CallSite, ...]:
        """The calls in one statement of the script; in the whole of it those that stand outside of all statements."""
        found = self._by_statement.get(statement)
        if found is None:
            tree = light_tree(self.parsed)
            found = self._by_statement[statement] = calls_in(self.parsed, tree, statement)
        return found

    @property
    def faults(self) -> list[Fault]:
        """The syntax errors, each at its cause."""
        if self._faults is None:
            self._faults = find_faults(self.parsed)
        return self._faults

    @property
    def scopes(self) -> Scopes:
        """What each name means."""
        if self._scopes is None:
            self._scopes = resolve(self.parsed)
        return self._scopes

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The declared phases."""
        return self.meta.phases if self.meta is not None else ()

    @property
    def name(self) -> str | None:
        return self.meta.name if self.meta is not None else None

    @property
    def description(self) -> str | None:
        return self.meta.description if self.meta is not None else None

    def calls_of(self, *kinds: str) -> list[CallSite]:
        """Calls of these functions that could be read, in source order. The list is shared: leave it as it is."""
        found = self._by_kinds.get(kinds)
        if found is None:
            found = self._by_kinds[kinds] = self.readable(self.calls, kinds)
        return found

    def readable(self, calls: Iterable[CallSite], kinds: Container[str]) -> list[CallSite]:
        """Those of the calls that are of these functions and could be read."""
        broken = self.parsed.root.has_error
        return [site for site in calls if site.kind in kinds and not (broken and not site.is_sound)]

    def phase(self, title: str) -> Phase | None:
        """The declared phase of that title."""
        return next((phase for phase in self.phases if phase.title == title), None)

    def phase_of(self, site: CallSite) -> str | None:
        """Title of a call's phase: its option, else the `phase()` before it, else the first declared one.

        None where the script does not tell it.
        """
        option = site.option("phase")
        if option is not None:
            return option.text
        entered = self.calls_of("phase")
        before = bisect_left(entered, site.node.start_byte, key=lambda call: call.node.start_byte)
        if not before:
            return self.phases[0].title if self.phases else None
        title = entered[before - 1].argument(0)
        return string_value(title) if title is not None else None


def build_model(parsed: Parsed) -> Workflow:
    """The model of a script; built once per tree."""
    if parsed._workflow is None:
        parsed._workflow = Workflow(parsed, find_meta(parsed.root, parsed.source.data))
    return parsed._workflow


__all__ = [
    "CALL_KINDS",
    "FAN_OUT_KINDS",
    "FUNCTION_TYPES",
    "LOOP_TYPES",
    "CallSite",
    "Option",
    "Options",
    "Workflow",
    "arguments_of",
    "build_model",
    "read_options",
]
