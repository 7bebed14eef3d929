"""Exit statuses (protocol, "Command line")."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from callsheet.errors import CallsheetError, ScriptValidationError, UsageError, WorkflowError


class Exit(IntEnum):
    """What the process's exit status means."""

    COMPLETED = 0
    FAILED = 1
    USAGE = 2
    WITH_FAILURES = 3
    PAUSED = 4
    STOPPED = 130


OF_RUN: Final = {
    "completed": Exit.COMPLETED,
    "completed_with_failures": Exit.WITH_FAILURES,
    "failed": Exit.FAILED,
    "stopped": Exit.STOPPED,
    "paused": Exit.PAUSED,
    "refused": Exit.USAGE,
}
"""The exit status by the status a run ended with."""


def of_error(error: CallsheetError) -> Exit:
    """The exit status of a command that an error ended: 2 for bad input and for a run that was refused."""
    refused = isinstance(error, UsageError | ScriptValidationError | WorkflowError)
    return Exit.USAGE if refused else Exit.FAILED
