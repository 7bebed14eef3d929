"""Previews: what a run of a script would call, as far as the script tells before it runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from callsheet.agents.definitions import Definitions, find_definitions
from callsheet.agents.models import ModelResolver, price_of
from callsheet.language.literals import string_value
from callsheet.language.model import CallSite, Workflow, build_model
from callsheet.language.rules._bounds import agents_of
from callsheet.language.source import Source
from callsheet.language.syntax import parse
from callsheet.language.tables.limits import MAX_AGENTS
from callsheet.runs.backends import is_simulated
from callsheet.runs.calls import default_label
from callsheet.runs.options import RunOptions, default_concurrency
from callsheet.runs.replay_plan import ReplayPlan
from callsheet.settings import Settings

TOKENS_PER_AGENT: Final = (12_000, 1_500)
"""Tokens in and out of an agent of unknown habits, for estimates: a few turns with tools."""

_ASKING: Final = ("agent", "verify", "judgePanel", "completenessCheck")
_OTHERS: Final = ("workflow", "checkpoint")
_TEXTS: Final = ("label", "model", "agentType", "tier", "isolation")


@frozen
class PlannedCall:
    """A place in the script that calls agents, a person, or another workflow.

    Attributes:
        kind: name of the function that is called.
        line: line of the call, from 1.
        label: its name as far as the script tells, None where it is made up when it runs.
        model: the model it gets, None where it depends on the run or agents are simulated.
        times: the most often that it is made, None where the script does not tell.
    """

    kind: str
    line: int
    column: int
    label: str | None
    phase: str | None
    model: str | None
    isolation: str | None
    times: int | None

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "line": self.line,
            "column": self.column,
            "label": self.label,
            "phase": self.phase,
            "model": self.model,
            "isolation": self.isolation,
            "times": self.times,
        }


@frozen(kw_only=True)
class Plan:
    """A preview of a run.

    Attributes:
        calls: where the script calls something, in source order.
        at_most: bound on the number of agents, None where the script sets none; the cap holds in any case.
        cap: agents that the run may make at most.
        tokens: estimate for all agents, None where their number is not known.
        cost: estimate in US dollars, None where number or prices are not known.
        simulated: whether agents would be simulated, and nothing spent.
        models: the most agents of each model; None as a model where it depends on the run.
        replay: what a resume would replay, None for a new run.
    """

    name: str
    description: str
    phases: list[dict[str, Any]]
    calls: list[PlannedCall]
    models: dict[str | None, int | None]
    at_most: int | None
    cap: int
    tokens: int | None
    cost: float | None
    concurrency: int
    budget: int | None
    simulated: bool
    replay: ReplayPlan | None = None

    def to_json(self) -> dict[str, Any]:
        """The object that `plan --json` and `callsheet.plan` give."""
        return {
            "name": self.name,
            "description": self.description,
            "phases": self.phases,
            "calls": [call.to_json() for call in self.calls],
            "models": [{"model": model, "agents": agents} for model, agents in self.models.items()],
            "agents": {"atMost": self.at_most, "cap": self.cap},
            "estimate": {"tokens": self.tokens, "cost": self.cost},
            "concurrency": self.concurrency,
            "budget": self.budget,
            "simulated": self.simulated,
            "replay": self.replay.to_json() if self.replay is not None else None,
        }


def plan_run(text: str, *, options: RunOptions, settings: Settings, cwd: Path) -> Plan:
    """Preview a run of a script that has been checked.

    Args:
        text: the script.
        options: options of the run.
        settings: settings in force in `cwd`.
        cwd: working directory of the run.

    Raises:
        UsageError: the model that was asked for cannot be used.
    """
    workflow = build_model(parse(Source(text)))
    simulated = is_simulated(options, settings)
    models = ModelResolver(settings, options.model, simulated=simulated or options.backend is not None)
    definitions = find_definitions(cwd)
    calls = [_planned(workflow, site, models, definitions) for site in workflow.calls_of(*_ASKING, *_OTHERS)]
    asking = [call for call in calls if call.kind in _ASKING]
    by_model: dict[str | None, int | None] = {}
    agents: int | None = None if any(call.kind == "workflow" for call in calls) else 0
    for call in asking:
        agents = _add(agents, call.times)
        by_model[call.model] = _add(by_model.get(call.model, 0), call.times)
    cap = options.max_agents or MAX_AGENTS
    known = None if agents is None else min(agents, cap)
    meta = workflow.meta
    return Plan(
        name=workflow.name or "untitled",
        description=workflow.description or "",
        phases=list(meta.value.get("phases", [])) if meta is not None else [],
        calls=calls,
        models=by_model,
        at_most=known,
        cap=cap,
        tokens=None if known is None else known * sum(TOKENS_PER_AGENT),
        cost=0.0 if simulated else _cost(asking, settings.models.prices) if known is not None else None,
        concurrency=options.concurrency or default_concurrency(),
        budget=options.budget,
        simulated=simulated,
    )


def _planned(
    workflow: Workflow, site: CallSite, models: ModelResolver, definitions: Definitions
) -> PlannedCall:
    source = workflow.parsed.source
    row, column = source.position(site.span.start)
    texts = {name: option.text for name in _TEXTS if (option := site.option(name)) is not None}
    return PlannedCall(
        kind=site.kind,
        line=row + 1,
        column=column + 1,
        label=texts.get("label") or _label(site),
        phase=workflow.phase_of(site) if site.kind != "workflow" else None,
        model=_model(workflow, site, texts, models, definitions) if site.kind in _ASKING else None,
        isolation=texts.get("isolation"),
        times=agents_of(workflow, site),
    )


def _label(site: CallSite) -> str | None:
    prompt = site.argument(0)
    text = string_value(prompt) if prompt is not None else None
    return None if text is None else default_label(text)


def _model(
    workflow: Workflow,
    site: CallSite,
    texts: Mapping[str, str | None],
    models: ModelResolver,
    definitions: Definitions,
) -> str | None:
    if any(
        site.option(name) is not None and texts.get(name) is None for name in ("model", "agentType", "tier")
    ):
        return None
    definition = definitions.get(texts.get("agentType") or "")
    phase = workflow.phase(workflow.phase_of(site) or "")
    return models.resolve(
        call_model=texts.get("model"),
        definition_model=definition.model if definition is not None else None,
        tier=texts.get("tier"),
        phase_model=phase.model if phase is not None else None,
        meta_model=workflow.meta.model if workflow.meta is not None else None,
    ).model


def _add(total: int | None, more: int | None) -> int | None:
    return None if total is None or more is None else total + more


def _cost(calls: list[PlannedCall], prices: Mapping[str, tuple[float, float]]) -> float | None:
    total = 0.0
    for call in calls:
        price = price_of(call.model, prices)
        if price is None or call.times is None:
            return None
        tokens_in, tokens_out = TOKENS_PER_AGENT
        total += call.times * (price[0] * tokens_in + price[1] * tokens_out) / 1_000_000
    return total
