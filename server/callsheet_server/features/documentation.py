"""Documentation in Markdown by key, for hovers, completions and signatures alike."""

from __future__ import annotations

from callsheet.language.literals import string_value
from callsheet.language.model import CallSite, Workflow, build_model
from callsheet.language.rules import all_rules
from callsheet.language.syntax import Parsed
from callsheet.language.tables.entry import Field, Global
from callsheet.language.tables.globals import GLOBALS_BY_NAME
from callsheet.language.tables.meta_fields import META_FIELDS, PHASE_FIELDS
from callsheet.language.tables.options import BUILT_IN_TIERS
from callsheet.language.workspace import SavedWorkflow

from callsheet_server.features.schema_keywords import KEYWORDS
from callsheet_server.features.world import World

_FIELDS = {"meta": META_FIELDS, "phase-entry": PHASE_FIELDS}


def documentation(key: str, parsed: Parsed | None, world: World) -> str | None:
    """The documentation that a key such as `global:agent` or `phase:Review` stands for."""
    kind, _, name = key.partition(":")
    if kind == "global" and name in GLOBALS_BY_NAME:
        return of_global(GLOBALS_BY_NAME[name])
    if kind == "text":
        return name
    if kind == "member":
        owner, _, member = name.partition(".")
        return _member(owner, member)
    if kind == "field":
        found = find_field(*name.rpartition(".")[::2])
        return of_field(found) if found is not None else None
    if kind == "keyword" and name in KEYWORDS:
        return f"`{name}` — {KEYWORDS[name][1]}"
    if kind == "rule" and name in all_rules():
        return all_rules()[name].summary
    if kind == "model":
        return world.models.describe(name, world.settings)
    if kind == "tier":
        return of_tier(name, world)
    if kind == "workflow":
        saved = world.find_workflow(name)
        return of_workflow(saved) if saved is not None else None
    if kind == "agentType" and name in world.agent_types:
        return of_agent_type(name, world)
    if kind == "phase" and parsed is not None:
        return of_phase(name, build_model(parsed))
    return None


def code(text: str) -> str:
    """A TypeScript code block."""
    return f"```typescript\n{text}\n```"


def of_global(entry: Global) -> str:
    """A name of the language."""
    parts = [code(entry.signature), entry.summary]
    if entry.docs:
        parts.append(entry.docs)
    found = entry.parameter_with_fields()
    if found is not None:
        parts.append("\n".join(f"- {_line(field)}" for field in found[1].fields))
    if entry.members:
        parts.append("\n".join(f"- `{member.name}`: {member.docs}" for member in entry.members))
    return "\n\n".join(parts)


def _line(field: Field) -> str:
    default = f" Default: {field.default}." if field.default else ""
    return f"`{field.name}` `{field.type}`: {field.docs}{default}"


def of_field(field: Field) -> str:
    """An option or a field of `meta`."""
    parts = [code(f"{field.name}{'' if field.required else '?'}: {field.type}"), field.docs]
    if field.default:
        parts.append(f"Default: {field.default}.")
    return "\n\n".join(parts)


def find_field(owner: str, name: str) -> Field | None:
    """A field by its owner, a function or `meta` or `phase-entry`, and its name."""
    fields = _FIELDS.get(owner)
    if fields is None and owner in GLOBALS_BY_NAME:
        found = GLOBALS_BY_NAME[owner].parameter_with_fields()
        fields = found[1].fields if found is not None else ()
    return next((field for field in fields or () if field.name == name), None)


def _member(owner: str, name: str) -> str | None:
    entry = GLOBALS_BY_NAME.get(owner)
    member = next((item for item in entry.members if item.name == name), None) if entry else None
    return f"{code(f'{owner}.{name}: {member.type}')}\n\n{member.docs}" if member is not None else None


def of_workflow(saved: SavedWorkflow) -> str:
    """A saved workflow."""
    where = "Comes with Callsheet." if saved.bundled else f"`{saved.path}`"
    parts = [f"**{saved.name}** — workflow", saved.description, where]
    if saved.read_only:
        parts.append("A saved record; it is read-only.")
    return "\n\n".join(part for part in parts if part)


def of_tier(name: str, world: World) -> str:
    """A tier, with its model where the settings name it."""
    model = world.settings.models.tiers.get(name)
    if model is not None:
        return world.models.describe(model, world.settings) or f"The settings name `{model}`."
    if name in BUILT_IN_TIERS:
        return (
            "No model is set for this tier: the one of the session's provider is taken when the script runs."
        )
    return f"There is no tier `{name}` in the settings."


def of_agent_type(name: str, world: World) -> str:
    """An agent definition."""
    found = world.agent_types[name]
    parts = [f"**{found.name}** — agent type", found.description]
    if found.model:
        parts.append(f"Model: `{found.model}`")
    parts.append(f"`{found.path}`" if found.path is not None else "Built in.")
    return "\n\n".join(part for part in parts if part)


def of_phase(title: str, workflow: Workflow) -> str:
    """A phase, with what it declares and the calls in it."""
    declared = workflow.phase(title)
    calls = calls_in_phase(title, workflow)
    parts = [f"**{title}** — phase{'' if declared else ', not declared in `meta.phases`'}"]
    if declared is not None and declared.detail:
        parts.append(declared.detail)
    if declared is not None and declared.model:
        parts.append(f"Model: `{declared.model}`")
    parts.append(f"{len(calls)} `agent()` call{'' if len(calls) == 1 else 's'} in the script.")
    return "\n\n".join(parts)


def calls_in_phase(title: str, workflow: Workflow) -> list[CallSite]:
    """The `agent()` calls that belong to a phase, as far as the text tells."""
    return [site for site in workflow.calls_of("agent") if workflow.phase_of(site) == title]


def first_text(site: CallSite) -> str | None:
    """The first argument of a call where it is a plain string."""
    node = site.argument(0)
    return string_value(node) if node is not None else None
