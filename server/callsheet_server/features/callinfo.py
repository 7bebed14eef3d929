"""What an `agent()` call will be, as far as the text tells: its model, its label, its place."""

from __future__ import annotations

from attrs import frozen
from callsheet.language.literals import string_value
from callsheet.language.model import CallSite, Workflow
from callsheet.language.tables.limits import MAX_LABEL_CODE_POINTS

from callsheet_server.features.world import World


@frozen
class ModelChoice:
    """The model of a call, and what chose it (language, A1).

    Attributes:
        name: as it is written; None when the session's default is used and the settings name none.
        resolved: what that stands for, where it is known.
        origin: a few words on who chose it.
    """

    name: str | None
    resolved: str | None
    origin: str


def model_of(site: CallSite, workflow: Workflow, world: World) -> ModelChoice | None:
    """The model of an `agent()` call; None when the text does not tell."""
    option = site.option("model")
    if option is not None:
        return _choice(option.text, "this call", world)
    if site.options_node is not None and (site.options is None or site.options.is_open):
        return None
    agent_type = site.option("agentType")
    if agent_type is not None:
        if agent_type.text is None:
            return None
        definition = world.agent_types.get(agent_type.text)
        if definition is not None and definition.model:
            return _choice(definition.model, f"the agent type {definition.name}", world)
    tier = site.option("tier")
    if tier is not None:
        name = world.settings.models.tiers.get(tier.text) if tier.text else None
        return _choice(name, f"the tier {tier.text}", world) if name else None
    title = workflow.phase_of(site)
    phase = workflow.phase(title) if title is not None else None
    if phase is not None and phase.model:
        return _choice(phase.model, f"the phase {phase.title}", world)
    if workflow.meta is not None and workflow.meta.model:
        return _choice(workflow.meta.model, "`meta.model`", world)
    if world.settings.model:
        return _choice(world.settings.model, "the settings", world)
    return ModelChoice(None, None, "the session's default")


def _choice(name: str | None, origin: str, world: World) -> ModelChoice | None:
    if name is None:
        return None
    return ModelChoice(name, world.models.resolve(name, world.settings), origin)


def default_label(site: CallSite) -> str | None:
    """The label that a call without one gets; None when it has one or the text does not tell."""
    if site.option("label") is not None or (site.options is not None and site.options.is_open):
        return None
    prompt = prompt_text(site)
    return shorten(prompt) if prompt else None


def prompt_text(site: CallSite) -> str | None:
    """The prompt; parts of a template that are worked out at run time become `…`."""
    node = site.argument(0)
    if node is None:
        return None
    plain = string_value(node)
    if plain is not None or node.type != "template_string":
        return plain
    parts = []
    for child in node.named_children:
        parts.append(
            "…" if child.type == "template_substitution" else (child.text or b"").decode("utf-8", "replace")
        )
    return "".join(parts)


def shorten(text: str) -> str:
    """A text on one line, cut as labels are."""
    return " ".join(text.split())[:MAX_LABEL_CODE_POINTS]


def name_of(site: CallSite) -> str:
    """How lists show an `agent()` call."""
    label = site.option("label")
    if label is not None:
        if label.text:
            return label.text
        return shorten((label.value.text or b"").decode("utf-8", "replace")).strip("`")
    return default_label(site) or "agent"
