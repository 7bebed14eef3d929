"""One run under watch: its state, and what of it the client has been told."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from callsheet.runs.follow import JournalTail
from callsheet.runs.rundir import RunDir
from callsheet.runs.state import ACTIVE, RunState
from callsheet.runs.store import RunStore, StoredRun

from callsheet_server.runs.present import agent_item, progress_line, question_item
from callsheet_server.runs.progress import RunProgress
from callsheet_server.runs.throttle import Throttle

if TYPE_CHECKING:
    from callsheet_server.runs.board import RunBoard
    from callsheet_server.server import CallsheetServer

RUN_INTERVAL_S = 0.1
AGENT_INTERVAL_S = 0.05
"""Agents are told more often than the run, so that each is seen within 100 ms, whatever else happened."""


class TrackedRun:
    """A run of the workspace.

    Attributes:
        state: what its journal says so far.
        live: whether somebody runs it.
    """

    def __init__(self, server: CallsheetServer, board: RunBoard, run_dir: RunDir) -> None:
        self._server = server
        self._board = board
        self.run_dir = run_dir
        self.tail = JournalTail(run_dir.journal)
        self.state = RunState()
        self.live = False
        self._ending: dict[str, Any] | None = None
        self._progress: RunProgress | None = None
        self._told_run: dict[str, Any] | None = None
        self._told_agents: dict[int, dict[str, Any]] = {}
        self._changed: set[int] = set()
        self._told_questions: set[int] = set()
        self._told_logs = 0
        self._run_news = Throttle(RUN_INTERVAL_S, self._tell_run)
        self._agent_news = Throttle(AGENT_INTERVAL_S, self._tell_agents)

    @property
    def run_id(self) -> str:
        return self.run_dir.run_id

    @property
    def status(self) -> str:
        """How it stands: as the journal says, or stopped when its runner died."""
        return "stopped" if not self.live and not self.state.ended else self.state.status

    def summary(self) -> dict[str, Any]:
        """`callsheet/run`; `questions` are the calls that wait for an answer, so that one given elsewhere shows."""
        if self._ending is not None and not self.live:
            shape = self._ending
        else:
            shape = {**self.state.summary(time.time()), "runId": self.run_id, "status": self.status}
        uri = self._server.folders.as_opened(shape["uri"])
        return {**shape, "uri": uri, "questions": sorted(self.state.questions)}

    def load(self) -> None:
        """Read what there is of a run that began before. Call it off the event loop.

        Raises:
            UnknownRun: it has been removed.
        """
        stored = stored_run(self.run_dir)
        self.state, self.live = stored.state, stored.held
        self.tail = JournalTail(self.run_dir.journal, stored.size_bytes)
        self._told_logs = len(self.state.logs)
        if not self.live:
            self._ending = stored.summary()

    def begin(self) -> None:
        """Somebody runs it: what is known of it is told."""
        self.live = True
        self._ending = None
        if self.state.run_id:
            self._changed.update(self.state.calls)
            self._tell_news()

    def take(self, records: tuple[dict[str, Any], ...]) -> None:
        """Further records of its journal."""
        for record in records:
            self.state.apply(record)
            if record["k"] in {"segment", "fork", "end"}:
                self._changed.update(self.state.calls)
                if record["k"] == "segment":
                    self._told_logs = 0
                    self._told_questions.clear()
                    if record["resume"]:
                        self._board.display.taken_up(self)
            elif "n" in record:
                self._changed.add(record["n"])
        if self.live:
            self._tell_news()

    def restart(self) -> None:
        """The journal was replaced: what was read before is void."""
        self.state = RunState()
        self._told_agents.clear()
        self._told_logs = 0

    def end(self, stored: StoredRun | None) -> None:
        """Nobody runs it any more.

        Args:
            stored: how its folder tells of it; None for a run that was removed.
        """
        self.live = False
        if stored is not None:
            self._ending = stored.summary()
            if stored.damage is not None:
                # Whoever looks from now on sees only what a resume could build on.
                self.state = stored.state
        self._changed.update(call.call for call in self.state.calls.values() if call.status in ACTIVE)
        self.state.break_off()
        self._agent_news.cancel()
        self._run_news.cancel()
        if stored is not None:
            self._tell_agents()
            self._tell_run()
        if self._progress is not None:
            self._progress.end(progress_line(self.state) if stored is not None else "removed")
            self._progress = None

    def keep_changes(self, refs: set[str]) -> None:
        """Forget the changes that were dropped since the journal told of them.

        Args:
            refs: every ref of the project that holds a change.
        """
        for agent in self.state.agents():
            if agent.worktree is not None and (ref := agent.worktree["ref"]) and ref not in refs:
                agent.worktree = {"path": agent.worktree["path"], "ref": None}
                self._changed.add(agent.call)

    def tell_agents(self) -> None:
        """Tell now of agents that changed."""
        if self._changed:
            self._tell_agents()
            self._board.display.changed(self)

    def close(self) -> None:
        """Nothing more is told of it; the run stays."""
        self._agent_news.cancel()
        self._run_news.cancel()
        if self._progress is not None:
            self._progress.end("")
            self._progress = None

    def detail(self) -> dict[str, Any]:
        """`callsheet.showRun`."""
        state = self.state
        return {
            **self.summary(),
            "questions": [question_item(self.run_id, question) for question in state.questions.values()],
            "agents": [agent_item(self.run_id, agent) for agent in state.agents()],
            "logs": list(state.logs),
            "phases": list(state.phases),
            "declaredPhases": list(state.declared_phases),
            "result": state.result,
            "folder": str(self.run_dir.path),
        }

    def _tell_news(self) -> None:
        if self._progress is None:
            title = f"{self.state.name or 'workflow'}{' (simulated)' if self.state.simulated else ''}"
            self._progress = RunProgress(self._server, self.run_id, title)
        counts = self.state.counts()
        over = counts["done"] + counts["replayed"] + counts["failed"]
        self._progress.update(progress_line(self.state), 100 * over // max(1, counts["total"]))
        self._tell_logs()
        self._tell_questions()
        self._agent_news.touch()
        self._run_news.touch()
        self._board.display.changed(self)

    def _tell_logs(self) -> None:
        for line in self.state.logs[self._told_logs :]:
            self._server.protocol.notify("callsheet/log", {"runId": self.run_id, "line": line})
        self._told_logs = len(self.state.logs)

    def _tell_questions(self) -> None:
        for call, question in self.state.questions.items():
            if call not in self._told_questions:
                self._told_questions.add(call)
                self._server.protocol.notify("callsheet/question", question_item(self.run_id, question))
        self._told_questions &= self.state.questions.keys()

    def _tell_run(self) -> None:
        # Agents first: a run that is over has none at work.
        self._agent_news.flush()
        summary = self.summary()
        if summary != self._told_run:
            self._told_run = summary
            self._server.protocol.notify("callsheet/run", summary)

    def _tell_agents(self) -> None:
        changed, self._changed = self._changed, set()
        for number in sorted(changed):
            agent = self.state.calls.get(number)
            if agent is None or agent.kind != "agent":
                continue
            item = agent_item(self.run_id, agent)
            if item != self._told_agents.get(number):
                self._told_agents[number] = item
                self._server.protocol.notify("callsheet/agent", item)


def stored_run(run_dir: RunDir) -> StoredRun:
    """A run as its folder tells of it. Touches files: call it off the event loop.

    Raises:
        UnknownRun: it has been removed.
    """
    return RunStore(run_dir.root).load(run_dir.run_id)
