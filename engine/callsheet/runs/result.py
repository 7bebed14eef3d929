"""How a run ended, in the protocol's shape."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from callsheet.runs.records import ErrorInfo
from callsheet.runs.state import RunState


@frozen
class RunResult:
    """A finished, paused or refused run.

    Attributes:
        run_id: the run's id, None when it was refused before anything was written.
        status: `completed`, `completed_with_failures`, `failed`, `stopped`, `paused` or `refused`.
        result: what the script returned, as JSON.
        error: code, message and position when the run failed, stopped or was refused.
        agents: one object for each agent, as `run --json` prints them.
        usage: tokens and cost of all agents.
        logs: lines of `log()` and of the engine.
        phases: titles in order of first use.
        duration_ms: time the run was worked on.
        simulated: whether the answers were made up, by request or for want of a model.
    """

    run_id: str | None
    status: str
    result: Any = None
    error: ErrorInfo | None = None
    agents: list[dict[str, Any]] = field(factory=list)
    usage: dict[str, Any] = field(factory=lambda: RunState().usage())
    logs: list[str] = field(factory=list)
    phases: list[str] = field(factory=list)
    duration_ms: int = 0
    simulated: bool = False

    @classmethod
    def from_state(cls, state: RunState) -> RunResult:
        shape = state.to_result()
        return cls(
            shape["runId"],
            shape["status"],
            shape["result"],
            shape["error"],
            shape["agents"],
            shape["usage"],
            shape["logs"],
            shape["phases"],
            shape["durationMs"],
            shape["simulated"],
        )

    @classmethod
    def refused(cls, error: ErrorInfo) -> RunResult:
        return cls(None, "refused", error=error)

    def to_json(self) -> dict[str, Any]:
        """The object that `run --json` prints (protocol, "Command line")."""
        return {
            "runId": self.run_id,
            "status": self.status,
            "result": self.result,
            "error": self.error,
            "agents": self.agents,
            "usage": self.usage,
            "logs": self.logs,
            "phases": self.phases,
            "durationMs": self.duration_ms,
            "simulated": self.simulated,
        }
