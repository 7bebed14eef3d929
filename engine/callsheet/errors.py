"""Every error that Callsheet raises on purpose.

    CallsheetError
    ├── UsageError                 the caller's input cannot be used (exit status 2)
    ├── ScriptValidationError      a script has errors; carries its problems
    ├── WorkflowError              a run ended badly; carries one of the codes of the protocol
    └── AgentFailure               one agent did not deliver; carries a reason code

A message says what happened and where; `hint` says what to do now.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from callsheet.language.problem import Problem


class ErrorCode(StrEnum):
    """Why a run failed or was refused (protocol, "Command line")."""

    SCRIPT_VALIDATION = "SCRIPT_VALIDATION"
    SCRIPT_ERROR = "SCRIPT_ERROR"
    DETERMINISM = "DETERMINISM"
    INVALID_CALL = "INVALID_CALL"
    SCHEMA_NONCOMPLIANCE = "SCHEMA_NONCOMPLIANCE"
    NESTING_LIMIT = "NESTING_LIMIT"
    WORKFLOW_NOT_FOUND = "WORKFLOW_NOT_FOUND"
    NOBODY_TO_ASK = "NOBODY_TO_ASK"
    TOKEN_BUDGET_EXHAUSTED = "TOKEN_BUDGET_EXHAUSTED"
    AGENT_LIMIT_EXCEEDED = "AGENT_LIMIT_EXCEEDED"
    FAN_OUT_LIMIT_EXCEEDED = "FAN_OUT_LIMIT_EXCEEDED"
    SCRIPT_TIMEOUT = "SCRIPT_TIMEOUT"
    SCRIPT_MEMORY = "SCRIPT_MEMORY"
    SCRIPT_DEADLOCK = "SCRIPT_DEADLOCK"
    WORKFLOW_ABORTED = "WORKFLOW_ABORTED"
    RUN_LOCKED = "RUN_LOCKED"
    JOURNAL_CORRUPT = "JOURNAL_CORRUPT"


FATAL_CODES = frozenset(
    {
        ErrorCode.INVALID_CALL,
        ErrorCode.TOKEN_BUDGET_EXHAUSTED,
        ErrorCode.AGENT_LIMIT_EXCEEDED,
        ErrorCode.FAN_OUT_LIMIT_EXCEEDED,
        ErrorCode.WORKFLOW_ABORTED,
    }
)
"""Codes that reject the fan-outs they happen in (language, E3 to E6)."""


class ReasonCode(StrEnum):
    """Why one agent failed (protocol, `agents[].reason.code`)."""

    AGENT_TIMEOUT = "AGENT_TIMEOUT"
    AGENT_FAILED = "AGENT_FAILED"
    AGENT_EMPTY_OUTPUT = "AGENT_EMPTY_OUTPUT"
    SCHEMA_NONCOMPLIANCE = "SCHEMA_NONCOMPLIANCE"


class CallsheetError(Exception):
    """What happened and where, with an optional hint of what to do now."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class UsageError(CallsheetError):
    """The input cannot be used as it is; nothing was started."""


class ScriptValidationError(CallsheetError):
    """A script has problems of severity error.

    Attributes:
        problems: every problem found, errors first.
    """

    def __init__(self, message: str, problems: Sequence[Problem]) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class WorkflowError(CallsheetError):
    """A run that cannot go on.

    Attributes:
        code: one of the codes of the protocol.
        line: line in the user's file, from 1, where known.
        column: column in UTF-16 units, from 1, where known.
        file: the child workflow's file, where it is not the run's own script.
    """

    def __init__(
        self,
        code: ErrorCode,
        message: str,
        *,
        line: int | None = None,
        column: int | None = None,
        file: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.code = code
        self.line = line
        self.column = column
        self.file = file
