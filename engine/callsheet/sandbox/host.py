"""The sandbox as the engine drives it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Sequence
from pathlib import PurePath
from types import TracebackType
from typing import Any, Self

from attrs import evolve

from callsheet.errors import FATAL_CODES, ErrorCode, WorkflowError
from callsheet.json_values import MAX_DEPTH, read_json
from callsheet.language.tables.forbidden import FORBIDDEN, WHY
from callsheet.language.tables.helpers import CHECKPOINT_KINDS
from callsheet.language.tables.missing import MISSING_GLOBALS, MISSING_PROCESS, MISSING_PROCESS_OTHER
from callsheet.sandbox.faults import script_fault
from callsheet.sandbox.messages import TurnReader
from callsheet.sandbox.process import (
    ABORT,
    CLOSE,
    DELIVER,
    FAULT,
    OPEN,
    START,
    WorkerProcess,
    memory_message,
)
from callsheet.sandbox.protocol import Delivery, LogEvent, Outcome, Program, SandboxLimits, ScriptError, Turn
from callsheet.sandbox.source import Prepared, prepare

_NAMES: dict[str, Any] = {
    "checkpointKinds": CHECKPOINT_KINDS,
    # Not among the language's fatal errors, but a slot that quietly became null would hide that the run cannot be
    # replayed.
    "fatal": sorted(FATAL_CODES | {ErrorCode.DETERMINISM}),
    "missing": MISSING_GLOBALS,
    "missingProcess": MISSING_PROCESS,
    "missingProcessOther": MISSING_PROCESS_OTHER,
    "forbidden": [
        {"path": item.path, "form": item.form, "message": f"{item.shown} {WHY[item.rule]}. {item.instead}"}
        for item in FORBIDDEN
    ],
}
"""What the runtime knows of the language's tables."""


class Sandbox:
    """One worker process with one realm per script.

    Every method that talks to the worker raises `WorkflowError` when the worker is no more: `SCRIPT_TIMEOUT`,
    `SCRIPT_MEMORY`, `WORKFLOW_ABORTED` (it was killed) or `SCRIPT_ERROR`. All realms have ended then. A call that is
    cancelled kills the worker.
    """

    def __init__(self, worker: WorkerProcess, limits: SandboxLimits) -> None:
        self._worker = worker
        self._limits = limits
        self._readers: dict[int, TurnReader] = {}
        self._one_at_a_time = asyncio.Lock()

    @classmethod
    async def start(cls, limits: SandboxLimits | None = None) -> Sandbox:
        """Starts a worker.

        Raises:
            WorkflowError: it could not be started (`SCRIPT_ERROR`).
        """
        limits = limits or SandboxLimits()
        return cls(await WorkerProcess.start(limits), limits)

    @property
    def pid(self) -> int:
        return self._worker.pid

    @property
    def alive(self) -> bool:
        return self._worker.alive

    async def open(self, realm: int, program: Program) -> Turn:
        """Starts a script in a new realm and runs its first turn.

        A script that does not parse ends in this turn, with `SCRIPT_ERROR` at the position of the error.

        Args:
            realm: a number of the caller's choice that is not in use.
            program: what to run.
        """
        if realm in self._readers:
            raise ValueError(f"realm {realm} is open")
        if len(self._readers) >= self._limits.max_realms:
            raise WorkflowError(
                ErrorCode.NESTING_LIMIT, f"At most {self._limits.max_realms} workflows can run at a time."
            )
        prepared = prepare(program.text, program.span)
        options, note = self._options(program)
        reader = TurnReader(prepared, self._limits)
        async with self._one_at_a_time:
            self._readers[realm] = reader
            await self._worker.request(OPEN, realm, json.dumps(options).encode())
            kind, content = await self._worker.request(
                START, realm, prepared.check.encode(), prepared.run.encode()
            )
        if kind == FAULT:
            return Turn((), Outcome(None, self._syntax_error(content, prepared)))
        turn = await self._read(reader, content)
        return evolve(turn, events=(note, *turn.events)) if note else turn

    async def deliver(self, realm: int, deliveries: Sequence[Delivery]) -> Turn:
        """Answers calls, in this order; each is acted on to the end before the next.

        Raises:
            ValueError: a call is not pending in the realm.
        """
        reader = self._readers[realm]
        items: list[dict[str, Any]] = []
        for delivery in deliveries:
            if not reader.answered(delivery.call):
                raise ValueError(f"call {delivery.call} of realm {realm} is not pending")
            item: dict[str, Any] = {"id": delivery.call}
            if delivery.error is None:
                item["value"] = delivery.value_json
            else:
                item["code"] = delivery.error.code
                item["message"] = delivery.error.message
            if delivery.spent_tokens is not None:
                item["spent"] = delivery.spent_tokens
            items.append(item)
        async with self._one_at_a_time:
            _, content = await self._worker.request(DELIVER, realm, json.dumps(items).encode())
        return await self._read(reader, content)

    async def abort(self, realm: int, message: str = "The run was stopped.") -> Turn:
        """Rejects every pending call with `WORKFLOW_ABORTED` and ends the realm (E5).

        Whatever the script makes of the rejections, the outcome is this error, unless it had ended before.
        """
        reader = self._readers[realm]
        for call in reader.pending:
            reader.answered(call)
        async with self._one_at_a_time:
            _, content = await self._worker.request(ABORT, realm, message.encode())
        return await self._read(reader, content)

    async def close(self, realm: int) -> None:
        """Frees the memory of a realm that is over. A realm that is not open is left alone."""
        if self._readers.pop(realm, None) is not None and self.alive:
            async with self._one_at_a_time:
                await self._worker.request(CLOSE, realm)

    async def kill(self) -> None:
        """Ends the worker at once, whatever it does."""
        await self._worker.kill()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.kill()

    async def _read(self, reader: TurnReader, content: bytes) -> Turn:
        try:
            turn = reader.read(content)
        except WorkflowError:
            await self.kill()
            raise
        return self._worded(turn)

    def _worded(self, turn: Turn) -> Turn:
        outcome = turn.outcome
        if outcome is None or outcome.error is None or outcome.error.code is not ErrorCode.SCRIPT_MEMORY:
            return turn
        error = evolve(outcome.error, message=memory_message(self._limits))
        return evolve(turn, outcome=evolve(outcome, error=error))

    def _syntax_error(self, content: bytes, prepared: Prepared) -> ScriptError:
        fault = script_fault(content.decode("utf-8", "replace"), prepared)
        return ScriptError(ErrorCode.SCRIPT_ERROR, fault.message, fault.line, fault.column)

    def _options(self, program: Program) -> tuple[dict[str, Any], LogEvent | None]:
        args, note = _args(program.args_json)
        options: dict[str, Any] = {
            "limits": {
                "maxItems": self._limits.max_items,
                "maxCalls": self._limits.max_calls,
                "maxLogs": self._limits.max_logs,
                "maxLogChars": self._limits.max_log_chars,
                "maxDepth": MAX_DEPTH,
            },
            "budgetTotal": program.budget_total,
            "spentTokens": program.spent_tokens,
            "cwd": program.cwd,
            "fileName": PurePath(program.path).name if program.path else "script",
            **_NAMES,
        }
        if args is not None:
            options["args"] = args
        return options, note


def _args(args_json: str | None) -> tuple[str | None, LogEvent | None]:
    if args_json is None:
        return None, None
    value = json.loads(args_json)
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        with contextlib.suppress(ValueError):
            read_json(value)
            return value, LogEvent("args came as a string that holds JSON; it was parsed.", "warning")
    return args_json, None
