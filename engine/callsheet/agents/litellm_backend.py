"""Agents that are language models: a pool of worker processes, started when the first agent needs one."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Mapping

from attrs import define, field

from callsheet.agents import wire
from callsheet.agents.backend import AgentEvent, AgentFailure, AgentOutcome, AgentRequest, Usage
from callsheet.agents.processes import kill_run_processes
from callsheet.errors import ReasonCode
from callsheet.redaction import Redactor, without_secrets

MAX_WORKERS = 4
TRIES_PER_WORKER = 8
"""A further worker starts when every one has this many tries: each takes 3 s and 180 MB to start."""
CANCEL_GRACE_S = 0.9
CLOSE_GRACE_S = 2.0
STDERR_TAIL_BYTES = 2000


class LitellmBackend:
    """Asks models of any provider that litellm knows, with tools in the call's working directory.

    Args:
        workers: most worker processes; by default one for each core, at most 4.
        prices: US dollars per million tokens (input, output) by model, over litellm's own.
        environ: the variables of the workers, keys of providers among them; by default this process's.
        call_timeout_s: limit of one HTTP request to a model.
        backoff_s: first pause before a failed request is retried, doubled each time.
    """

    name = "litellm"
    simulated = False

    def __init__(
        self,
        *,
        workers: int | None = None,
        prices: Mapping[str, tuple[float, float]] | None = None,
        environ: Mapping[str, str] | None = None,
        call_timeout_s: float = 600.0,
        backoff_s: float = 1.0,
    ) -> None:
        self._max_workers = workers or min(os.cpu_count() or 1, MAX_WORKERS)
        self._environ = dict(os.environ if environ is None else environ)
        self._setup = {
            "op": "setup",
            "environ": self._environ,
            "prices": {model: list(price) for model, price in (prices or {}).items()},
            "call_timeout_s": call_timeout_s,
            "backoff_s": backoff_s,
        }
        self._workers: list[_Worker] = []
        self._starting = asyncio.Lock()

    async def start(self) -> None:
        """Start the first worker and wait until it can answer, so that no try's time goes into it; optional."""
        async with self._starting:
            if not self._workers:
                self._workers.append(await _Worker.start(self._setup, self._environ))
            first = self._workers[0]
        await first.answerable.wait()

    async def run(self, request: AgentRequest, emit: Callable[[AgentEvent], None]) -> AgentOutcome:
        """Answer one try; see `AgentBackend.run`."""
        if request.model is None:
            raise AgentFailure(
                ReasonCode.AGENT_FAILED, "no model was chosen for this agent", recoverable=False
            )
        worker = await self._choose()
        return await worker.run(request, emit)

    async def aclose(self) -> None:
        """End the workers and whatever their agents started."""
        workers, self._workers = self._workers, []
        await asyncio.gather(*(worker.close() for worker in workers))

    async def _choose(self) -> _Worker:
        """Return the least busy worker, one that is ready if there is any; a further one starts in the background."""
        async with self._starting:
            self._workers = [worker for worker in self._workers if worker.alive]
            ready = [worker for worker in self._workers if worker.answerable.is_set()]
            busy = all(worker.load >= TRIES_PER_WORKER for worker in self._workers)
            if busy and len(self._workers) < self._max_workers:
                self._workers.append(await _Worker.start(self._setup, self._environ))
            worker = min(ready or self._workers, key=lambda worker: worker.load)
            worker.load += 1
            return worker


@define
class _Try:
    request: AgentRequest
    emit: Callable[[AgentEvent], None]
    done: asyncio.Future[AgentOutcome]
    ended: asyncio.Event = field(factory=asyncio.Event)
    usage: Usage = field(factory=Usage)


class _Worker:
    """One worker process as the runner sees it."""

    def __init__(self, process: asyncio.subprocess.Process, redactor: Redactor) -> None:
        self.load = 0
        self.alive = True
        self.answerable = asyncio.Event()
        self._process = process
        self._redactor = redactor
        self._tries: dict[int, _Try] = {}
        self._numbers = itertools.count(1)
        self._stderr = b""
        self._follower = asyncio.create_task(self._follow())

    @classmethod
    async def start(cls, setup: wire.Frame, environ: Mapping[str, str]) -> _Worker:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # The working directory is the person's: nothing is imported from there.
            "-m",
            "callsheet.agents.worker",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # Whatever an agent's shell can read in /proc; the keys come through the pipe.
            env=without_secrets(environ),
            start_new_session=True,
        )
        worker = cls(process, Redactor(environ))
        worker._send(setup)
        return worker

    async def run(self, request: AgentRequest, emit: Callable[[AgentEvent], None]) -> AgentOutcome:
        if not self.alive:
            self.load -= 1
            raise AgentFailure(ReasonCode.AGENT_FAILED, "the agent's worker process has just ended")
        number = next(self._numbers)
        this = self._tries[number] = _Try(request, emit, asyncio.get_running_loop().create_future())
        try:
            self._send({"op": "run", "id": number, "request": wire.request_to_json(request)})
            return await this.done
        except asyncio.CancelledError:
            this.emit = lambda event: None
            await self._cancel(number, this)
            raise
        finally:
            self.load -= 1
            self._tries.pop(number, None)

    async def close(self) -> None:
        """End the process: by the end of its input, and by force when that takes too long."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(CLOSE_GRACE_S):
                await asyncio.shield(self._follower)
        except TimeoutError:
            self._kill()
            await self._follower

    async def _cancel(self, number: int, this: _Try) -> None:
        self._send({"op": "cancel", "id": number})
        try:
            async with asyncio.timeout(CANCEL_GRACE_S):
                await this.ended.wait()
        except TimeoutError:
            # A worker that is too busy to answer: its agent's processes end all the same.
            await asyncio.to_thread(kill_run_processes, this.request.run_id, this.request.call)

    def _send(self, frame: wire.Frame) -> None:
        assert self._process.stdin is not None
        if self.alive and not self._process.stdin.is_closing():
            self._process.stdin.write(wire.encode(frame))

    async def _follow(self) -> None:
        """Deliver frames until the process ends; then fail what is left."""
        assert self._process.stdout is not None
        errors = asyncio.create_task(self._drain_stderr())
        try:
            while (frame := await wire.read_frame(self._process.stdout)) is not None:
                self._deliver(frame)
        except ValueError:
            self._kill()
        self.alive = False
        # Nobody is to wait for it any longer; whom it fails is told below.
        self.answerable.set()
        status = await self._end()
        await errors
        for this in list(self._tries.values()):
            await asyncio.to_thread(kill_run_processes, this.request.run_id, this.request.call)
            if not this.done.done():
                this.done.set_exception(self._death(status, this.usage))
            this.ended.set()

    async def _end(self) -> int:
        """Wait for the process, which has closed its output; kill one that stays."""
        try:
            async with asyncio.timeout(CLOSE_GRACE_S):
                return await self._process.wait()
        except TimeoutError:
            self._kill()
            return await self._process.wait()

    def _deliver(self, frame: wire.Frame) -> None:
        operation = frame.pop("op")
        if operation == "ready":
            self.answerable.set()
            return
        this = self._tries.get(frame.pop("id"))
        if this is None:
            return
        if operation == "event":
            event = wire.event_from_json(frame)
            this.usage = event.usage
            try:
                this.emit(event)
            except Exception as error:
                # Other tries of this worker must go on; this one ends with what its listener raised.
                if not this.done.done():
                    this.done.set_exception(error)
            return
        if not this.done.done():
            if operation == "outcome":
                this.done.set_result(wire.outcome_from_json(frame))
            elif operation == "failure":
                this.done.set_exception(wire.failure_from_json(frame))
        this.ended.set()

    def _death(self, status: int, usage: Usage) -> AgentFailure:
        last = self._redactor.text(self._stderr.decode(errors="replace")).strip().rsplit("\n", 1)[-1]
        how = f"signal {-status}" if status < 0 else f"status {status}"
        message = f"the agent's worker process ended unexpectedly ({how}){f': {last}' if last else ''}"
        return AgentFailure(ReasonCode.AGENT_FAILED, message, usage=usage)

    async def _drain_stderr(self) -> None:
        assert self._process.stderr is not None
        while piece := await self._process.stderr.read(65536):
            self._stderr = (self._stderr + piece)[-STDERR_TAIL_BYTES:]

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
