"""News of agents at work: all of it counts, a few a second are written down, the newest always is."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from callsheet.agents.backend import AgentEvent, AgentOutcome, AgentRequest, Usage
from callsheet.runs.engine import Engine

from tests.support.engine_runs import new_run, records_of, script


class Chatty:
    """Says a lot at once, then works until it is let go."""

    name = "chatty"
    simulated = False

    def __init__(self) -> None:
        self.go_on = asyncio.Event()

    async def run(self, request: AgentRequest, emit: Any) -> AgentOutcome:
        for n in range(1, 201):
            emit(AgentEvent("activity", Usage(n, 0), f"step {n}"))
        await self.go_on.wait()
        self.go_on.clear()
        emit(AgentEvent("waiting", text="rate limit, retry in 40 s"))
        await self.go_on.wait()
        return AgentOutcome("x", Usage(210, 5))

    async def aclose(self) -> None: ...


async def test_news_are_written_a_few_a_second_and_end_with_the_newest(tmp_path: Path) -> None:
    run_dir = new_run(tmp_path, script("return await agent('a')"))
    backend = Chatty()
    engine = Engine.open(run_dir, backend=backend)
    running = asyncio.create_task(engine.run())
    async with asyncio.timeout(20):
        while not (1 in engine.state.calls and engine.state.calls[1].activity == "step 200"):
            await asyncio.sleep(0.005)
        agent = engine.state.calls[1]
        assert (agent.tokens, agent.status) == (200, "running")
        assert len(records_of(run_dir, "progress")) <= 3
        backend.go_on.set()
        while agent.status != "waiting":
            await asyncio.sleep(0.005)
        assert agent.activity == "rate limit, retry in 40 s"
        backend.go_on.set()
        result = await running
    assert result.usage["total"] == 215
