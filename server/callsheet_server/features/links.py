"""Document links: nested workflows, script paths, agent types, and URLs in strings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen
from callsheet.language.model import build_model
from callsheet.language.problem import Span
from callsheet.language.syntax import Parsed

from callsheet_server.features.nested import nested_calls
from callsheet_server.features.world import World

_URL = re.compile(rb"https?://[^\s'\"`<>\\$(){}\[\]]+[^\s'\"`<>\\$(){}\[\].,;:!?]")


@frozen
class Link:
    """A span that leads somewhere: to a file, or to a URL."""

    span: Span
    file: Path | None = None
    url: str | None = None
    tooltip: str = ""


def links(parsed: Parsed, world: World) -> list[Link]:
    """Links of a script, in source order."""
    found = [*_files(parsed, world), *_urls(parsed)]
    return sorted(found, key=lambda link: link.span.start)


def _files(parsed: Parsed, world: World) -> Iterator[Link]:
    for call in nested_calls(parsed):
        file = call.file(world)
        if file is not None:
            yield Link(call.inner, file, tooltip="Open the workflow")
    for site in build_model(parsed).calls_of("agent"):
        option = site.option("agentType")
        found = world.agent_types.get(option.text) if option is not None and option.text else None
        if option is not None and found is not None and found.path is not None:
            span = Span(option.value.start_byte + 1, option.value.end_byte - 1)
            yield Link(span, found.path, tooltip="Open the agent type")


def _urls(parsed: Parsed) -> Iterator[Link]:
    data = parsed.source.data
    for match in _URL.finditer(data, parsed.script.start, parsed.script.end):
        yield Link(Span(*match.span()), url=match.group().decode("utf-8", "replace"))
