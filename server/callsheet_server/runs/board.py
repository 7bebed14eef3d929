"""The runs of the workspace: every one that is there, whoever started it, as the editor shows them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import define
from callsheet.errors import CallsheetError
from callsheet.language.problem import Span
from callsheet.language.source import Source, TreeEdit
from callsheet.runs.follow import follow, run_dirs, watch_runs
from callsheet.runs.rundir import RunDir, project_root, runs_folder
from callsheet.runs.state import AgentState
from callsheet.runs.store import UnknownRun
from lsprotocol import types

from callsheet_server.documents import Document, Snapshot, uri_of
from callsheet_server.features.hints import Hint
from callsheet_server.features.lenses import meta_span
from callsheet_server.features.run_actions import RunView
from callsheet_server.runs.marks import Marks
from callsheet_server.runs.present import (
    agent_link,
    has_transcript,
    report_site,
    site_hint,
    summary_line,
    worktree_path,
)
from callsheet_server.runs.throttle import Throttle
from callsheet_server.runs.tracked import TrackedRun, stored_summary

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer

SOURCE = "callsheet run"
DISPLAY_INTERVAL_S = 0.25
"""Least time between two updates of diagnostics and lenses while a run goes on."""

LENS_INTERVAL_S = 1.0
"""Least time between two refreshes of lenses: each makes the editor ask for those of every open script."""

KEPT_RUNS = 30
"""How many of the newest ended runs of a project are kept in memory when the server starts."""

_SEVERITIES = {
    "information": types.DiagnosticSeverity.Information,
    "warning": types.DiagnosticSeverity.Warning,
    "error": types.DiagnosticSeverity.Error,
}


@define(eq=False)
class _Shown:
    """What a document shows of its newest run. `marks` is None while the places are being looked for."""

    run: TrackedRun
    script: bytes | None = None
    marks: Marks | None = None


class RunBoard:
    """Knows every run of the workspace, and shows the newest one of each open document."""

    def __init__(self, server: CallsheetServer) -> None:
        self._server = server
        self._runs: dict[str, TrackedRun] = {}
        self._watched: dict[Path, asyncio.Task[None]] = {}
        self._loaded: dict[Path, asyncio.Event] = {}
        self._begun = asyncio.Event()
        self._following: dict[str, asyncio.Task[None]] = {}
        self._taken_up: set[str] = set()
        self._shown: dict[str, _Shown] = {}
        self._dirty: set[str] = set()
        self._lenses: dict[str, str] = {}
        self._display = Throttle(DISPLAY_INTERVAL_S, self._show)
        self._lens_news = Throttle(LENS_INTERVAL_S, self._refresh_lenses)

    def watch(self) -> None:
        """Follow the runs of every workspace folder's project, and of no other."""
        roots = {project_root(folder.path) for folder in self._server.folders.all()}
        for root in self._watched.keys() - roots:
            self._watched.pop(root).cancel()
            self._loaded.pop(root).set()
        for root in roots:
            self.watch_root(root)
        self._begun.set()

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

    async def _watch(self, root: Path) -> None:
        loaded = self._loaded[root]
        try:
            loaded_runs, known = await asyncio.to_thread(self._load, root)
            for run in loaded_runs:
                self._runs.setdefault(run.run_id, run)
        finally:
            loaded.set()
        for document in list(self._server.documents.values()):
            self._mark_dirty(document.uri)
        async for run_dir in watch_runs(root, known=known):
            self._follow(run_dir)

    def _load(self, root: Path) -> tuple[list[TrackedRun], list[str]]:
        """The newest runs as they stand, and the ids of all that there are."""
        there = run_dirs(runs_folder(root))
        loaded = []
        for run_dir in there[-KEPT_RUNS:]:
            run = TrackedRun(self._server, self, run_dir)
            # It may be removed by somebody else just now.
            with contextlib.suppress(UnknownRun, FileNotFoundError):
                run.load()
                loaded.append(run)
        return loaded, [run_dir.run_id for run_dir in there]

    def _follow(self, run_dir: RunDir) -> None:
        self._taken_up.add(run_dir.run_id)
        before = self._following.get(run_dir.run_id)
        if before is None or before.done():
            self._following[run_dir.run_id] = self._server.spawn(self._follow_run(run_dir))

    async def _follow_run(self, run_dir: RunDir) -> None:
        run = self._runs.get(run_dir.run_id)
        if run is None:
            run = self._runs[run_dir.run_id] = TrackedRun(self._server, self, run_dir)
        # It may be taken up again while its end is being told.
        while run.run_id in self._taken_up:
            self._taken_up.discard(run.run_id)
            run.begin()
            self._mark_dirty(self._document_of(run))
            async for news in follow(run_dir, tail=run.tail):
                if news.restarted:
                    run.restart()
                run.take(news.records)
                if news.over == "removed":
                    self.removed(run.run_id)
                    return
            try:
                ending = await asyncio.to_thread(stored_summary, run_dir)
            except CallsheetError:
                self.removed(run.run_id)
                return
            run.end(ending)
            self._mark_dirty(self._document_of(run))
            await self._server.refresh_clients("inlayHint")

    def removed(self, run_id: str) -> None:
        """A run is not there any more."""
        run = self._runs.pop(run_id, None)
        if run is None:
            return
        run.end(None)
        self._server.protocol.notify("callsheet/run", {**run.summary(), "status": "removed"})
        uri = self._document_of(run)
        self._mark_dirty(uri)

    def changed(self, run: TrackedRun) -> None:
        """A run went on."""
        self._mark_dirty(self._document_of(run))

    def _document_of(self, run: TrackedRun) -> str | None:
        for document in self._server.documents.values():
            if _belongs(run, document):
                return document.uri
        return None

    def _mark_dirty(self, uri: str | None) -> None:
        if uri is not None:
            self._dirty.add(uri)
            self._display.touch()

    def _show(self) -> None:
        dirty, self._dirty = self._dirty, set()
        refresh = False
        for uri in dirty:
            document = self._server.documents.get(uri)
            if document is None:
                continue
            self._choose(document)
            self._server.analysis.publish(uri)
            view = self.view(document.snapshot())
            told = f"{view.status} {view.summary}" if view is not None else ""
            refresh = refresh or self._lenses.get(uri) != told
            self._lenses[uri] = told
        if refresh:
            self._lens_news.touch()

    def _refresh_lenses(self) -> None:
        self._server.spawn(self._server.refresh_clients("codeLens"))

    def _choose(self, document: Document) -> _Shown | None:
        """The newest run of a document, its places looked for where that is new."""
        newest = next((run for run in self.all() if _belongs(run, document)), None)
        shown = self._shown.get(document.uri)
        if newest is None:
            self._shown.pop(document.uri, None)
            return None
        if shown is None or shown.run is not newest:
            shown = self._shown[document.uri] = _Shown(newest)
            self._server.spawn(self._place(document, shown))
        return shown

    async def _place(self, document: Document, shown: _Shown) -> None:
        """Find the calls of a run in its document, which may have been edited since the run began."""
        script = await asyncio.to_thread(_read, shown.run.run_dir.script)
        while script is not None and self._shown.get(document.uri) is shown:
            source = document.source
            marks = await asyncio.to_thread(Marks, Source(script.decode("utf-8", "replace")), source)
            if document.source is source:
                shown.marks = marks
                self._mark_dirty(document.uri)
                await self._server.refresh_clients("inlayHint")
                return

    def opened(self, uri: str) -> None:
        """A document was opened: it may have runs."""
        self._mark_dirty(uri)

    def closed(self, uri: str) -> None:
        """A document was closed."""
        self._shown.pop(uri, None)
        self._lenses.pop(uri, None)

    def taken_up(self, run: TrackedRun) -> None:
        """A run goes on, maybe with another script: its calls may stand elsewhere."""
        for uri, shown in self._shown.items():
            if shown.run is run:
                self._server.spawn(self._place(self._server.documents[uri], shown))

    def moved(self, uri: str, edits: Sequence[TreeEdit], source: Source) -> None:
        """A document was edited."""
        shown = self._shown.get(uri)
        if shown is not None and shown.marks is not None:
            shown.marks.moved(edits, source)

    def view(self, snapshot: Snapshot) -> RunView | None:
        """The newest run of a document."""
        document = self._server.documents.get(snapshot.uri)
        shown = self._choose(document) if document is not None else None
        if shown is None:
            return None
        run = shown.run
        agents = run.state.agents()
        changes = sum(1 for agent in agents if agent.worktree is not None and agent.worktree["ref"])
        failed = run.state.counts()["failed"]
        return RunView(run.run_id, run.status, summary_line(run.state, run.status), failed, changes)

    def _sites(self, snapshot: Snapshot) -> Iterator[tuple[TrackedRun, Marks, int, list[AgentState]]]:
        """Call sites of the document's newest run, by line of its script, with the agents that each started."""
        shown = self._shown.get(snapshot.uri)
        if shown is None or shown.marks is None:
            return
        by_line: dict[int, list[AgentState]] = {}
        for agent in shown.run.state.agents():
            if agent.file is None:
                by_line.setdefault(agent.line, []).append(agent)
        for line, agents in by_line.items():
            yield shown.run, shown.marks, line, agents

    def diagnostics(self, snapshot: Snapshot) -> list[types.Diagnostic]:
        """State of the newest run of a document, on the lines of its calls."""
        document = self._server.documents.get(snapshot.uri)
        if document is None or not self._server.settings.of(snapshot.path).run_diagnostics:
            return []
        self._choose(document)
        found = []
        for run, marks, line, agents in self._sites(snapshot):
            span = marks.span(line)
            if span is not None:
                found.append(self._diagnostic(snapshot, run, span, agents))
        failure = self._failure(snapshot)
        return [*found, failure] if failure is not None else found

    def _failure(self, snapshot: Snapshot) -> types.Diagnostic | None:
        """Why the newest run failed, where it did."""
        shown = self._shown.get(snapshot.uri)
        error = shown.run.summary()["error"] if shown is not None else None
        if shown is None or error is None or shown.run.live or shown.marks is None or not snapshot.scripts:
            return None
        was_ordered = shown.run.state.status == "stopped"
        if was_ordered or error.get("file") is not None:
            return None
        line = error["line"]
        if line is not None:
            span = shown.marks.line_span(line, error["column"] or 1, snapshot.source)
        else:
            span = meta_span(snapshot.scripts[0])
        if span is None:
            return None
        severity = "error" if shown.run.status == "failed" else "warning"
        return types.Diagnostic(
            range=self._server.positions.range(snapshot.source, span),
            message=f"The last run {shown.run.status}: {error['message']}",
            severity=_SEVERITIES[severity],
            code=error["code"],
            source=SOURCE,
            data={"runId": shown.run.run_id},
        )

    def _diagnostic(
        self, snapshot: Snapshot, run: TrackedRun, span: Span, agents: list[AgentState]
    ) -> types.Diagnostic:
        report = report_site(agents, simulated=run.state.simulated)
        top = types.Range(types.Position(0, 0), types.Position(0, 0))
        related = []
        for agent in report.agents:
            if has_transcript(agent):
                transcript = types.Location(uri_of(run.run_dir.transcript(agent.call)), top)
                related.append(types.DiagnosticRelatedInformation(transcript, agent_link(agent)))
            worktree = worktree_path(agent)
            if worktree is not None:
                here = types.Location(uri_of(worktree), top)
                related.append(types.DiagnosticRelatedInformation(here, f"Worktree of {agent.label}"))
        return types.Diagnostic(
            range=self._server.positions.range(snapshot.source, span),
            message=report.text,
            severity=_SEVERITIES[report.severity],
            source=SOURCE,
            related_information=related or None,
            data={"runId": run.run_id, "calls": [agent.call for agent in report.agents]},
        )

    def hints(self, snapshot: Snapshot, span: Span) -> list[Hint]:
        """Durations, tokens and costs of the last run, behind the calls on the screen."""
        found = []
        for _, marks, line, agents in self._sites(snapshot):
            end, text = marks.end(line), site_hint(agents)
            if end is not None and text and span.start <= end <= span.end:
                tooltip = "Longest duration, tokens and cost in the last run"
                found.append(Hint(end, f" {text}", tooltip, of_run=True))
        return found

    def calls_at(self, snapshot: Snapshot, span: Span) -> tuple[TrackedRun, list[AgentState]] | None:
        """The newest run of a document, and its agents whose calls stand on the lines of a span."""
        source = snapshot.source
        lines = range(source.line_of(span.start), source.line_of(span.end) + 1)
        found: list[AgentState] = []
        newest = None
        for run, marks, line, agents in self._sites(snapshot):
            place = marks.span(line)
            if place is not None and source.line_of(place.start) in lines:
                newest = run
                found += agents
        return (newest, found) if newest is not None else None


def _belongs(run: TrackedRun, document: Document) -> bool:
    """Whether a run is one of the document's script."""
    if run.state.uri is not None and run.state.uri == document.uri:
        return True
    return run.state.path is not None and document.path is not None and Path(run.state.path) == document.path


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
