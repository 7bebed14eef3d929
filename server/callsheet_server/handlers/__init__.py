"""The glue: each request of the protocol, in terms of the features."""

from __future__ import annotations

from typing import TYPE_CHECKING

from callsheet_server.handlers import doing, hierarchy, lifecycle, navigation, outline, writing
from callsheet_server.runs import commands

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer


def register(server: CallsheetServer) -> None:
    """Register every handler."""
    for module in (lifecycle, writing, outline, navigation, hierarchy, doing):
        module.register(server)
    commands.register(server)
