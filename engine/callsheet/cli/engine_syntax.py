"""What the JavaScript engine itself says about scripts that the tolerant parser finds nothing wrong with."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from callsheet.errors import WorkflowError
from callsheet.language.model import build_model
from callsheet.language.problem import Problem, Severity, Span
from callsheet.language.syntax import Parsed
from callsheet.sandbox.syntax import SyntaxChecker

Answer = tuple[list[Problem | None], str | None]
"""The first syntax error of each script, and why the engine could not be asked, where it could not."""


@contextmanager
def asking_engine(scripts: Sequence[Parsed]) -> Iterator[Future[Answer]]:
    """Asks the engine about scripts while the caller goes on with other work."""
    # A script whose errors are known already would only be told the same again, at a worse place.
    asked = [script if not build_model(script).faults else None for script in scripts]
    with ThreadPoolExecutor(max_workers=1) as thread:
        yield thread.submit(lambda: asyncio.run(_check(asked)))


async def _check(scripts: Sequence[Parsed | None]) -> Answer:
    checker = SyntaxChecker()
    found: list[Problem | None] = [None] * len(scripts)
    try:
        for index, script in enumerate(scripts):
            if script is not None:
                found[index] = await _check_one(checker, script)
    except (WorkflowError, OSError) as error:
        return found, f"The JavaScript engine could not check the syntax: {error}"
    finally:
        await checker.aclose()
    return found, None


async def _check_one(checker: SyntaxChecker, script: Parsed) -> Problem | None:
    fault = await checker.check(script.source.text, script.script if script.embedded else None)
    if fault is None:
        return None
    start = script.source.offset(fault.line - 1, fault.column - 1)
    node = script.root.descendant_for_byte_range(start, start)
    end = (
        node.end_byte
        if node is not None and node.start_byte == start and node.child_count == 0
        else start + 1
    )
    message = fault.message.removeprefix("SyntaxError: ")
    return Problem("syntax-error", Severity.ERROR, Span(start, end), f"{message[:1].upper()}{message[1:]}.")
