"""Problems as JSON (protocol, `check --format json`)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from callsheet.cli.formats.report import SEVERITY_NAMES, Report


def render(reports: Sequence[Report]) -> str:
    """A list with one object per file, files without problems included."""
    return json.dumps([_report(report) for report in reports], indent=2, ensure_ascii=False)


def _report(report: Report) -> dict[str, object]:
    problems = []
    for problem in report.problems:
        region = report.region(problem.span)
        problems.append(
            {
                "code": problem.code,
                "severity": SEVERITY_NAMES[problem.severity],
                "message": problem.message,
                "line": region.line,
                "column": region.column,
                "endLine": region.end_line,
                "endColumn": region.end_column,
            }
        )
    return {"path": report.path, "problems": problems}
