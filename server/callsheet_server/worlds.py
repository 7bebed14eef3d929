"""The world of each document: settings, workflows and agent types in reach, models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from callsheet_server.features.world import World
from callsheet_server.models import TableModels

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer


class Worlds:
    """Makes worlds; what they know of files is read off the event loop."""

    def __init__(self, server: CallsheetServer) -> None:
        self._server = server
        self._models = TableModels()

    def of(self, path: Path | None) -> World:
        """The world as a document sees it."""
        return World(self._server.settings.of(path), path=path, models=self._models)
