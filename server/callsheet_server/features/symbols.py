"""Document symbols: `meta`, the phases with their calls, and the functions of a script."""

from __future__ import annotations

from typing import Literal

from attrs import Factory, define
from callsheet.language.model import CallSite, Workflow, build_model
from callsheet.language.problem import Span
from callsheet.language.scopes import resolve
from callsheet.language.syntax import Parsed, span_of

from callsheet_server.features.callinfo import name_of
from callsheet_server.features.documentation import first_text

Kind = Literal["workflow", "phase", "call", "function", "nested", "variable"]


@define
class Symbol:
    """A symbol with those inside it.

    Attributes:
        span: everything that belongs to it.
        name_span: what an editor selects; always inside `span`.
    """

    name: str
    kind: Kind
    span: Span
    name_span: Span
    detail: str = ""
    children: list[Symbol] = Factory(list)


def document_symbols(parsed: Parsed) -> list[Symbol]:
    """The outline of a script, in source order. Half-typed code keeps what can still be read."""
    workflow = build_model(parsed)
    symbols: list[Symbol] = []
    meta = workflow.meta
    if meta is not None:
        root = Symbol(
            workflow.name or "meta", "workflow", span_of(meta.statement), span_of(meta.name_node),
            workflow.description or "",
        )  # fmt: skip
        root.children = [
            Symbol(phase.title, "phase", span_of(phase.node), span_of(phase.title_node), phase.detail or "")
            for phase in meta.phases
        ]
        symbols.append(root)
    symbols += _functions(parsed)
    top: list[Symbol] = []
    phase: Symbol | None = None
    for site in workflow.calls:
        if site.kind == "phase":
            if site.function is None:
                phase = Symbol(first_text(site) or "phase", "phase", site.span, site.callee_span, "phase")
                top.append(phase)
            continue
        symbol = _call_symbol(site, workflow)
        if symbol is None:
            continue
        # A call in a function that is handed to a fan-out runs where it stands; one in a helper may not.
        if phase is not None and (site.function is None or site.fan_out is not None):
            phase.children.append(symbol)
            phase.span = Span(phase.span.start, max(phase.span.end, symbol.span.end))
        else:
            top.append(symbol)
    return _nest(symbols, top)


def _call_symbol(site: CallSite, workflow: Workflow) -> Symbol | None:
    if site.kind == "agent":
        return Symbol(name_of(site), "call", site.span, site.callee_span, "agent")
    if site.kind == "workflow":
        return Symbol(first_text(site) or "workflow", "nested", site.span, site.callee_span, "workflow")
    if site.kind == "checkpoint":
        return Symbol(first_text(site) or "checkpoint", "call", site.span, site.callee_span, "checkpoint")
    return None


def _functions(parsed: Parsed) -> list[Symbol]:
    """Functions at the top level."""
    scopes = resolve(parsed)
    found = []
    top = scopes.scope_at(parsed.script.start)
    for binding in scopes.bindings():
        if binding.visible != top:
            continue
        node = parsed.root.descendant_for_byte_range(binding.span.start, binding.span.end)
        owner = node.parent if node is not None else None
        if owner is None:
            continue
        value = owner.child_by_field_name("value")
        is_function = owner.type.endswith("function_declaration") or (
            value is not None and value.type in {"arrow_function", "function_expression"}
        )
        if is_function:
            found.append(Symbol(binding.name, "function", span_of(owner), binding.span))
    return found


def _nest(symbols: list[Symbol], calls: list[Symbol]) -> list[Symbol]:
    """Put calls into the functions that hold them; sort by place."""
    functions = [symbol for symbol in symbols if symbol.kind == "function"]
    for call in calls:
        home = next(
            (f for f in functions if f.span.start <= call.span.start and call.span.end <= f.span.end), None
        )
        (home.children if home is not None else symbols).append(call)
    return sorted(symbols, key=lambda symbol: symbol.span.start)
