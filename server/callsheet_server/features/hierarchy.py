"""Call hierarchy: which workflow runs which."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from attrs import evolve, frozen
from callsheet.language.files import is_record
from callsheet.language.model import build_model
from callsheet.language.problem import Span
from callsheet.language.source import Source
from callsheet.language.syntax import Parsed, parse

from callsheet_server.features.nested import nested_call_at, nested_calls
from callsheet_server.features.references import module_span
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
    """The workflow at a byte offset: one that is called there, or the script itself."""
    call = nested_call_at(parsed, offset)
    if call is not None:
        file = call.file(world)
        return load(file, world) if file is not None else None
    meta = build_model(parsed).meta
    inside = meta is not None and meta.statement.start_byte <= offset <= meta.statement.end_byte
    return item_of(parsed, path) if inside else None


def outgoing(parsed: Parsed, world: World) -> list[Edge]:
    """Workflows that a script runs."""
    found: dict[Path, list[Span]] = {}
    for call in nested_calls(parsed):
        file = call.file(world)
        if file is not None:
            found.setdefault(file, []).append(call.span)
    return [
        Edge(item, tuple(spans), parsed.source)
        for file, spans in found.items()
        if (item := load(file, world)) is not None
    ]


def incoming(name: str, path: Path | None, callers: Iterable[tuple[Parsed, World]]) -> list[Edge]:
    """Scripts that run a workflow, each with the world as it sees it.

    A name that no saved workflow has means the one that is looked at.
    """
    edges = []
    for parsed, world in callers:
        spans = [
            call.span
            for call in nested_calls(parsed)
            if (call.is_path or call.text == name)
            and ((file := call.file(world)) == path or (file is None and not call.is_path))
        ]
        item = item_of(parsed, world.path) if spans else None
        if item is not None:
            edges.append(Edge(item, tuple(spans), parsed.source))
    return edges


def load(path: Path, world: World) -> Item | None:
    """The workflow of a file. A saved record has no place for each of its script's words: its first line stands in."""
    source = world.read_script(path)
    item = item_of(parse(source), path) if source is not None else None
    return evolve(item, span=_TOP, name_span=_TOP) if item is not None and is_record(path) else item


_TOP = Span(0, 0)
