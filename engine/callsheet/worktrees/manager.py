"""The worktrees of one run: made side by side, reused where that is safe, all gone at the end."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from callsheet.worktrees.git import GitError, git
from callsheet.worktrees.repository import Repository
from callsheet.worktrees.tree import (
    READY,
    Worktree,
    WorktreeGone,
    WorktreeUnavailable,
    add,
    discard,
    ensure_ignored,
    fill,
    is_linked,
    keep_changes,
    link,
    worktree_path,
)

T = TypeVar("T")

_MAX_IDLE = 16

# What git itself leaves in a worktree's directory. Anything more (a half-done merge or rebase, own settings) would
# reach the next agent, so such a tree is thrown away.
_PLAIN_ADMIN = frozenset(
    {
        "HEAD",
        "ORIG_HEAD",
        "FETCH_HEAD",
        "COMMIT_EDITMSG",
        "commondir",
        "gitdir",
        "index",
        "logs",
        "refs",
        READY,
    }
)


class WorktreeManager:
    """Gives isolated calls their worktrees. One for each run; usable from one event loop.

    git runs in threads of the manager's own, as many as there are cores: more of them only queue on the disk.
    """

    def __init__(self, repository: Repository, run_id: str, commit: str) -> None:
        """Prepare; nothing is made yet.

        Args:
            repository: where the run works.
            run_id: names worktrees, branches and refs.
            commit: commit that every worktree starts from.
        """
        self._repository = repository
        self._run_id = run_id
        self._commit = commit
        self._idle: list[Worktree] = []
        self._idle_made = 0
        self._cancelled: list[asyncio.Task[None]] = []
        self._threads = ThreadPoolExecutor(os.cpu_count() or 2, thread_name_prefix="worktrees")
        self._reusable = not (repository.root / ".gitmodules").exists()

    async def create(self, call: int) -> Worktree:
        """Make the worktree of a call.

        Raises:
            WorktreeUnavailable: git refused; the message says why.
        """
        try:
            return await self._in_thread(partial(self._create, call))
        except GitError as error:
            raise WorktreeUnavailable(f"no worktree for call {call}: {error}") from error

    async def finish(self, worktree: Worktree) -> str | None:
        """Keep what changed and take the worktree away.

        Returns:
            The ref that holds the changes, None where nothing changed.

        Raises:
            WorktreeGone: its directory was deleted; what git knew of it is removed.
            GitError: the changes could not be kept; the worktree stays for the next sweep.
        """
        return await self._in_thread(partial(self._finish, worktree))

    async def aclose(self) -> None:
        """Remove the trees that were kept for reuse, and those of calls that were cancelled meanwhile."""
        await asyncio.gather(*self._cancelled)
        idle, self._idle = self._idle, []
        await asyncio.gather(*(self._in_thread(partial(discard, tree)) for tree in idle))
        self._threads.shutdown()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        # Shielded: a half-made worktree that nobody knows of would outlive a cancelled call.
        job = self._threads.submit(work)
        future = asyncio.wrap_future(job)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            # What has not begun need not: a stop does not wait for trees that nobody will use.
            if not job.cancel():
                self._cancelled.append(asyncio.create_task(self._take_back(future)))
            raise

    async def _take_back(self, future: asyncio.Future[T]) -> None:
        result = (await asyncio.gather(future, return_exceptions=True))[0]
        if isinstance(result, Worktree):
            await self._in_thread(partial(discard, result))

    def _create(self, call: int) -> Worktree:
        name = f"{self._run_id}/{call}"
        while self._idle:
            idle = self._idle.pop()
            try:
                return self._reuse(idle, name)
            except (GitError, OSError, WorktreeUnavailable):
                discard(idle)
        return add(self._repository, name, self._commit)

    def _finish(self, worktree: Worktree) -> str | None:
        try:
            ref = keep_changes(worktree)
        except WorktreeGone:
            discard(worktree)
            raise
        if not self._retire(worktree):
            discard(worktree)
        return ref

    def _retire(self, worktree: Worktree) -> bool:
        """Put a tree aside for the next call, without branch and mark; False where that is not safe."""
        if not self._reusable or len(self._idle) >= _MAX_IDLE:
            return False
        try:
            admin = worktree.admin_dir
            if not is_linked(worktree, admin):
                return False
            if {entry.name for entry in admin.iterdir()} - _PLAIN_ADMIN:
                return False
            self._idle_made += 1
            idle_name = f"{self._run_id}/idle-{self._idle_made}"
            with self._repository.locked():
                (admin / READY).unlink()
                git("checkout", "--detach", "--quiet", "--force", self._commit, cwd=worktree.path)
                git("update-ref", "-d", f"refs/heads/{worktree.branch}", cwd=self._repository.root)
                idle = self._renamed(worktree, admin, idle_name)
        except (GitError, OSError, WorktreeUnavailable):
            return False
        self._idle.append(idle)
        return True

    def _reuse(self, idle: Worktree, name: str) -> Worktree:
        git("clean", "-ffdxq", cwd=idle.path)
        ensure_ignored(self._repository)
        with self._repository.locked():
            worktree = self._renamed(idle, idle.admin_dir, name)
            git("update-ref", f"refs/heads/{worktree.branch}", self._commit, cwd=self._repository.root)
            git("symbolic-ref", "HEAD", f"refs/heads/{worktree.branch}", cwd=worktree.path)
        fill(worktree)
        return worktree

    def _renamed(self, worktree: Worktree, admin: Path, name: str) -> Worktree:
        path = worktree_path(self._repository, name)
        worktree.path.rename(path)
        link(path, admin)
        return Worktree(self._repository, name, path, worktree.commit)
