"""From a name to its places: definition, references, highlight, rename, links."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from callsheet.errors import UsageError
from callsheet.language.problem import Span
from callsheet.language.source import Source
from callsheet.language.types import definition_of_member
from lsprotocol import types

from callsheet_server.documents import uri_of
from callsheet_server.features import hierarchy
from callsheet_server.features.links import links
from callsheet_server.features.references import Target, definition_in, occurrences, target_at
from callsheet_server.features.rename import check_name, edits
from callsheet_server.files import of_snapshot
from callsheet_server.handlers.common import At, FileEdits, Spot, on, spot, workspace_edit
from callsheet_server.naming import Places, WorkflowNames
from callsheet_server.protocol import RequestFailed

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer


def register(server: CallsheetServer) -> None:
    """Register the handlers of this module."""
    on(server, types.TEXT_DOCUMENT_DEFINITION, _definition, of_files=True)
    on(server, types.TEXT_DOCUMENT_REFERENCES, _references, of_files=True)
    on(server, types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, _highlight)
    on(server, types.TEXT_DOCUMENT_PREPARE_RENAME, _prepare_rename)
    on(server, types.TEXT_DOCUMENT_RENAME, _rename, of_files=True)
    on(server, types.TEXT_DOCUMENT_DOCUMENT_LINK, _links, of_files=True)


def _location(server: CallsheetServer, uri: str, source: Source, span: Span) -> types.Location:
    return types.Location(uri, server.positions.range(source, span))


def _target(server: CallsheetServer, params: At) -> tuple[Spot, Target] | None:
    place = spot(server, params)
    target = target_at(place.script, place.offset) if place is not None else None
    return (place, target) if place is not None and target is not None else None


async def _definition(server: CallsheetServer, params: types.DefinitionParams) -> types.Location | None:
    found = _target(server, params)
    if found is None:
        return await _definition_of_member(server, params)
    place, target = found
    if target.kind == "workflow":
        named = await asyncio.to_thread(_workflow_location, server, place, target)
        if named is not None:
            return named
    span = definition_in(place.script, target)
    return _location(server, place.snapshot.uri, place.snapshot.source, span) if span is not None else None


async def _definition_of_member(
    server: CallsheetServer, params: types.DefinitionParams
) -> types.Location | None:
    """A property leads to its key in the schema, an agent type or a script path to its file."""
    place = spot(server, params)
    if place is None:
        return None
    key = definition_of_member(place.script, place.offset)
    if key is not None:
        return _location(server, place.snapshot.uri, place.snapshot.source, key)
    found = await asyncio.to_thread(links, place.script, server.world(place.snapshot.path))
    for link in found:
        if link.file is not None and link.span.start <= place.offset <= link.span.end:
            top = types.Position(0, 0)
            return types.Location(uri_of(link.file), types.Range(top, top))
    return None


def _workflow_location(server: CallsheetServer, place: Spot, target: Target) -> types.Location | None:
    item = hierarchy.item_at(
        place.script, place.offset, place.snapshot.path, server.world(place.snapshot.path)
    )
    if item is None or item.path is None:
        return None
    return _location(server, server.uri_of(item.path), item.source, item.name_span)


async def _places(server: CallsheetServer, place: Spot, target: Target) -> list[Places]:
    """Where a target is written: for a workflow's name in every script that means it, else in the own one."""
    own = of_snapshot(place.snapshot, place.script)
    if target.kind == "workflow":
        return await WorkflowNames(server).places(own, target)
    return [Places(own, occurrences(place.script, target))]


async def _references(server: CallsheetServer, params: types.ReferenceParams) -> list[types.Location]:
    found = _target(server, params)
    if found is None:
        return []
    wanted = params.context.include_declaration
    return [
        _location(server, places.file.uri, places.file.parsed.source, item.span)
        for places in await _places(server, *found)
        for item in places.found
        if wanted or item.role != "definition"
    ]


def _highlight(
    server: CallsheetServer, params: types.DocumentHighlightParams
) -> list[types.DocumentHighlight] | None:
    found = _target(server, params)
    if found is None:
        return None
    place, target = found
    kinds = {"read": types.DocumentHighlightKind.Read, "write": types.DocumentHighlightKind.Write}
    is_local = target.kind == "local"
    declaration = types.DocumentHighlightKind.Write if is_local else types.DocumentHighlightKind.Text
    return [
        types.DocumentHighlight(
            server.positions.range(place.snapshot.source, item.span),
            kinds.get(item.role, declaration),
        )
        for item in occurrences(place.script, target)
    ]


def _prepare_rename(
    server: CallsheetServer, params: types.PrepareRenameParams
) -> types.PrepareRenamePlaceholder | None:
    found = _target(server, params)
    if found is None:
        return None
    place, target = found
    return types.PrepareRenamePlaceholder(
        server.positions.range(place.snapshot.source, target.span), target.name
    )


async def _rename(server: CallsheetServer, params: types.RenameParams) -> types.WorkspaceEdit | None:
    found = _target(server, params)
    if found is None:
        raise RequestFailed(
            "There is nothing to rename here: only phases, workflows and the script's own names."
        )
    place, target = found
    try:
        check_name(place.script, target, params.new_name)
        if target.kind == "workflow":
            own = of_snapshot(place.snapshot, place.script)
            await WorkflowNames(server).check_rename(own, target, params.new_name)
    except UsageError as error:
        raise RequestFailed(error.message) from error
    made = [
        FileEdits(
            places.file.uri,
            places.file.version,
            places.file.parsed.source,
            tuple(edits(places.found, params.new_name)),
        )
        for places in await _places(server, place, target)
    ]
    return workspace_edit(server, made)


async def _links(
    server: CallsheetServer, params: types.DocumentLinkParams
) -> list[types.DocumentLink] | None:
    snapshot = server.snapshot(params.text_document.uri)
    if snapshot is None:
        return None
    world = server.world(snapshot.path)
    found = await asyncio.to_thread(
        lambda: [link for script in snapshot.scripts for link in links(script, world)]
    )
    return [
        types.DocumentLink(
            server.positions.range(snapshot.source, link.span),
            target=link.url or (uri_of(link.file) if link.file is not None else None),
            tooltip=(link.tooltip or None) if server.flags.link_tooltips else None,
        )
        for link in found
    ]
