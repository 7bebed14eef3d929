"""Inlay hints: a call's model and label where they are not written, and the size of a fan-out."""

from __future__ import annotations

from attrs import frozen
from callsheet.language.model import FAN_OUT_KINDS, CallSite, Workflow, build_model
from callsheet.language.problem import Span
from callsheet.language.rules._bounds import times_called
from callsheet.language.syntax import Parsed

from callsheet_server.features.callinfo import default_label, model_of
from callsheet_server.features.world import World

MAX_LABEL_CHARACTERS = 30


@frozen
class Hint:
    """A few words at a byte offset that are not in the text.

    Attributes:
        of_run: whether it tells of a run, which a client may show in a way of its own.
    """

    offset: int
    text: str
    tooltip: str = ""
    of_run: bool = False


def hints(parsed: Parsed, span: Span, world: World) -> list[Hint]:
    """Hints for the part of a script that is on the screen."""
    workflow = build_model(parsed)
    found: list[Hint] = []
    for site in workflow.calls:
        if site.span.end < span.start or site.span.start > span.end:
            continue
        if site.kind == "agent":
            found += _of_agent(site, workflow, world)
        elif site.kind in FAN_OUT_KINDS and site.fan_out is None:
            found += _of_fan_out(site, workflow)
    return sorted(found, key=lambda hint: hint.offset)


def _of_fan_out(site: CallSite, workflow: Workflow) -> list[Hint]:
    """The number of agents of an outermost fan-out, where every call in it can be counted."""
    inside = [call for call in workflow.calls_of("agent") if _is_in(call, site)]
    counts = [times_called(workflow, call) for call in inside]
    if not counts or None in counts:
        return []
    total = sum(count for count in counts if count is not None)
    noun = "agent" if total == 1 else "agents"
    return [Hint(site.callee.end_byte, f" {total} {noun}", "The most agents that this fan-out starts")]


def _is_in(call: CallSite, fan_out: CallSite) -> bool:
    return fan_out.span.start <= call.span.start and call.span.end <= fan_out.span.end


def _of_agent(site: CallSite, workflow: Workflow, world: World) -> list[Hint]:
    found = []
    prompt = site.argument(0)
    label = default_label(site)
    if (
        prompt is not None
        and label is not None
        and "…" not in label
        and len(prompt.text or b"") > len(label) + 2
    ):
        cut = label if len(label) <= MAX_LABEL_CHARACTERS else label[: MAX_LABEL_CHARACTERS - 1] + "…"
        found.append(Hint(prompt.end_byte, f" label: {cut}", f"The call's label in every view: {label}"))
    choice = model_of(site, workflow, world)
    if choice is not None and choice.name is not None and site.option("model") is None:
        found.append(Hint(site.span.end, f" {choice.name}", f"The call's model, chosen by {choice.origin}"))
    elif choice is not None and choice.resolved is not None and choice.resolved != choice.name:
        found.append(Hint(site.span.end, f" {choice.resolved}", f"What `{choice.name}` stands for"))
    return found
