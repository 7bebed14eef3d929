"""W1: sixteen isolated agents at once on a large repository; their changes come back byte for byte."""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from callsheet.worktrees import WorktreeManager, list_changes, open_repository

from tests.support.git_repository import git, make_repository

RUN = "20260102-030405-abcdef"
FILES = 20_000
AGENTS = 16
MEMORY = Path("/dev/shm")
MEMORY_NEEDED_BYTES = 4 * 2**30


def file_name(number: int) -> str:
    return f"src/{number % 97}/{number % 11}/file-{number}.txt"


def change(root: Path, call: int) -> dict[str, tuple[str, str]]:
    """Edit, add, rename, delete and chmod by a seed of the call's own; returns mode and digest by path."""
    rng = random.Random(call)
    touched = [file_name(number) for number in rng.sample(range(FILES), 40)]
    for path in touched[:20]:
        (root / path).write_bytes(rng.randbytes(200))
    for path in touched[20:25]:
        (root / path).unlink()
    for path in touched[25:30]:
        (root / path).rename(root / f"{path}.renamed-{call}")
    for path in touched[30:35]:
        (root / path).chmod(0o755)
    for number in range(5):
        (root / f"new-{call}-{number}.bin").write_bytes(b"\0\r\n\xff" + rng.randbytes(5000))
    wanted = [*touched[:20], *touched[30:35]]
    wanted += [f"{path}.renamed-{call}" for path in touched[25:30]]
    wanted += [f"new-{call}-{number}.bin" for number in range(5)]
    kept = {path: (_mode(root / path), _digest((root / path).read_bytes())) for path in wanted}
    return kept | dict.fromkeys(touched[20:30], ("", ""))


def _mode(path: Path) -> str:
    return "100755" if path.stat().st_mode & 0o100 else "100644"


def _digest(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


@pytest.fixture
def roomy(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: some disks take minutes for a few hundred thousand files."""
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < MEMORY_NEEDED_BYTES:
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


@pytest.mark.timeout(600)
async def test_W1_sixteen_at_once_on_a_large_repository(roomy: Path) -> None:
    root = make_repository(roomy / "repo", {file_name(n): f"content of {n}\n" for n in range(FILES)})
    repository = open_repository(root)
    assert repository is not None
    base = git(root, "rev-parse", "HEAD")
    manager = WorktreeManager(repository, RUN, base)

    async def work(call: int) -> dict[str, tuple[str, str]]:
        tree = await manager.create(call)
        expected = await asyncio.to_thread(change, tree.path, call)
        assert await manager.finish(tree) is not None
        return expected

    expected = await asyncio.gather(*(work(call) for call in range(1, AGENTS + 1)))
    await manager.aclose()
    for kept, files in zip(list_changes(repository, RUN), expected, strict=True):
        raw = git(root, "diff-tree", "-r", "--no-abbrev", "--no-renames", "--no-commit-id", base, kept.commit)
        found = {}
        for line in raw.splitlines():
            fields, _, path = line.partition("\t")
            _, mode, _, blob, status = fields.split(" ")
            found[path] = ("", "") if status == "D" else (mode, blob)
        assert found == files
    assert git(root, "worktree", "list", "--porcelain").count("worktree ") == 1
