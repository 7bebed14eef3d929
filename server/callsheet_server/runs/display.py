"""What open documents show of their runs: diagnostics on the lines of calls, lenses, hints, what can be done."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import define
from callsheet.language.model import build_model
from callsheet.language.problem import Span
from callsheet.language.source import Source, TreeEdit
from callsheet.language.syntax import Parsed
from callsheet.runs.state import AgentState
from lsprotocol import types

from callsheet_server.documents import Document, Snapshot, uri_of
from callsheet_server.features.hints import Hint
from callsheet_server.features.lenses import meta_span
from callsheet_server.features.run_actions import RunView
from callsheet_server.runs.marks import Marks, Place
from callsheet_server.runs.present import (
    agent_link,
    changes_ref,
    has_transcript,
    report_site,
    site_hint,
    summary_line,
    worktree_path,
)
from callsheet_server.runs.throttle import Throttle
from callsheet_server.runs.tracked import TrackedRun

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer

SOURCE = "callsheet run"
DISPLAY_INTERVAL_S = 0.25
"""Least time between two updates of diagnostics and lenses while a run goes on."""

LENS_INTERVAL_S = 1.0
"""Least time between two refreshes of lenses: each makes the editor ask for those of every open script."""

_SEVERITIES = {
    "information": types.DiagnosticSeverity.Information,
    "warning": types.DiagnosticSeverity.Warning,
    "error": types.DiagnosticSeverity.Error,
}
_TOP = types.Range(types.Position(0, 0), types.Position(0, 0))


@define(eq=False)
class _Shown:
    """What is shown of the newest run of a script. `marks` is None while the places are being looked for."""

    run: TrackedRun
    script: Parsed
    marks: Marks | None = None


class RunDisplay:
    """Shows the newest run of each script of the open documents.

    A document that holds several scripts, each with runs of its own, tells them apart by their names.
    """

    def __init__(self, server: CallsheetServer) -> None:
        self._server = server
        self._shown: dict[str, dict[str, _Shown]] = {}
        self._dirty: set[str] = set()
        self._lenses: dict[str, list[str]] = {}
        self._display = Throttle(DISPLAY_INTERVAL_S, self._show)
        self._lens_news = Throttle(LENS_INTERVAL_S, self._refresh_lenses)

    def changed(self, run: TrackedRun) -> None:
        """A run went on, came or went."""
        for document in self._server.documents.values():
            if _belongs(run, document):
                self.touched(document.uri)

    def taken_up(self, run: TrackedRun) -> None:
        """A run goes on, maybe with another script: its calls may stand elsewhere."""
        for uri, by_name in self._shown.items():
            for shown in by_name.values():
                if shown.run is run:
                    self._server.spawn(self._place(self._server.documents[uri], shown))

    def touched(self, uri: str) -> None:
        """What a document shows may be out of date: it was opened, or its runs changed."""
        self._dirty.add(uri)
        self._display.touch()

    def closed(self, uri: str) -> None:
        """A document was closed."""
        self._shown.pop(uri, None)
        self._lenses.pop(uri, None)

    def moved(self, uri: str, edits: Sequence[TreeEdit], source: Source) -> None:
        """A document was edited."""
        for shown in self._shown.get(uri, {}).values():
            if shown.marks is not None:
                shown.marks.moved(edits, source)

    def view(self, snapshot: Snapshot, script: Parsed) -> RunView | None:
        """The newest run of a script."""
        document = self._server.documents.get(snapshot.uri)
        shown = self._choose(document).get(_key(snapshot, script)) if document is not None else None
        if shown is None:
            return None
        run = shown.run
        agents = run.state.agents()
        changes = sum(1 for agent in agents if changes_ref(agent))
        failed = run.state.counts()["failed"]
        return RunView(run.run_id, run.status, summary_line(run.state, run.status), failed, changes)

    def diagnostics(self, snapshot: Snapshot) -> list[types.Diagnostic]:
        """State of the newest runs of a document, on the lines of their calls."""
        document = self._server.documents.get(snapshot.uri)
        if document is None or not self._server.settings.of(snapshot.path).run_diagnostics:
            return []
        found = []
        for shown in self._choose(document).values():
            for span, _, agents in _sites(shown):
                found.append(self._diagnostic(snapshot, shown.run, span, agents))
            if (failure := self._failure(snapshot, shown)) is not None:
                found.append(failure)
        return found

    def hints(self, snapshot: Snapshot, span: Span) -> list[Hint]:
        """Durations, tokens and costs of the last runs, behind the calls on the screen."""
        found = []
        for shown in self._shown.get(snapshot.uri, {}).values():
            for _, end, agents in _sites(shown):
                text = site_hint(agents)
                if text and span.start <= end <= span.end:
                    tooltip = "Longest duration, tokens and cost in the last run"
                    found.append(Hint(end, f" {text}", tooltip, of_run=True))
        return found

    def calls_at(self, snapshot: Snapshot, span: Span) -> list[tuple[TrackedRun, list[AgentState]]]:
        """The newest runs of a document, each with its agents whose calls stand on the lines of a span."""
        source = snapshot.source
        lines = range(source.line_of(span.start), source.line_of(span.end) + 1)
        found = []
        for shown in self._shown.get(snapshot.uri, {}).values():
            here = [agents for place, _, agents in _sites(shown) if source.line_of(place.start) in lines]
            if here:
                found.append((shown.run, [agent for agents in here for agent in agents]))
        return found

    def _show(self) -> None:
        dirty, self._dirty = self._dirty, set()
        refresh = False
        for uri in dirty:
            document = self._server.documents.get(uri)
            if document is None:
                continue
            shown = self._choose(document).values()
            self._server.analysis.publish(uri)
            told = [f"{one.run.status} {summary_line(one.run.state, one.run.status)}" for one in shown]
            refresh = refresh or self._lenses.get(uri, []) != told
            self._lenses[uri] = told
        if refresh:
            self._lens_news.touch()

    def _refresh_lenses(self) -> None:
        self._server.spawn(self._server.refresh_clients("codeLens"))

    def _choose(self, document: Document) -> dict[str, _Shown]:
        """The newest run of each script of a document, its places looked for where that is new."""
        before = self._shown.pop(document.uri, {})
        runs = [run for run in self._server.runs.all() if _belongs(run, document)]
        if not runs:
            return {}
        snapshot = document.snapshot()
        chosen: dict[str, _Shown] = {}
        for script in snapshot.scripts:
            key = _key(snapshot, script)
            newest = next((run for run in runs if key in {"", run.state.name}), None)
            if newest is None or key in chosen:
                continue
            shown = before.get(key)
            if shown is None or shown.run is not newest:
                shown = _Shown(newest, script)
                self._server.spawn(self._place(document, shown))
            shown.script = script
            chosen[key] = shown
        self._shown[document.uri] = chosen
        return chosen

    def _is_shown(self, document: Document, shown: _Shown) -> bool:
        return any(one is shown for one in self._shown.get(document.uri, {}).values())

    async def _place(self, document: Document, shown: _Shown) -> None:
        """Find the calls of a run in its document, which may have been edited since the run began."""
        script = await asyncio.to_thread(_read, shown.run.run_dir.script)
        while script is not None and self._is_shown(document, shown):
            source = document.source
            marks = await asyncio.to_thread(Marks, Source(script.decode("utf-8", "replace")), source)
            if document.source is source:
                shown.marks = marks
                self.touched(document.uri)
                await self._server.refresh_clients("inlayHint")
                return

    def _failure(self, snapshot: Snapshot, shown: _Shown) -> types.Diagnostic | None:
        """Why the newest run failed, where it did."""
        run = shown.run
        error = run.summary()["error"]
        was_ordered = run.state.status == "stopped"
        if error is None or run.live or was_ordered or shown.marks is None or error.get("file") is not None:
            return None
        line = error["line"]
        if line is not None:
            span = shown.marks.line_span(line, error["column"] or 1, snapshot.source)
        else:
            span = meta_span(shown.script)
        if span is None:
            return None
        severity = "error" if run.status == "failed" else "warning"
        return types.Diagnostic(
            range=self._server.positions.range(snapshot.source, span),
            message=f"The last run {run.status}: {error['message']}",
            severity=_SEVERITIES[severity],
            code=error["code"],
            source=SOURCE,
            data={"runId": run.run_id},
        )

    def _diagnostic(
        self, snapshot: Snapshot, run: TrackedRun, span: Span, agents: list[AgentState]
    ) -> types.Diagnostic:
        report = report_site(agents, simulated=run.state.simulated)
        related = list(_related(run, report.agents))
        return types.Diagnostic(
            range=self._server.positions.range(snapshot.source, span),
            message=report.text,
            severity=_SEVERITIES[report.severity],
            source=SOURCE,
            related_information=related or None,
            data={"runId": run.run_id, "calls": [agent.call for agent in report.agents]},
        )


def _related(run: TrackedRun, agents: Iterable[AgentState]) -> Iterator[types.DiagnosticRelatedInformation]:
    for agent in agents:
        if has_transcript(agent):
            transcript = types.Location(uri_of(run.run_dir.transcript(agent.call)), _TOP)
            yield types.DiagnosticRelatedInformation(transcript, agent_link(agent))
        worktree = worktree_path(agent)
        if worktree is not None:
            here = types.Location(uri_of(worktree), _TOP)
            yield types.DiagnosticRelatedInformation(here, f"Worktree of {agent.label}")


def _sites(shown: _Shown) -> Iterator[tuple[Span, int, list[AgentState]]]:
    """Call sites of a run that the document still has: the call's name, its end, the agents that it started."""
    if shown.marks is None:
        return
    by_site: dict[Place, list[AgentState]] = {}
    calls = shown.run.state.calls
    for agent in shown.run.state.agents():
        # What a nested workflow called stands in a file of its own; here it is the call of that workflow.
        call = agent if agent.file is None else calls.get(agent.parent or 0)
        if call is not None:
            by_site.setdefault(shown.marks.site(call.line, call.column), []).append(agent)
    for site, agents in by_site.items():
        span = shown.marks.span(site)
        if span is not None:
            yield (*span, agents)


def _key(snapshot: Snapshot, script: Parsed) -> str:
    """Tells the runs of a script from those of others in its document; empty for an only one."""
    return str(build_model(script).name) if len(snapshot.scripts) > 1 else ""


def _belongs(run: TrackedRun, document: Document) -> bool:
    """Whether a run is one of the document's."""
    if run.state.uri is not None and run.state.uri == document.uri:
        return True
    return run.state.path is not None and Path(run.state.path) in {document.path, document.real_path}


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
