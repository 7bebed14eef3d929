"""Keeps the diagnostics of every open document up to date, the newest text first.

Two tiers: what follows from the script's own text is checked with every change; the engine's own opinion on the syntax
and what depends on other files come after a pause in typing. Until then the last findings of the second tier stay,
moved along with the text, so that nothing flickers.

The first tier is done at once for scripts that take little time, in slices between other work for long ones, and not at
all for an edit that changes nothing but white space and comments: what was found moves along.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from attrs import define, evolve, field
from callsheet.language.problem import Problem
from callsheet.language.source import Source, TreeEdit
from callsheet.language.trivia import same_code
from callsheet.sandbox import SyntaxChecker
from lsprotocol import types

from callsheet_server.checks import check_fast, check_sliced, check_slow
from callsheet_server.documents import Snapshot
from callsheet_server.features import diagnostics

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer

Report = types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport

PAUSE_S = 0.3
"""Seconds without a change after which the second tier runs."""

AT_ONCE_S = 0.01
"""A script whose check takes longer than this is checked in slices."""

COST_S_PER_BYTE = 5e-7
"""Time that a check takes, until a document's first one has told."""


@define(eq=False)
class _State:
    """Findings of one document.

    Attributes:
        fast: findings of the first tier.
        fast_for: the text that they belong to.
        exact: whether they were found in that text, not moved to it.
        slow: findings of the second tier, moved along with the edits made since.
        edits: made since `fast_for`.
        cost_s: time that the last whole check took; None before the first.
        work: the sliced check under way.
    """

    fast: tuple[Problem, ...] = ()
    fast_for: Snapshot | None = None
    exact: bool = False
    slow: tuple[Problem, ...] = ()
    edits: list[TreeEdit] = field(factory=list)
    cost_s: float | None = None
    work: asyncio.Task[None] | None = None
    pause: asyncio.TimerHandle | None = None
    published: tuple[object, ...] | None = None


KEPT_TREES = 6
"""How many documents keep their trees between two changes; those of others are made again when they are needed."""


class Analysis:
    """Checks documents and publishes what it finds."""

    def __init__(self, server: CallsheetServer) -> None:
        self._server = server
        self._states: dict[str, _State] = {}
        self._dirty: dict[str, None] = {}
        self._scheduled = False
        self._pulled = False
        self._engine = SyntaxChecker()
        self._recent: dict[str, None] = {}
        self._one_at_a_time = asyncio.Lock()

    async def aclose(self) -> None:
        """End the engine's process."""
        await self._engine.aclose()

    def changed(self, uri: str, edits: Sequence[TreeEdit] = ()) -> None:
        """A document was opened or changed."""
        state = self._states.setdefault(uri, _State())
        state.edits += edits
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
        if state is not None and state.work is not None:
            state.work.cancel()
        self._server.publish(uri, None, [])

    def check_all(self) -> None:
        """Settings or other files changed."""
        for uri, state in self._states.items():
            state.fast_for = None
            self._mark(uri)
            self._pause(uri, state)
        if self._pulled:
            self._server.spawn(self._server.refresh_clients("diagnostic"))

    def known(self, snapshot: Snapshot) -> tuple[Problem, ...] | None:
        """The problems of a document's text as it stands; None while a long script is still being checked."""
        state = self._states.setdefault(snapshot.uri, _State())
        if not self._is_current(state, snapshot) and not self._take_over(state, snapshot):
            cost_s = len(snapshot.source.data) * COST_S_PER_BYTE if state.cost_s is None else state.cost_s
            if cost_s > AT_ONCE_S:
                return None
            started = time.perf_counter()
            found = check_fast(snapshot, self._server.settings.of(snapshot.path))
            state.cost_s = time.perf_counter() - started
            self._settle(state, snapshot, found)
        return _merged(state)

    async def complete(self, snapshot: Snapshot) -> tuple[Problem, ...]:
        """The same, waiting for the check of a long script."""
        found = self.known(snapshot)
        while found is None:
            state = self._states[snapshot.uri]
            if state.work is None or state.work.done():
                state.work = self._server.spawn(self._check_sliced(snapshot.uri, state))
            await asyncio.wait({state.work})
            current = self._server.snapshot(snapshot.uri)
            if current is None:
                return ()
            found = self.known(current)
        return found

    def _is_current(self, state: _State, snapshot: Snapshot) -> bool:
        return state.fast_for is not None and state.fast_for.source is snapshot.source

    def _take_over(self, state: _State, snapshot: Snapshot) -> bool:
        """Move what was found along with edits of white space and comments."""
        before, edits = state.fast_for, state.edits
        if before is None or len(before.scripts) != 1 or len(snapshot.scripts) != 1:
            return False
        if not same_code(before.scripts[0], snapshot.scripts[0], edits):
            return False
        state.fast = tuple(diagnostics.moved(problem, edits, with_fixes=True) for problem in state.fast)
        state.fast_for, state.edits, state.exact = snapshot, [], False
        return True

    def _settle(self, state: _State, snapshot: Snapshot, found: tuple[Problem, ...]) -> None:
        state.fast, state.fast_for, state.edits, state.exact = found, snapshot, [], True

    async def _check_sliced(self, uri: str, state: _State) -> None:
        """Check a long script; a newer text makes it begin anew."""
        while (snapshot := self._server.snapshot(uri)) is not None and self._states.get(uri) is state:
            if self._is_current(state, snapshot) and state.exact:
                return
            started = time.perf_counter()
            settings = self._server.settings.of(snapshot.path)
            found = await check_sliced(snapshot, settings, partial(self._is_text, uri, snapshot.source))
            if found is not None and self._is_text(uri, snapshot.source):
                state.cost_s = time.perf_counter() - started
                self._settle(state, snapshot, found)
                self.publish(uri)
                return

    def _is_text(self, uri: str, source: Source) -> bool:
        """Whether this is the text of a document as it stands."""
        document = self._server.documents.get(uri)
        return document is not None and document.source is source

    def pull(self, snapshot: Snapshot, problems: tuple[Problem, ...], previous: str | None) -> Report:
        """Answer a client that asks for a document's problems.

        From then on it is not sent what it asks for, so that it does not show everything twice.
        """
        if self._server.flags.pulls_diagnostics and not self._pulled:
            self._pulled = True
            for other in self._states:
                self._mark(other)
        result_id = f"{hash((snapshot.source.data, problems)) & 0xFFFFFFFFFFFFFFFF:016x}"
        if result_id == previous:
            return types.RelatedUnchangedDocumentDiagnosticReport(result_id=result_id)
        items = diagnostics.to_lsp(snapshot, problems, self._server.positions)
        return types.RelatedFullDocumentDiagnosticReport(items=items, result_id=result_id)

    def _mark(self, uri: str) -> None:
        self._dirty[uri] = None
        if not self._scheduled:
            self._scheduled = True
            # Behind the messages that have already arrived: of many changes only the last is checked.
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        uri = next(iter(self._dirty), None)
        self._scheduled = uri is not None
        if uri is not None:
            del self._dirty[uri]
            # One document a turn: where all are checked anew, nobody waits for the last of them.
            asyncio.get_running_loop().call_soon(self._flush)
            self.publish(uri)

    def publish(self, uri: str) -> None:
        """Send the document's diagnostics in force, unless the client knows them."""
        snapshot = self._server.snapshot(uri)
        state = self._states.get(uri)
        if snapshot is None or state is None:
            return
        problems = () if self._pulled else self.known(snapshot)
        if problems is None:
            if state.work is None or state.work.done():
                state.work = self._server.spawn(self._check_sliced(uri, state))
            return
        self._remember(uri)
        of_run = self._server.run_diagnostics(snapshot)
        told = (snapshot.version, problems, of_run)
        if told != state.published:
            state.published = told
            found = diagnostics.to_lsp(snapshot, problems, self._server.positions)
            self._server.publish(uri, snapshot.version, found + of_run)

    def _pause(self, uri: str, state: _State) -> None:
        if state.pause is not None:
            state.pause.cancel()
        loop = asyncio.get_running_loop()
        state.pause = loop.call_later(PAUSE_S, lambda: self._server.spawn(self._second_tier(uri, state)))

    async def _second_tier(self, uri: str, state: _State) -> None:
        async with self._one_at_a_time:
            await self._look_further(uri, state)

    async def _look_further(self, uri: str, state: _State) -> None:
        snapshot = self._server.snapshot(uri)
        if snapshot is None or self._states.get(uri) is not state:
            return
        if not state.exact or not self._is_current(state, snapshot):
            await self._check_sliced(uri, state)
        settings = self._server.settings.of(snapshot.path)
        folder = self._server.folders.base_of(snapshot.path)
        found = await check_slow(snapshot, state.fast, settings, folder, self._engine)
        self._remember(uri)
        if not self._is_text(uri, snapshot.source) or found == state.slow:
            return
        state.slow = found
        self.publish(uri)
        if self._pulled:
            await self._server.refresh_clients("diagnostic")

    def _remember(self, uri: str) -> None:
        """Note that a document was worked on; the one that was left alone longest gives up what it can."""
        self._recent.pop(uri, None)
        self._recent[uri] = None
        if len(self._recent) > KEPT_TREES:
            oldest = next(iter(self._recent))
            del self._recent[oldest]
            document, state = self._server.documents.get(oldest), self._states.get(oldest)
            if document is not None:
                document.relax()
            if state is not None and state.fast_for is not None:
                state.fast_for = evolve(state.fast_for, scripts=())


def _merged(state: _State) -> tuple[Problem, ...]:
    known = {(problem.code, problem.span) for problem in state.fast}
    return (*state.fast, *(problem for problem in state.slow if (problem.code, problem.span) not in known))
