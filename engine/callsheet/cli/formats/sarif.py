"""Problems as SARIF 2.1.0, the exchange format of static analysis."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import callsheet
from callsheet.cli.formats.report import Region, Report
from callsheet.language.problem import Fix, Problem, Severity
from callsheet.language.rules import all_rules

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "note",
    Severity.HINT: "note",
}


def render(reports: Sequence[Report]) -> str:
    """One run of one tool, with every rule that the problems name."""
    codes = sorted({problem.code for report in reports for problem in report.problems})
    index = {code: at for at, code in enumerate(codes)}
    run = {
        "tool": {
            "driver": {
                "name": "callsheet",
                "version": callsheet.__version__,
                "semanticVersion": callsheet.__version__,
                "rules": [_rule(code) for code in codes],
            }
        },
        "columnKind": "utf16CodeUnits",
        "artifacts": [{"location": _location(report.path)} for report in reports],
        "results": [
            _result(report, at, problem, index)
            for at, report in enumerate(reports)
            for problem in report.problems
        ],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _rule(code: str) -> dict[str, Any]:
    rule = all_rules()[code]
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in code.split("-")),
        "shortDescription": {"text": f"{rule.summary}."},
        "defaultConfiguration": {"level": _LEVELS[rule.severity], "enabled": not rule.off_by_default},
        "properties": {"group": rule.group},
    }


def _result(report: Report, artifact: int, problem: Problem, index: dict[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "ruleIndex": index[problem.code],
        "level": _LEVELS[problem.severity],
        "message": {"text": problem.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {**_location(report.path), "index": artifact},
                    "region": _region(report.region(problem.span)),
                }
            }
        ],
    }
    if problem.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "message": {"text": related.message},
                "physicalLocation": {
                    "artifactLocation": {**_location(report.path), "index": artifact},
                    "region": _region(report.region(related.span)),
                },
            }
            for number, related in enumerate(problem.related, 1)
        ]
    if problem.fixes:
        result["fixes"] = [_fix(report, artifact, fix) for fix in problem.fixes]
    return result


def _fix(report: Report, artifact: int, fix: Fix) -> dict[str, Any]:
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {
                "artifactLocation": {**_location(report.path), "index": artifact},
                "replacements": [
                    {
                        "deletedRegion": _region(report.region(edit.span)),
                        "insertedContent": {"text": edit.text},
                    }
                    for edit in fix.edits
                ],
            }
        ],
    }


def _region(region: Region) -> dict[str, int]:
    return {
        "startLine": region.line,
        "startColumn": region.column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
    }


def _location(path: str) -> dict[str, str]:
    if Path(path).is_absolute():
        return {"uri": Path(path).as_uri()}
    return {"uri": quote(os.fsencode(Path(path).as_posix()))}
