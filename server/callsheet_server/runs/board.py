"""The runs of the workspace: every one that is there, whoever started it."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callsheet.errors import CallsheetError
from callsheet.runs.follow import follow, run_dirs, watch_runs
from callsheet.runs.rundir import RunDir, project_root, runs_folder
from callsheet.runs.store import UnknownRun
from callsheet.worktrees import GitError, kept_refs, open_repository

from callsheet_server.documents import Document
from callsheet_server.runs.display import RunDisplay
from callsheet_server.runs.present import changes_ref
from callsheet_server.runs.tracked import TrackedRun, stored_run

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer

KEPT_RUNS = 30
"""How many of the newest ended runs of a project are kept in memory when the server starts."""


class RunBoard:
    """Knows every run of the workspace.

    Attributes:
        display: what the open documents show of them.
    """

    def __init__(self, server: CallsheetServer) -> None:
        self._server = server
        self.display = RunDisplay(server)
        self._runs: dict[str, TrackedRun] = {}
        self._older: dict[str, dict[str, Any]] = {}
        self._watched: dict[Path, asyncio.Task[None]] = {}
        self._loaded: dict[Path, asyncio.Event] = {}
        self._begun = asyncio.Event()
        self._following: dict[str, asyncio.Task[None]] = {}
        self._taken_up: set[str] = set()

    def watch(self) -> None:
        """Follow the runs of the projects of every workspace folder and open script, and of no other."""
        folders, documents = self._server.folders, self._server.documents.values()
        roots = {project_root(folder.path) for folder in folders.all()}
        roots |= {
            project_root(folders.base_of(each.path))
            for each in documents
            if each.path and each.kind == "script"
        }
        for root in self._watched.keys() - roots:
            self._watched.pop(root).cancel()
            self._loaded.pop(root).set()
            for run in [run for run in self._runs.values() if run.run_dir.root == root]:
                self.removed(run.run_id)
        for root in roots:
            self.watch_root(root)
        self._begun.set()

    def opened(self, document: Document) -> None:
        """A document was opened: it may have runs, and lie outside of every workspace folder."""
        if document.path is not None and document.kind == "script":
            self.watch_root(project_root(self._server.folders.base_of(document.path)))
        self.display.touched(document.uri)

    async def loaded(self) -> None:
        """Wait until the runs that were there when the server started are known."""
        await self._begun.wait()
        for loaded in list(self._loaded.values()):
            await loaded.wait()

    def watch_root(self, root: Path) -> None:
        """Follow the runs of a project."""
        if root not in self._watched:
            self._loaded[root] = asyncio.Event()
            self._watched[root] = self._server.spawn(self._watch(root))

    def close(self) -> None:
        """End every progress; the runs go on."""
        for run in self._runs.values():
            run.close()

    def all(self) -> list[TrackedRun]:
        """Runs under watch, the newest first."""
        return sorted(self._runs.values(), key=lambda run: run.run_id, reverse=True)

    def roots(self) -> list[Path]:
        """Projects under watch."""
        return list(self._watched)

    def get(self, run_id: str) -> TrackedRun | None:
        """A run under watch."""
        return self._runs.get(run_id)

    async def summaries(self) -> list[dict[str, Any]]:
        """Every run of the workspace as `callsheet.runs` tells it, the newest first."""
        await self.loaded()
        older = await asyncio.to_thread(self._summaries_of_older, set(self._runs))
        listed = {**older, **{run.run_id: run.summary() for run in self._runs.values()}}
        return [listed[run_id] for run_id in sorted(listed, reverse=True)]

    def _summaries_of_older(self, known: set[str]) -> dict[str, dict[str, Any]]:
        """Runs that were over before the server started; what was read of one is kept."""
        there = {run_dir.run_id: run_dir for root in self.roots() for run_dir in run_dirs(runs_folder(root))}
        found = {}
        for run_id in there.keys() - known:
            if run_id not in self._older:
                with contextlib.suppress(UnknownRun, OSError):
                    summary = stored_run(there[run_id]).summary()
                    uri = self._server.folders.as_opened(summary["uri"])
                    self._older[run_id] = {**summary, "uri": uri, "questions": []}
            if run_id in self._older:
                found[run_id] = self._older[run_id]
        return found

    async def _watch(self, root: Path) -> None:
        loaded = self._loaded[root]
        try:
            loaded_runs, known = await asyncio.to_thread(self._load, root)
            for run in loaded_runs:
                self._runs.setdefault(run.run_id, run)
        finally:
            loaded.set()
        for document in list(self._server.documents.values()):
            self.display.touched(document.uri)
        async for run_dir in watch_runs(root, known=known):
            if run_dir.path.is_dir():
                self._follow(run_dir)
            else:
                self.removed(run_dir.run_id)

    def _load(self, root: Path) -> tuple[list[TrackedRun], list[str]]:
        """The newest runs as they stand, and the ids of all that there are."""
        there = run_dirs(runs_folder(root))
        loaded = []
        for run_dir in there[-KEPT_RUNS:]:
            run = TrackedRun(self._server, self, run_dir)
            # It may be removed by somebody else just now, or be somebody else's.
            with contextlib.suppress(UnknownRun, OSError):
                run.load()
                loaded.append(run)
        self._forget_dropped(root, loaded)
        return loaded, [run_dir.run_id for run_dir in there]

    def _forget_dropped(self, root: Path, runs: list[TrackedRun]) -> None:
        """Changes may have been dropped since the journals told of them."""
        left_some = [run for run in runs if any(map(changes_ref, run.state.agents()))]
        if not left_some or (repository := open_repository(root)) is None:
            return
        with contextlib.suppress(GitError):
            refs = kept_refs(repository)
            for run in left_some:
                run.keep_changes(refs)

    def _follow(self, run_dir: RunDir) -> None:
        self._taken_up.add(run_dir.run_id)
        before = self._following.get(run_dir.run_id)
        if before is None or before.done():
            self._following[run_dir.run_id] = self._server.spawn(self._follow_run(run_dir))

    async def _follow_run(self, run_dir: RunDir) -> None:
        run = self._runs.get(run_dir.run_id)
        if run is None:
            run = self._runs[run_dir.run_id] = TrackedRun(self._server, self, run_dir)
        try:
            # It may be taken up again while its end is being told.
            while run.run_id in self._taken_up:
                self._taken_up.discard(run.run_id)
                await self._follow_segment(run)
        finally:
            run.close()

    async def _follow_segment(self, run: TrackedRun) -> None:
        run.begin()
        self.display.changed(run)
        async for news in follow(run.run_dir, tail=run.tail):
            if news.restarted:
                run.restart()
            run.take(news.records)
            if news.over == "removed":
                self.removed(run.run_id)
                return
        try:
            stored = await asyncio.to_thread(stored_run, run.run_dir)
        except CallsheetError:
            self.removed(run.run_id)
            return
        run.end(stored)
        self.display.changed(run)
        # Not waited for: the run may be taken up again before a client has answered.
        self._server.spawn(self._server.refresh_clients("inlayHint"))

    def removed(self, run_id: str) -> None:
        """A run is not there any more, or not in view."""
        following = self._following.pop(run_id, None)
        if following is not None and following is not asyncio.current_task():
            following.cancel()
        self._older.pop(run_id, None)
        run = self._runs.pop(run_id, None)
        if run is None:
            return
        run.end(None)
        self._server.protocol.notify("callsheet/run", {**run.summary(), "status": "removed"})
        self.display.changed(run)
