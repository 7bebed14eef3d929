"""Callsheet: check, run and resume agent workflow scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# What is public, and where it lives: importing the package alone must stay cheap.
_PUBLIC = {
    "check_source": "callsheet.language.api",
    "parse_workflow": "callsheet.language.api",
    "AgentBackend": "callsheet.agents.backend",
    "AgentEvent": "callsheet.agents.backend",
    "AgentFailure": "callsheet.agents.backend",
    "AgentOutcome": "callsheet.agents.backend",
    "AgentRequest": "callsheet.agents.backend",
    "Usage": "callsheet.agents.backend",
    "CallsheetError": "callsheet.errors",
    "ErrorCode": "callsheet.errors",
    "ReasonCode": "callsheet.errors",
    "ScriptValidationError": "callsheet.errors",
    "UsageError": "callsheet.errors",
    "WorkflowError": "callsheet.errors",
    "Problem": "callsheet.language.problem",
    "Severity": "callsheet.language.problem",
    "Worktree": "callsheet.worktrees",
    "ScriptedBackend": "callsheet.agents.scripted",
    "RunOptions": "callsheet.runs.options",
    "RunResult": "callsheet.runs.result",
    "RunStore": "callsheet.runs.store",
    "resume_run": "callsheet.runs.api",
    "run_workflow": "callsheet.runs.api",
    "create_worktree": "callsheet.worktrees",
    "remove_worktree": "callsheet.worktrees",
}

if TYPE_CHECKING:
    from callsheet.agents.backend import (
        AgentBackend,
        AgentEvent,
        AgentFailure,
        AgentOutcome,
        AgentRequest,
        Usage,
    )
    from callsheet.agents.scripted import ScriptedBackend
    from callsheet.errors import (
        CallsheetError,
        ErrorCode,
        ReasonCode,
        ScriptValidationError,
        UsageError,
        WorkflowError,
    )
    from callsheet.language.api import check_source, parse_workflow
    from callsheet.language.problem import Problem, Severity
    from callsheet.runs.api import resume_run, run_workflow
    from callsheet.runs.options import RunOptions
    from callsheet.runs.result import RunResult
    from callsheet.runs.store import RunStore
    from callsheet.worktrees import Worktree, create_worktree, remove_worktree

__all__ = [
    "AgentBackend",
    "AgentEvent",
    "AgentFailure",
    "AgentOutcome",
    "AgentRequest",
    "CallsheetError",
    "ErrorCode",
    "Problem",
    "ReasonCode",
    "RunOptions",
    "RunResult",
    "RunStore",
    "ScriptValidationError",
    "ScriptedBackend",
    "Severity",
    "Usage",
    "UsageError",
    "WorkflowError",
    "Worktree",
    "__version__",
    "check_source",
    "create_worktree",
    "parse_workflow",
    "remove_worktree",
    "resume_run",
    "run_workflow",
]


def __getattr__(name: str) -> Any:
    module = _PUBLIC.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(module), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC})
