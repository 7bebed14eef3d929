"""`callsheet doctor`, `new`, `workflows`, `--help` and `--version`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import callsheet as package
import pytest
from callsheet.cli.app import VERBS

from tests.support.cli import callsheet, environ
from tests.support.stub_provider import Reply, StubProvider

GOOD = 'export const meta = {name: "count-files", description: "Counts files"}\nreturn await agent("Count the files")\n'


def test_the_doctor_finds_nothing_wrong_and_prints_no_key(tmp_path: Path) -> None:
    secret = "sk-secret-0123456789abcdef"
    done = callsheet("doctor", cwd=tmp_path, env=environ(tmp_path, OPENAI_API_KEY=secret))
    assert done.returncode == 0, done.stdout
    assert "a script ran" in done.stdout
    assert "openai (OPENAI_API_KEY set)" in done.stdout
    assert secret not in done.stdout + done.stderr
    plain = json.loads(callsheet("doctor", "--json", cwd=tmp_path).stdout)
    assert any(each["subject"] == "model" and "simulated" in each["message"] for each in plain)


def test_the_doctor_names_wrong_settings(tmp_path: Path) -> None:
    (tmp_path / "callsheet.toml").write_text("run.concurrency = 0")
    done = callsheet("doctor", cwd=tmp_path)
    assert done.returncode == 1
    assert "`run.concurrency` must be" in done.stdout


@pytest.mark.parametrize("description", ["Find dead code", "Ünïcode 'quotes' \"and\" `ticks` ${x}", "???"])
def test_a_new_workflow_without_a_model_is_a_template_without_problems(
    tmp_path: Path, description: str
) -> None:
    done = callsheet("new", description, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "template" in done.stderr
    [path] = (tmp_path / ".callsheet" / "workflows").iterdir()
    assert callsheet("check", str(path), cwd=tmp_path).returncode == 0
    assert callsheet("new", description, cwd=tmp_path).returncode == 2
    assert callsheet("new", description, "--force", cwd=tmp_path).returncode == 0
    assert path.stem in callsheet("workflows", cwd=tmp_path).stdout


def test_a_new_workflow_by_a_model_is_corrected_until_it_has_no_errors(tmp_path: Path) -> None:
    with StubProvider() as provider:
        provider.default = Reply(text=f"Here it is:\n\n```js\n{GOOD}```\n")
        provider.on("^Write a workflow(?!.*Mend them)", Reply(text="```js\nreturn Date.now()\n```"))
        env = environ(tmp_path, **provider.environ())
        args = ("new", "Count the files", "-o", "out.js", "--model", "openai/stub")
        done = callsheet(*args, cwd=tmp_path, env=env)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "out.js").read_text() == GOOD
        assert "Date.now" in provider.requests[-1].prompt


def test_help_lists_every_verb(tmp_path: Path) -> None:
    done = callsheet("--help", cwd=tmp_path)
    assert done.returncode == 0
    assert [verb for verb in VERBS if verb not in done.stdout] == []
    for verb in VERBS:
        assert callsheet(verb, "--help", cwd=tmp_path).returncode == 0


def test_the_version(tmp_path: Path) -> None:
    done = callsheet("--version", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"callsheet {package.__version__}\n")


HEAVY = ["litellm", "rich", "pygls", "lsprotocol", "aiohttp", "quickjs"]


@pytest.mark.parametrize("module", ["callsheet.cli.run", "callsheet.runs.runner", "callsheet.cli.check"])
def test_what_a_plain_run_loads_is_light(module: str) -> None:
    code = f"import {module}, sys; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
