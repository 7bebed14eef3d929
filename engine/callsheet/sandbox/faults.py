"""What the JavaScript engine says about a text that it cannot parse, at its place in the user's file."""

from __future__ import annotations

import re

from callsheet.sandbox.protocol import SyntaxFault
from callsheet.sandbox.source import LINE_OFFSET, Prepared

_PLACE = re.compile(r"<input>:(\d+):(\d+)")


def script_fault(report: str, prepared: Prepared) -> SyntaxFault:
    """Reads the engine's report: a line `SyntaxError: message`, then a stack."""
    message = report.partition("\n    at ")[0].strip() or "SyntaxError"
    places = [(int(line) - LINE_OFFSET, int(column)) for line, column in _PLACE.findall(report)]
    line, column = next((place for place in places if place[0] > 0), (1, 1))
    return SyntaxFault(message, *prepared.position(line, column))
