"""Runs in words and in the shapes of the protocol: pure functions on a run's state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Literal

from attrs import frozen
from callsheet.errors import ReasonCode
from callsheet.runs.state import ACTIVE, AgentState, QuestionState, RunState, timestamp

from callsheet_server.features.run_actions import RunAction

Severity = Literal["information", "warning", "error"]

_WORDS: Final = {
    "running": "running",
    "pausing": "pausing",
    "stopping": "stopping",
    "paused": "paused",
    "stopped": "stopped",
    "completed": "completed",
    "completed_with_failures": "completed with failures",
    "failed": "failed",
}
_THROWING: Final = frozenset({ReasonCode.SCHEMA_NONCOMPLIANCE.value})
"""Reasons that reject the call; the others resolve to null (language, E1 and E2)."""

LISTED_AGENTS: Final = 20
"""Most agents of one call site that are linked one by one."""

ACTED_AGENTS: Final = 5
"""Most agents of one call site that actions are offered for."""


def agent_item(run_id: str, agent: AgentState) -> dict[str, Any]:
    """`callsheet/agent`."""
    return {
        "runId": run_id,
        **agent.item(),
        "activity": agent.activity,
        "startedAt": timestamp(agent.started_at) if agent.started_at is not None else None,
    }


def question_item(run_id: str, question: QuestionState) -> dict[str, Any]:
    """`callsheet/question`."""
    return {
        "runId": run_id,
        "call": question.call,
        "kind": question.kind,
        "question": question.question,
        "choices": question.choices,
        "default": question.default,
    }


def tokens(count: int) -> str:
    """A number of tokens in a few characters: `950 tok`, `4.1k tok`, `1.2M tok`."""
    if count < 1000:
        return f"{count} tok"
    if count < 1_000_000:
        return f"{count / 1000:.1f}k tok"
    return f"{count / 1_000_000:.1f}M tok"


def cost(usd: float | None) -> str:
    """A cost in US dollars, empty where no price is known."""
    if usd is None:
        return ""
    return f"${usd:.2f}" if usd >= 0.1 or usd == 0 else f"${usd:.4f}"


def duration(milliseconds: int) -> str:
    """A duration as people say it: `12.3 s`, `3 min 4 s`, `2 h 5 min`."""
    seconds = milliseconds / 1000
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def counts_line(counts: Mapping[str, int]) -> str:
    """Counts of a run, agents with a result of all: `3/12 agents, 1 failed`."""
    over = counts["done"] + counts["replayed"]
    words = f"{over}/{counts['total']} agents" if counts["total"] != 1 else f"{over}/1 agent"
    return f"{words}, {counts['failed']} failed" if counts["failed"] else words


def progress_line(state: RunState) -> str:
    """What the progress of a run says."""
    usage = state.usage()
    parts = [state.phase or "", counts_line(state.counts()), tokens(usage["total"]), cost(usage["cost"])]
    return " · ".join(part for part in parts if part)


def summary_line(state: RunState, status: str) -> str:
    """What the lens of a run says."""
    usage = state.usage()
    word = _WORDS.get(status, status)
    if state.simulated:
        word += " (simulated)"
    parts = [word, counts_line(state.counts()), tokens(usage["total"]), cost(usage["cost"])]
    if state.questions:
        parts.insert(1, f"{len(state.questions)} question{'s' if len(state.questions) > 1 else ''} waiting")
    return "Last run: " + " · ".join(part for part in parts if part)


@frozen
class SiteReport:
    """The state of the agents of one call site.

    Attributes:
        severity: how bad it is: error for a call that was rejected, warning for one that came back null.
        agents: the agents worth a link, failed ones first.
    """

    severity: Severity
    text: str
    agents: tuple[AgentState, ...]


def report_site(agents: Iterable[AgentState], *, simulated: bool) -> SiteReport:
    """The agents that one call site started, in one message."""
    every = list(agents)
    failed = [agent for agent in every if agent.status in {"failed", "skipped"}]
    severity: Severity = "information"
    if failed:
        rejected = any(agent.reason is not None and agent.reason["code"] in _THROWING for agent in failed)
        severity = "error" if rejected else "warning"
    text = _one(every[0]) if len(every) == 1 else _many(every, failed)
    if simulated:
        text += " (simulated)"
    order = sorted(
        every, key=lambda agent: (agent.status not in {"failed", "skipped"}, agent.status not in ACTIVE)
    )
    return SiteReport(severity, text, tuple(order[:LISTED_AGENTS]))


def _one(agent: AgentState) -> str:
    parts = [f"{agent.label}: {_status(agent)}"]
    if agent.status in ACTIVE and agent.activity:
        parts.append(agent.activity)
    if agent.status == "waiting" and not agent.activity:
        parts.append("waiting for the provider")
    parts += [agent.model or "", tokens(agent.tokens) if agent.tokens else "", cost(agent.usage["cost"])]
    if agent.duration_ms:
        parts.append(duration(agent.duration_ms))
    if ref := changes_ref(agent):
        parts.append(f"changes in {ref}")
    elif (path := worktree_path(agent)) is not None:
        parts.append(f"worktree {path}")
    return " · ".join(part for part in parts if part)


def _status(agent: AgentState) -> str:
    if agent.status in {"failed", "skipped"} and agent.reason is not None:
        return f"{agent.status}: {agent.reason['message']}"
    return agent.status


def _many(every: list[AgentState], failed: list[AgentState]) -> str:
    counts: dict[str, int] = {}
    for agent in every:
        counts[agent.status] = counts.get(agent.status, 0) + 1
    numbers = ", ".join(f"{count} {status}" for status, count in counts.items())
    known = [agent.usage["cost"] for agent in every if agent.usage["cost"] is not None]
    parts = [f"{len(every)} agents: {numbers}", tokens(sum(agent.tokens for agent in every))]
    parts.append(cost(sum(known)) if known else "")
    if failed and failed[0].reason is not None:
        parts.append(f"{failed[0].label}: {failed[0].reason['message']}")
    return " · ".join(part for part in parts if part)


def site_hint(agents: Iterable[AgentState]) -> str:
    """Duration, tokens and cost of a call site, for the end of its line; empty while any works, or when none did."""
    every = list(agents)
    longest = max((agent.duration_ms for agent in every), default=0)
    spent = sum(agent.tokens for agent in every)
    if any(agent.status in ACTIVE for agent in every) or not (longest or spent):
        return ""
    known = [agent.usage["cost"] for agent in every if agent.usage["cost"] is not None]
    parts = [f"{len(every)} agents" if len(every) > 1 else "", duration(longest)]
    parts += [tokens(spent), cost(sum(known)) if known else ""]
    return " · ".join(part for part in parts if part)


def agent_link(agent: AgentState) -> str:
    """How a link to an agent's transcript is called."""
    return f"#{agent.call} {agent.label}: {_status(agent)}"


def has_transcript(agent: AgentState) -> bool:
    """Whether there is a transcript to look at: one begins with the first try."""
    return agent.attempt > 0


def changes_ref(agent: AgentState) -> str | None:
    """The ref that holds what the agent changed in its worktree, while there is one."""
    return agent.worktree["ref"] if agent.worktree is not None else None


def worktree_path(agent: AgentState) -> Path | None:
    """The agent's worktree while it lives."""
    if agent.worktree is None or agent.status not in ACTIVE:
        return None
    return Path(agent.worktree["path"])


def agent_actions(run_id: str, agents: Iterable[AgentState]) -> list[RunAction]:
    """What can be done with the agents of a call site; of many those that need it most."""
    every = sorted(
        agents, key=lambda agent: (agent.status not in ACTIVE, agent.status not in {"failed", "skipped"})
    )
    actions = []
    for agent in every[:ACTED_AGENTS]:
        place: dict[str, Any] = {"runId": run_id, "call": agent.call}
        if agent.status in ACTIVE:
            actions.append(RunAction(f"Skip agent {agent.label}", "callsheet.skipAgent", place))
        if changes_ref(agent):
            shown = {**place, "action": "diff"}
            actions.append(RunAction(f"Show changes of {agent.label}", "callsheet.changes", shown))
        if has_transcript(agent):
            actions.append(RunAction(f"Open transcript of {agent.label}", "callsheet.transcript", place))
    return actions
