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


REFUSING: Final = frozenset({"run", "resume", "plan"})
"""Verbs whose every error is a refusal: nothing was started."""


def of_error(error: CallsheetError, verb: str | None = None) -> Exit:
    """The exit status of a command that an error ended: 2 for bad input and for a run that was refused."""
    refused = verb in REFUSING or isinstance(error, UsageError | ScriptValidationError | WorkflowError)
    return Exit.USAGE if refused else Exit.FAILED


def usage_error(error: OSError) -> UsageError:
    """What the system refused, as bad input: a path that cannot be used, a folder that cannot be written."""
    where = f"{error.filename}: " if error.filename else ""
    return UsageError(f"{where}{error.strerror or error}.")
