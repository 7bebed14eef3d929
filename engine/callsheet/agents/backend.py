"""What a run needs of whatever answers its agents: one coroutine per try of a call."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Any, Literal, Protocol

from attrs import field, frozen

from callsheet.errors import CallsheetError, ReasonCode

JSON = Any
"""A value that came out of `json.loads`."""


def _known(cost_usd: float | None) -> float | None:
    return cost_usd if cost_usd is not None and isfinite(cost_usd) else None


@frozen
class Usage:
    """What a try has used so far, or in all.

    Attributes:
        input_tokens: tokens sent.
        output_tokens: tokens received, reasoning included.
        cost_usd: price in US dollars, None when no price is known; one that is no number is not known.
        estimated: whether the token counts are estimates of ours, not the provider's report.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = field(default=None, converter=_known)
    estimated: bool = False

    @property
    def total_tokens(self) -> int:
        return self.input_tokens + self.output_tokens


@frozen
class AgentRequest:
    """One try of one `agent()` call, all defaults resolved.

    Attributes:
        run_id: the run's id, also the seed of simulated answers.
        call: number of the call in the run, from 1.
        attempt: number of this try, from 1.
        label: name of the call in every view.
        prompt: the user message.
        cwd: the directory that tools work in and may not leave.
        model: `provider/model` as litellm names it, None for backends without models.
        system: system prompt from the agent definition, None for the default one.
        schema: JSON Schema the result must meet, None for text.
        effort: reasoning effort, None for the model's own default.
        tools: names of the tools this call may use.
        transcript: JSON-lines file to append the conversation to, None for none.
    """

    run_id: str
    call: int
    attempt: int
    label: str
    prompt: str
    cwd: Path
    model: str | None = None
    system: str | None = None
    schema: dict[str, Any] | None = None
    effort: str | None = None
    tools: tuple[str, ...] = ()
    transcript: Path | None = None


@frozen
class AgentEvent:
    """News of a try under way.

    Attributes:
        kind: `usage` when tokens were spent, `activity` for a tool call or text, `waiting` for a pause.
        usage: what this try has spent in all so far.
        text: one line for people, such as `bash: pytest -q` or `rate limit, retry in 40 s`.
    """

    kind: Literal["usage", "activity", "waiting"]
    usage: Usage = field(factory=Usage)
    text: str = ""


@frozen
class AgentOutcome:
    """A try that succeeded.

    Attributes:
        value: the final text, or the object that meets the request's schema.
        usage: everything this try spent.
        model: the model that answered, as the provider named it.
    """

    value: JSON
    usage: Usage = field(factory=Usage)
    model: str | None = None


class AgentFailure(CallsheetError):
    """A try that did not succeed.

    Attributes:
        code: reason as the protocol names it.
        recoverable: whether another try could succeed (`retries` applies).
        usage: everything the failed try spent.
    """

    def __init__(
        self, code: ReasonCode, message: str, *, recoverable: bool = True, usage: Usage | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.recoverable = recoverable
        self.usage = usage or Usage()


class AgentBackend(Protocol):
    """Answers agents. Implement it to bring an agent of your own.

    Attributes:
        name: short name for views and the journal.
        simulated: whether answers are made up; every view says so.
    """

    name: str
    simulated: bool

    async def run(self, request: AgentRequest, emit: Callable[[AgentEvent], None]) -> AgentOutcome:
        """Answer one try; cancelling the coroutine ends the request and all its processes within 1 s.

        Raises:
            AgentFailure: the try did not succeed.
        """
        ...

    async def aclose(self) -> None:
        """Release processes and connections; no try is under way any more."""
        ...
