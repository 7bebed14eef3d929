"""Keeps the diagnostics of every open document up to date, the newest text first.

Two tiers: what follows from the script's own text is checked with every change; the engine's own opinion on the syntax
and what depends on other files come after a pause in typing. Until then the last findings of the second tier stay,
moved along with the text, so that nothing flickers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import define, field
from callsheet.language.problem import Problem
from callsheet.language.source import TreeEdit
from callsheet.sandbox import SyntaxChecker
from lsprotocol import types

from callsheet_server.checks import check_fast, check_slow
from callsheet_server.documents import Snapshot
from callsheet_server.features import diagnostics

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer

PAUSE_S = 0.3
"""Seconds without a change after which the second tier runs."""


@define(eq=False)
class _State:
    """Findings of one document.

    Attributes:
        fast: findings of the first tier for `fast_for`.
        slow: findings of the second tier, moved along with the edits made since.
        slow_for: the text that the second tier saw.
    """

    fast: tuple[Problem, ...] = ()
    fast_for: Snapshot | None = None
    slow: tuple[Problem, ...] = ()
    slow_for: Snapshot | None = None
    pause: asyncio.TimerHandle | None = None
    published: tuple[object, ...] | None = None
    work: asyncio.Task[None] | None = field(default=None)


class Analysis:
    """Checks documents and publishes what it finds."""

    def __init__(self, server: CallsheetServer) -> None:
        self._server = server
        self._states: dict[str, _State] = {}
        self._dirty: dict[str, None] = {}
        self._scheduled = False
        self._pulled = False
        self._engine = SyntaxChecker()

    async def aclose(self) -> None:
        """End the engine's process."""
        await self._engine.aclose()

    def changed(self, uri: str, edits: Sequence[TreeEdit] = ()) -> None:
        """A document was opened or changed."""
        state = self._states.setdefault(uri, _State())
        if edits:
            state.slow = tuple(diagnostics.moved(problem, edits) for problem in state.slow)
        self._mark(uri)
        self._pause(uri, state)

    def closed(self, uri: str) -> None:
        """A document was closed: its problems go with it."""
        state = self._states.pop(uri, None)
        self._dirty.pop(uri, None)
        if state is not None and state.pause is not None:
            state.pause.cancel()
        self._server.publish(uri, None, [])

    def check_all(self) -> None:
        """Settings or other files changed."""
        for uri, state in self._states.items():
            state.fast_for = None
            self._mark(uri)
            self._pause(uri, state)

    def problems(self, snapshot: Snapshot) -> tuple[Problem, ...]:
        """Everything known about a document's text as it stands."""
        state = self._states.setdefault(snapshot.uri, _State())
        if state.fast_for is None or state.fast_for.source is not snapshot.source:
            state.fast = check_fast(snapshot, self._server.settings.of(snapshot.path))
            state.fast_for = snapshot
        known = {(problem.code, problem.span) for problem in state.fast}
        return (*state.fast, *(p for p in state.slow if (p.code, p.span) not in known))

    def pull(self, uri: str, previous: str | None) -> types.DocumentDiagnosticReport:
        """Answer a client that asks for a document's problems.

        From then on it is not sent what it asks for, so that it does not show everything twice.
        """
        snapshot = self._server.snapshot(uri)
        if snapshot is None:
            return types.RelatedFullDocumentDiagnosticReport(items=[])
        if self._server.flags.pulls_diagnostics and not self._pulled:
            self._pulled = True
            for other in self._states:
                self._mark(other)
        problems = self.problems(snapshot)
        result_id = f"{hash((snapshot.source.data, problems)) & 0xFFFFFFFFFFFFFFFF:016x}"
        if result_id == previous:
            return types.RelatedUnchangedDocumentDiagnosticReport(result_id=result_id)
        return types.RelatedFullDocumentDiagnosticReport(
            items=self.diagnostics(snapshot), result_id=result_id
        )

    def _mark(self, uri: str) -> None:
        self._dirty[uri] = None
        if not self._scheduled:
            self._scheduled = True
            # Behind the messages that have already arrived: of many changes only the last is checked.
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        self._scheduled = False
        dirty, self._dirty = list(self._dirty), {}
        for uri in dirty:
            self.publish(uri)

    def publish(self, uri: str) -> None:
        """Send the document's diagnostics in force, unless the client knows them."""
        snapshot = self._server.snapshot(uri)
        state = self._states.get(uri)
        if snapshot is None or state is None:
            return
        found = [] if self._pulled else self.diagnostics(snapshot)
        found += self._server.run_diagnostics(snapshot)
        key = (snapshot.version, *map(repr, found)) if found else (snapshot.version,)
        if key != state.published:
            state.published = key
            self._server.publish(uri, snapshot.version, found)

    def diagnostics(self, snapshot: Snapshot) -> list[types.Diagnostic]:
        """The document's problems as the client takes them."""
        return diagnostics.to_lsp(snapshot, self.problems(snapshot), self._server.positions)

    def _pause(self, uri: str, state: _State) -> None:
        if state.pause is not None:
            state.pause.cancel()
        loop = asyncio.get_running_loop()
        state.pause = loop.call_later(PAUSE_S, lambda: self._server.spawn(self._second_tier(uri, state)))

    async def _second_tier(self, uri: str, state: _State) -> None:
        snapshot = self._server.snapshot(uri)
        if snapshot is None or self._states.get(uri) is not state:
            return
        settings = self._server.settings.of(snapshot.path)
        folder = self._server.folders.base_of(snapshot.path)
        found = await check_slow(snapshot, state.fast, settings, folder, self._engine)
        document = self._server.documents.get(uri)
        if document is None or document.source is not snapshot.source:
            return
        state.slow = found
        state.slow_for = snapshot
        self.publish(uri)
        if self._pulled:
            await self._server.refresh_clients("diagnostic")
