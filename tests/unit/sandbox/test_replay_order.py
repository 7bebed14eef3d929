"""The order of events is a function of the deliveries alone: batches act like single frames, and runs repeat."""

# Each row of a table stays on its line.
# ruff: noqa: E501

from __future__ import annotations

import random

import pytest
from callsheet.errors import ErrorCode
from callsheet.sandbox import CallError, CallEvent, Delivery, DropEvent, Event, Outcome, Program, Sandbox
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.sandbox import META

SCRIPTS = [
    "return await parallel([1, 2, 3, 4].map((x) => () => agent('a' + x).then((r) => { log(r); return agent(r) })))",
    "return await pipeline([1, 2, 3], (x) => agent('a' + x), (r, x) => { log(r); return agent('b' + x) }, (r) => [r])",
    "const all = []; for (let i = 0; i < 4; i++) agent('a' + i).then((r) => all.push(r)); await agent('z'); return all",
    "const r = await Promise.race([agent('a'), agent('b'), agent('c')]); log(r); return await agent(r)",
    "phase('x'); try { await parallel([() => agent('a'), () => agent('b'), async () => { await agent('c'); phase('y'); await agent('d') }]) } catch (e) { log(e.code); return await agent('e') }",
    "setTimeout(() => log('t'), 5); const r = await Promise.all([agent('a'), agent('b')]); await new Promise((f) => setTimeout(f, 9)); return [r, budget.spent()]",
    "agent('a').then(() => agent('b')).then(() => log('late')); await agent('c'); return 'early'",
    "return await verify('x', { reviewers: 3 })",
]  # fmt: skip


async def play(
    sandbox: Sandbox, realm: int, body: str, seed: int, batches: list[int]
) -> tuple[list[Event], Outcome | None]:
    """Delivers every pending call in an order that the seed decides, in batches of the given sizes."""
    order = random.Random(seed)
    turn = await sandbox.open(realm, Program(META + body, budget_total=1000))
    events: list[Event] = []
    outcome: Outcome | None = None
    waiting: list[int] = []
    planned: list[Delivery] = []
    sizes = iter(batches)
    spent = 0
    while True:
        events += turn.events
        outcome = outcome or turn.outcome
        waiting += [event.call for event in turn.events if isinstance(event, CallEvent)]
        if not waiting:
            return events, outcome
        # What is delivered is decided by what was pending when nothing was planned, so that sizes do not matter.
        if not planned:
            for call in order.sample(waiting, len(waiting)):
                spent += 7
                error = CallError(ErrorCode.INVALID_CALL, "no") if order.random() < 0.15 else None
                planned.append(Delivery(call, f'"r{call}"', error, spent))
            order_of = [delivery.call for delivery in planned]
            waiting = [call for call in waiting if call not in order_of]
        while planned:
            size = next(sizes, 1)
            batch, planned = planned[:size], planned[size:]
            turn = await sandbox.deliver(realm, batch)
            if planned:
                events += turn.events
                outcome = outcome or turn.outcome
                waiting += [event.call for event in turn.events if isinstance(event, CallEvent)]


def drop_free(events: list[Event]) -> list[Event]:
    return [event for event in events if not isinstance(event, DropEvent)]


@pytest.mark.parametrize("body", SCRIPTS, ids=[body[:40] for body in SCRIPTS])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**16), batches=st.lists(st.integers(1, 5), max_size=8))
async def test_batches_act_like_single_deliveries(body: str, seed: int, batches: list[int]) -> None:
    async with await Sandbox.start() as sandbox:
        single = await play(sandbox, 0, body, seed, [])
        batched = await play(sandbox, 1, body, seed, batches)
        # Calls that are answered in the frame that drops them are not listed.
        assert [drop_free(batched[0]), batched[1]] == [drop_free(single[0]), single[1]]


async def test_a_second_process_repeats_the_first() -> None:
    runs = []
    for _ in range(2):
        async with await Sandbox.start() as sandbox:
            runs.append([await play(sandbox, realm, body, 5, [3, 2]) for realm, body in enumerate(SCRIPTS)])
    assert runs[0] == runs[1]
