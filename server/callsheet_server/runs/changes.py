"""What isolated agents changed: listed, shown as a diff, applied, dropped. Git is asked off the event loop."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callsheet.runs.rundir import RunDir
from callsheet.worktrees import (
    Change,
    GitError,
    Repository,
    apply_changes,
    diff,
    drop,
    kept_refs,
    list_changes,
    open_repository,
)

from callsheet_server.protocol import RequestFailed
from callsheet_server.runs.arguments import Arguments

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer

ACTIONS = ("list", "diff", "apply", "drop")


async def act(server: CallsheetServer, run_dir: RunDir, arguments: Arguments) -> Any:
    """Answer `callsheet.changes`.

    Returns:
        `list`: `[{call, ref, files: [{path, status, added, removed, oldPath}]}]`; `diff`: `{diff, uri}`;
        `apply`: `{ok, files, conflicts}`, nothing touched where there are conflicts; `drop`: `{ok}`.
    """
    action = arguments.maybe_text("action") or "list"
    if action not in ACTIONS:
        raise RequestFailed(f"`action` is one of {', '.join(ACTIONS)}, not {action!r}.")
    call = arguments.maybe_number("call")
    try:
        repository = await asyncio.to_thread(open_repository, run_dir.root)
        if repository is None:
            raise RequestFailed(f"{run_dir.root} is no git repository, so no agent was isolated.")
        found = await asyncio.to_thread(list_changes, repository, run_dir.run_id, call)
        newest = [change for change in found if not change.earlier]
        if action == "list":
            return [_item(change) for change in found]
        if not newest:
            await _look_again(server, run_dir, repository)
            raise RequestFailed(
                "There are no changes here: no isolated agent left any, or they were dropped."
            )
        if action == "diff":
            return await _diff(server, run_dir, repository, newest, call)
        if action == "apply":
            return await asyncio.to_thread(_apply, repository, newest)
        for change in found:
            await asyncio.to_thread(drop, repository, change)
        await _look_again(server, run_dir, repository)
        return {"ok": True}
    except GitError as error:
        raise RequestFailed(f"git refused: {error}") from error


async def _look_again(server: CallsheetServer, run_dir: RunDir, repository: Repository) -> None:
    """Changes are gone: no view of the run shall offer them any more."""
    run = server.runs.get(run_dir.run_id)
    if run is not None:
        run.keep_changes(await asyncio.to_thread(kept_refs, repository))
        run.tell_agents()


def _item(change: Change) -> dict[str, Any]:
    files = [
        {
            "path": file.path,
            "status": file.status,
            "added": file.added,
            "removed": file.removed,
            "oldPath": file.old_path,
        }
        for file in change.files
    ]
    return {
        "call": change.call,
        "earlier": change.earlier,
        "ref": change.ref,
        "commit": change.commit,
        "base": change.base,
        "files": files,
    }


async def _diff(
    server: CallsheetServer, run_dir: RunDir, repository: Repository, found: list[Change], call: int | None
) -> dict[str, str | None]:
    diffs = [await asyncio.to_thread(diff, repository, change) for change in found]
    text = b"".join(diffs).decode("utf-8", "replace")
    name = f"{run_dir.run_id}-{call}" if call is not None else run_dir.run_id
    path = await asyncio.to_thread(_write, name, text)
    return {"diff": text, "uri": await server.show_file(path)}


def _write(name: str, text: str) -> Path:
    """A file that an editor can show; it is of use for this session only."""
    folder = Path(tempfile.mkdtemp(prefix="callsheet-diff-"))
    path = folder / f"{name}.diff"
    path.write_text(text, encoding="utf-8")
    return path


def _apply(repository: Repository, found: list[Change]) -> dict[str, Any]:
    """Apply all changes, or none where one conflicts; `call` is then the first that does."""
    outcomes = apply_changes(repository, found)
    for change, outcome in zip(found, outcomes, strict=True):
        if outcome.conflicts:
            return {"ok": False, "files": [], "conflicts": list(outcome.conflicts), "call": change.call}
    files = dict.fromkeys(path for outcome in outcomes for path in outcome.files)
    return {"ok": True, "files": list(files), "conflicts": []}
