"""`callsheet plan`: what a run or a resume would do, without asking anybody."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from callsheet.cli.confirm import over_limits
from callsheet.runs.options import RunOptions
from callsheet.runs.plan import plan_run
from callsheet.settings import ConfirmOver, Settings

from tests.support.cli import answer, asked, callsheet, environ, write_answers, write_script

BODY = """phase("Look")
const found = await parallel([1, 2, 3].map((i) => () => agent(`look ${i}`)))
return await agent("sum up", {phase: "Sum"})
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_script(tmp_path / "p.workflow.js", BODY, phases=[{"title": "Look"}, {"title": "Sum"}])
    return tmp_path


def test_a_preview_names_calls_and_bounds_and_starts_nothing(project: Path) -> None:
    done = callsheet("plan", "p.workflow.js", "--concurrency", "3", cwd=project)
    assert done.returncode == 0, done.stderr
    for words in ("line 3: agent", "3 times", "line 4: agent sum up", "at most 4, 3 at a time", "SIMULATED"):
        assert words in done.stdout
    assert not (project / ".callsheet").exists()
    shape = json.loads(callsheet("plan", "p.workflow.js", "--json", cwd=project).stdout)
    assert shape["agents"]["atMost"] == 4
    assert [call["times"] for call in shape["calls"]] == [3, 1]
    assert shape["replay"] is None


def test_a_preview_of_a_resume_tells_call_by_call(project: Path) -> None:
    backend = write_answers(project / "a.json", {"look 2": answer(fail="AGENT_FAILED")})
    callsheet("run", "p.workflow.js", "--backend", backend, cwd=project)
    before = len(asked(project / "a.json"))
    shape = json.loads(callsheet("plan", "p.workflow.js", "--resume", "last", "--json", cwd=project).stdout)
    actions = [(call["call"], call["action"], call.get("why")) for call in shape["replay"]["calls"]]
    assert actions[:3] == [(1, "replay", None), (2, "run", "failed"), (3, "replay", None)]
    text = (project / "p.workflow.js").read_text()
    (project / "edited.workflow.js").write_text(text.replace("look ${i}", "see ${i}"))
    done = callsheet("plan", "edited.workflow.js", "--resume", "last", cwd=project)
    assert "is the first that differs: the history has `look 1`, the script calls `see 1`" in done.stdout
    assert len(asked(project / "a.json")) == before


LIMITS = [
    (ConfirmOver(agents=3, cost_usd=None), ["3 agents"]),
    (ConfirmOver(agents=4, cost_usd=None), []),
    (ConfirmOver(agents=None, tokens=1000, cost_usd=None), ["1,000 tokens"]),
    (ConfirmOver(agents=None, tokens=None, cost_usd=0.0001), ["$0.0001"]),
    (ConfirmOver(agents=None, tokens=None, cost_usd=None), []),
]


@pytest.mark.parametrize(("limits", "reasons"), LIMITS)
def test_what_is_over_the_limits_is_named(
    project: Path, limits: ConfirmOver, reasons: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "x")
    text = (project / "p.workflow.js").read_text()
    options = RunOptions(model="anthropic/claude-sonnet-4-5")
    assert over_limits(plan_run(text, options=options, settings=Settings(), cwd=project), limits) == reasons


def test_R5_a_preview_of_a_resume_heeds_the_settings_where_the_run_was_started(project: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    deep = project / "deep"
    deep.mkdir()
    (deep / "callsheet.toml").write_text('[models.aliases]\nmine = "openai/gpt-4o-mini"\n')
    write_script(project / "m.workflow.js", "return await agent('a', {model: 'mine'})")
    backend = write_answers(project / "a.json")
    run = ("run", "../m.workflow.js", "--backend", backend)
    assert callsheet(*run, cwd=deep, env=environ(project)).returncode == 0
    plan = callsheet("plan", "m.workflow.js", "--resume", "last", "--json", cwd=project)
    assert json.loads(plan.stdout)["replay"]["complete"], plan.stdout
