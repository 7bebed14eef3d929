"""The progress of one run in the client's own indicator: begun once, always ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from callsheet_server.runs.throttle import Throttle

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer

TOKEN_PREFIX = "callsheet-"
INTERVAL_S = 0.25


class RunProgress:
    """Reports at most four times a second.

    The client is asked first whether it will show the progress; nothing is sent before it has answered, and nothing
    after the end.
    """

    def __init__(self, server: CallsheetServer, run_id: str, title: str) -> None:
        self._server = server
        self._token = f"{TOKEN_PREFIX}{run_id}"
        self._title = title
        self._message = ""
        self._percentage = 0
        self._begun = False
        self._ended = False
        self._reports = Throttle(INTERVAL_S, self._report)
        if server.flags.progress:
            server.spawn(self._begin())

    def update(self, message: str, percentage: int) -> None:
        """The run went on."""
        if (message, percentage) != (self._message, self._percentage):
            self._message, self._percentage = message, percentage
            if self._begun and not self._ended:
                self._reports.touch()

    def end(self, message: str) -> None:
        """The run ended, or nobody knows of it any more."""
        if self._ended:
            return
        self._ended = True
        self._reports.cancel()
        self._message = message
        if self._begun:
            self._send(types.WorkDoneProgressEnd(message=message))

    async def _begin(self) -> None:
        await self._server.ask(
            types.WINDOW_WORK_DONE_PROGRESS_CREATE, types.WorkDoneProgressCreateParams(self._token)
        )
        if self._ended:
            return
        self._begun = True
        self._send(
            types.WorkDoneProgressBegin(
                self._title, cancellable=True, message=self._message or None, percentage=self._percentage
            )
        )

    def _report(self) -> None:
        self._send(
            types.WorkDoneProgressReport(
                cancellable=True, message=self._message, percentage=min(100, self._percentage)
            )
        )

    def _send(
        self, value: types.WorkDoneProgressBegin | types.WorkDoneProgressReport | types.WorkDoneProgressEnd
    ) -> None:
        self._server.protocol.notify(types.PROGRESS, types.ProgressParams(self._token, value))
