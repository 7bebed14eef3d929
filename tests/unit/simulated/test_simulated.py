"""The simulated agent: deterministic, valid, quick, and honest about what it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from callsheet.agents.backend import AgentBackend, AgentEvent, AgentFailure, AgentRequest
from callsheet.agents.simulated import SimulatedBackend
from callsheet.agents.structured import violations
from callsheet.agents.transcripts import read_transcript
from callsheet.errors import ReasonCode

SCHEMA = {
    "type": "object",
    "properties": {"title": {"type": "string"}, "line": {"type": "integer"}},
    "required": ["title"],
}


def request(call: int = 1, **changes: Any) -> AgentRequest:
    fields: dict[str, Any] = {
        "run_id": "20240101-000000-abcdef",
        "attempt": 1,
        "label": "find",
        "prompt": "Find  it.",
    }
    return AgentRequest(call=call, cwd=Path(), **(fields | changes))


async def answer(request: AgentRequest, events: list[AgentEvent] | None = None) -> Any:
    backend: AgentBackend = SimulatedBackend(pace=0)
    assert backend.simulated
    return await backend.run(request, [].append if events is None else events.append)


async def test_a_text_says_that_it_is_simulated() -> None:
    outcome = await answer(request())
    assert "Simulated" in outcome.value
    assert "no model" in outcome.value
    assert "Find it." in outcome.value
    assert outcome.model == "simulated"


async def test_a_schema_is_met() -> None:
    outcome = await answer(request(schema=SCHEMA))
    assert violations(SCHEMA, outcome.value) == []


async def test_answers_depend_on_run_call_and_prompt_alone() -> None:
    first = (await answer(request(schema=SCHEMA))).value
    assert (await answer(request(schema=SCHEMA, attempt=2, label="other"))).value == first
    others = [
        (await answer(request(schema=SCHEMA, **change))).value
        for change in ({"call": 2}, {"prompt": "Other."}, {"run_id": "20240101-000000-fedcba"})
    ]
    assert len({str(value) for value in [first, *others]}) > 1


async def test_usage_is_an_estimate_and_costs_nothing() -> None:
    events: list[AgentEvent] = []
    outcome = await answer(request(prompt="x" * 400), events)
    assert outcome.usage.estimated
    assert outcome.usage.input_tokens == 100
    assert outcome.usage.output_tokens > 0
    assert outcome.usage.cost_usd == 0
    assert [event.kind for event in events] == ["activity", "usage"]
    assert events[-1].usage == outcome.usage


async def test_a_schema_that_cannot_be_met_fails_with_the_reason() -> None:
    schema = {
        "type": "object",
        "properties": {"n": {"type": "integer", "minimum": 5, "maximum": 4}},
        "required": ["n"],
    }
    with pytest.raises(AgentFailure) as caught:
        await answer(request(schema=schema))
    assert caught.value.code is ReasonCode.SCHEMA_NONCOMPLIANCE
    assert not caught.value.recoverable
    assert "'n'" in caught.value.message
    assert "bounds" in caught.value.message


async def test_the_transcript_tells_what_happened(tmp_path: Path) -> None:
    path = tmp_path / "1.jsonl"
    outcome = await answer(request(transcript=path))
    records = read_transcript(path)
    assert [record["kind"] for record in records] == ["start", "end"]
    assert records[0]["prompt"] == "Find  it."
    assert records[0]["model"] == "simulated"
    assert records[1]["value"] == outcome.value


async def test_later_calls_hurry() -> None:
    from random import Random

    backend = SimulatedBackend()
    durations = [backend._duration_s(call, Random(call)) for call in range(1, 1001)]
    assert all(0.1 <= duration <= 0.5 for duration in durations[:20])
    assert sum(durations) < 15
