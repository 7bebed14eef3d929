"""Which file each `workflow()` call of a script runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from attrs import frozen
from callsheet.language.literals import string_value
from callsheet.language.model import CallSite, build_model
from callsheet.language.problem import Span
from callsheet.language.syntax import Parsed, span_of
from tree_sitter import Node

from callsheet_server.features.world import World


@frozen
class NestedCall:
    """A `workflow()` call that says in plain text what it runs.

    Attributes:
        text: a saved workflow's name, or a script's path.
        is_path: which of the two.
        span: the string, with its quotes.
    """

    text: str
    is_path: bool
    span: Span

    @property
    def inner(self) -> Span:
        """The string without its quotes."""
        return Span(self.span.start + 1, self.span.end - 1)

    def file(self, world: World) -> Path | None:
        """The file that it runs, if there is one. It looks at the disk: call it off the event loop."""
        if self.is_path:
            return world.find_script(self.text)
        saved = world.find_workflow(self.text)
        return saved.path if saved is not None else None


def nested_calls(parsed: Parsed) -> Iterator[NestedCall]:
    """The `workflow()` calls of a script, in source order."""
    for site in build_model(parsed).calls_of("workflow"):
        for is_path, node in ((False, site.argument(0)), (True, _path_node(site))):
            text = string_value(node) if node is not None else None
            if node is not None and text:
                yield NestedCall(text, is_path, span_of(node))


def nested_call_at(parsed: Parsed, offset: int) -> NestedCall | None:
    """The call whose name or path is at a byte offset."""
    return next((call for call in nested_calls(parsed) if call.span.start <= offset <= call.span.end), None)


def _path_node(site: CallSite) -> Node | None:
    option = site.option("scriptPath")
    return option.value if option is not None else None
