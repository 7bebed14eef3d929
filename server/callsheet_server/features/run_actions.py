"""What can be done with a script's runs, by the state of its newest one: the same in lenses and code actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from attrs import frozen

ACTIVE: Final = frozenset({"running", "pausing", "stopping"})
RESUMABLE: Final = frozenset({"paused", "stopped", "failed", "interrupted", "completed_with_failures"})


@frozen
class RunView:
    """The newest run of a script, as far as actions need it.

    Attributes:
        status: as in `callsheet/run`.
        summary: a few words for a lens: counts, tokens, cost.
        failed: number of agents that came back with nothing.
        changes: number of agents whose changes wait to be looked at.
    """

    run_id: str
    status: str
    summary: str
    failed: int = 0
    changes: int = 0

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE


@frozen
class RunAction:
    """One action, as a command of the protocol."""

    title: str
    command: str
    argument: dict[str, Any]


_Wanted = Callable[[RunView | None], bool]


def _startable(run: RunView | None) -> bool:
    return run is None or not run.is_active


_TABLE: Final[tuple[tuple[str, str, dict[str, Any], _Wanted], ...]] = (
    ("Run workflow", "callsheet.run", {"uri": True}, _startable),
    ("Dry run", "callsheet.run", {"uri": True, "dryRun": True}, _startable),
    (
        "Re-run failed agents",
        "callsheet.resume",
        {"runId": True, "uri": True},
        lambda run: run is not None and run.status == "completed_with_failures",
    ),
    (
        "Resume last run",
        "callsheet.resume",
        {"runId": True, "uri": True},
        lambda run: run is not None and run.status in RESUMABLE,
    ),
    (
        "Pause run",
        "callsheet.pause",
        {"runId": True},
        lambda run: run is not None and run.status == "running",
    ),
    (
        "Stop run",
        "callsheet.stop",
        {"runId": True},
        lambda run: run is not None and run.status in {"running", "pausing"},
    ),
    (
        "Show changes",
        "callsheet.changes",
        {"runId": True, "action": "diff"},
        lambda run: run is not None and run.changes > 0,
    ),
)
"""Title, command, argument (`uri` and `runId` are filled in), and when it is there."""


def run_actions(uri: str, run: RunView | None, fence: int | None = None) -> list[RunAction]:
    """Actions for a script whose newest run is `run`.

    Args:
        uri: the script's document.
        run: its newest run, None where there is none.
        fence: number of the script in a document that holds several, from 1.
    """
    actions = []
    for title, command, template, wanted in _TABLE:
        if wanted(run):
            argument = dict(template)
            if "uri" in argument:
                argument["uri"] = uri
                if fence is not None:
                    argument["fence"] = fence
            if "runId" in argument and run is not None:
                argument["runId"] = run.run_id
            actions.append(RunAction(title, command, argument))
    return actions
