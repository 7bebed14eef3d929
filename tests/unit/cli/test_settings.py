from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from callsheet.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's file, away from the real one."""
    path = tmp_path / "person" / "config.toml"
    path.parent.mkdir()
    monkeypatch.setattr("callsheet.settings.load.person_file", lambda: path)
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    (folder / "deep" / "er").mkdir(parents=True)
    return folder


def test_without_files_the_defaults_hold(project: Path) -> None:
    assert load_settings(project) == (Settings(), [])


def test_the_nearer_file_wins_setting_by_setting(project: Path, person: Path) -> None:
    person.write_text('model = "person"\nhosts = ["pi"]\n[models.aliases]\nfast = "p/1"\nslow = "p/2"\n')
    (project / "callsheet.toml").write_text(
        'model = "root"\n[run]\nconcurrency = 3\n[models.aliases]\nfast = "r/1"\n'
    )
    (project / "deep" / "callsheet.toml").write_text("[run]\nmax_agents = 7\nagent_timeout_s = false\n")
    settings, problems = load_settings(project / "deep" / "er", {"model": "editor"})
    assert problems == []
    assert (settings.model, settings.hosts) == ("editor", ("pi",))
    assert (settings.run.concurrency, settings.run.max_agents, settings.run.agent_timeout_s) == (3, 7, None)
    assert settings.models.aliases == {"fast": "r/1", "slow": "p/2"}


def test_files_above_the_repository_root_do_not_count(project: Path) -> None:
    (project.parent / "callsheet.toml").write_text('model = "outside"\n')
    assert load_settings(project)[0].model is None


EDITOR_FORMS = [
    {"worktrees": {"includeUncommitted": True}},
    {"worktrees.includeUncommitted": True},
    {"worktrees": {"include_uncommitted": True}},
]


@pytest.mark.parametrize("form", EDITOR_FORMS)
def test_editor_settings_may_be_nested_dotted_or_camel_case(project: Path, form: dict[str, Any]) -> None:
    settings, problems = load_settings(project, form)
    assert settings.worktrees.include_uncommitted
    assert problems == []


def test_names_in_tables_keep_their_dots_and_case(project: Path) -> None:
    settings, problems = load_settings(
        project, {"models.prices.openai/gpt-4.1": [2, 8], "models": {"aliases": {"Big.One": "x/y"}}}
    )
    assert problems == []
    assert settings.models.prices == {"openai/gpt-4.1": (2.0, 8.0)}
    assert settings.models.aliases == {"Big.One": "x/y"}


WRONG = [
    ("run.concurency = 3", "warning", "Did you mean `run.concurrency`?"),
    ("[run]\nconcurrency = 0", "error", "`run.concurrency` must be a whole number from 1, and is 0"),
    ("[run]\nconcurrency = true", "error", "whole number"),
    ("run = 3", "error", "`run` must be a table"),
    ("concurrency = 3", "warning", "Did you mean `run.concurrency`?"),
    ("model = 4", "error", "`model` must be a string"),
    ('hosts = ["pie"]', "error", "`hosts` must be a list of claude and pi"),
    ('[rules]\nunused-phase = "loud"', "error", "`rules.unused-phase` must be one of error, warning"),
    ("[models.prices]\nm = [1]", "error", "`models.prices.m` must be two numbers"),
    ("models.aliases = 1", "error", "`models.aliases` must be a table"),
    ("run.confirm_over.agents = -1", "error", "whole number"),
    ("wibble_wobble = 1", "warning", "There is no setting `wibble_wobble`."),
    ("model = ", "error", "no TOML"),
    (b"model = '\xff'", "error", "not UTF-8"),
    ("model = " + "[" * 20_000, "error", "nested too deeply"),
]


@pytest.mark.parametrize(("text", "severity", "message"), WRONG, ids=[str(case[0])[:40] for case in WRONG])
def test_what_cannot_be_used_is_told_and_left_out(
    project: Path, text: str | bytes, severity: str, message: str
) -> None:
    path = project / "callsheet.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    settings, problems = load_settings(project)
    assert settings == Settings()
    [problem] = problems
    assert (problem.path, problem.severity) == (path, severity)
    assert message in problem.message


def test_a_byte_order_mark_is_no_fault(project: Path) -> None:
    (project / "callsheet.toml").write_bytes(b"\xef\xbb\xbfmodel = 'm'\n")
    settings, problems = load_settings(project)
    assert (settings.model, problems) == ("m", [])


def test_one_wrong_value_does_not_hide_the_others(project: Path) -> None:
    (project / "callsheet.toml").write_text('model = "m"\n[run]\nconcurrency = "many"\nmax_agents = 9\n')
    settings, problems = load_settings(project)
    assert (settings.model, settings.run.max_agents, len(problems)) == ("m", 9, 1)
