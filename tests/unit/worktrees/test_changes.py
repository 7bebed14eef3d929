"""W2: changes shown, applied to the working tree, dropped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from callsheet.worktrees import (
    ApplyOutcome,
    Change,
    Repository,
    apply_changes,
    create_worktree,
    diff,
    drop,
    list_changes,
    open_repository,
    remove_refs,
    remove_worktree,
    start_commit,
)

from tests.support.git_repository import git, make_repository, write_files

RUN = "20260102-030405-abcdef"
START: dict[str, str | bytes] = {
    "a.txt": "".join(f"line {n}\n" for n in range(20)),
    "old/name.txt": "moved\ncontent\nof\nsome\nlength\n",
    "gone.txt": "gone\n",
    ".gitignore": "secret.env\n",
}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = open_repository(make_repository(tmp_path / "repo", START))
    assert repository is not None
    return repository


def change_of(
    repository: Repository, call: int, files: dict[str, str | bytes], *moves: tuple[str, str]
) -> Change:
    tree = create_worktree(repository.root, f"{RUN}/{call}")
    write_files(tree.path, files)
    for old, new in moves:
        (tree.path / new).parent.mkdir(parents=True, exist_ok=True)
        (tree.path / old).rename(tree.path / new)
    remove_worktree(tree)
    (change,) = list_changes(repository, RUN, call)
    return change


def apply_change(repository: Repository, change: Change, *, leave_markers: bool = False) -> ApplyOutcome:
    (outcome,) = apply_changes(repository, [change], leave_markers=leave_markers)
    return outcome


def edited(number: int, text: str) -> str:
    lines = str(START["a.txt"]).splitlines(keepends=True)
    lines[number] = f"{text}\n"
    return "".join(lines)


def test_applies_everything_and_leaves_the_staging_area_alone(repository: Repository) -> None:
    root = repository.root
    change = change_of(
        repository,
        1,
        {
            "bin": bytes(range(256)),
            "deep/new.txt": "n\r\n",
            "tool": "#!/bin/sh\n",
            "a.txt": edited(3, "agent"),
        },
        ("old/name.txt", "new/näme.txt"),
        ("gone.txt", ".git-free"),
    )
    write_files(root, {"a.txt": edited(15, "mine"), "untracked": "mine"})
    write_files(root, {"staged": "s"})
    git(root, "add", "staged")
    outcome = apply_change(repository, change)
    assert not outcome.conflicts
    assert "deep/new.txt" in outcome.files
    text = (root / "a.txt").read_text()
    assert "agent\n" in text
    assert "mine\n" in text
    assert (root / "bin").read_bytes() == bytes(range(256))
    assert (root / "deep" / "new.txt").read_bytes() == b"n\r\n"
    assert not (root / "old").exists()
    assert (root / "new" / "näme.txt").read_text() == START["old/name.txt"]
    assert git(root, "diff", "--cached", "--name-only") == "staged"
    assert apply_change(repository, change).files == ()


def test_an_edit_in_the_moment_of_the_checkout_is_seen(repository: Repository) -> None:
    git(repository.root, "config", "core.trustctime", "false")
    tree = create_worktree(repository.root, f"{RUN}/1")
    file = tree.path / "a.txt"
    moment_ns = 1_600_000_000 * 10**9
    os.utime(file, ns=(moment_ns, moment_ns))
    git(tree.path, "update-index", "-q", "--refresh")
    with file.open("r+") as stream:
        stream.write("LINE")
    for path in (file, tree.admin_dir / "index"):
        os.utime(path, ns=(moment_ns, moment_ns))
    assert remove_worktree(tree) is not None


def test_several_changes_apply_in_any_order(repository: Repository) -> None:
    changes = [
        change_of(repository, call, {"a.txt": edited(call * 4, f"agent {call}")}) for call in (1, 2, 3)
    ]
    for change in (changes[2], changes[0], changes[1]):
        assert apply_change(repository, change).files == ("a.txt",)
    text = (repository.root / "a.txt").read_text()
    assert [f"agent {call}\n" in text for call in (1, 2, 3)] == [True] * 3


def test_a_conflict_touches_nothing_and_names_the_files(repository: Repository) -> None:
    root = repository.root
    change = change_of(repository, 1, {"a.txt": edited(3, "agent"), "fine.txt": "f", "both.txt": "theirs\n"})
    write_files(root, {"a.txt": edited(3, "mine"), "both.txt": "untracked mine\n"})
    outcome = apply_change(repository, change)
    assert outcome.conflicts == ("a.txt", "both.txt")
    assert not outcome.applied
    assert (root / "a.txt").read_text() == edited(3, "mine")
    assert (root / "both.txt").read_text() == "untracked mine\n"
    assert not (root / "fine.txt").exists()
    marked = apply_change(repository, change, leave_markers=True)
    assert marked.conflicts == ("a.txt", "both.txt")
    assert "<<<<<<<" in (root / "a.txt").read_text()
    assert "mine" in (root / "a.txt").read_text()
    assert (root / "fine.txt").read_text() == "f"


def test_an_ignored_file_of_the_person_is_never_overwritten(repository: Repository) -> None:
    tree = create_worktree(repository.root, f"{RUN}/1")
    write_files(tree.path, {".gitignore": "", "secret.env": "agent"})
    remove_worktree(tree)
    (change,) = list_changes(repository, RUN)
    write_files(repository.root, {"secret.env": "mine"})
    outcome = apply_change(repository, change)
    assert outcome.conflicts == ("secret.env",)
    assert (repository.root / "secret.env").read_text() == "mine"
    assert (repository.root / ".gitignore").read_text() == START[".gitignore"]


def test_several_changes_are_applied_together_or_not_at_all(repository: Repository) -> None:
    root = repository.root
    fine, first, second = (
        change_of(repository, call, {"a.txt": edited(line, f"agent {call}"), f"new{call}": "n"})
        for call, line in ((1, 12), (2, 3), (3, 3))
    )
    outcomes = apply_changes(repository, [fine, first, second])
    assert [outcome.conflicts for outcome in outcomes] == [(), (), ("a.txt",)]
    assert not any(outcome.applied or outcome.files for outcome in outcomes)
    assert git(root, "status", "--porcelain") == ""
    outcomes = apply_changes(repository, [second, fine])
    assert [outcome.files for outcome in outcomes] == [("a.txt", "new3"), ("a.txt", "new1")]
    assert "agent 1\n" in (root / "a.txt").read_text()
    assert "agent 3\n" in (root / "a.txt").read_text()


@pytest.mark.parametrize("place", ["file", "link"])
def test_an_ignored_thing_where_a_folder_is_to_be_is_never_replaced(
    repository: Repository, place: str, tmp_path: Path
) -> None:
    change = change_of(repository, 1, {"secret.env/inner": "agent", ".gitignore": ""})
    there = repository.root / "secret.env"
    if place == "file":
        there.write_text("mine")
    else:
        there.symlink_to(tmp_path)
    assert apply_change(repository, change).conflicts == ("secret.env/inner",)
    assert there.is_symlink() or there.read_text() == "mine"
    assert not (tmp_path / "inner").exists()


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_edits_that_git_was_told_to_overlook_are_never_overwritten(repository: Repository, flag: str) -> None:
    root = repository.root
    change = change_of(repository, 1, {"gone.txt": "agent\n"})
    git(root, "update-index", flag, "gone.txt")
    write_files(root, {"gone.txt": "mine\n"})
    assert apply_change(repository, change).conflicts == ("gone.txt",)
    assert (root / "gone.txt").read_text() == "mine\n"
    assert git(root, "ls-files", "-v", "gone.txt")[0] in "hS"


def test_a_folder_becomes_a_file_and_a_file_a_folder(repository: Repository) -> None:
    tree = create_worktree(repository.root, f"{RUN}/1")
    (tree.path / "old" / "name.txt").unlink()
    (tree.path / "old").rmdir()
    (tree.path / "gone.txt").unlink()
    write_files(tree.path, {"old": "now a file\n", "gone.txt/now": "a folder\n"})
    remove_worktree(tree)
    (change,) = list_changes(repository, RUN)
    root = repository.root
    write_files(root, {"old/secret.env": "mine"})
    assert apply_change(repository, change).conflicts == ("old",)
    (root / "old" / "secret.env").unlink()
    assert apply_change(repository, change).applied
    assert (root / "old").read_text() == "now a file\n"
    assert (root / "gone.txt" / "now").read_text() == "a folder\n"


@pytest.mark.parametrize("committed", [False, True])
def test_repositories_within_the_project_do_not_hinder_it(repository: Repository, committed: bool) -> None:
    make_repository(repository.root / "other", {"f": "f"} if committed else {})
    change = change_of(repository, 1, {"a.txt": edited(3, "agent")})
    assert apply_change(repository, change).files == ("a.txt",)
    commit = start_commit(repository, run_id=RUN, include_uncommitted=True)
    assert commit is not None
    assert "other" not in git(repository.root, "ls-tree", "--name-only", commit)


@pytest.mark.parametrize("how", ["removed", "filled"])
def test_a_change_of_a_submodule_is_kept_and_left_to_the_person(
    repository: Repository, tmp_path: Path, how: str
) -> None:
    root = repository.root
    other = make_repository(tmp_path / "other", {"o.txt": "o"})
    git(root, "-c", "protocol.file.allow=always", "submodule", "add", "-q", os.fspath(other), "vendor")
    git(root, "commit", "-q", "-m", "vendor")
    tree = create_worktree(root, f"{RUN}/1")
    if how == "removed":
        git(tree.path, "rm", "-q", "vendor")
    else:
        write_files(tree.path, {"vendor/new.txt": "agent\n"})
    remove_worktree(tree)
    (change,) = list_changes(repository, RUN)
    assert "vendor" in {file.path.partition("/")[0] for file in change.files}
    assert "vendor" in apply_change(repository, change).conflicts
    assert (root / "vendor" / "o.txt").read_text() == "o"
    assert git(root, "status", "--porcelain") == ""


def test_diff_can_be_applied_by_git_and_drop_forgets(repository: Repository, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"bin": b"\0\1", "ü.txt": "x\n", "latin.txt": b"\xe4\n"}
    change = change_of(repository, 1, files, ("old/name.txt", "moved.txt"))
    patch = tmp_path / "patch"
    git(repository.root, "config", "diff.noprefix", "true")
    patch.write_bytes(diff(repository, change))
    git(repository.root, "apply", "--check", str(patch))
    drop(repository, change)
    assert list_changes(repository, RUN) == []
    change_of(repository, 2, {"x": "y"})
    remove_refs(repository, RUN)
    assert git(repository.root, "for-each-ref", "refs/callsheet") == ""
