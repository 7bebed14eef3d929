"""The commands of the protocol: start, resume and control runs, and tell of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callsheet.errors import CallsheetError
from callsheet.runs.control import ask
from callsheet.runs.rundir import RunDir, project_root
from callsheet.runs.store import RunStore, UnknownRun

from callsheet_server.protocol import RequestFailed
from callsheet_server.runs import changes, start
from callsheet_server.runs.arguments import Arguments

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer

_Command = Callable[["CallsheetServer", Arguments], Awaitable[Any]]


def register(server: CallsheetServer) -> None:
    """Register every command."""
    for name, command in _COMMANDS.items():
        server.command(name)(_handler(server, name, command))


def _handler(
    server: CallsheetServer, name: str, command: _Command
) -> Callable[[Sequence[Any]], Awaitable[Any]]:
    async def handle(arguments: Sequence[Any]) -> Any:
        try:
            return await command(server, Arguments(name, arguments))
        except CallsheetError as error:
            raise RequestFailed(str(error)) from error

    return handle


async def find_run(server: CallsheetServer, run_id: str) -> RunDir:
    """The folder of a run of the workspace.

    Raises:
        UnknownRun: no project of the workspace has it.
    """
    known = server.runs.get(run_id)
    if known is not None:
        return known.run_dir
    roots = _roots(server)
    for root in roots:
        try:
            return await asyncio.to_thread(RunStore(root).find, run_id)
        except UnknownRun:
            continue
    raise UnknownRun(f"There is no run {run_id} in this workspace.")


def _roots(server: CallsheetServer) -> list[Path]:
    return server.runs.roots() or [project_root(server.folders.base_of(None))]


def _order(do: str) -> _Command:
    async def order(server: CallsheetServer, arguments: Arguments) -> dict[str, bool]:
        run_dir = await find_run(server, arguments.text("runId"))
        fields: dict[str, Any] = {}
        if do in {"skip", "answer"}:
            fields["call"] = arguments.number("call")
        if do == "answer":
            if "value" not in arguments:
                raise RequestFailed("callsheet.answer: `value` is missing.")
            fields["value"] = arguments.any("value")
        await asyncio.to_thread(lambda: ask(run_dir, do, **fields))
        return {"ok": True}

    return order


async def _runs(server: CallsheetServer, _arguments: Arguments) -> list[dict[str, Any]]:
    return await server.runs.summaries()


async def _show_run(server: CallsheetServer, arguments: Arguments) -> dict[str, Any]:
    run_id = arguments.text("runId")
    known = server.runs.get(run_id)
    if known is not None:
        return known.detail()
    run_dir = await find_run(server, run_id)
    return await asyncio.to_thread(start.stored_detail, server, run_dir)


async def _remove_run(server: CallsheetServer, arguments: Arguments) -> dict[str, bool]:
    run_dir = await find_run(server, arguments.text("runId"))
    await asyncio.to_thread(RunStore(run_dir.root).remove, run_dir.run_id)
    server.runs.removed(run_dir.run_id)
    return {"ok": True}


async def _run(server: CallsheetServer, arguments: Arguments) -> dict[str, str]:
    return {"runId": await start.run(server, arguments)}


async def _resume(server: CallsheetServer, arguments: Arguments) -> dict[str, str]:
    run_dir = await find_run(server, arguments.text("runId"))
    return {"runId": await start.resume(server, run_dir, arguments)}


async def _plan(server: CallsheetServer, arguments: Arguments) -> Any:
    run_id = arguments.maybe_text("runId")
    run_dir = await find_run(server, run_id) if run_id is not None else None
    return await start.plan(server, run_dir, arguments)


async def _changes(server: CallsheetServer, arguments: Arguments) -> Any:
    run_dir = await find_run(server, arguments.text("runId"))
    return await changes.act(server, run_dir, arguments)


async def _transcript(server: CallsheetServer, arguments: Arguments) -> dict[str, str]:
    run_dir = await find_run(server, arguments.text("runId"))
    path = run_dir.transcript(arguments.number("call"))
    if not await asyncio.to_thread(path.exists):
        raise RequestFailed("This call has no transcript yet.")
    return {"uri": await server.show_file(path)}


_COMMANDS: dict[str, _Command] = {
    "callsheet.run": _run,
    "callsheet.resume": _resume,
    "callsheet.stop": _order("stop"),
    "callsheet.pause": _order("pause"),
    "callsheet.skipAgent": _order("skip"),
    "callsheet.answer": _order("answer"),
    "callsheet.plan": _plan,
    "callsheet.runs": _runs,
    "callsheet.showRun": _show_run,
    "callsheet.changes": _changes,
    "callsheet.removeRun": _remove_run,
    "callsheet.transcript": _transcript,
}
