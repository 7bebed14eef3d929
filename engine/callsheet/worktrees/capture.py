"""What an agent changed, as one commit on top of the one it started from.

The final files count, whatever the agent did with git meanwhile (commits, staging, a half-done merge). Ignored files
are left out. Repositories that the agent made inside are kept as plain files.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

from callsheet.worktrees.git import GitError, git, git_text, split_nul
from callsheet.worktrees.repository import (
    GITLINK,
    Entry,
    index_entries,
    scratch_index,
    unhide,
    untracked_repositories,
)


def capture(
    tree: Path, git_dir: Path, commit: str, message: str, *, config: Sequence[str] = ()
) -> str | None:
    """Commit the files of a worktree, touching neither its index nor its branch.

    Args:
        tree: top of the worktree. Its `.git` file is not needed: an agent may have deleted or replaced it.
        git_dir: git's own directory for the worktree, or the one that all worktrees share.
        commit: commit it started from; parent of the new one.
        message: commit message.
        config: git settings that the worktree was checked out with.

    Returns:
        The new commit's id, None where nothing changed.

    Raises:
        GitError: files could not be read, even from a fresh index.
    """
    here = {"GIT_DIR": os.fspath(git_dir), "GIT_WORK_TREE": os.fspath(tree)}
    try:
        written = _write_tree(tree, here, git_dir / "index", commit, config)
    except GitError:
        # The agent's index may be damaged; the files are what counts.
        written = _write_tree(tree, here, None, commit, config)
    if written == git_text("rev-parse", f"{commit}^{{tree}}", cwd=tree, env=here):
        return None
    return git_text("commit-tree", written, "-p", commit, "-m", message, cwd=tree, env=here)


def _write_tree(
    tree: Path, here: Mapping[str, str], index: Path | None, commit: str, config: Sequence[str]
) -> str:
    with scratch_index(index, beside=tree.parent) as scratch:
        env = {**here, **scratch}
        if index is None:
            git("read-tree", commit, cwd=tree, env=env)
        entries = index_entries(tree, env)
        unhide(tree, env, entries)
        _free_nested(tree, env, _embedded(tree, env, commit, entries))
        while nested := untracked_repositories(tree, env):
            _free_nested(tree, env, nested)
        # Sparse: an agent may well write where its checkout has no files.
        git("add", "-A", "--sparse", "--", ".", cwd=tree, env=env, config=config)
        return git_text("write-tree", cwd=tree, env=env)


def _embedded(tree: Path, env: Mapping[str, str], commit: str, entries: Sequence[Entry]) -> list[str]:
    """Links to other repositories that would lose content: those the agent staged, and submodules it worked in."""
    links = [entry.path for entry in entries if entry.mode == GITLINK]
    if not links:
        return []
    submodules = {}
    for listed in split_nul(git("ls-tree", "-r", "-z", commit, cwd=tree, env=env)):
        facts, _, path = listed.partition("\t")
        mode, _, object_id = facts.split()
        if mode == GITLINK:
            submodules[path] = object_id
    return [path for path in links if _would_lose(tree / path, submodules.get(path))]


def _would_lose(folder: Path, commit: str | None) -> bool:
    """Whether a folder holds work that a link in its place would not lead to.

    Args:
        folder: where the link is.
        commit: what the start commit has there, None for a repository that is not a submodule.
    """
    if not folder.is_dir() or not any(folder.iterdir()):
        return False
    if commit is None or not os.path.lexists(folder / ".git"):
        return True
    try:
        if git_text("status", "--porcelain", cwd=folder):
            return True
        head = git_text("rev-parse", "--verify", "HEAD", cwd=folder)
        published = ("for-each-ref", "--contains", head, "--count=1", "refs/remotes", "refs/tags")
        return head != commit and not git_text(*published, cwd=folder)
    except GitError:
        return True


def _free_nested(tree: Path, env: Mapping[str, str], names: Sequence[str]) -> None:
    for name in names:
        git("rm", "--cached", "--quiet", "--ignore-unmatch", "--", name.rstrip("/"), cwd=tree, env=env)
        entry = tree / name / ".git"
        if not os.path.lexists(entry):
            continue
        aside = tree.parent / f".nested-git-{uuid.uuid4().hex}"
        entry.rename(aside)
        if aside.is_dir() and not aside.is_symlink():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            aside.unlink(missing_ok=True)
