"""`callsheet changes`: what isolated agents changed, shown, applied or dropped."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.common import RunArgument, run_store
from callsheet.cli.exits import Exit
from callsheet.errors import CallsheetError, UsageError

if TYPE_CHECKING:
    from callsheet.worktrees import Change, FileChange, Repository

_STATUS_LETTERS = {"added": "A", "deleted": "D", "modified": "M", "renamed": "R"}


def changes(
    run: RunArgument,
    call: Annotated[
        int | None, typer.Argument(metavar="CALL", min=1, help="One call; all of them otherwise.")
    ] = None,
    diff: Annotated[bool, typer.Option("--diff", help="Show the changes as a diff.")] = False,
    apply: Annotated[
        bool, typer.Option("--apply", help="Apply them to the working tree by three-way merge.")
    ] = False,
    merge: Annotated[bool, typer.Option("--merge", help="With --apply: leave conflict markers.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Forget them.")] = False,
) -> None:
    """List what isolated agents changed, by agent."""
    if diff + apply + drop > 1 or (merge and not apply):
        raise UsageError("--diff, --apply and --drop exclude each other, and --merge goes with --apply.")
    from callsheet.worktrees import GitError, list_changes, open_repository

    store = run_store()
    run_dir = store.find(run)
    repository = open_repository(store.root)
    if repository is None:
        raise UsageError(f"{store.root} is no git repository, so no agent was isolated.")
    try:
        found = list_changes(repository, run_dir.run_id, call)
        if call is not None and not found:
            raise CallsheetError(f"Call {call} of run {run_dir.run_id} left no changes.")
        if not found:
            print(f"Run {run_dir.run_id} left no changes.", file=sys.stderr if diff else sys.stdout)
            return
        if apply and repository.bare:
            raise UsageError(
                f"{repository.root} is a bare repository: it has no working tree to apply changes to.",
                hint="Fetch the refs of `refs/callsheet/` from a clone of it.",
            )
        if apply:
            _apply(repository, _newest(found), merge=merge)
        elif drop:
            _drop(repository, found)
        elif diff:
            _show(repository, _newest(found))
        else:
            _list(found, _labels(run_dir.run_id))
    except GitError as error:
        raise CallsheetError(f"git refused: {error}") from error


def _newest(found: list[Change]) -> list[Change]:
    """Without the changes that a later try of the same call replaced."""
    return [change for change in found if not change.earlier]


def _labels(run_id: str) -> dict[int, str]:
    state = run_store().load(run_id).state
    return {agent.call: agent.label for agent in state.agents()}


def _list(found: list[Change], labels: dict[int, str]) -> None:
    from callsheet.cli.text import one_line

    for change in found:
        earlier = f" (replaced by a later try; {change.ref})" if change.earlier else ""
        print(f"#{change.call} {one_line(labels.get(change.call, ''))}{earlier}")
        for file in change.files:
            print(f"  {_STATUS_LETTERS[file.status]} {_counts(file):>12}  {_name(file)}")


def _counts(file: FileChange) -> str:
    return "binary" if file.added is None else f"+{file.added} -{file.removed}"


def _name(file: FileChange) -> str:
    from callsheet.cli.text import one_line

    return one_line(f"{file.old_path} → {file.path}" if file.old_path else file.path, 1000)


def _show(repository: Repository, found: list[Change]) -> None:
    from callsheet.worktrees import diff

    sys.stdout.flush()
    for change in found:
        sys.stdout.buffer.write(diff(repository, change))
    sys.stdout.buffer.flush()


def _apply(repository: Repository, found: list[Change], *, merge: bool) -> None:
    from callsheet.worktrees import apply_changes

    outcomes = apply_changes(repository, found, leave_markers=merge)
    for change, outcome in zip(found, outcomes, strict=True):
        if outcome.conflicts:
            what = "left with conflict markers" if outcome.applied else "nothing touched"
            print(f"#{change.call}: conflict in {_listed(outcome.conflicts)}; {what}.", file=sys.stderr)
        elif outcome.files:
            count = len(outcome.files)
            print(f"#{change.call}: applied {count} file{'s' * (count > 1)}: {_listed(outcome.files)}")
        elif outcome.applied:
            print(f"#{change.call}: all of it is there already.")
    if any(outcome.conflicts for outcome in outcomes):
        if len(found) > 1 and not outcomes[0].applied:
            print(
                "Not one was applied. Apply one after the other with the number of its call.", file=sys.stderr
            )
        raise typer.Exit(Exit.FAILED)


def _listed(paths: Sequence[str]) -> str:
    from callsheet.cli.text import one_line

    return ", ".join(one_line(path, 1000) for path in paths)


def _drop(repository: Repository, found: list[Change]) -> None:
    from callsheet.worktrees import drop

    for change in found:
        drop(repository, change)
        print(f"#{change.call}: dropped.")
