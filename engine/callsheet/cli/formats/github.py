"""Problems as workflow commands of GitHub Actions, which shows them on the changed lines."""

from __future__ import annotations

from collections.abc import Sequence

from callsheet.cli.formats.report import Report
from callsheet.language.problem import Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning"}


def render(reports: Sequence[Report]) -> str:
    """One command per line."""
    lines = []
    for report in reports:
        for problem in report.problems:
            region = report.region(problem.span)
            properties = {
                "file": report.path,
                "line": region.line,
                "endLine": region.end_line,
                "col": region.column,
                "endColumn": region.end_column,
                "title": problem.code,
            }
            if region.line != region.end_line:
                # Columns are only understood within one line.
                del properties["col"], properties["endColumn"]
            listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
            command = _COMMANDS.get(problem.severity, "notice")
            lines.append(f"::{command} {listed}::{_data(problem.message)}")
    return "\n".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
