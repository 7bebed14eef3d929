"""Which files are scripts (F7), and which one a name means (F8)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from callsheet.language import files
from callsheet.language.discovery import FileWorkspace


def save(path: Path, name: str, body: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"export const meta = {{ name: '{name}', description: 'At {path.name}.' }}\n{body}\n")
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    return tmp_path / "repo"


@pytest.mark.parametrize(
    ("path", "is_script"),
    [
        ("a.workflow.js", True),
        ("a.workflow.mjs", True),
        ("a.workflow.ts", False),
        ("a.js", False),
        (".callsheet/workflows/a.js", True),
        (".claude/workflows/a.mjs", True),
        (".pi/workflows/a.js", True),
        (".pi/workflows/deeper/a.js", False),
        ("workflows/a.js", False),
        (".callsheet/a.js", False),
    ],
)
def test_f7_names_and_folders(path: str, is_script: bool) -> None:
    assert files.is_workflow_file(Path("/x") / path) is is_script


def test_f8_nearest_folder_wins(repo: Path, home: Path) -> None:
    save(home / ".callsheet/workflows/a.js", "audit")
    outer = save(repo / ".claude/workflows/a.js", "audit")
    workspace = FileWorkspace(repo, home)
    script = repo / "packages" / "one" / "x.workflow.js"
    found = workspace.find_workflow("audit", script)
    assert found is not None
    assert found.path == outer
    near = save(repo / "packages" / "one" / ".pi/workflows/z.mjs", "audit")
    found = workspace.find_workflow("audit", script)
    assert found is not None
    assert found.path == near


def test_f8_callsheet_before_claude_before_pi(repo: Path, home: Path) -> None:
    workspace = FileWorkspace(repo, home)
    for folder in (".pi", ".claude", ".callsheet"):
        path = save(repo / folder / "workflows" / "a.js", "audit")
        found = workspace.find_workflow("audit", None)
        assert found is not None
        assert found.path == path
        assert found.home == folder[1:]


def test_f8_first_by_file_name(repo: Path, home: Path) -> None:
    second = save(repo / ".callsheet/workflows/b.js", "audit")
    first = save(repo / ".callsheet/workflows/a.js", "audit")
    workspace = FileWorkspace(repo, home)
    found = workspace.find_workflow("audit", None)
    assert found is not None
    assert found.path == first
    assert [saved.path for saved in workspace.duplicates(second)] == [first]
    assert [saved.path for saved in workspace.duplicates(first)] == [second]
    assert [saved.path for saved in workspace.workflows(None) if not saved.bundled] == [first]


def test_f8_nothing_above_the_repository(tmp_path: Path, repo: Path, home: Path) -> None:
    save(tmp_path / ".callsheet/workflows/a.js", "audit")
    assert FileWorkspace(repo, home).find_workflow("audit", repo / "x.workflow.js") is None


def test_a_saved_script_sees_its_neighbours(tmp_path: Path, home: Path) -> None:
    project = tmp_path / "no-repository"
    save(project / ".callsheet/workflows/notes.js", "notes", "await workflow('changes')")
    script = save(project / ".callsheet/workflows/audit.js", "audit")
    found = FileWorkspace(tmp_path / "elsewhere", home).find_workflow("notes", script)
    assert found is not None
    assert found.calls == ("changes",)


def test_saved_records_are_found_read_only(repo: Path, home: Path) -> None:
    folder = repo / ".pi/workflows/saved"
    folder.mkdir(parents=True)
    script = "export const meta = { name: 'other', description: 'é' }\nreturn 1\n"
    (folder / "a.json").write_text(json.dumps({"name": "kept", "script": script}))
    (folder / "b.json").write_text("[]")
    (folder / "c.json").write_text("{")
    workspace = FileWorkspace(repo, home)
    found = workspace.find_workflow("kept", None)
    assert found is not None
    assert found.read_only
    assert workspace.read_script(found.path) == script
    assert workspace.find_workflow("other", None) is None


def test_a_changed_file_is_read_again(repo: Path, home: Path) -> None:
    path = save(repo / ".callsheet/workflows/a.js", "one")
    workspace = FileWorkspace(repo, home)
    assert workspace.find_workflow("one", None) is not None
    save(path, "another")
    assert workspace.find_workflow("one", None) is None
    assert workspace.find_workflow("another", None) is not None


def test_files_that_cannot_be_read_are_passed_over(repo: Path, home: Path) -> None:
    folder = repo / ".callsheet/workflows"
    folder.mkdir(parents=True)
    (folder / "a.js").write_bytes(b"\xff\xfe")
    (folder / "b.js").write_text("const x = 1")
    (folder / "c.js").mkdir()
    (folder / "d.js").symlink_to(folder / "d.js")
    good = save(folder / "e.js", "good")
    found = FileWorkspace(repo, home).workflows(None)
    assert [saved.path for saved in found if not saved.bundled] == [good]


def test_f8_a_saved_workflow_wins_over_one_that_comes_with_callsheet(repo: Path, home: Path) -> None:
    workspace = FileWorkspace(repo, home)
    [first, *_] = [saved for saved in workspace.workflows(None) if saved.bundled]
    assert workspace.find_workflow(first.name, None) == first
    own = save(repo / ".callsheet/workflows/own.js", first.name)
    found = workspace.find_workflow(first.name, None)
    assert found is not None
    assert (found.path, found.bundled) == (own, False)


def test_agent_types_by_name_or_file(repo: Path, home: Path) -> None:
    for path, text in {
        repo / ".callsheet/agents/a.md": "---\nname: 'reviewer'\ntools: read\n---\nname: no\n",
        repo / ".claude/agents/tester.md": "Test.\n",
        home / ".pi/agents/x.md": "\ufeff---\r\ndescription: d\r\nname: writer\r\n---\r\n",
    }.items():
        path.parent.mkdir(parents=True)
        path.write_text(text, newline="")
    names = FileWorkspace(repo, home).agent_types(None)
    assert names == ["general-purpose", "Explore", "Plan", "reviewer", "tester", "writer"]
