"""JSON-RPC as Callsheet needs it, on top of pygls: every request is answered once, and cancelling cancels.

What differs from pygls: bodies are structured once and not object by object; a message that cannot be read is answered
with the right error instead of a pop-up; commands are tasks, so `$/cancelRequest` reaches them; documents live in our
own store, whose lines end only where the protocol says that lines end.
"""

from __future__ import annotations

import asyncio
import json
import logging
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams
from pygls.protocol import LanguageServerProtocol, lsp_method

from callsheet_server.framing import FrameDecoder, FramingError

if TYPE_CHECKING:
    from collections.abc import Generator

    from cattrs import Converter

    from callsheet_server.server import CallsheetServer
    from callsheet_server.transport import Connection

logger = logging.getLogger(__name__)

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
NOT_INITIALIZED = -32002
REQUEST_FAILED = -32803
CONTENT_MODIFIED = -32801


version_at_arrival: ContextVar[int | None] = ContextVar("version_at_arrival", default=None)
"""Version of the request's document when the request came in; its positions mean that text."""


class RequestFailed(JsonRpcException):
    """A request that was understood and cannot be met; the message is for the person."""

    CODE = REQUEST_FAILED


class ContentModified(JsonRpcException):
    """The document changed while the answer was worked out."""

    CODE = CONTENT_MODIFIED


class CallsheetProtocol(LanguageServerProtocol):
    """One client's side of the conversation."""

    _server: CallsheetServer

    def __init__(self, server: CallsheetServer, converter: Converter) -> None:
        super().__init__(server, converter)
        self._decoder = FrameDecoder()
        self._initialized = False

    def connect(self, connection: Connection) -> Any:
        """Take the connection to the client; returns the consumer of its bytes."""
        self.set_writer(connection)
        return self.consume

    @property
    def shut_down(self) -> bool:
        """Whether the client asked for the shutdown."""
        return bool(self._shutdown)

    def consume(self, data: bytes) -> None:
        """Handle every message that `data` completes."""
        try:
            bodies = self._decoder.feed(data)
        except FramingError as error:
            logger.error("%s", error)
            self._server.stop()
            return
        for body in bodies:
            try:
                self._receive(body)
            except Exception:
                logger.exception("A message could not be handled")

    def _receive(self, body: bytes) -> None:
        try:
            message = json.loads(body)
        except (ValueError, RecursionError):
            self._refuse(None, PARSE_ERROR, "The message is not JSON.")
            return
        if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
            self._refuse(None, INVALID_REQUEST, "A message is a JSON-RPC 2.0 object.")
            return
        msg_id, method = message.get("id"), message.get("method")
        if isinstance(msg_id, bool | float | list | dict) or not isinstance(method, str | None):
            self._refuse(None, INVALID_REQUEST, "`method` is a string, `id` a string or an integer.")
        elif method is None:
            self._receive_response(message)
        elif msg_id is None:
            self._receive_notification(method, message)
        else:
            self._receive_request(msg_id, method, message)

    def _receive_request(self, msg_id: int | str, method: str, message: dict[str, Any]) -> None:
        if self._shutdown:
            self._refuse(msg_id, INVALID_REQUEST, "The server has been shut down.")
        elif method == types.INITIALIZE and self._initialized:
            self._refuse(msg_id, INVALID_REQUEST, "The server has been initialized before.")
        elif method != types.INITIALIZE and not self._initialized:
            self._refuse(msg_id, NOT_INITIALIZED, "The first request is `initialize`.")
        elif not self._is_known(method):
            self._refuse(msg_id, METHOD_NOT_FOUND, f"There is no method {method}.")
        elif _is_notification(method):
            self._refuse(msg_id, INVALID_REQUEST, f"{method} is a notification: it has no `id`.")
        else:
            try:
                structured = self.structure(message, method)
            except JsonRpcInvalidParams as error:
                self._refuse(msg_id, INVALID_PARAMS, error.message)
                return
            self._initialized = True
            version_at_arrival.set(self._version_of(message))
            self.handle_message(structured)

    def _version_of(self, message: dict[str, Any]) -> int | None:
        """Version of the open document that a request is about."""
        params = message.get("params")
        document = params.get("textDocument") if isinstance(params, dict) else None
        uri = document.get("uri") if isinstance(document, dict) else None
        known = self._server.documents.get(uri) if isinstance(uri, str) else None
        return known.version if known is not None else None

    def _receive_notification(self, method: str, message: dict[str, Any]) -> None:
        wanted = method == types.EXIT or (self._initialized and not self._shutdown)
        if not wanted or not (method == types.CANCEL_REQUEST or self._is_known(method)):
            return
        try:
            self.handle_message(self.structure(message, method))
        except JsonRpcInvalidParams as error:
            logger.warning("Ignored %s: %s", method, error.message)

    def _receive_response(self, message: dict[str, Any]) -> None:
        future = self._request_futures.get(message.get("id", ""))
        if future is None:
            return
        try:
            self.handle_message(self.structure_message(message))
        except JsonRpcException as error:
            if not future.done():
                future.set_exception(error)

    def _handle_cancel_notification(self, msg_id: Any) -> None:
        """Cancel a request; one that is answered already is no news for the log."""
        future = self._request_futures.pop(msg_id, None) if isinstance(msg_id, int | str) else None
        if future is not None:
            future.cancel()

    def _send_handler_result(self, future: Any, *, msg_id: Any) -> None:
        """Answer a request; what was refused on purpose is no news for the log, what failed is none for the client."""
        error = None if future.cancelled() else future.exception()
        if error is None:
            super()._send_handler_result(future, msg_id=msg_id)
            return
        self._request_futures.pop(msg_id, None)
        if isinstance(error, JsonRpcException):
            self._refuse(msg_id, error.code, error.message)
        else:
            logger.error("A request failed", exc_info=error)
            self._refuse(msg_id, INTERNAL_ERROR, "The request failed inside the server; its log says where.")

    def _is_known(self, method: str) -> bool:
        return method in self.fm.builtin_features or method in self.fm.features

    def structure(self, message: dict[str, Any], method: str) -> Any:
        """The typed message.

        Raises:
            JsonRpcInvalidParams: the parameters do not have the method's shape.
        """
        kind = self.get_message_type(method)
        if kind is None:
            raise JsonRpcInvalidParams(f"{method} is not part of the protocol.")
        try:
            return self._converter.structure(message, kind)
        except Exception as error:
            raise JsonRpcInvalidParams(f"The parameters of {method} are not valid.") from error

    def _refuse(self, msg_id: int | str | None, code: int, text: str) -> None:
        self._send_data({"jsonrpc": "2.0", "id": msg_id, "error": {"code": code, "message": text}})

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Generator[Any, Any, types.InitializeResult]:
        result: types.InitializeResult = yield from super().lsp_initialize(params)
        if not self._server.flags.pulls_diagnostics:
            # A client that is sent diagnostics as well would show each of them twice.
            result.capabilities.diagnostic_provider = None
        return result

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_args: object) -> None:  # type: ignore[override]
        self._server.stop()

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        self._server.did_open(params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        self._server.did_change(params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        self._server.did_close(params)

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(  # type: ignore[override]
        self, params: types.ExecuteCommandParams
    ) -> Any:
        handler = self.fm.commands.get(params.command)
        if handler is None:
            raise JsonRpcInvalidParams(f"There is no command {params.command}.")
        await asyncio.sleep(0)
        return await handler(params.arguments or [])

    @lsp_method(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def lsp_work_done_progress_cancel(self, params: types.WorkDoneProgressCancelParams) -> None:
        self._server.cancel_progress(params.token)


def _is_notification(method: str) -> bool:
    """Whether the protocol has no answer to a method."""
    return method in types.METHOD_TO_TYPES and types.METHOD_TO_TYPES[method][1] is None
