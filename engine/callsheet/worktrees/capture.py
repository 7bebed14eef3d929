"""What an agent changed, as one commit on top of the one it started from.

The final files count, whatever the agent did with git meanwhile (commits, staging, a half-done merge). Ignored files
are left out. Repositories that the agent made inside are kept as plain files.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path

from callsheet.worktrees.git import GitError, git, git_text, split_nul
from callsheet.worktrees.repository import index_path, scratch_index

_GITLINK = "160000"


def capture(tree: Path, commit: str, message: str, *, config: Sequence[str] = ()) -> str | None:
    """Commit the files of a worktree, touching neither its index nor its branch.

    Args:
        tree: top of the worktree.
        commit: commit it started from; parent of the new one.
        message: commit message.
        config: git settings that the worktree was checked out with.

    Returns:
        The new commit's id, None where nothing changed.

    Raises:
        GitError: files could not be read, even from a fresh index.
    """
    try:
        written = _write_tree(tree, index_path(tree), config)
    except GitError:
        # The agent's index may be damaged; the files are what counts.
        written = _write_tree(tree, None, config, read_tree=commit)
    if written == git_text("rev-parse", f"{commit}^{{tree}}", cwd=tree):
        return None
    return git_text("commit-tree", written, "-p", commit, "-m", message, cwd=tree)


def _write_tree(
    tree: Path, index: Path | None, config: Sequence[str], *, read_tree: str | None = None
) -> str:
    with scratch_index(index, beside=tree.parent) as env:
        if read_tree is not None:
            git("read-tree", read_tree, cwd=tree, env=env)
        _free_nested(tree, env, _embedded(tree, env))
        while nested := _untracked_repositories(tree, env):
            _free_nested(tree, env, nested)
        git("add", "-A", "--", ".", cwd=tree, env=env, config=config)
        return git_text("write-tree", cwd=tree, env=env)


def _untracked_repositories(tree: Path, env: dict[str, str]) -> list[str]:
    others = split_nul(git("ls-files", "-z", "--others", "--exclude-standard", cwd=tree, env=env))
    return [name for name in others if name.endswith("/") and _git_entry(tree, name) is not None]


def _embedded(tree: Path, env: dict[str, str]) -> list[str]:
    """Repositories that the agent itself staged, as links that would lose their content."""
    declared = tree / ".gitmodules"
    known = declared.read_text(errors="replace") if declared.is_file() else ""
    entries = split_nul(git("ls-files", "-z", "--stage", cwd=tree, env=env))
    links = [entry.partition("\t")[2] for entry in entries if entry.startswith(_GITLINK)]
    return [name for name in links if f"path = {name}" not in known and _git_entry(tree, name) is not None]


def _git_entry(tree: Path, name: str) -> Path | None:
    entry = tree / name / ".git"
    return entry if entry.exists() or entry.is_symlink() else None


def _free_nested(tree: Path, env: dict[str, str], names: Sequence[str]) -> None:
    for name in names:
        entry = _git_entry(tree, name)
        if entry is None:
            continue
        git("rm", "--cached", "--quiet", "--ignore-unmatch", "--", name.rstrip("/"), cwd=tree, env=env)
        aside = tree.parent / f".nested-git-{uuid.uuid4().hex}"
        entry.rename(aside)
        if aside.is_dir() and not aside.is_symlink():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            aside.unlink()
