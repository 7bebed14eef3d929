"""The agent of a machine that has no model, and of `--dry-run`: it makes up answers and says so."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from random import Random
from typing import Any

from callsheet.agents.backend import AgentEvent, AgentFailure, AgentOutcome, AgentRequest, Usage
from callsheet.agents.transcripts import Transcript
from callsheet.errors import ReasonCode
from callsheet.redaction import Redactor

MODEL = "simulated"
_CHARS_PER_TOKEN = 4
_SHOWN_PROMPT_CHARS = 120
_UNHURRIED_CALLS = 20
"""Calls that take their full time; later ones hurry, so that a run of a thousand is over in seconds."""
_DURATION_S = (0.1, 0.5)


class SimulatedBackend:
    """Answers at random, but alike for one run id, call number and prompt; valid against the schema.

    Args:
        pace: what the made-up durations are multiplied by; 0 answers at once.
    """

    name = "simulated"
    simulated = True

    def __init__(self, *, pace: float = 1.0) -> None:
        self._pace = pace

    async def run(self, request: AgentRequest, emit: Callable[[AgentEvent], None]) -> AgentOutcome:
        """Make up an answer.

        Raises:
            AgentFailure: no value was found that meets the schema; the message says why.
        """
        seed = f"{request.run_id}\0{request.call}\0{request.prompt}"
        random = Random(seed)
        transcript = Transcript(request.transcript, request.attempt, Redactor(os.environ))
        transcript.append(
            "start", label=request.label, model=MODEL, prompt=request.prompt, schema=request.schema
        )
        emit(AgentEvent("activity", text="simulated: makes up an answer"))
        await asyncio.sleep(self._duration_s(request.call, random))
        try:
            value = _answer(request, seed)
        except AgentFailure as failure:
            transcript.append("end", status="failed", message=failure.message)
            raise
        usage = Usage(
            _tokens(request.prompt),
            _tokens(value if isinstance(value, str) else str(value)),
            0.0,
            estimated=True,
        )
        emit(AgentEvent("usage", usage))
        transcript.append("end", status="done", value=value)
        return AgentOutcome(value, usage, MODEL)

    async def aclose(self) -> None:
        """Nothing to release."""

    def _duration_s(self, call: int, random: Random) -> float:
        return self._pace * random.uniform(*_DURATION_S) * min(1.0, _UNHURRIED_CALLS / max(call, 1)) ** 2


def _answer(request: AgentRequest, seed: str) -> Any:
    if request.schema is None:
        shown = " ".join(request.prompt.split())
        if len(shown) > _SHOWN_PROMPT_CHARS:
            shown = f"{shown[: _SHOWN_PROMPT_CHARS - 1]}…"
        return f"Simulated answer; no model was asked. The prompt was: {shown}"
    from callsheet.agents.generate import generate
    from callsheet.agents.generate_constraints import UnmeetableError

    try:
        return generate(request.schema, seed)
    except UnmeetableError as error:
        raise AgentFailure(
            ReasonCode.SCHEMA_NONCOMPLIANCE,
            f"The simulated agent found no value for the schema of {request.label!r}: {error}.",
            recoverable=False,
        ) from None


def _tokens(text: str) -> int:
    return max(1, len(text) // _CHARS_PER_TOKEN)
