"""Where a call works: the run's own directory, or a git worktree of its own (language, W1 to W3)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import frozen

from callsheet.runs.records import WorktreeInfo

if TYPE_CHECKING:
    from callsheet.worktrees import Worktree, WorktreeManager


SUBMODULES_EMPTY: Final = (
    "Submodules are empty folders in its worktree; the agent can fetch them: git submodule update --init"
)


@frozen
class Place:
    """Where one call works.

    Attributes:
        cwd: its working directory.
        worktree: the worktree it was given, None in the shared tree.
        warning: why it shares the tree although it asked for isolation, or what its worktree lacks.
    """

    cwd: Path
    worktree: Worktree | None = None
    warning: str | None = None

    def info(self, ref: str | None = None) -> WorktreeInfo | None:
        return None if self.worktree is None else {"path": str(self.worktree.path), "ref": ref}


class NotIsolated(Exception):
    """Git gave no worktree, and the settings say to fail then."""


class Isolation:
    """Gives the calls of one run their places.

    Args:
        cwd: the run's working directory.
        run_id: names worktrees and refs.
        commit: commit that worktrees start from, None where the run began without one.
        required: whether to fail rather than to share the tree.
    """

    def __init__(self, cwd: Path, run_id: str, commit: str | None, *, required: bool) -> None:
        self._shared = Place(cwd)
        self._run_id = run_id
        self._commit = commit
        self._required = required
        self._manager: WorktreeManager | None = None

    async def enter(self, call: int, isolation: str | None) -> Place:
        """Make the place of a call.

        Raises:
            NotIsolated: there is no worktree for it, and one is required.
        """
        if isolation is None:
            return self._shared
        from callsheet.worktrees import WorktreeUnavailable

        try:
            worktree = await self._worktrees().create(call)
        except WorktreeUnavailable as error:
            if self._required:
                raise NotIsolated(str(error)) from error
            return Place(self._shared.cwd, warning=f"Not isolated, it works in the shared tree: {error}")
        warning = SUBMODULES_EMPTY if (worktree.path / ".gitmodules").is_file() else None
        return Place(worktree.cwd, worktree, warning)

    async def leave(self, place: Place) -> WorktreeInfo | None:
        """Keep what the call changed and take its worktree away.

        Raises:
            WorktreeGone: the agent deleted its worktree.
            GitError: the changes could not be kept; the worktree stays until the next sweep.
        """
        if place.worktree is None:
            return None
        return place.info(await self._worktrees().finish(place.worktree))

    async def aclose(self) -> None:
        if self._manager is not None:
            await self._manager.aclose()

    def _worktrees(self) -> WorktreeManager:
        if self._manager is None:
            from callsheet.worktrees import (
                WorktreeManager,
                WorktreeUnavailable,
                open_repository,
                why_no_repository,
            )

            repository = open_repository(self._shared.cwd)
            if repository is None:
                raise WorktreeUnavailable(why_no_repository(self._shared.cwd))
            if self._commit is None:
                raise WorktreeUnavailable("the repository has no commit to start from")
            self._manager = WorktreeManager(repository, self._run_id, self._commit)
        return self._manager
