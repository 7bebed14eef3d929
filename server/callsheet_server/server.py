"""The server of one client: its documents, its settings, and everything that works on them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from callsheet import __version__
from callsheet.language.source import Encoding, Source
from callsheet.language.syntax import Parsed, parse
from callsheet.runs.control import ask
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from callsheet_server.analysis import Analysis
from callsheet_server.clientcaps import ClientFlags, read_flags
from callsheet_server.documents import Document, Positions, Snapshot, path_of, uri_of
from callsheet_server.features.world import World
from callsheet_server.files import FileCache, ScriptFile, of_snapshot
from callsheet_server.folders import Folders
from callsheet_server.parent import is_alive, wait_until_gone
from callsheet_server.protocol import CallsheetProtocol
from callsheet_server.recognition import kind_of
from callsheet_server.runs.board import RunBoard
from callsheet_server.runs.progress import TOKEN_PREFIX
from callsheet_server.settings import SettingsStore
from callsheet_server.sticky import StickySymbols, TokenHistory
from callsheet_server.worlds import Worlds

logger = logging.getLogger(__name__)

ENCODINGS: dict[str, Encoding] = {"utf-8": "utf-8", "utf-16": "utf-16", "utf-32": "utf-32"}

REFRESH = {
    "codeLens": types.WORKSPACE_CODE_LENS_REFRESH,
    "inlayHint": types.WORKSPACE_INLAY_HINT_REFRESH,
    "diagnostic": types.WORKSPACE_DIAGNOSTIC_REFRESH,
}


class CallsheetServer(LanguageServer):
    """State of the conversation with one client.

    Attributes:
        documents: open documents by URI.
        flags: what the client can do.
        positions: converts positions for the negotiated encoding.
        trusted: whether runs may be started in this workspace.
    """

    protocol: CallsheetProtocol

    def __init__(self) -> None:
        super().__init__(
            "callsheet",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
            protocol_cls=CallsheetProtocol,
            converter_factory=default_converter,
        )
        self.documents: dict[str, Document] = {}
        self.flags = ClientFlags()
        self.positions = Positions()
        self.folders = Folders()
        self.settings = SettingsStore(self)
        self.analysis = Analysis(self)
        self.worlds = Worlds(self)
        self.runs = RunBoard(self)
        self.sticky = StickySymbols()
        self.token_history = TokenHistory()
        self._files = FileCache()
        self._reading_files = asyncio.Lock()
        self.trusted = True
        self.stopped = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()

    def report_server_error(self, error: Exception, source: object) -> None:
        """Errors of ours go to the log; a pop-up would help nobody."""
        logger.error("%s", error)

    def stop(self) -> None:
        """End the server; runs go on."""
        self.stopped.set()

    async def aclose(self) -> None:
        """Cancel what is under way."""
        self.runs.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.analysis.aclose()

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run a coroutine beside the conversation; what it raises is logged."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("Background work failed", exc_info=error)

    def initialize(self, params: types.InitializeParams) -> None:
        """Take note of the client: before the answer to `initialize`."""
        self.flags = read_flags(params.capabilities)
        encoding = str(getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding))
        self.positions = Positions(ENCODINGS[encoding])
        self.folders = Folders.of(params)
        options = params.initialization_options
        self.settings.take_initial(options if isinstance(options, dict) else {})
        if params.process_id is not None and is_alive(params.process_id):
            self.spawn(self._watch_parent(params.process_id))

    async def _watch_parent(self, pid: int) -> None:
        await wait_until_gone(pid)
        self.stop()

    async def ask(self, method: str, params: Any) -> Any:
        """Send a request; None when the client refuses it."""
        with contextlib.suppress(JsonRpcException):
            return await self.protocol.send_request_async(method, params)
        return None

    def did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        item = params.text_document
        kind = kind_of(item.uri, item.language_id)
        document = Document(item.uri, item.language_id, item.version, item.text, kind)
        self.documents[item.uri] = document
        self.sticky.forget(item.uri)
        if kind != "other":
            self.worlds.prepare(document.path)
        self.runs.opened(document)
        self.analysis.changed(item.uri)

    def did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        document = self.documents.get(params.text_document.uri)
        if document is None:
            logger.warning("A change of a document that is not open: %s", params.text_document.uri)
            return
        edits = document.apply(params.content_changes, params.text_document.version, self.positions.encoding)
        self.sticky.moved(document.uri, edits)
        self.runs.display.moved(document.uri, edits, document.source)
        self.analysis.changed(document.uri, edits)

    def did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        if self.documents.pop(params.text_document.uri, None) is not None:
            self.analysis.closed(params.text_document.uri)
            self.runs.display.closed(params.text_document.uri)
            self.sticky.forget(params.text_document.uri)
            self.token_history.forget(params.text_document.uri)

    def snapshot(self, uri: str) -> Snapshot | None:
        """An open document as it stands."""
        document = self.documents.get(uri)
        return document.snapshot() if document is not None else None

    def world(self, path: Path | None) -> World:
        """What features may ask beyond a document."""
        return self.worlds.of(path)

    def texts(self) -> dict[Path, Source]:
        """The text of every open file."""
        return {path: document.source for document in self.documents.values() if (path := document.path)}

    def uri_of(self, path: Path) -> str:
        """The URI of a file, as the client spells it where the file is open."""
        for document in self.documents.values():
            if document.path == path:
                return document.uri
        return uri_of(path)

    async def scripts_of_workspace(self) -> list[ScriptFile]:
        """Every workflow script of the workspace, as it stands in the editor where it is open."""
        snapshots = [document.snapshot() for document in self.documents.values()]
        opened = [of_snapshot(snapshot, script) for snapshot in snapshots for script in snapshot.scripts]
        folders = [folder.path for folder in self.folders.all()]
        open_files = {snapshot.path for snapshot in snapshots if snapshot.path is not None}
        async with self._reading_files:
            return opened + await asyncio.to_thread(self._files.scripts, folders, open_files)

    async def scripts_of_uri(self, uri: str) -> list[Parsed]:
        """The scripts of one document, open or on disk."""
        snapshot = self.snapshot(uri)
        if snapshot is not None:
            return list(snapshot.scripts)
        path = path_of(uri)
        source = await asyncio.to_thread(self.world(path).read_script, path) if path is not None else None
        return [parse(source)] if source is not None else []

    def publish(self, uri: str, version: int | None, found: list[types.Diagnostic]) -> None:
        """Send a document's diagnostics."""
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))

    def run_diagnostics(self, snapshot: Snapshot) -> list[types.Diagnostic]:
        """State of the newest runs of a document, on the lines of their calls."""
        return self.runs.display.diagnostics(snapshot)

    async def refresh_clients(self, *names: str) -> None:
        """Have the client ask again for what it shows (`codeLens`, `inlayHint`, `diagnostic`)."""
        for name in names:
            if name in self.flags.refreshes:
                await self.ask(REFRESH[name], None)

    def folders_changed(self) -> None:
        """Folders came or went."""
        self.runs.watch()
        self.worlds.invalidate()
        self.spawn(self.settings.refresh())

    def files_changed(self, uris: list[str]) -> None:
        """Files changed on disk."""
        self.worlds.invalidate()
        if any(uri.endswith("callsheet.toml") for uri in uris):
            self.spawn(self.settings.refresh())
        else:
            self.analysis.check_all()

    def cancel_progress(self, token: int | str) -> None:
        """The client's cancel button of a progress: the run is stopped."""
        run = self.runs.get(str(token).removeprefix(TOKEN_PREFIX))
        if run is not None:
            self.spawn(asyncio.to_thread(ask, run.run_dir, "stop"))

    async def show_file(self, path: Path) -> str:
        """Open a file in the editor where it lets us; returns its URI."""
        uri = uri_of(path)
        if self.flags.show_document:
            await self.ask(types.WINDOW_SHOW_DOCUMENT, types.ShowDocumentParams(uri, take_focus=True))
        return uri
