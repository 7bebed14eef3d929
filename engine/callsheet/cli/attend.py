"""Attends a run from a terminal or a pipe: shows its progress, asks its questions, stops it on Ctrl-C.

Everything shown comes from the run's journal, so that it looks alike whoever started the run, and leaving it ends
nothing.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from callsheet.cli.exits import OF_RUN, Exit
from callsheet.runs.control import NotRunning, Refused, kill_runner, request_async
from callsheet.runs.follow import POLL_S, JournalTail, follow
from callsheet.runs.rundir import RunDir
from callsheet.runs.state import QuestionState, RunState
from callsheet.runs.store import StoredRun


class View(Protocol):
    """Shows a run as it goes."""

    def caught_up(self, state: RunState) -> None:
        """Tell how a run stands whose beginning was not shown."""

    def news(self, state: RunState, record: Mapping[str, Any]) -> None:
        """Tell of one record that `state` has taken in."""

    def tick(self, state: RunState) -> None:
        """Time passes."""

    def suspend(self) -> None:
        """Make way for a question."""

    def resume(self) -> None:
        """The question has been answered."""

    def say(self, line: str) -> None:
        """Tell one line of the command line's own."""

    def finish(self, run: StoredRun) -> None:
        """Tell how the run ended."""


class Silent:
    """Shows nothing, for `--json`."""

    def caught_up(self, state: RunState) -> None: ...

    def news(self, state: RunState, record: Mapping[str, Any]) -> None: ...

    def tick(self, state: RunState) -> None: ...

    def suspend(self) -> None: ...

    def resume(self) -> None: ...

    def say(self, line: str) -> None:
        print(line, file=sys.stderr)

    def finish(self, run: StoredRun) -> None: ...


def choose_view(*, silent: bool) -> View:
    """The view that fits where standard output goes."""
    if silent:
        return Silent()
    if sys.stdout.isatty():
        from rich.console import Console

        console = Console()
        if console.is_terminal and not console.is_dumb_terminal:
            from callsheet.cli.live import LiveView

            return LiveView(console)
    from callsheet.cli.lines import LinesView

    return LinesView(sys.stdout)


def on_terminal() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def hold_interrupts() -> None:
    """Let a Ctrl-C wait until `attend` can act on it: a run that is being started must not be left without its stop."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def attend(
    run_dir: RunDir,
    view: View,
    *,
    ask: bool,
    owner: bool,
    tail: JournalTail | None = None,
    state: RunState | None = None,
) -> tuple[StoredRun, Exit]:
    """Follow a run until nobody runs it any more.

    Args:
        run_dir: the run.
        view: shows it.
        ask: whether to ask the person here when a checkpoint waits.
        owner: whether Ctrl-C stops the run; otherwise it leaves the run alone and only ends the following.
        tail: a reader of the run's journal, and `state` what it has read so far; what lies behind is not shown.
        state: see `tail`.

    Returns:
        The run as it then stands, and the exit status for it.
    """
    attendant = _Attendant(run_dir, view, ask=ask, owner=owner, tail=tail, state=state)
    left = asyncio.run(attendant.run())
    run = StoredRun(run_dir, attendant.state, held=left)
    if left:
        return run, Exit.STOPPED
    view.finish(run)
    return run, OF_RUN.get(run.status, Exit.FAILED)


class _Attendant:
    def __init__(
        self,
        run_dir: RunDir,
        view: View,
        *,
        ask: bool,
        owner: bool,
        tail: JournalTail | None,
        state: RunState | None,
    ) -> None:
        self._run_dir = run_dir
        self._view = view
        self._ask = ask
        self._owner = owner
        self._tail = tail or JournalTail(run_dir.journal)
        self.state = state or RunState()
        self._interrupts = 0
        self._left = asyncio.Event()
        self._asked: asyncio.Task[None] | None = None
        self._question = 0
        self._answered: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> bool:
        """Follow to the end; returns whether the person left before it."""
        following = asyncio.create_task(self._follow())
        leaving = asyncio.create_task(self._left.wait())
        with self._interruptible():
            await asyncio.wait({following, leaving}, return_when=asyncio.FIRST_COMPLETED)
        for task in (leaving, following, *self._tasks):
            task.cancel()
        await asyncio.gather(leaving, following, *self._tasks, return_exceptions=True)
        self._view.suspend()
        if not following.cancelled() and (error := following.exception()):
            raise error
        return self._left.is_set()

    async def _follow(self) -> None:
        ticking = self._spawn(self._tick())
        async for news in follow(self._run_dir, tail=self._tail):
            if news.restarted:
                self.state = RunState()
            for record in news.records:
                self.state.apply(record)
                self._view.news(self.state, record)
            self._ask_if_needed()
        ticking.cancel()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(4 * POLL_S)
            self._view.tick(self.state)

    def _spawn(self, work: Any) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, self._interrupt)
        loop.add_signal_handler(signal.SIGTERM, self._interrupt)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            loop.remove_signal_handler(signal.SIGINT)
            loop.remove_signal_handler(signal.SIGTERM)
            # A second Ctrl-C that comes late has nothing left to kill; how the run ended must still be told.
            signal.signal(signal.SIGINT, signal.SIG_IGN)

    def _interrupt(self) -> None:
        if not self._owner:
            self._view.suspend()
            self._view.say(f"Left run {self._run_dir.run_id}, which goes on. End it with: callsheet stop")
            self._left.set()
            return
        self._interrupts += 1
        self._spawn(self._stop(hard=self._interrupts > 1))

    async def _stop(self, *, hard: bool) -> None:
        if not hard:
            self._view.say("Stopping; what finished is kept. Press Ctrl-C again to kill.")
        while True:
            try:
                await request_async(self._run_dir.socket, "stop", hard=hard)
            except NotRunning:
                if hard:
                    kill_runner(self._run_dir)
                # It may not listen yet; when it has ended, following ends too and this with it.
                await asyncio.sleep(POLL_S)
            else:
                return

    def _ask_if_needed(self) -> None:
        if not self._ask:
            return
        questions = self.state.questions
        if self._asked is not None and self._question not in questions.keys() | self._answered:
            self._asked.cancel()
            self._view.say("Answered elsewhere.")
        elif self._asked is None and (open_ones := questions.keys() - self._answered):
            self._question = min(open_ones)
            self._asked = self._spawn(self._answer(questions[self._question]))

    async def _answer(self, question: QuestionState) -> None:
        from callsheet.cli.ask import ask_person

        self._view.suspend()
        try:
            while True:
                value = await ask_person(question)
                self._answered.add(question.call)
                try:
                    await request_async(self._run_dir.socket, "answer", call=question.call, value=value)
                except Refused as error:
                    self._answered.discard(question.call)
                    self._view.say(error.message)
                else:
                    break
        except NotRunning:
            pass
        finally:
            self._asked = None
            self._view.resume()
        self._ask_if_needed()
