"""The two tiers of checks of a document."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from callsheet.errors import WorkflowError
from callsheet.language.checker import check, check_steps
from callsheet.language.discovery import FileWorkspace
from callsheet.language.problem import Problem, Severity, Span
from callsheet.language.syntax import Parsed
from callsheet.sandbox import SyntaxChecker, SyntaxFault
from callsheet.settings import Settings

from callsheet_server.documents import Snapshot

logger = logging.getLogger(__name__)

SYNTAX_ERROR = "syntax-error"

SLICE_S = 0.008
"""Seconds of analysis after which others get their turn on the event loop."""

_beside = ThreadPoolExecutor(1, "checks")
"""One thread, as each thread that looks at scripts keeps trees of its own."""


def check_fast(snapshot: Snapshot, settings: Settings) -> tuple[Problem, ...]:
    """Problems that follow from the text alone."""
    return tuple(
        problem for script in snapshot.scripts for problem in check(script, settings, path=snapshot.path)
    )


async def check_sliced(
    snapshot: Snapshot, settings: Settings, is_current: Callable[[], bool]
) -> tuple[Problem, ...] | None:
    """The same, for long scripts: gives way to the event loop between statements and rules.

    Returns:
        None where the text was not current any more: the check of a newer one takes over what was found so far.
    """
    found: list[Problem] = []
    clock = time.perf_counter
    for script in snapshot.scripts:
        steps = check_steps(script, settings, path=snapshot.path)
        since = clock()
        while True:
            try:
                next(steps)
            except StopIteration as end:
                found += end.value
                break
            if clock() - since > SLICE_S:
                await asyncio.sleep(0)
                if not is_current():
                    return None
                since = clock()
    return tuple(found)


async def check_slow(
    snapshot: Snapshot,
    fast: tuple[Problem, ...],
    settings: Settings,
    folder: Path,
    engine: SyntaxChecker,
) -> tuple[Problem, ...]:
    """Problems that depend on other files, and syntax errors that only the script engine sees."""
    if not snapshot.scripts:
        return ()
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(_beside, _check_with_files, snapshot, settings, folder)
    for script in snapshot.scripts:
        problem = await _ask_engine(script, fast, engine)
        if problem is not None:
            found.append(problem)
    return tuple(found)


def _check_with_files(snapshot: Snapshot, settings: Settings, folder: Path) -> list[Problem]:
    workspace = FileWorkspace.at(folder)
    return [
        problem
        for script in snapshot.scripts
        for problem in check(script, settings, workspace, path=snapshot.path, only_workspace_rules=True)
    ]


async def _ask_engine(script: Parsed, fast: tuple[Problem, ...], engine: SyntaxChecker) -> Problem | None:
    if script.is_too_large:
        return None
    source = script.source
    try:
        fault = await engine.check(source.text, script.script if script.embedded else None)
    except WorkflowError as error:
        logger.warning("The script engine cannot check the syntax: %s", error)
        return None
    if fault is None:
        return None
    if script.root.has_error and any(problem.severity is Severity.ERROR for problem in fast):
        # What is broken is told already, nearer to its cause than the engine can.
        return None
    line = fault.line - 1
    if any(
        problem.severity is Severity.ERROR and source.line_of(problem.span.start) == line for problem in fast
    ):
        return None
    return Problem(SYNTAX_ERROR, Severity.ERROR, _span(script, fault), f"{fault.message}.")


def _span(script: Parsed, fault: SyntaxFault) -> Span:
    source = script.source
    start = source.offset(fault.line - 1, fault.column - 1)
    node = script.root.descendant_for_byte_range(start, start)
    end = source.line_end(source.line_of(start))
    if node is not None and node.child_count == 0 and node.start_byte <= start < node.end_byte <= end:
        return Span(node.start_byte, node.end_byte)
    return Span(start, max(start, min(start + 1, end)))
