"""The two tiers of checks of a document."""

from __future__ import annotations

import asyncio
from pathlib import Path

from callsheet.language.checker import check
from callsheet.language.discovery import FileWorkspace
from callsheet.language.problem import Problem
from callsheet.language.rules import all_rules
from callsheet.settings import Settings

from callsheet_server.documents import Snapshot


def check_fast(snapshot: Snapshot, settings: Settings) -> tuple[Problem, ...]:
    """Problems that follow from the text alone."""
    return tuple(problem for script in snapshot.scripts for problem in check(script, settings))


async def check_slow(snapshot: Snapshot, settings: Settings, folder: Path) -> tuple[Problem, ...]:
    """Problems that depend on other files."""
    if not snapshot.scripts:
        return ()
    return await asyncio.to_thread(_check_with_files, snapshot, settings, folder)


def _check_with_files(snapshot: Snapshot, settings: Settings, folder: Path) -> tuple[Problem, ...]:
    rules = all_rules()
    workspace = FileWorkspace.at(folder)
    found = (problem for script in snapshot.scripts for problem in check(script, settings, workspace))
    return tuple(problem for problem in found if rules[problem.code].needs_workspace)
