"""Worktree creation at 1 and 16 at once against plain `git worktree add`, in one run.

Usage: python benchmarks/worktrees.py [--files 20000] [--in FOLDER]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from callsheet.worktrees import WorktreeManager, open_repository

RUN = "20260102-030405-abcdef"
ROUNDS = 3


def make(root: Path, files: int) -> str:
    for number in range(files):
        path = root / "src" / str(number % 97) / f"file-{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content of {number}\n" * 40)
    identity = ["-c", "user.name=Bench", "-c", "user.email=bench@example.org"]
    for arguments in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-q", "-m", "start"]):
        subprocess.run(["git", *arguments], cwd=root, check=True)
    return subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=root, check=True, capture_output=True, text=True
    ).stdout.strip()


async def timed(at_once: int, work: Callable[[int], Awaitable[object]]) -> float:
    start = time.perf_counter()
    await asyncio.gather(*(work(number) for number in range(at_once)))
    return time.perf_counter() - start


async def plain(root: Path, scratch: Path, at_once: int) -> float:
    """`git worktree add`, one after the other under one lock: side by side, some fail."""
    lock = asyncio.Lock()

    async def one(number: int) -> None:
        async with lock:
            command = ["git", "worktree", "add", "-q", "--detach", os.fspath(scratch / str(number))]
            process = await asyncio.create_subprocess_exec(*command, cwd=root)
            assert await process.wait() == 0

    took = await timed(at_once, one)
    for number in range(at_once):
        remove = ["git", "worktree", "remove", "--force", os.fspath(scratch / str(number))]
        assert await (await asyncio.create_subprocess_exec(*remove, cwd=root)).wait() == 0
    return took


async def ours(root: Path, commit: str, at_once: int) -> tuple[float, float]:
    """A first wave of new trees, and a second one that reuses them."""
    repository = open_repository(root)
    assert repository is not None
    manager = WorktreeManager(repository, RUN, commit)
    waves = []
    for wave in range(2):
        trees = []

        async def one(number: int, wave: int = wave, trees: list = trees) -> None:
            trees.append(await manager.create(wave * at_once + number + 1))

        waves.append(await timed(at_once, one))
        await asyncio.gather(*(manager.finish(tree) for tree in trees))
    await manager.aclose()
    return waves[0], waves[1]


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--in", dest="folder", type=Path, default=None)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        root, scratch = Path(name) / "repo", Path(name) / "plain"
        root.mkdir()
        scratch.mkdir()
        commit = make(root, options.files)
        print(f"{options.files} files, median of {ROUNDS}; ratio against git worktree add")
        for at_once in (1, 16):
            rows = []
            for _ in range(ROUNDS):
                rows.append((await plain(root, scratch, at_once), *await ours(root, commit, at_once)))
            base, first, again = (statistics.median(column) for column in zip(*rows, strict=True))
            print(
                f"{at_once:3} at once: git {base:6.2f} s   new {first:6.2f} s ({first / base:4.2f}x)"
                f"   reused {again:6.2f} s ({again / base:4.2f}x)"
            )


if __name__ == "__main__":
    asyncio.run(main())
