"""The world of each document: settings, workflows and agent types in reach, models."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import define, field, frozen
from callsheet.agents.definitions import find_definitions
from callsheet.language.discovery import FileWorkspace
from callsheet.language.workspace import SavedWorkflow

from callsheet_server.features.world import AgentType, World
from callsheet_server.models import TableModels

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer

FRESH_S = 5.0
"""Seconds after which files are looked at again when somebody asks; clients that watch files tell sooner."""


@frozen
class IndexedWorkspace:
    """What the files in reach of one folder held when they were last looked at; answers without touching a disk.

    Attributes:
        saved: the workflow that each name means.
    """

    saved: Mapping[str, SavedWorkflow] = field(factory=dict)
    agents: Mapping[str, AgentType] = field(factory=dict)
    files: FileWorkspace | None = None

    @classmethod
    def read(cls, folder: Path, script: Path | None) -> IndexedWorkspace:
        """Look at the files. Call it off the event loop."""
        files = FileWorkspace.at(folder)
        cwd = script.parent if script is not None else folder
        agents = {
            found.name: AgentType(found.name, found.description, found.model, found.path)
            for found in find_definitions(cwd)
        }
        return cls({saved.name: saved for saved in files.workflows(script)}, agents, files)

    def find_workflow(self, name: str, script: Path | None) -> SavedWorkflow | None:
        return self.saved.get(name)

    def workflows(self, script: Path | None) -> tuple[SavedWorkflow, ...]:
        return tuple(self.saved.values())

    def duplicates(self, script: Path) -> list[SavedWorkflow]:
        return self.files.duplicates(script) if self.files is not None else []

    def agent_types(self, script: Path | None) -> list[str]:
        return list(self.agents)

    def read_script(self, path: Path) -> str | None:
        return self.files.read_script(path) if self.files is not None else None


@define
class _Entry:
    """What is known of one folder.

    Attributes:
        told: counts the changes that the client told of, from 1.
        seen: how many of them the last look took in.
        read_at: when that look ended.
        work: the look under way.
    """

    workspace: IndexedWorkspace
    told: int = 1
    seen: int = 0
    read_at: float = 0.0
    work: asyncio.Task[None] | None = None

    @property
    def is_current(self) -> bool:
        return self.seen == self.told


class Worlds:
    """Makes worlds; what they know of files is read off the event loop."""

    def __init__(self, server: CallsheetServer) -> None:
        self._server = server
        self._models = TableModels()
        self._entries: dict[Path | None, _Entry] = {}

    def of(self, path: Path | None) -> World:
        """The world as a document sees it, with files as they were last seen."""
        workspace, settings = self._look(path).workspace, self._server.settings.of(path)
        return World(settings, workspace, path, workspace.agents, self._models, self._server.texts())

    def prepare(self, path: Path | None) -> None:
        """Begin to look at the files in reach of a document that is about to be worked on."""
        self._look(path)

    async def ready(self, path: Path | None) -> None:
        """Wait until the files in reach of a document were looked at, after the last change that is known."""
        entry = self._look(path)
        while not entry.is_current:
            assert entry.work is not None
            await asyncio.wait({entry.work})
            self._look(path)

    def invalidate(self) -> None:
        """Files changed: look again before the next answer that depends on them."""
        for entry in self._entries.values():
            entry.told += 1

    def _look(self, path: Path | None) -> _Entry:
        """What is known of a document's folder; a new look is begun where it may be out of date."""
        key = path.parent if path is not None else None
        entry = self._entries.setdefault(key, _Entry(IndexedWorkspace()))
        is_fresh = entry.is_current and time.monotonic() - entry.read_at < FRESH_S
        if not is_fresh and (entry.work is None or entry.work.done()):
            entry.work = self._server.spawn(self._read(path, entry))
        return entry

    async def _read(self, path: Path | None, entry: _Entry) -> None:
        told = entry.told
        try:
            folder = self._server.folders.base_of(path)
            entry.workspace = await asyncio.to_thread(IndexedWorkspace.read, folder, path)
        finally:
            entry.seen, entry.read_at = told, time.monotonic()
