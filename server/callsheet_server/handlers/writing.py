"""Help while writing: completion, hover, signature help."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from lsprotocol import types

from callsheet_server.features.completion import TRIGGERS, complete
from callsheet_server.features.documentation import documentation, of_global
from callsheet_server.features.hover import Hover, hover, hover_of_script
from callsheet_server.features.nested import nested_call_at
from callsheet_server.features.signature import signature_at
from callsheet_server.features.suggestion import Suggestion
from callsheet_server.handlers.common import Spot, documentation_of, markup, on, plain, spot

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer

_KINDS: Final = {
    "function": types.CompletionItemKind.Function,
    "value": types.CompletionItemKind.Value,
    "variable": types.CompletionItemKind.Variable,
    "property": types.CompletionItemKind.Property,
    "text": types.CompletionItemKind.Text,
    "keyword": types.CompletionItemKind.Keyword,
    "snippet": types.CompletionItemKind.Snippet,
    "file": types.CompletionItemKind.File,
    "module": types.CompletionItemKind.Module,
    "type": types.CompletionItemKind.Class,
}


def register(server: CallsheetServer) -> None:
    """Register the handlers of this module."""
    options = types.CompletionOptions(trigger_characters=list(TRIGGERS), resolve_provider=True)
    on(server, types.TEXT_DOCUMENT_COMPLETION, _completion, options, of_files=True)
    on(server, types.COMPLETION_ITEM_RESOLVE, _resolve)
    on(server, types.TEXT_DOCUMENT_HOVER, _hover, of_files=True)
    on(
        server,
        types.TEXT_DOCUMENT_SIGNATURE_HELP,
        _signature,
        types.SignatureHelpOptions(trigger_characters=["(", ","]),
    )


def _completion(server: CallsheetServer, params: types.CompletionParams) -> types.CompletionList | None:
    place = spot(server, params)
    if place is None:
        return None
    found = complete(place.script, place.offset, server.world(place.snapshot.path))
    return types.CompletionList(
        is_incomplete=not found.is_complete, items=[_item(server, place, item) for item in found.items]
    )


def _item(server: CallsheetServer, place: Spot, item: Suggestion) -> types.CompletionItem:
    text, is_snippet = item.insert or item.label, item.is_snippet
    if is_snippet and not server.flags.snippets:
        text, is_snippet = item.label, False
    range_ = server.positions.range(place.snapshot.source, item.span)
    return types.CompletionItem(
        label=item.label,
        kind=_KINDS[item.kind],
        detail=plain(item.detail) or None,
        sort_text=f"{item.rank}{item.label}",
        insert_text_format=types.InsertTextFormat.Snippet if is_snippet else None,
        text_edit=types.TextEdit(range_, text),
        data={"doc": item.doc, "uri": place.snapshot.uri, "at": place.offset} if item.doc else None,
    )


def _resolve(server: CallsheetServer, item: types.CompletionItem) -> types.CompletionItem:
    data = item.data if isinstance(item.data, dict) else {}
    snapshot = server.snapshot(str(data.get("uri")))
    at = data.get("at")
    script = snapshot.script_at(at) if snapshot is not None and isinstance(at, int) else None
    text = documentation(str(data.get("doc")), script, server.world(snapshot.path if snapshot else None))
    if text:
        item.documentation = documentation_of(server, text)
    return item


async def _hover(server: CallsheetServer, params: types.HoverParams) -> types.Hover | None:
    place = spot(server, params)
    if place is None:
        return None
    world = server.world(place.snapshot.path)
    call = nested_call_at(place.script, place.offset)
    if call is not None and call.is_path:
        found: Hover | None = await asyncio.to_thread(hover_of_script, call, world)
    else:
        found = hover(place.script, place.offset, world)
    if found is None:
        return None
    return types.Hover(markup(server, found.text), server.positions.range(place.snapshot.source, found.span))


def _signature(server: CallsheetServer, params: types.SignatureHelpParams) -> types.SignatureHelp | None:
    place = spot(server, params)
    found = signature_at(place.script, place.offset) if place is not None else None
    if found is None:
        return None
    label = found.entry.signature
    parameters = []
    for parameter in found.entry.parameters:
        # The label must be a part of the signature's text.
        name = next(name for name in (f"{parameter.name}?", parameter.name) if name in label)
        parameters.append(types.ParameterInformation(name, documentation_of(server, parameter.docs)))
    active = found.active if found.active is not None else len(parameters)
    signature = types.SignatureInformation(
        label, documentation_of(server, of_global(found.entry)), parameters, active_parameter=active
    )
    return types.SignatureHelp([signature], active_signature=0, active_parameter=active)
