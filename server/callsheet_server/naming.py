"""Where a workflow's name is written: which of the scripts that say it mean the same workflow (language, F8)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen
from callsheet.errors import UsageError
from callsheet.language.files import is_record, is_saved
from callsheet.language.model import build_model
from callsheet.language.syntax import parse

from callsheet_server.features.references import Occurrence, Target, occurrences
from callsheet_server.files import ScriptFile

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer


@frozen
class Places:
    """Where a target is written in one script."""

    file: ScriptFile
    found: list[Occurrence]


class WorkflowNames:
    """Which file a name means, by what is saved, and by the names that stand in the editor where a file is open."""

    def __init__(self, server: CallsheetServer) -> None:
        self._server = server
        self._opened = {
            path: build_model(snapshot.scripts[0]).name
            for document in server.documents.values()
            if (path := document.path) and is_saved(path) and (snapshot := document.snapshot()).scripts
        }

    async def file_of(self, name: str, script: Path | None) -> Path | None:
        """The file that a name means for a script; None where nothing is saved under it."""
        await self._server.worlds.ready(script)
        world = self._server.world(script)
        saved = world.find_workflow(name)
        if saved is not None and self._opened.get(saved.path, name) == name:
            return saved.path
        reachable = (saved.path for saved in world.workflows())
        return next((path for path in reachable if self._opened.get(path) == name), None)

    async def places(self, own: ScriptFile, target: Target) -> list[Places]:
        """Every place, in scripts of the workspace, that means the workflow at the cursor."""
        declares = any(
            place.role == "definition" and place.span == target.span
            for place in occurrences(own.parsed, target)
        )
        meant = own.path if declares else await self.file_of(target.name, own.path)
        is_saved_one = meant is not None and await self.file_of(target.name, meant) == meant
        found = []
        for file in await self._files(own, meant):
            kept = []
            for place in occurrences(file.parsed, target):
                is_declaration = place.role == "definition"
                if is_declaration and (declares or is_saved_one):
                    same = file.path == meant and (file.parsed is own.parsed or not declares)
                else:
                    means = await self.file_of(target.name, file.path)
                    same = means == meant if is_saved_one else means is None
                if same:
                    kept.append(place)
            if kept:
                found.append(Places(file, kept))
        return found

    async def check_rename(self, own: ScriptFile, target: Target, new_name: str) -> None:
        """Refuse a new name that another workflow has, and a workflow that is not this workspace's.

        Raises:
            UsageError: the name cannot be changed, or not to this.
        """
        meant = await self.file_of(target.name, own.path)
        if meant is None or new_name == target.name:
            return
        if is_record(meant):
            raise UsageError(
                f"`{target.name}` is a saved record, {meant}, which only its own tool may write."
            )
        if meant != own.path and not self._is_here(meant):
            raise UsageError(
                f"`{target.name}` is saved outside of this workspace, for other projects too: rename it in {meant}."
            )
        taken = await self.file_of(new_name, own.path)
        if taken is not None and taken != meant:
            raise UsageError(f"There is a workflow `{new_name}` already, in {taken}.")

    def _is_here(self, path: Path) -> bool:
        folders = self._server.folders
        return folders.holding(path) is not None or path.parents[2] != Path.home()

    async def _files(self, own: ScriptFile, meant: Path | None) -> list[ScriptFile]:
        """The scripts of the workspace, and the file that is meant where it lies elsewhere."""
        others = await self._server.scripts_of_workspace()
        files = [own, *(file for file in others if file.parsed is not own.parsed)]
        if meant is not None and not is_record(meant) and all(file.path != meant for file in files):
            source = self._server.world(own.path).read_script(meant)
            if source is not None:
                files.append(ScriptFile(self._server.uri_of(meant), None, parse(source)))
        return files
