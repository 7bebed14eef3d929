"""Git worktrees for isolated agents, and the changes that they leave (language, W1 to W4)."""

from callsheet.worktrees.apply import ApplyOutcome, apply_changes
from callsheet.worktrees.changes import (
    Change,
    FileChange,
    diff,
    drop,
    kept_refs,
    list_changes,
    remove_refs,
)
from callsheet.worktrees.git import GitError
from callsheet.worktrees.manager import WorktreeManager
from callsheet.worktrees.repository import Repository, open_repository, start_commit, why_no_repository
from callsheet.worktrees.sweep import sweep
from callsheet.worktrees.tree import (
    Worktree,
    WorktreeGone,
    WorktreeUnavailable,
    create_worktree,
    remove_worktree,
)

__all__ = [
    "ApplyOutcome",
    "Change",
    "FileChange",
    "GitError",
    "Repository",
    "Worktree",
    "WorktreeGone",
    "WorktreeManager",
    "WorktreeUnavailable",
    "apply_changes",
    "create_worktree",
    "diff",
    "drop",
    "kept_refs",
    "list_changes",
    "open_repository",
    "remove_refs",
    "remove_worktree",
    "start_commit",
    "sweep",
    "why_no_repository",
]
