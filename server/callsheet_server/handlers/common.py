"""What every handler needs: the script under the cursor, a checkpoint for cancelling, edits for the client."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Protocol

from attrs import frozen
from callsheet.language.problem import Edit
from callsheet.language.source import Source
from callsheet.language.syntax import Parsed
from lsprotocol import types

from callsheet_server.documents import Snapshot, path_of
from callsheet_server.protocol import ContentModified, version_at_arrival

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer


def on(
    server: CallsheetServer,
    method: str,
    answer: Callable[[CallsheetServer, Any], Any | Awaitable[Any]],
    options: Any = None,
    *,
    of_files: bool = False,
) -> None:
    """Register the answer to a request.

    Messages that have already arrived are taken first: a cancelled request is not worked on, and one whose
    document has changed meanwhile is refused, as its positions mean another text.

    Args:
        server: the server.
        method: the request.
        answer: gives its result.
        options: what the server says of it in its capabilities.
        of_files: whether the answer depends on other files; then they are looked at first.
    """

    @server.feature(method, options)
    async def handle(params: Any) -> Any:
        await asyncio.sleep(0)
        uri = getattr(getattr(params, "text_document", None), "uri", None)
        if of_files and uri in server.documents:
            await server.worlds.ready(path_of(uri))
        document = server.documents.get(uri) if uri is not None else None
        if document is not None and document.version != version_at_arrival.get():
            raise ContentModified("The document has changed.")
        result = answer(server, params)
        return await result if isawaitable(result) else result


class At(Protocol):
    """Parameters of a request about a position."""

    text_document: types.TextDocumentIdentifier
    position: types.Position


@frozen
class Spot:
    """A place in a script of an open document."""

    snapshot: Snapshot
    script: Parsed
    offset: int


def spot(server: CallsheetServer, params: At) -> Spot | None:
    """The place that a request is about; None outside of workflow scripts."""
    snapshot = server.snapshot(params.text_document.uri)
    if snapshot is None:
        return None
    offset = server.positions.offset(snapshot.source, params.position)
    script = snapshot.script_at(offset)
    return Spot(snapshot, script, offset) if script is not None else None


def markup(server: CallsheetServer, text: str) -> types.MarkupContent:
    """A text for people, as the client shows it best."""
    kind = types.MarkupKind.Markdown if server.flags.markdown else types.MarkupKind.PlainText
    return types.MarkupContent(kind, text if server.flags.markdown else plain(text))


def documentation_of(server: CallsheetServer, text: str) -> types.MarkupContent | str:
    """Documentation of an item: Markdown where the client shows it, else a plain string."""
    return types.MarkupContent(types.MarkupKind.Markdown, text) if server.flags.markdown else plain(text)


def plain(markdown: str) -> str:
    """Markdown without its marks, for clients that do not know it."""
    lines = (line for line in markdown.splitlines() if not line.startswith("```") and line != "---")
    return "\n".join(lines).replace("**", "").replace("`", "")


@frozen
class FileEdits:
    """Edits of one file.

    Attributes:
        version: the client's number of the text; None for a file that is not open.
    """

    uri: str
    version: int | None
    source: Source
    edits: tuple[Edit, ...]


def text_edits(server: CallsheetServer, source: Source, edits: Iterable[Edit]) -> list[types.TextEdit]:
    """Edits in the client's positions."""
    return [types.TextEdit(server.positions.range(source, edit.span), edit.text) for edit in edits]


def workspace_edit(server: CallsheetServer, files: Iterable[FileEdits]) -> types.WorkspaceEdit:
    """Edits of several files, with versions where the client takes them."""
    edits: dict[str, tuple[int | None, list[types.TextEdit]]] = {}
    for file in files:
        if file.edits:
            # Scripts in one document share it.
            _, made = edits.setdefault(file.uri, (file.version, []))
            made += text_edits(server, file.source, file.edits)
    if server.flags.document_changes:
        return types.WorkspaceEdit(document_changes=_versioned(edits))
    return types.WorkspaceEdit(changes={uri: made for uri, (_, made) in edits.items()})


def _versioned(edits: Mapping[str, tuple[int | None, list[types.TextEdit]]]) -> list[Any]:
    return [
        types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri, version), made)
        for uri, (version, made) in edits.items()
    ]
