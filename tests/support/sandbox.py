"""Drives scripts in a real sandbox the way the engine does, with answers made up on the spot."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from attrs import define, field
from callsheet.sandbox import (
    CallError,
    CallEvent,
    Delivery,
    DropEvent,
    LogEvent,
    Outcome,
    PhaseEvent,
    Program,
    Sandbox,
    SandboxLimits,
    Turn,
)

DATA = Path(__file__).parents[1] / "data"

Answer = Callable[[CallEvent], str | CallError]
"""JSON text of a result, or an error."""

META = "export const meta = { name: 'test', description: 'A test.' };\n"


def echo(event: CallEvent) -> str:
    """`r:` and the prompt."""
    return json.dumps(f"r:{event.payload.get('prompt')}")


@define
class Script:
    """What a script did until it was over."""

    events: list[object] = field(factory=list)
    outcome: Outcome | None = None
    delivered: list[int] = field(factory=list)

    @property
    def calls(self) -> list[CallEvent]:
        return [event for event in self.events if isinstance(event, CallEvent)]

    @property
    def prompts(self) -> list[object]:
        return [event.payload.get("prompt") for event in self.calls]

    @property
    def logs(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, LogEvent) and event.level == "log"]

    @property
    def warnings(self) -> list[LogEvent]:
        return [event for event in self.events if isinstance(event, LogEvent) and event.level == "warning"]

    @property
    def phases(self) -> list[PhaseEvent]:
        return [event for event in self.events if isinstance(event, PhaseEvent)]

    @property
    def drops(self) -> list[DropEvent]:
        return [event for event in self.events if isinstance(event, DropEvent)]

    @property
    def value(self) -> object:
        assert self.outcome is not None
        assert self.outcome.error is None, self.outcome.error
        assert self.outcome.value_json is not None
        return json.loads(self.outcome.value_json)

    @property
    def error(self):
        assert self.outcome is not None
        assert self.outcome.error is not None, self.outcome.value_json
        return self.outcome.error


def answered(event: CallEvent, answer: Answer) -> Delivery:
    """The delivery of an answer; a call with a fault is refused, as the engine does."""
    if event.fault is not None:
        return Delivery(event.call, error=CallError("INVALID_CALL", event.fault))
    result = answer(event)
    return Delivery(event.call, result) if isinstance(result, str) else Delivery(event.call, error=result)


async def pump(
    sandbox: Sandbox, turn: Turn, answer: Answer = echo, *, realm: int = 0, batch: int = 1
) -> Script:
    """Answers calls in call order, `batch` at a time, until none is pending and the script has ended."""
    script = Script()
    waiting: list[CallEvent] = []
    while True:
        script.events += turn.events
        script.outcome = script.outcome or turn.outcome
        waiting += [event for event in turn.events if isinstance(event, CallEvent)]
        if not waiting:
            return script
        now, waiting = waiting[:batch], waiting[batch:]
        script.delivered += [event.call for event in now]
        turn = await sandbox.deliver(realm, [answered(event, answer) for event in now])


class Shared:
    """A worker that the tests of one module share, each with a realm of its own."""

    sandbox: Sandbox | None = None
    realms = 0


async def run_script(
    body: str, answer: Answer = echo, *, limits: SandboxLimits | None = None, batch: int = 1, **program
) -> Script:
    """Runs a script, given with or without its `meta`, to its end; with limits of its own in a sandbox of its own."""
    text = body if re.search(r"\bmeta\s*=", body) else META + body
    if limits is None and Shared.sandbox is not None and Shared.sandbox.alive:
        Shared.realms += 1
        realm = Shared.realms
        turn = await Shared.sandbox.open(realm, Program(text, **program))
        script = await pump(Shared.sandbox, turn, answer, realm=realm, batch=batch)
        await Shared.sandbox.close(realm)
        return script
    async with await Sandbox.start(limits) as sandbox:
        return await pump(sandbox, await sandbox.open(0, Program(text, **program)), answer, batch=batch)
