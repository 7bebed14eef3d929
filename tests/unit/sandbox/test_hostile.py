"""Hostile scripts, as data: each ends with its clear error, and the caller lives on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from attrs import frozen
from callsheet.errors import ErrorCode, WorkflowError
from callsheet.sandbox import SandboxLimits

from tests.support.sandbox import DATA, META, run_script

_HEAD = re.compile(r"^//- (?P<name>.+?): (?P<code>[A-Z_]+|ok)(?: (?P<rest>.+))?$")
_FOLDER = DATA / "hostile"


@frozen
class Case:
    """One script, with the code it ends with and what its message matches, or its result."""

    name: str
    code: str
    rest: str | None
    body: str


def read_cases(path: Path) -> list[Case]:
    """`//- name: CODE /message/` or `//- name: ok JSON`, then the script."""
    cases: list[Case] = []
    head: re.Match[str] | None = None
    body: list[str] = []

    def close() -> None:
        if head is not None:
            cases.append(Case(f"{path.stem}: {head['name']}", head["code"], head["rest"], "\n".join(body)))

    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("//- "):
            close()
            head, body = _HEAD.match(line), []
            assert head is not None, line
        else:
            body.append(line)
    close()
    return cases


CASES = [case for path in sorted(_FOLDER.glob("*.js")) for case in read_cases(path)]
_QUICK = SandboxLimits(memory_bytes=48 * 1024 * 1024, turn_timeout_s=0.5)
_SLOW = SandboxLimits(memory_bytes=48 * 1024 * 1024, turn_timeout_s=60.0, max_calls=2000)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
async def test_ends_with_its_error(case: Case) -> None:
    limits = _QUICK if case.code == ErrorCode.SCRIPT_TIMEOUT else _SLOW
    try:
        script = await run_script(META + case.body, limits=limits)
    except WorkflowError as error:
        code, message, result = error.code.value, error.message, None
    else:
        assert script.outcome is not None
        failure = script.outcome.error
        code = failure.code.value if failure else "ok"
        message = failure.message if failure else ""
        result = script.outcome.value_json
    assert (code, message[:200]) == (case.code, message[:200])
    assert len(message) <= 10_000
    if case.code == "ok":
        assert json.loads(result or "") == json.loads(case.rest or "")
    elif case.rest:
        assert re.search(case.rest.strip("/"), message)


def test_table_is_large_enough() -> None:
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)
