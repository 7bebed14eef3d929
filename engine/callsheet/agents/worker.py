"""An agent worker: a process that runs many tries at once, so that the runner's loop stays free of litellm.

Started as `python -m callsheet.agents.worker` by `LitellmBackend`, it talks frames (see `wire`) over standard input and
output, and ends, with everything it started, when its input does.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from callsheet.agents import wire
from callsheet.agents.backend import AgentEvent, AgentFailure
from callsheet.agents.processes import ShellOwner, kill_owned
from callsheet.errors import ReasonCode

FILE_THREADS = 8
SWEEP_DELAY_S = 0.02


class Worker:
    """Serves one runner until its input ends.

    Args:
        reader: frames from the runner.
        writer: frames to it.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.WriteTransport) -> None:
        self._reader = reader
        self._writer = writer
        self._tries: dict[int, asyncio.Task[None]] = {}
        self._executor = ThreadPoolExecutor(FILE_THREADS, "files")
        self._sweeper = Sweeper(self._executor)
        self._around: Any = None

    async def serve(self) -> None:
        """Answer frames until there are no more."""
        setup = await wire.read_frame(self._reader)
        if setup is None:
            return
        # The keys come through the pipe: what a process was started with can be read in /proc by its children.
        os.environ.update(setup["environ"])
        loading = asyncio.create_task(self._load(setup))
        while (frame := await wire.read_frame(self._reader)) is not None:
            number = frame["id"]
            if frame["op"] == "run":
                self._tries[number] = asyncio.create_task(self._try(number, frame["request"], loading))
            elif number in self._tries:
                self._tries[number].cancel()
        for task in (loading, *self._tries.values()):
            task.cancel()
        await asyncio.gather(loading, *self._tries.values(), return_exceptions=True)
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def _load(self, setup: wire.Frame) -> None:
        from callsheet.agents.completion import Completer, load_litellm
        from callsheet.agents.structured import violations
        from callsheet.agents.tool_loop import Surroundings
        from callsheet.redaction import Redactor

        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._executor, load_litellm)
        await loop.run_in_executor(self._executor, violations, {}, None)
        complete = Completer(
            {model: (price[0], price[1]) for model, price in setup["prices"].items()},
            setup["call_timeout_s"],
            setup["backoff_s"],
        )
        self._around = Surroundings(complete, setup["environ"], Redactor(setup["environ"]), self._executor)
        self._send({"op": "ready", "id": 0})

    async def _try(self, number: int, request_json: wire.Frame, loading: asyncio.Task[None]) -> None:
        request = wire.request_from_json(request_json)
        answer: wire.Frame
        try:
            await asyncio.shield(loading)
            from callsheet.agents.tool_loop import run_try

            def emit(event: AgentEvent) -> None:
                self._send({"op": "event", "id": number, **wire.event_to_json(event)})

            outcome = await run_try(request, self._around, emit)
            answer = {"op": "outcome", **wire.outcome_to_json(outcome)}
        except asyncio.CancelledError:
            answer = {"op": "cancelled"}
        except AgentFailure as failure:
            answer = {"op": "failure", **wire.failure_to_json(failure)}
        except Exception as error:
            # The runner must hear of a defect of ours too, or the agent would hang.
            message = f"the agent worker failed: {type(error).__name__}: {error}"
            answer = {"op": "failure", **wire.failure_to_json(AgentFailure(ReasonCode.AGENT_FAILED, message))}
        try:
            if "bash" in request.tools:
                await self._sweeper.sweep(ShellOwner(request.run_id, request.call))
        finally:
            del self._tries[number]
            self._send({"id": number, **answer})

    def _send(self, frame: wire.Frame) -> None:
        if not self._writer.is_closing():
            self._writer.write(wire.encode(frame))


class Sweeper:
    """Kills what agents left running outside of their process groups; tries that end together share one search."""

    def __init__(self, executor: ThreadPoolExecutor) -> None:
        self._executor = executor
        self._owners: set[ShellOwner] = set()
        self._next: asyncio.Task[None] | None = None

    async def sweep(self, owner: ShellOwner) -> None:
        """Kill the processes of one call."""
        self._owners.add(owner)
        if self._next is None:
            self._next = asyncio.create_task(self._run())
        await asyncio.shield(self._next)

    async def _run(self) -> None:
        await asyncio.sleep(SWEEP_DELAY_S)
        owners, self._owners, self._next = self._owners, set(), None
        await asyncio.get_running_loop().run_in_executor(self._executor, kill_owned, owners)


async def main() -> None:
    loop = asyncio.get_running_loop()
    # Libraries print; their output must not mix with frames, nor shells inherit the pipes.
    frames_in, frames_out = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    reader = asyncio.StreamReader(limit=2**20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(frames_in, "rb", 0))
    writer, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, os.fdopen(frames_out, "wb", 0))
    try:
        await Worker(reader, writer).serve()
    finally:
        writer.close()


if __name__ == "__main__":
    # Ctrl-C is the runner's to handle.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(BrokenPipeError):
        asyncio.run(main())
    # Nothing is left to do, and threads of libraries would hold the process up.
    sys.stdout.flush()
    os._exit(0)
