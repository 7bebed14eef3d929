"""Progress as plain lines: for pipes, logs and terminals that cannot redraw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import IO, Any, Final

from callsheet.cli.text import (
    SIMULATED,
    agent_ending,
    counted,
    duration,
    error_text,
    joined,
    one_line,
    printable,
    result_text,
    spent,
    status_words,
)
from callsheet.runs.state import RunState
from callsheet.runs.store import StoredRun

GO_ON: Final = {
    "stopped": "Go on",
    "paused": "Go on",
    "failed": "Mend the cause and go on",
    "completed_with_failures": "Run again what failed",
}
"""What a resume does for a run that has something left to do."""

_MAX_LOST: Final = 20
"""How many agents without a result the end of a run names."""


class LinesView:
    """Writes one line for each thing that happens.

    Args:
        stream: where the lines go.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._phase: str | None = None

    def caught_up(self, state: RunState) -> None:
        """Tell how a run stands whose beginning was not shown."""
        self._announce(state, "attached")
        self._phase = state.phase
        self.say(f"  {joined(status_words(state.status), counted(state), spent(state.usage()))}")
        for question in state.questions.values():
            self._question(
                state, {"n": question.call, "question": question.question, "choices": question.choices}
            )

    def news(self, state: RunState, record: Mapping[str, Any]) -> None:
        """Tell of one record that `state` has taken in."""
        if (tell := _TELLERS.get(record["k"])) is not None:
            tell(self, state, record)

    def tick(self, state: RunState) -> None:
        """Plain lines do not move."""

    def suspend(self) -> None:
        """Make way for a question; lines are never in the way."""

    def resume(self) -> None:
        """The question has been answered."""

    def finish(self, run: StoredRun) -> None:
        """Tell how the run ended."""
        for line in ending(run):
            self.say(line)

    def say(self, line: str) -> None:
        print(line, file=self._stream, flush=True)

    def _segment(self, state: RunState, record: Mapping[str, Any]) -> None:
        self._announce(state, "resumed" if record["resume"] else "started")

    def _announce(self, state: RunState, verb: str) -> None:
        self.say(f"{one_line(state.name)}: run {state.run_id} {verb}")
        if state.simulated:
            self.say(f"  {SIMULATED}")

    def _agent_phase(self, title: str | None) -> None:
        if title is not None and title != self._phase:
            self._phase = title
            self.say(f"{one_line(title)}")

    def _phase_record(self, state: RunState, record: Mapping[str, Any]) -> None:
        self._agent_phase(record["title"])

    def _start(self, state: RunState, record: Mapping[str, Any]) -> None:
        agent = state.calls.get(record["n"])
        if agent is None or agent.kind != "agent":
            return
        again = f", try {record['attempt']}" if record["attempt"] > 1 else ""
        place = record.get("worktree")
        where = f", in {place['path']}" if place else ""
        self.say(f"  #{agent.call} {one_line(agent.label)}: started{again}{_with(agent.model)}{where}")

    def _again(self, state: RunState, record: Mapping[str, Any]) -> None:
        agent = state.calls.get(record["n"])
        if agent is not None and agent.kind == "agent" and record["replay"]:
            self.say(f"  #{agent.call} {one_line(agent.label)}: {agent.status}")

    def _fork(self, state: RunState, record: Mapping[str, Any]) -> None:
        self.say(f"  {fork_text(state)}")

    def _done(self, state: RunState, record: Mapping[str, Any]) -> None:
        agent = state.calls.get(record["n"])
        if agent is not None and agent.kind == "agent":
            self.say(f"  #{agent.call} {one_line(agent.label)}: {agent_ending(agent)}")

    def _progress(self, state: RunState, record: Mapping[str, Any]) -> None:
        agent = state.calls.get(record["n"])
        if agent is not None and record.get("waiting") and record.get("text"):
            self.say(f"  #{agent.call} {one_line(agent.label)}: waiting: {one_line(record['text'])}")

    def _log(self, state: RunState, record: Mapping[str, Any]) -> None:
        prefix = "warning: " if record["level"] == "warning" else ""
        self.say(f"  {prefix}{printable(record['text'])}")

    def _question(self, state: RunState, record: Mapping[str, Any]) -> None:
        choices = record.get("choices")
        self.say(f"  question #{record['n']}: {one_line(record['question'], 2000)}")
        if choices:
            self.say(f"    one of: {', '.join(one_line(str(choice)) for choice in choices)}")
        self.say(f"    answer it with: callsheet answer {state.run_id} {record['n']} VALUE")

    def _state(self, state: RunState, record: Mapping[str, Any]) -> None:
        self.say(f"  {record['status']}")


_TELLERS: dict[str, Callable[[LinesView, RunState, Mapping[str, Any]], None]] = {
    "segment": LinesView._segment,
    "phase": LinesView._phase_record,
    "start": LinesView._start,
    "again": LinesView._again,
    "fork": LinesView._fork,
    "done": LinesView._done,
    "progress": LinesView._progress,
    "log": LinesView._log,
    "question": LinesView._question,
    "state": LinesView._state,
}


def _with(model: str | None) -> str:
    return f" ({model})" if model else ""


def fork_text(state: RunState) -> str:
    """Where a resumed run left its history."""
    fork = state.fork
    if fork is None:
        return ""
    expected = f"`{one_line(fork.expected, 60)}`" if fork.expected else "no further call"
    differs = f" ({', '.join(fork.differs)} differs)" if fork.differs else ""
    lost = f"; {fork.forgotten} recorded results no longer apply" if fork.forgotten else ""
    return (
        f"call #{fork.call} on line {fork.line} is the first that differs: the history has {expected}, "
        f"the script calls `{one_line(fork.actual, 60)}`{differs}; from here on calls run live{lost}"
    )


def ending(run: StoredRun) -> list[str]:
    """How a run stands or ended: its status and figures, what went wrong, what to do now, and its result."""
    state, status = run.state, run.status
    facts = joined(duration(run.elapsed_ms()), counted(state), spent(state.usage()))
    lines = [f"{status_words(status)} · {facts}"]
    if state.simulated:
        lines.append(SIMULATED)
    lost = [agent for agent in state.agents() if agent.status in ("failed", "skipped")]
    lines += [f"  #{agent.call} {one_line(agent.label)}: {agent_ending(agent)}" for agent in lost[:_MAX_LOST]]
    if len(lost) > _MAX_LOST:
        lines.append(f"  … {len(lost) - _MAX_LOST} more; see them with: callsheet show {run.run_id}")
    if run.error is not None:
        lines.append(error_text(run.error, state.path))
    if any(agent.worktree and agent.worktree["ref"] for agent in state.agents()):
        lines.append(f"Agents left changes: callsheet changes {run.run_id}")
    if status in GO_ON and run.damage is None:
        lines.append(f"{GO_ON[status]} with: callsheet resume {run.run_id}")
    if status.startswith("completed"):
        lines += ["result:", result_text(state.result)]
    return lines
