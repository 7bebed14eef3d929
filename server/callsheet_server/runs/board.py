"""The runs of the workspace, as the editor shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from callsheet.language.problem import Span
from callsheet.language.source import TreeEdit
from lsprotocol import types

from callsheet_server.documents import Snapshot
from callsheet_server.features.hints import Hint
from callsheet_server.features.run_actions import RunView

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer


class RunBoard:
    """Knows every run of the workspace."""

    def __init__(self, server: CallsheetServer) -> None:
        self._server = server

    def view(self, snapshot: Snapshot) -> RunView | None:
        """The newest run of a document."""
        return None

    def moved(self, uri: str, edits: Sequence[TreeEdit]) -> None:
        """A document was edited."""

    def diagnostics(self, snapshot: Snapshot) -> list[types.Diagnostic]:
        """State of the newest run on the lines of its calls."""
        return []

    def hints(self, snapshot: Snapshot, span: Span) -> list[Hint]:
        """Durations and costs of the last run."""
        return []

    def call_actions(self, snapshot: Snapshot, span: Span) -> list[types.CodeAction]:
        """Actions on the calls of the newest run that stand in a span."""
        return []
