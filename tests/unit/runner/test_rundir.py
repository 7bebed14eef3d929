from __future__ import annotations

import stat
from pathlib import Path

import pytest
from callsheet.runs.rundir import RUN_ID, create_run_dir, new_run_id, project_root, publish, write_private


def test_ids_have_their_form_and_sort_by_time() -> None:
    times = [1_800_000_000 + step * 0.013 for step in range(500)]
    ids = [new_run_id(at) for at in times]
    assert ids == sorted(ids)
    assert all(RUN_ID.fullmatch(each) for each in ids)


def test_many_runs_at_once_have_folders_of_their_own(tmp_path: Path) -> None:
    made = {publish(create_run_dir(tmp_path)).run_id for _ in range(300)}
    assert len(made) == 300


def test_the_project_is_the_repository_or_the_folder_itself(tmp_path: Path) -> None:
    deep = tmp_path / "repository" / "a" / "b"
    deep.mkdir(parents=True)
    assert project_root(deep) == deep
    (tmp_path / "repository" / ".git").write_text("gitdir: elsewhere\n")
    assert project_root(deep) == tmp_path / "repository"


def test_an_own_gitignore_is_kept_and_completed(tmp_path: Path) -> None:
    house = tmp_path / ".callsheet"
    house.mkdir()
    (house / ".gitignore").write_text("mine\nruns/")
    create_run_dir(tmp_path)
    assert (house / ".gitignore").read_text() == "mine\nruns/\nworktrees/\n.gitignore\n"


def test_private_files_are_replaced_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "script.js"
    write_private(path, b"old")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def fail(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_private(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
