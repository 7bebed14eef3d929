"""The shape of a document: symbols, folding, selection, tokens."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types

from callsheet_server.documents import Snapshot
from callsheet_server.features.folding import folds
from callsheet_server.features.selection import selections
from callsheet_server.features.symbols import Symbol, document_symbols
from callsheet_server.features.tokens import MODIFIERS, TYPES, semantic_tokens
from callsheet_server.handlers.common import on

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer

_KINDS: Final = {
    "workflow": types.SymbolKind.Module,
    "phase": types.SymbolKind.Namespace,
    "call": types.SymbolKind.Event,
    "nested": types.SymbolKind.Module,
    "function": types.SymbolKind.Function,
    "variable": types.SymbolKind.Variable,
}


def register(server: CallsheetServer) -> None:
    """Register the handlers of this module."""
    legend = types.SemanticTokensLegend(list(TYPES), list(MODIFIERS))
    on(server, types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, _symbols)
    on(server, types.WORKSPACE_SYMBOL, _workspace_symbols)
    on(server, types.TEXT_DOCUMENT_FOLDING_RANGE, _folding)
    on(server, types.TEXT_DOCUMENT_SELECTION_RANGE, _selection)
    on(server, types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, _tokens, legend)
    on(server, types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL_DELTA, _tokens_delta, legend)
    on(server, types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, _tokens_range, legend)


def _symbols(server: CallsheetServer, params: types.DocumentSymbolParams) -> list[Any] | None:
    snapshot = server.snapshot(params.text_document.uri)
    if snapshot is None:
        return None
    found = [
        symbol
        for script in snapshot.scripts
        for symbol in server.sticky.symbols(snapshot.uri, script, document_symbols)
    ]
    if server.flags.hierarchical_symbols:
        return [_symbol(server, snapshot, symbol) for symbol in found]
    return [flat for symbol in found for flat in _flat(server, snapshot, symbol, None)]


def _symbol(server: CallsheetServer, snapshot: Snapshot, symbol: Symbol) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        name=symbol.name.strip() or symbol.kind,
        kind=_KINDS[symbol.kind],
        range=server.positions.range(snapshot.source, symbol.span),
        selection_range=server.positions.range(snapshot.source, symbol.name_span),
        detail=symbol.detail or None,
        children=[_symbol(server, snapshot, child) for child in symbol.children] or None,
    )


def _flat(
    server: CallsheetServer, snapshot: Snapshot, symbol: Symbol, container: str | None
) -> list[types.SymbolInformation]:
    location = types.Location(snapshot.uri, server.positions.range(snapshot.source, symbol.span))
    name = symbol.name.strip() or symbol.kind
    own = types.SymbolInformation(location, name, _KINDS[symbol.kind], container_name=container)
    return [own, *(flat for child in symbol.children for flat in _flat(server, snapshot, child, name))]


async def _workspace_symbols(
    server: CallsheetServer, params: types.WorkspaceSymbolParams
) -> list[types.SymbolInformation]:
    wanted = params.query.lower()
    files = await server.scripts_of_workspace()
    found = []
    for script in files:
        for symbol in document_symbols(script.parsed):
            for name, span, kind in (
                (item.name, item.span, item.kind) for item in (symbol, *symbol.children)
            ):
                if kind in {"workflow", "phase", "function"} and _matches(wanted, name.lower()):
                    location = types.Location(script.uri, server.positions.range(script.parsed.source, span))
                    container = None if kind == "workflow" else script.name
                    found.append(
                        types.SymbolInformation(location, name, _KINDS[kind], container_name=container)
                    )
        await asyncio.sleep(0)
    return found


def _matches(wanted: str, name: str) -> bool:
    """Whether the letters of a query come in a name, in that order."""
    rest = iter(name)
    return all(letter in rest for letter in wanted)


def _folding(server: CallsheetServer, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
    snapshot = server.snapshot(params.text_document.uri)
    if snapshot is None:
        return None
    kinds = {"region": types.FoldingRangeKind.Region, "comment": types.FoldingRangeKind.Comment, None: None}
    return [
        types.FoldingRange(fold.start_line, fold.end_line, kind=kinds[fold.kind])
        for script in snapshot.scripts
        for fold in folds(script)
    ]


def _selection(
    server: CallsheetServer, params: types.SelectionRangeParams
) -> list[types.SelectionRange] | None:
    snapshot = server.snapshot(params.text_document.uri)
    if snapshot is None:
        return None
    answers = []
    for position in params.positions:
        offset = server.positions.offset(snapshot.source, position)
        script = snapshot.script_at(offset)
        here = types.SelectionRange(types.Range(position, position))
        around: types.SelectionRange | None = None
        for span in reversed(selections(script, offset) if script is not None else []):
            around = types.SelectionRange(server.positions.range(snapshot.source, span), around)
        answers.append(around or here)
    return answers


def _tokens(server: CallsheetServer, params: types.SemanticTokensParams) -> types.SemanticTokens | None:
    snapshot = server.snapshot(params.text_document.uri)
    if snapshot is None:
        return None
    data = _encode(server, snapshot)
    return types.SemanticTokens(data, result_id=server.token_history.remember(snapshot.uri, data))


def _tokens_delta(
    server: CallsheetServer, params: types.SemanticTokensDeltaParams
) -> types.SemanticTokens | types.SemanticTokensDelta | None:
    snapshot = server.snapshot(params.text_document.uri)
    if snapshot is None:
        return None
    before = server.token_history.recall(snapshot.uri, params.previous_result_id)
    data = _encode(server, snapshot)
    result_id = server.token_history.remember(snapshot.uri, data)
    if before is None:
        return types.SemanticTokens(data, result_id=result_id)
    return types.SemanticTokensDelta(_difference(before, data), result_id=result_id)


def _tokens_range(
    server: CallsheetServer, params: types.SemanticTokensRangeParams
) -> types.SemanticTokens | None:
    snapshot = server.snapshot(params.text_document.uri)
    if snapshot is None:
        return None
    span = server.positions.span(snapshot.source, params.range)
    return types.SemanticTokens(_encode(server, snapshot, span.start, span.end))


def _encode(server: CallsheetServer, snapshot: Snapshot, start: int = 0, end: int | None = None) -> list[int]:
    """Tokens as the protocol packs them: five numbers each, positions relative to the token before."""
    data: list[int] = []
    line, column = 0, 0
    source = snapshot.source
    for script in snapshot.scripts:
        for token in semantic_tokens(script):
            if token.span.end <= start or (end is not None and token.span.start >= end):
                continue
            at, until = (
                server.positions.position(source, token.span.start),
                server.positions.position(source, token.span.end),
            )
            if at.line != until.line:
                continue
            data += [
                at.line - line,
                at.character - (column if at.line == line else 0),
                until.character - at.character,
                token.kind,
                token.modifiers,
            ]
            line, column = at.line, at.character
    return data


def _difference(before: list[int], after: list[int]) -> list[types.SemanticTokensEdit]:
    """The one replacement, in whole tokens, that makes `after` of `before`."""
    old = [before[at : at + 5] for at in range(0, len(before), 5)]
    new = [after[at : at + 5] for at in range(0, len(after), 5)]
    shorter = min(len(old), len(new))
    head = 0
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    removed = len(old) - head - tail
    inserted = [number for token in new[head : len(new) - tail] for number in token]
    if not removed and not inserted:
        return []
    return [types.SemanticTokensEdit(head * 5, removed * 5, inserted)]
