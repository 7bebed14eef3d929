"""Syntax errors as the JavaScript engine sees them, without running anything."""

from __future__ import annotations

import asyncio

from callsheet.language.problem import Span
from callsheet.sandbox.faults import script_fault
from callsheet.sandbox.process import CHECK, WorkerProcess
from callsheet.sandbox.protocol import SandboxLimits, SyntaxFault
from callsheet.sandbox.source import prepare

CHECK_LIMITS = SandboxLimits(memory_bytes=64 * 1024 * 1024, turn_timeout_s=10.0)


class SyntaxChecker:
    """Checks scripts in one worker process, which starts with the first check and again whenever it had to be killed.

    Checks that come together wait for each other.
    """

    def __init__(self, limits: SandboxLimits = CHECK_LIMITS) -> None:
        self._limits = limits
        self._worker: WorkerProcess | None = None
        self._one_at_a_time = asyncio.Lock()

    async def check(self, text: str, span: Span | None = None) -> SyntaxFault | None:
        """First syntax error of a script, None when it parses.

        Args:
            text: the whole file.
            span: bytes of the script in it, where it is embedded in a document; else they are found.

        Raises:
            WorkflowError: the engine could not be asked, or took too long over this text.
        """
        prepared = prepare(text, span)
        async with self._one_at_a_time:
            if self._worker is None or not self._worker.alive:
                self._worker = await WorkerProcess.start(self._limits)
            _, content = await self._worker.request(CHECK, 0, prepared.check.encode())
        report = content.decode("utf-8", "replace")
        return script_fault(report, prepared) if report else None

    async def aclose(self) -> None:
        """Ends the worker process."""
        if self._worker is not None:
            await self._worker.kill()
            self._worker = None
