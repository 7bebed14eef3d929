"""Inlay hints: a call's model and label where they are not written, and the size of a fan-out."""

from __future__ import annotations

from attrs import frozen
from callsheet.language.model import CallSite, Workflow, build_model
from callsheet.language.problem import Span
from callsheet.language.syntax import Parsed

from callsheet_server.features.callinfo import default_label, model_of
from callsheet_server.features.world import World

MAX_LABEL_CHARACTERS = 30


@frozen
class Hint:
    """A few words at a byte offset that are not in the text."""

    offset: int
    text: str
    tooltip: str = ""


def hints(parsed: Parsed, span: Span, world: World) -> list[Hint]:
    """Hints for the part of a script that is on the screen."""
    workflow = build_model(parsed)
    found: list[Hint] = []
    for site in workflow.calls:
        if site.span.end < span.start or site.span.start > span.end:
            continue
        if site.kind == "agent":
            found += _of_agent(site, workflow, world)
    return sorted(found, key=lambda hint: hint.offset)


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
