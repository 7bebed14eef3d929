"""What the driver knows of each script that runs, and of each call without an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import define, field, frozen

from callsheet.runs.calls import ScriptFacts
from callsheet.runs.scripts import Script
from callsheet.runs.tries import AgentTask
from callsheet.sandbox import CallError, Outcome


@define(eq=False)
class Realm:
    """A running script.

    Attributes:
        id: its number in the sandbox; 0 is the run's own script.
        caller: the `workflow()` call that it answers, None for the run's own script.
        calls: its calls without an answer, by their number in the realm.
        outcome: how it ended, None while it runs.
        pending: how many of its calls the sandbox waits for.
        closed: whether nothing more is delivered to it.
    """

    id: int
    facts: ScriptFacts
    caller: PendingCall | None = None
    calls: dict[int, PendingCall] = field(factory=dict)
    outcome: Outcome | None = None
    pending: int = 0
    closed: bool = False

    @property
    def over(self) -> bool:
        return self.outcome is not None and (self.pending == 0 or self.outcome.error is not None)


@define(eq=False)
class PendingCall:
    """A call that the script waits for.

    Attributes:
        n: its number in the run.
        local: its number in its realm.
        task: an agent's call.
        question: payload of a checkpoint.
        child: script of a nested workflow, with its args (empty list for none).
        replays: whether its result comes from the history.
        started: whether it is under way.
        answered: whether its answer is known, delivered or not.
        failed_before: whether the result that replays is a failure that is kept.
        rejected: whether a fatal error rejected the fan-out that it belongs to.
    """

    n: int
    realm: Realm
    local: int
    kind: str
    line: int
    task: AgentTask | None = None
    question: Mapping[str, Any] | None = None
    child: tuple[Script, list[Any]] | None = None
    replays: bool = False
    started: bool = False
    answered: bool = False
    failed_before: bool = False
    rejected: bool = False

    @property
    def under_way(self) -> bool:
        """Whether something that cannot be dropped any more works on it."""
        return not self.answered and (self.kind == "workflow" or (self.started and self.task is not None))


@frozen
class Answer:
    """What a call is answered with.

    Attributes:
        tokens: what the result spent, for `budget.spent()`.
    """

    call: PendingCall
    value_json: str = "null"
    error: CallError | None = None
    tokens: int = 0
