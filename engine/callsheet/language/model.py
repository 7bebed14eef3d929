"""The workflow model: what a script declares, and each of its calls of the language's own functions."""

from __future__ import annotations

from attrs import define, field
from tree_sitter import Node

from callsheet.language.calls import (
    CALL_KINDS,
    FAN_OUT_KINDS,
    FUNCTION_TYPES,
    LOOP_TYPES,
    CallSite,
    Option,
    Options,
    arguments_of,
    find_calls,
    read_options,
)
from callsheet.language.faults import Fault, find_faults
from callsheet.language.meta import Meta, Phase, find_meta
from callsheet.language.scopes import Scopes, resolve
from callsheet.language.scopes.bind import Binding
from callsheet.language.scopes.lower import light_tree
from callsheet.language.syntax import Parsed


@define(eq=False)
class Workflow:
    """What the analysis knows of one script.

    Attributes:
        parsed: the tree it was read from.
        meta: the script's `meta`, also where it is faulty; None where there is none.
        calls: calls of the language's own functions, in source order; calls of shadowed names are left out.
        constants: what names stand for, by the id of their node, as far as rules have asked.
    """

    parsed: Parsed
    meta: Meta | None
    calls: tuple[CallSite, ...]
    constants: dict[int, Node] = field(factory=dict, init=False, repr=False)
    _by_kinds: dict[tuple[str, ...], list[CallSite]] = field(factory=dict, init=False, repr=False)
    _single_bindings: dict[str, Binding] | None = field(default=None, init=False, repr=False)
    _faults: list[Fault] | None = field(default=None, init=False, repr=False)
    _scopes: Scopes | None = field(default=None, init=False, repr=False)

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
    def single_bindings(self) -> dict[str, Binding]:
        """Names that are declared once in the whole script and are no globals anywhere, with their declaration."""
        if self._single_bindings is None:
            tree = light_tree(self.parsed)
            found: dict[str, Binding] = {}
            repeated = set(tree.globals)
            stack = [tree.module]
            while stack:
                scope = stack.pop()
                stack.extend(scope.children)
                for name, binding in scope.bindings.items():
                    if name in found or len(binding.declarations) != 1:
                        repeated.add(name)
                    found[name] = binding
            for name in repeated:
                found.pop(name, None)
            self._single_bindings = found
        return self._single_bindings

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
            broken = self.parsed.root.has_error
            found = [site for site in self.calls if site.kind in kinds and not (broken and not site.is_sound)]
            self._by_kinds[kinds] = found
        return found

    def phase(self, title: str) -> Phase | None:
        """The declared phase of that title."""
        return next((phase for phase in self.phases if phase.title == title), None)


def build_model(parsed: Parsed) -> Workflow:
    """The model of a script; built once per tree."""
    if parsed._workflow is None:
        parsed._workflow = Workflow(parsed, find_meta(parsed.root, parsed.source.data), find_calls(parsed))
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
