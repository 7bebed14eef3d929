"""From a name to its places: definition, references, highlight, rename, links, call hierarchy."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from callsheet.errors import UsageError
from callsheet.language.problem import Span
from callsheet.language.source import Source
from callsheet.language.types import definition_of_member
from lsprotocol import types

from callsheet_server.documents import path_of, uri_of
from callsheet_server.features import hierarchy
from callsheet_server.features.links import links
from callsheet_server.features.references import Target, definition_in, occurrences, target_at
from callsheet_server.features.rename import check_name, edits
from callsheet_server.files import ScriptFile, of_snapshot
from callsheet_server.handlers.common import At, FileEdits, Spot, on, spot, workspace_edit
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
    on(server, types.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY, _prepare_hierarchy, of_files=True)
    on(server, types.CALL_HIERARCHY_INCOMING_CALLS, _incoming)
    on(server, types.CALL_HIERARCHY_OUTGOING_CALLS, _outgoing)


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


async def _files_with(server: CallsheetServer, place: Spot, target: Target) -> list[ScriptFile]:
    """The scripts in which a target may occur: all of the workspace for a workflow's name, else the own one."""
    own = of_snapshot(place.snapshot, place.script)
    if target.kind != "workflow":
        return [own]
    others = await server.scripts_of_workspace()
    return [own, *(file for file in others if file.uri != own.uri)]


async def _references(server: CallsheetServer, params: types.ReferenceParams) -> list[types.Location]:
    found = _target(server, params)
    if found is None:
        return []
    place, target = found
    wanted = params.context.include_declaration
    return [
        _location(server, file.uri, file.parsed.source, item.span)
        for file in await _files_with(server, place, target)
        for item in occurrences(file.parsed, target)
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
    except UsageError as error:
        raise RequestFailed(error.message) from error
    files = await _files_with(server, place, target)
    read_only = [file.name for file in files if file.read_only and occurrences(file.parsed, target)]
    if read_only:
        raise RequestFailed(
            f"`{target.name}` is a saved record, {read_only[0]}, which only its own tool may write."
        )
    made = [
        FileEdits(
            file.uri,
            file.version,
            file.parsed.source,
            tuple(edits(occurrences(file.parsed, target), params.new_name)),
        )
        for file in files
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


def _item(server: CallsheetServer, item: hierarchy.Item, uri: str | None = None) -> types.CallHierarchyItem:
    own_uri = uri or (server.uri_of(item.path) if item.path is not None else "")
    return types.CallHierarchyItem(
        name=item.name,
        kind=types.SymbolKind.Module,
        uri=own_uri,
        range=server.positions.range(item.source, item.span),
        selection_range=server.positions.range(item.source, item.name_span),
        detail=item.detail or None,
        data={"name": item.name, "uri": own_uri},
    )


async def _prepare_hierarchy(
    server: CallsheetServer, params: types.CallHierarchyPrepareParams
) -> list[types.CallHierarchyItem] | None:
    place = spot(server, params)
    if place is None:
        return None
    world = server.world(place.snapshot.path)
    item = await asyncio.to_thread(hierarchy.item_at, place.script, place.offset, place.snapshot.path, world)
    if item is None:
        return None
    own = item.source is place.snapshot.source
    return [_item(server, item, place.snapshot.uri if own else None)]


def _data(item: types.CallHierarchyItem) -> dict[str, Any]:
    return item.data if isinstance(item.data, dict) else {"name": item.name, "uri": item.uri}


def _ranges(server: CallsheetServer, edge: hierarchy.Edge) -> list[types.Range]:
    return [server.positions.range(edge.caller, span) for span in edge.calls]


async def _incoming(
    server: CallsheetServer, params: types.CallHierarchyIncomingCallsParams
) -> list[types.CallHierarchyIncomingCall]:
    data = _data(params.item)
    world = server.world(path_of(str(data["uri"])))
    edges = await asyncio.to_thread(hierarchy.incoming, str(data["name"]), world)
    return [
        types.CallHierarchyIncomingCall(
            _item(server, edge.item), [server.positions.range(edge.caller, span) for span in edge.calls]
        )
        for edge in edges
    ]


async def _outgoing(
    server: CallsheetServer, params: types.CallHierarchyOutgoingCallsParams
) -> list[types.CallHierarchyOutgoingCall]:
    uri = str(_data(params.item)["uri"])
    scripts = await server.scripts_of_uri(uri)
    found = []
    for script in scripts:
        edges = await asyncio.to_thread(hierarchy.outgoing, script, server.world(path_of(uri)))
        for edge in edges:
            found.append(types.CallHierarchyOutgoingCall(_item(server, edge.item), _ranges(server, edge)))
    return found
