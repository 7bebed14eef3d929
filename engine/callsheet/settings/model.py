"""The settings of runs and of the analysis."""

from __future__ import annotations

from attrs import field, frozen


@frozen
class ConfirmOver:
    """Ask before a run whose plan is over one of these; None never asks."""

    agents: int | None = 100
    tokens: int | None = None
    cost_usd: float | None = 10.0


@frozen
class ModelSettings:
    """Aliases, tiers and prices (US dollars per million tokens: input, output)."""

    aliases: dict[str, str] = field(factory=dict)
    tiers: dict[str, str] = field(factory=dict)
    prices: dict[str, tuple[float, float]] = field(factory=dict)


@frozen
class RunSettings:
    """Limits of runs; None takes the default of the language's section 5."""

    concurrency: int | None = None
    max_agents: int = 1000
    budget_tokens: int | None = None
    agent_timeout_s: float | None = 300.0
    confirm_over: ConfirmOver = field(factory=ConfirmOver)


@frozen
class WorktreeSettings:
    """How `isolation: "worktree"` is met."""

    required: bool = False
    include_uncommitted: bool = False


@frozen
class Settings:
    """Everything that `callsheet.toml`, the person's file and the editor can set (protocol, "Settings")."""

    model: str | None = None
    models: ModelSettings = field(factory=ModelSettings)
    run: RunSettings = field(factory=RunSettings)
    worktrees: WorktreeSettings = field(factory=WorktreeSettings)
    rules: dict[str, str] = field(factory=dict)
    hosts: tuple[str, ...] = ()
    run_diagnostics: bool = True
