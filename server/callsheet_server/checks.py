"""The two tiers of checks of a document."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from callsheet.language.checker import check
from callsheet.language.problem import Problem
from callsheet.settings import Settings

from callsheet_server.documents import Snapshot

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer


def check_fast(snapshot: Snapshot, settings: Settings) -> tuple[Problem, ...]:
    """Problems that follow from the text alone."""
    return tuple(problem for script in snapshot.scripts for problem in check(script, settings))


async def check_slow(snapshot: Snapshot, server: CallsheetServer) -> tuple[Problem, ...]:
    """Problems that need other files, or the script engine's own opinion."""
    await asyncio.sleep(0)
    return ()
