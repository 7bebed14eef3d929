"""Call hierarchy over nested workflows."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from lsprotocol import types

from callsheet_server.documents import path_of
from callsheet_server.features import hierarchy
from callsheet_server.handlers.common import on, spot

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer


def register(server: CallsheetServer) -> None:
    """Register the handlers of this module."""
    on(server, types.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY, _prepare, of_files=True)
    on(server, types.CALL_HIERARCHY_INCOMING_CALLS, _incoming)
    on(server, types.CALL_HIERARCHY_OUTGOING_CALLS, _outgoing)


def _item(server: CallsheetServer, item: hierarchy.Item, uri: str | None = None) -> types.CallHierarchyItem:
    own_uri = uri or (server.uri_of(item.path) if item.path is not None else "")
    return types.CallHierarchyItem(
        name=item.name,
        kind=types.SymbolKind.Module,
        uri=own_uri,
        range=server.positions.range(item.source, item.span),
        selection_range=server.positions.range(item.source, item.name_span),
        detail=item.detail or None,
    )


async def _prepare(
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


def _ranges(server: CallsheetServer, edge: hierarchy.Edge) -> list[types.Range]:
    return [server.positions.range(edge.caller, span) for span in edge.calls]


async def _incoming(
    server: CallsheetServer, params: types.CallHierarchyIncomingCallsParams
) -> list[types.CallHierarchyIncomingCall]:
    name, path = params.item.name, path_of(params.item.uri)
    callers = []
    for file in await server.scripts_of_workspace():
        await server.worlds.ready(file.path)
        callers.append((file, server.world(file.path)))

    def find() -> list[tuple[str, hierarchy.Edge]]:
        return [
            (file.uri, edge)
            for file, world in callers
            for edge in hierarchy.incoming(name, path, [(file.parsed, world)])
        ]

    return [
        types.CallHierarchyIncomingCall(_item(server, edge.item, uri), _ranges(server, edge))
        for uri, edge in await asyncio.to_thread(find)
    ]


async def _outgoing(
    server: CallsheetServer, params: types.CallHierarchyOutgoingCallsParams
) -> list[types.CallHierarchyOutgoingCall]:
    path = path_of(params.item.uri)
    await server.worlds.ready(path)
    found = []
    for script in await server.scripts_of_uri(params.item.uri):
        edges = await asyncio.to_thread(hierarchy.outgoing, script, server.world(path))
        for edge in edges:
            found.append(types.CallHierarchyOutgoingCall(_item(server, edge.item), _ranges(server, edge)))
    return found
