"""Call hierarchy: which workflow runs which."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen
from callsheet.language.model import build_model
from callsheet.language.problem import Span
from callsheet.language.source import Source
from callsheet.language.syntax import Parsed, parse

from callsheet_server.features.documentation import first_text
from callsheet_server.features.references import module_span, target_at
from callsheet_server.features.world import World


@frozen
class Item:
    """A workflow file.

    Attributes:
        source: its text, for positions.
        span: its `meta`.
        name_span: its name.
    """

    name: str
    path: Path | None
    source: Source
    span: Span
    name_span: Span
    detail: str = ""


@frozen
class Edge:
    """Calls between two workflows: the other one, and where the calling one names it."""

    item: Item
    calls: tuple[Span, ...]
    caller: Source


def item_of(parsed: Parsed, path: Path | None) -> Item | None:
    """The workflow that a script is."""
    workflow = build_model(parsed)
    if workflow.meta is None or workflow.name is None:
        return None
    statement = workflow.meta.statement
    span = Span(statement.start_byte, statement.end_byte)
    return Item(
        workflow.name, path, parsed.source, span, module_span(parsed) or span, workflow.description or ""
    )


def item_at(parsed: Parsed, offset: int, path: Path | None, world: World) -> Item | None:
    """The workflow at a byte offset: one that is named there, or the script itself."""
    target = target_at(parsed, offset)
    if target is None or target.kind != "workflow":
        meta = build_model(parsed).meta
        inside = meta is not None and meta.statement.start_byte <= offset <= meta.statement.end_byte
        return item_of(parsed, path) if inside else None
    own = item_of(parsed, path)
    if own is not None and own.name_span.start <= target.span.start <= own.name_span.end:
        return own
    return _load(target.name, world)


def outgoing(parsed: Parsed, world: World) -> list[Edge]:
    """Workflows that a script runs."""
    return [
        Edge(item, tuple(spans), parsed.source)
        for name, spans in _calls(parsed).items()
        if (item := _load(name, world)) is not None
    ]


def incoming(name: str, world: World) -> list[Edge]:
    """Saved workflows that run the one called `name`."""
    edges = []
    for saved in world.workflows():
        if name not in saved.calls:
            continue
        text = world.workspace.read_script(saved.path)
        parsed = parse(Source(text)) if text is not None else None
        item = item_of(parsed, saved.path) if parsed is not None else None
        if parsed is not None and item is not None:
            edges.append(Edge(item, tuple(_calls(parsed).get(name, ())), parsed.source))
    return edges


def _calls(parsed: Parsed) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {}
    for site in build_model(parsed).calls_of("workflow"):
        name, node = first_text(site), site.argument(0)
        if name and node is not None:
            found.setdefault(name, []).append(Span(node.start_byte, node.end_byte))
    return found


def _load(name: str, world: World) -> Item | None:
    saved = world.find_workflow(name)
    text = world.workspace.read_script(saved.path) if saved is not None else None
    if saved is None or text is None:
        return None
    return item_of(parse(Source(text)), saved.path)
