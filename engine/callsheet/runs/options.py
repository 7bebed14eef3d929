"""What a run can be told beside its script and args."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from attrs import asdict, evolve, field, frozen

from callsheet.errors import UsageError

if TYPE_CHECKING:
    from attrs import Attribute

DEFAULT_AGENT_TIMEOUT_S: Final = 300.0

RESUME_ONLY: Final = ("match", "keep_failed")
"""Options of one resume, not of the run: the next resume starts without them."""


def default_concurrency() -> int:
    """`min(16, cores - 2)`, at least 2 (language, P3)."""
    return max(2, min(16, (os.cpu_count() or 2) - 2))


def _at_least_one(instance: RunOptions, attribute: Attribute[Any], value: Any) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        raise UsageError(f"{attribute.name} must be a whole number from 1, not {value!r}.")


@frozen(kw_only=True)
class RunOptions:
    """Options of a run (language, R7); None takes the settings' value, then the language's default.

    Attributes:
        model: default model of calls that name none.
        budget: ceiling in tokens, input and output together; None for none.
        concurrency: agents at a time.
        max_agents: `agent()` calls of the whole run.
        agent_timeout_s: limit on each try of calls without `timeoutMs`, in seconds; None for none.
        dry_run: answer with the simulated agent, whatever models there are.
        backend: name of the backend when it is not chosen by the model, such as `scripted:answers.json`.
        attended: whether a person can answer `checkpoint()`; otherwise it takes its default or fails.
        worktrees_required: fail a call whose worktree git refuses, rather than share the tree.
        include_uncommitted: worktrees start from the working tree's state rather than from the commit.
        match: when resuming an edited script, replay any call whose hash and occurrence match.
        keep_failed: when resuming, keep failed and skipped calls as they are.
    """

    model: str | None = None
    budget: int | None = field(default=None, validator=_at_least_one)
    concurrency: int | None = field(default=None, validator=_at_least_one)
    max_agents: int | None = field(default=None, validator=_at_least_one)
    agent_timeout_s: float | None = DEFAULT_AGENT_TIMEOUT_S
    dry_run: bool = False
    backend: str | None = None
    attended: bool = False
    worktrees_required: bool = False
    include_uncommitted: bool = False
    match: bool = False
    keep_failed: bool = False

    def to_record(self) -> dict[str, Any]:
        """The options as the journal holds them: those that differ from the defaults, by name."""
        return {name: value for name, value in _values(self).items() if value != _DEFAULTS[name]}

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> RunOptions:
        """Read back `to_record`; names this version does not know are left out."""
        return cls(**{name: value for name, value in record.items() if name in _DEFAULTS})

    def resumed(self, **given: Any) -> RunOptions:
        """The options of a resume: these, with what is given anew (None gives nothing)."""
        changes: dict[str, Any] = dict.fromkeys(RESUME_ONLY, False)
        changes.update({name: value for name, value in given.items() if value is not None})
        return evolve(self, **changes)


def _values(options: RunOptions) -> dict[str, Any]:
    return asdict(options, recurse=False)


_DEFAULTS: Final = _values(RunOptions())
