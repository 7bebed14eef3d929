"""W1 to W4: isolation, kept changes, and what a crash leaves."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from callsheet.worktrees import (
    Worktree,
    WorktreeGone,
    WorktreeManager,
    WorktreeUnavailable,
    create_worktree,
    list_changes,
    open_repository,
    remove_worktree,
    start_commit,
    sweep,
)

from tests.support.git_repository import git, make_repository, write_files

RUN = "20260102-030405-abcdef"


def read_kept(repo: Path, ref: str, path: str) -> str:
    return git(repo, "show", f"{ref}:{path}")


def no_trace(repo: Path) -> bool:
    listed = git(repo, "worktree", "list", "--porcelain").count("worktree ")
    branches = git(repo, "for-each-ref", "refs/heads/callsheet/")
    left = list((repo / ".callsheet" / "worktrees").glob("*"))
    return listed == 1 and not branches and not left


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return make_repository(
        tmp_path / "an ünusual päth",
        {"a.txt": "one\ntwo\n", "sub/b.txt": "b\n", "run.sh": "#!/bin/sh\n", ".gitignore": "ignored/\n"},
    )


def test_W1_worktree_is_on_its_own_branch_and_W2_keeps_every_kind_of_change(repo: Path) -> None:
    tree = create_worktree(repo, f"{RUN}/1")
    assert git(tree.path, "branch", "--show-current") == f"callsheet/{RUN}/1"
    write_files(
        tree.path,
        {"a.txt": "one\nTWO\n", "new.bin": bytes(range(256)), "neü/ñ.txt": "x\r\ny", "ignored/no.txt": "no"},
    )
    (tree.path / "run.sh").chmod(0o755)
    git(tree.path, "mv", "sub/b.txt", "sub/c.txt")
    (tree.path / "link").symlink_to("a.txt")
    ref = remove_worktree(tree)
    assert ref == f"refs/callsheet/{RUN}/1"
    assert no_trace(repo)
    assert git(repo, "status", "--porcelain") in ("", "?? .callsheet/")
    repository = open_repository(repo)
    assert repository is not None
    (change,) = list_changes(repository, RUN)
    assert {(f.path, f.status, f.added, f.removed) for f in change.files} == {
        ("a.txt", "modified", 1, 1),
        ("new.bin", "added", None, None),
        ("neü/ñ.txt", "added", 2, 0),
        ("run.sh", "modified", 0, 0),
        ("sub/c.txt", "renamed", 0, 0),
        ("link", "added", 1, 0),
    }
    assert git(repo, "ls-tree", ref, "run.sh").startswith("100755")


def test_W2_no_ref_where_nothing_changed(repo: Path) -> None:
    tree = create_worktree(repo, f"{RUN}/1")
    git(tree.path, "commit", "--allow-empty", "-q", "-m", "empty")
    assert remove_worktree(tree) is None
    assert no_trace(repo)


def test_W2_commits_of_the_agent_end_as_one_commit(repo: Path) -> None:
    tree = create_worktree(repo, f"{RUN}/1")
    for number in range(3):
        write_files(tree.path, {f"n{number}": "x"})
        git(tree.path, "add", "-A")
        git(tree.path, "commit", "-q", "-m", f"step {number}")
    ref = remove_worktree(tree)
    assert ref is not None
    assert git(repo, "rev-list", "--count", f"{git(repo, 'rev-parse', 'HEAD')}..{ref}") == "1"


def test_W2_a_second_try_does_not_overwrite_the_first(repo: Path) -> None:
    for text in ("first", "second", "third"):
        tree = create_worktree(repo, f"{RUN}/4")
        write_files(tree.path, {"out.txt": text})
        remove_worktree(tree)
    repository = open_repository(repo)
    assert repository is not None
    kept = {c.earlier: read_kept(repo, c.ref, "out.txt") for c in list_changes(repository, RUN, 4)}
    assert kept == {0: "third", 1: "first", 2: "second"}


def test_W2_the_same_change_once_more_is_kept_once(repo: Path) -> None:
    for _ in range(2):
        tree = create_worktree(repo, f"{RUN}/4")
        write_files(tree.path, {"out.txt": "same"})
        ref = remove_worktree(tree)
        assert ref is not None
        git(
            repo,
            "update-ref",
            ref,
            git(repo, "commit-tree", f"{ref}^{{tree}}", "-p", f"{ref}^", "-m", "earlier"),
        )
    assert git(repo, "for-each-ref", "--format=%(refname)", "refs/callsheet") == f"refs/callsheet/{RUN}/4"


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("staged", [False, True])
def test_W2_repositories_made_by_the_agent_are_kept_as_files(
    repo: Path, committed: bool, staged: bool
) -> None:
    tree = create_worktree(repo, f"{RUN}/1")
    inner = make_repository(tree.path / "made" / "inner", {"deep.txt": "deep"} if committed else {})
    write_files(inner, {"deep.txt": "deep", "more.txt": "more"})
    make_repository(inner / "nested", {"n.txt": "n"})
    if staged and committed:
        git(tree.path, "add", "made/inner")
    ref = remove_worktree(tree)
    assert ref is not None
    assert read_kept(repo, ref, "made/inner/deep.txt") == "deep"
    assert read_kept(repo, ref, "made/inner/more.txt") == "more"
    assert read_kept(repo, ref, "made/inner/nested/n.txt") == "n"


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_W2_files_that_the_agent_hid_from_git_are_kept(repo: Path, flag: str) -> None:
    tree = create_worktree(repo, f"{RUN}/1")
    git(tree.path, "update-index", flag, "a.txt")
    write_files(tree.path, {"a.txt": "kept\n"})
    ref = remove_worktree(tree)
    assert ref is not None
    assert read_kept(repo, ref, "a.txt") == "kept"


def test_W2_a_damaged_index_loses_nothing(repo: Path) -> None:
    tree = create_worktree(repo, f"{RUN}/1")
    write_files(tree.path, {"a.txt": "kept\n"})
    (tree.admin_dir / "index").write_bytes(b"garbage")
    (tree.admin_dir / "index.lock").touch()
    ref = remove_worktree(tree)
    assert ref is not None
    assert read_kept(repo, ref, "a.txt") == "kept"


def _replace_by_repository(tree: Worktree) -> None:
    (tree.path / ".git").unlink()
    git(tree.path, "init", "-q")
    git(tree.path, "add", "-A")
    git(tree.path, "commit", "-q", "-m", "the agent's own")


def _forget(tree: Worktree) -> None:
    git_dir = tree.admin_dir
    (tree.path / ".git").unlink()
    shutil.rmtree(git_dir)


DAMAGES: dict[str, Callable[[Worktree], object]] = {
    "deleted": lambda tree: (tree.path / ".git").unlink(),
    "a repository": _replace_by_repository,
    "another place": lambda tree: (tree.path / ".git").write_text(f"gitdir: {tree.path}/none\n"),
    "forgotten by git": _forget,
    "locked": lambda tree: git(tree.path, "worktree", "lock", os.fspath(tree.path)),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
@pytest.mark.parametrize("how", ["removed", "swept", "managed"])
async def test_W2_an_agent_that_damages_its_git_file_loses_nothing(
    repo: Path, damage: Callable[[Worktree], object], how: str
) -> None:
    write_files(repo, {"staged.txt": "the person's"})
    git(repo, "add", "staged.txt")
    repository = open_repository(repo)
    assert repository is not None
    manager = WorktreeManager(repository, RUN, git(repo, "rev-parse", "HEAD"))
    tree = await manager.create(1)
    write_files(tree.path, {"a.txt": "kept\n", "new/file": "kept"})
    damage(tree)
    if how == "swept":
        if not list((repo / ".git" / "worktrees").glob("*")):
            # Nobody knows whether such a tree was ever whole.
            assert sweep(repository, alive=lambda _: False).failed
            assert (tree.path / "new" / "file").read_text() == "kept"
            return
        assert sweep(repository, alive=lambda _: False).kept == [tree.ref]
    elif how == "managed":
        assert await manager.finish(tree) == tree.ref
        again = await manager.create(2)
        assert (again.path / "a.txt").read_text() == "one\ntwo\n"
        await manager.finish(again)
        await manager.aclose()
    else:
        remove_worktree(tree)
    (change,) = list_changes(repository, RUN)
    assert {file.path for file in change.files} == {"a.txt", "new/file"}
    assert read_kept(repo, change.ref, "a.txt") == "kept"
    assert no_trace(repo)


async def test_W2_a_worktree_that_the_agent_deleted_is_said_to_be_gone(repo: Path) -> None:
    repository = open_repository(repo)
    assert repository is not None
    manager = WorktreeManager(repository, RUN, git(repo, "rev-parse", "HEAD"))
    managed, own = await manager.create(1), create_worktree(repo, f"{RUN}/2")
    for tree in (managed, own):
        shutil.rmtree(tree.path)
    with pytest.raises(WorktreeGone, match="was deleted"):
        await manager.finish(managed)
    with pytest.raises(WorktreeGone):
        remove_worktree(own)
    await manager.aclose()
    assert no_trace(repo)
    assert not list_changes(repository, RUN)


def test_W3_says_why_a_directory_cannot_be_isolated(tmp_path: Path) -> None:
    with pytest.raises(WorktreeUnavailable, match="not in a git repository"):
        create_worktree(tmp_path, "x")
    empty = make_repository(tmp_path / "empty", {})
    with pytest.raises(WorktreeUnavailable, match="no commit yet"):
        create_worktree(empty, "x")
    with pytest.raises(WorktreeUnavailable, match="usable worktree name"):
        create_worktree(empty, "../x")


def test_W3_tells_a_repository_that_git_refuses_from_none(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (repo / ".git" / "config").open("a") as config:
        config.write("[core\n")
    with pytest.raises(WorktreeUnavailable, match=r"git does not work in .*bad config"):
        create_worktree(repo, "x")
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    with pytest.raises(WorktreeUnavailable, match="git is not installed"):
        create_worktree(repo, "x")


def test_subfolder_detached_head_and_bare_repositories_work(repo: Path, tmp_path: Path) -> None:
    git(repo, "checkout", "-q", "--detach")
    tree = create_worktree(repo / "sub", f"{RUN}/1")
    assert (tree.cwd / "b.txt").read_text() == "b\n"
    remove_worktree(tree)
    git(tmp_path, "clone", "-q", "--bare", os.fspath(repo), "bare.git")
    tree = create_worktree(tmp_path / "bare.git", f"{RUN}/2")
    write_files(tree.path, {"x": "y"})
    ref = remove_worktree(tree)
    assert ref is not None
    assert read_kept(tmp_path / "bare.git", ref, "x") == "y"


def test_sparse_checkout_stays_sparse_and_is_no_deletion(repo: Path) -> None:
    git(repo, "sparse-checkout", "set", "sub")
    tree = create_worktree(repo, f"{RUN}/1")
    assert (tree.path / "sub" / "b.txt").exists()
    write_files(tree.path, {"sub/b.txt": "changed\n"})
    remove_worktree(tree)
    repository = open_repository(repo)
    assert repository is not None
    (change,) = list_changes(repository, RUN)
    assert [file.path for file in change.files] == ["sub/b.txt"]


def test_what_is_written_outside_of_a_sparse_checkout_is_kept(repo: Path) -> None:
    write_files(repo, {"out/there.txt": "there"})
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "more")
    git(repo, "sparse-checkout", "set", "sub")
    tree = create_worktree(repo, f"{RUN}/1")
    assert not (tree.path / "out").exists()
    write_files(tree.path, {"out/there.txt": "changed", "out/new.txt": "new", "else/where.txt": "new"})
    remove_worktree(tree)
    repository = open_repository(repo)
    assert repository is not None
    (change,) = list_changes(repository, RUN)
    assert [file.path for file in change.files] == ["else/where.txt", "out/new.txt", "out/there.txt"]


def test_submodules_are_no_change(repo: Path, tmp_path: Path) -> None:
    other = make_repository(tmp_path / "other", {"o.txt": "o"})
    git(repo, "-c", "protocol.file.allow=always", "submodule", "add", "-q", os.fspath(other), "vendor")
    git(repo, "commit", "-q", "-m", "vendor")
    tree = create_worktree(repo, f"{RUN}/1")
    write_files(tree.path, {"a.txt": "x"})
    remove_worktree(tree)
    repository = open_repository(repo)
    assert repository is not None
    (change,) = list_changes(repository, RUN)
    assert [file.path for file in change.files] == ["a.txt"]
    assert no_trace(repo)


def test_work_in_a_submodule_is_kept_as_files(repo: Path, tmp_path: Path) -> None:
    allow = ("-c", "protocol.file.allow=always", "submodule")
    other = make_repository(tmp_path / "other", {"o.txt": "o"})
    for name in ("committed", "dirty", "empty", "clean"):
        git(repo, *allow, "add", "-q", os.fspath(other), name)
    git(repo, "commit", "-q", "-m", "vendor")
    tree = create_worktree(repo, f"{RUN}/1")
    git(tree.path, *allow, "update", "-q", "--init", "committed", "dirty", "clean")
    for name in ("committed", "dirty", "empty"):
        write_files(tree.path, {f"{name}/mine.txt": "agent"})
    git(tree.path / "committed", "add", "-A")
    git(tree.path / "committed", "commit", "-q", "-m", "the agent's own")
    ref = remove_worktree(tree)
    assert ref is not None
    for name in ("committed", "dirty", "empty"):
        assert read_kept(repo, ref, f"{name}/mine.txt") == "agent"
    assert git(repo, "ls-tree", ref, "clean").startswith("160000")
    assert no_trace(repo)


def test_a_missing_lfs_program_leaves_pointers(repo: Path) -> None:
    write_files(
        repo, {".gitattributes": "*.dat filter=lfs diff=lfs merge=lfs -text\n", "big.dat": "pointer\n"}
    )
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "lfs")
    for key, value in (
        ("smudge", "git-lfs smudge -- %f"),
        ("clean", "git-lfs clean -- %f"),
        ("required", "true"),
    ):
        git(repo, "config", f"filter.lfs.{key}", value)
    tree = create_worktree(repo, f"{RUN}/1")
    assert (tree.path / "big.dat").read_text() == "pointer\n"
    assert remove_worktree(tree) is None


def test_hooks_of_the_repository_do_not_run(repo: Path, tmp_path: Path) -> None:
    for hook in ("post-checkout", "pre-commit", "reference-transaction"):
        path = repo / ".git" / "hooks" / hook
        path.write_text(f"#!/bin/sh\ntouch '{tmp_path}/{hook}'\n")
        path.chmod(0o755)
    tree = create_worktree(repo, f"{RUN}/1")
    write_files(tree.path, {"x": "y"})
    remove_worktree(tree)
    assert not [
        name
        for name in ("post-checkout", "pre-commit", "reference-transaction")
        if (tmp_path / name).exists()
    ]


def test_uncommitted_work_is_in_the_snapshot_and_the_staging_area_untouched(repo: Path) -> None:
    repository = open_repository(repo)
    assert repository is not None
    assert start_commit(repository, run_id=RUN, include_uncommitted=True) == git(repo, "rev-parse", "HEAD")
    write_files(repo, {"a.txt": "staged\n"})
    git(repo, "add", "a.txt")
    write_files(repo, {"a.txt": "unstaged\n", "untracked.txt": "u"})
    before = git(repo, "status", "--porcelain")
    commit = start_commit(repository, run_id=RUN, include_uncommitted=True)
    assert commit is not None
    assert git(repo, "show", f"{commit}:a.txt") == "unstaged"
    assert git(repo, "show", f"{commit}:untracked.txt") == "u"
    assert git(repo, "status", "--porcelain") == before


def test_W4_sweep_finds_what_a_crash_in_the_middle_of_gits_own_work_left(repo: Path) -> None:
    repository = open_repository(repo)
    assert repository is not None
    renamed, half_added = create_worktree(repo, f"{RUN}/1"), create_worktree(repo, f"{RUN}/2")
    (renamed.admin_dir / "callsheet-ready").unlink()
    renamed.path.rename(renamed.path.with_name(f"{RUN}-idle-1"))
    admin = half_added.admin_dir
    (admin / "gitdir").unlink()
    shutil.rmtree(half_added.path)
    swept = sweep(repository, alive=lambda _: False)
    assert (swept.kept, swept.failed) == ([], [])
    assert no_trace(repo)
    assert not list((repo / ".git" / "worktrees").glob("*"))


def test_W4_sweep_leaves_worktrees_of_others_that_share_the_git_directory(repo: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    git(repo, "worktree", "add", "-q", "-b", "dev", os.fspath(linked))
    theirs = create_worktree(linked, f"{RUN}/1")
    git(theirs.path, "checkout", "-q", "-b", "the-agents-own")
    create_worktree(repo, "20260102-030405-fedcba/1")
    repository = open_repository(repo)
    assert repository is not None
    assert len(sweep(repository, alive=lambda _: False).removed) == 1
    assert git(repo, "for-each-ref", "--format=%(refname:short)", "refs/heads/callsheet") == theirs.branch
    assert git(theirs.path, "status", "--porcelain") == ""


async def test_many_at_once_and_reused_trees_leak_nothing(repo: Path) -> None:
    repository = open_repository(repo)
    assert repository is not None
    head = git(repo, "rev-parse", "HEAD")
    manager = WorktreeManager(repository, RUN, head)

    async def work(call: int) -> None:
        tree = await manager.create(call)
        assert sorted(p.name for p in tree.path.iterdir()) == [".git", ".gitignore", "a.txt", "run.sh", "sub"]
        assert (tree.path / "a.txt").read_text() == "one\ntwo\n"
        assert git(tree.path, "branch", "--show-current") == f"callsheet/{RUN}/{call}"
        write_files(tree.path, {"a.txt": f"{call}\n", f"ignored/{call}": "x", f"own-{call}": "x"})
        if call % 5 == 0:
            make_repository(tree.path / "inner", {"i": "i"})
        assert await manager.finish(tree) == f"refs/callsheet/{RUN}/{call}"

    await asyncio.gather(*(work(call) for call in range(1, 17)))
    for call in range(17, 25):
        await work(call)
    await manager.aclose()
    changes = list_changes(repository, RUN)
    assert [change.call for change in changes] == list(range(1, 25))
    for change in changes:
        expected = {"a.txt", f"own-{change.call}"} | ({"inner/i"} if change.call % 5 == 0 else set())
        assert {file.path for file in change.files} == expected
    assert no_trace(repo)


async def test_a_cancelled_creation_leaves_nothing(repo: Path) -> None:
    repository = open_repository(repo)
    assert repository is not None
    manager = WorktreeManager(repository, RUN, git(repo, "rev-parse", "HEAD"))
    task = asyncio.create_task(manager.create(1))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await manager.aclose()
    assert no_trace(repo)


def test_W4_sweep_keeps_and_removes_what_dead_runs_left_and_nothing_else(repo: Path, tmp_path: Path) -> None:
    repository = open_repository(repo)
    assert repository is not None
    dead, live = f"{RUN}/7", "20260102-030405-fedcba/1"
    tree = create_worktree(repo, dead)
    write_files(tree.path, {"a.txt": "dead\n"})
    git(tree.path, "commit", "-q", "-am", "the agent's own commit")
    write_files(tree.path, {"more": "m"})
    half_made = create_worktree(repo, f"{RUN}/8")
    (half_made.admin_dir / "callsheet-ready").unlink()
    for path in ("a.txt", "run.sh"):
        (half_made.path / path).unlink()
    create_worktree(repo, live)
    git(repo, "worktree", "add", "-q", "-b", "callsheet/mine/1", os.fspath(tmp_path / "mine"))
    git(repo, "branch", f"callsheet/{RUN}/9")
    swept = sweep(repository, alive=lambda run_id: run_id == live.partition("/")[0])
    assert swept.kept == [f"refs/callsheet/{dead}"]
    assert len(swept.removed) == 3
    assert not swept.failed
    (change,) = list_changes(repository, RUN)
    assert {file.path for file in change.files} == {"a.txt", "more"}
    assert set(git(repo, "for-each-ref", "--format=%(refname:short)", "refs/heads/callsheet").split()) == {
        f"callsheet/{live}",
        "callsheet/mine/1",
    }
    assert sweep(repository, alive=lambda _: True).removed == []
