"""What isolated agents changed: listed, shown, applied, dropped (rules W1 to W4)."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.cli import answer, callsheet, environ, write_answers, write_script
from tests.support.git_repository import git, make_repository

BODY = """const isolated = (prompt) => () => agent(prompt, {isolation: "worktree"})
return await parallel([isolated("add"), isolated("edit"), isolated("clash"), isolated("look")])
"""
ANSWERS = {
    "add": answer(files={"new.txt": "new\n", "b.txt": None}),
    "edit": answer(files={"a.txt": "one\nTWO\nthree\n"}),
    "clash": answer(files={"a.txt": "one\n2\nthree\n"}),
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = make_repository(tmp_path / "repository", {"a.txt": "one\ntwo\nthree\n", "b.txt": "b\n"})
    write_script(tmp_path / "w.workflow.js", BODY)
    backend = write_answers(tmp_path / "answers.json", ANSWERS)
    args = ("run", str(tmp_path / "w.workflow.js"), "--backend", backend, "--concurrency", "4")
    done = callsheet(*args, cwd=root, env=environ(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "callsheet changes" in done.stdout
    return root


def changes(root: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return callsheet("changes", "last", *args, cwd=root, env=environ(root))


def test_changes_are_listed_by_agent_with_line_counts(repository: Path) -> None:
    done = changes(repository)
    assert done.returncode == 0
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[:3] == ["#1 add", "D +0 -1 b.txt", "A +1 -0 new.txt"]
    assert "M +1 -1 a.txt" in lines
    assert not any("look" in line for line in lines)
    assert git(repository, "status", "--porcelain") == ""


def test_one_call_alone_and_a_call_without_changes(repository: Path) -> None:
    assert "new.txt" not in changes(repository, "2").stdout
    done = changes(repository, "4")
    assert done.returncode == 1
    assert "left no changes" in done.stderr


def test_a_change_is_shown_as_a_diff_that_git_applies(repository: Path) -> None:
    done = changes(repository, "1", "--diff")
    assert "+new" in done.stdout
    subprocess.run(["git", "apply", "-"], cwd=repository, input=done.stdout, text=True, check=True)
    assert (repository / "new.txt").read_text() == "new\n"


def test_changes_are_applied_and_a_conflict_touches_nothing(repository: Path) -> None:
    assert changes(repository, "1", "--apply").returncode == 0
    assert not (repository / "b.txt").exists()
    assert changes(repository, "2", "--apply").returncode == 0
    assert (repository / "a.txt").read_text() == "one\nTWO\nthree\n"
    done = changes(repository, "3", "--apply")
    assert done.returncode == 1
    assert "a.txt" in done.stderr
    assert "nothing touched" in done.stderr
    assert (repository / "a.txt").read_text() == "one\nTWO\nthree\n"
    merged = changes(repository, "3", "--apply", "--merge")
    assert merged.returncode == 1
    assert "<<<<<<<" in (repository / "a.txt").read_text()


def test_dropped_changes_are_forgotten(repository: Path) -> None:
    assert changes(repository, "--drop").returncode == 0
    assert "left no changes" in changes(repository).stdout
    assert git(repository, "for-each-ref", "refs/callsheet/") == ""


def test_removing_the_run_removes_its_refs(repository: Path) -> None:
    assert git(repository, "for-each-ref", "refs/callsheet/") != ""
    assert callsheet("rm", "last", cwd=repository, env=environ(repository)).returncode == 0
    assert git(repository, "for-each-ref", "refs/callsheet/") == ""


def test_options_that_exclude_each_other(repository: Path) -> None:
    for args in (("--apply", "--drop"), ("--merge",), ("--diff", "--apply")):
        assert changes(repository, *args).returncode == 2


def test_a_bare_repository_has_nothing_to_apply_changes_to(repository: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    git(tmp_path, "clone", "-q", "--bare", str(repository), str(bare))
    backend = f"scripted:{tmp_path / 'answers.json'}"
    run = ("run", str(tmp_path / "w.workflow.js"), "--backend", backend)
    assert callsheet(*run, cwd=bare, env=environ(tmp_path)).returncode == 0
    assert "new.txt" in changes(bare, "1").stdout
    refused = changes(bare, "1", "--apply")
    assert refused.returncode == 2
    assert "no working tree" in refused.stderr
