"""The process that works on one run.

It is spawned detached (`spawn`) and given its run (`launch`), outlives whoever asked for it, and is led by its control
socket alone. What it says goes into the journal; its standard streams go to `runner.log`, for the day when it dies.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import traceback
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final

from callsheet.agents.processes import kill_run_processes
from callsheet.errors import CallsheetError
from callsheet.redaction import Redactor
from callsheet.runs.backends import open_backend
from callsheet.runs.control import ControlServer, Refused
from callsheet.runs.engine import Engine
from callsheet.runs.lease import Lease
from callsheet.runs.options import RunOptions
from callsheet.runs.rundir import RunDir
from callsheet.runs.spawn import receive
from callsheet.runs.sweep import sweep_run, sweeping
from callsheet.settings import read_settings


class Runner:
    """Runs one run and obeys its control socket.

    Args:
        run_dir: the run's folder.
        engine: the run, ready to start.
    """

    def __init__(self, run_dir: RunDir, engine: Engine) -> None:
        self._run_dir = run_dir
        self._engine = engine
        self._stops = 0

    async def run(self) -> str:
        """Run to the end; when this returns, no process of the run is left.

        Returns:
            Why the run stopped where its journal could not be told, else nothing.
        """
        loop = asyncio.get_running_loop()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, self._stop)
        server = ControlServer(self._run_dir.socket, self._handle)
        await server.start()
        async with sweeping(self._run_dir.root):
            try:
                await self._engine.run()
            finally:
                await server.close()
                await asyncio.to_thread(kill_run_processes, self._run_dir.run_id)
        return str(self._engine.broken or "")

    async def _handle(self, request: Mapping[str, Any]) -> Any:
        order = _ORDERS.get(request["do"])
        if order is None:
            raise Refused(f"There is no order {request['do']!r}; there are {', '.join(_ORDERS)}.")
        return await order(self, request)

    async def _ping(self, request: Mapping[str, Any]) -> Any:
        return {"runId": self._run_dir.run_id, "pid": os.getpid(), "status": self._engine.state.status}

    async def _order_stop(self, request: Mapping[str, Any]) -> Any:
        self._stop(hard=bool(request.get("hard")))

    async def _pause(self, request: Mapping[str, Any]) -> Any:
        self._engine.pause()

    async def _resume(self, request: Mapping[str, Any]) -> Any:
        self._engine.resume()

    async def _skip(self, request: Mapping[str, Any]) -> Any:
        self._engine.skip(_call_of(request))

    async def _answer(self, request: Mapping[str, Any]) -> Any:
        if "value" not in request:
            raise Refused("An answer needs a value.")
        self._engine.answer(_call_of(request), request["value"])

    def _stop(self, *, hard: bool = False) -> None:
        self._stops += 1
        if hard or self._stops > 1:
            # The one who asked gets an answer first.
            asyncio.get_running_loop().call_later(_ANSWER_S, self.kill)
            return
        self._engine.stop()
        # Shells that ignore their cancelled agents, or left their group, must not outlive the stop.
        asyncio.get_running_loop().run_in_executor(None, kill_run_processes, self._run_dir.run_id)

    def kill(self) -> None:
        """End this process and all it started, now; the run can be resumed."""
        kill_run_processes(self._run_dir.run_id)
        os.killpg(os.getpid(), signal.SIGKILL)


_Order = Callable[[Runner, Mapping[str, Any]], Awaitable[Any]]
_ORDERS: Final[dict[str, _Order]] = {
    "ping": Runner._ping,
    "stop": Runner._order_stop,
    "pause": Runner._pause,
    "resume": Runner._resume,
    "skip": Runner._skip,
    "answer": Runner._answer,
}

_ANSWER_S: Final = 0.02


def _call_of(request: Mapping[str, Any]) -> int:
    call = request.get("call")
    if isinstance(call, bool) or not isinstance(call, int):
        raise Refused("A request about a call needs its number in `call`.")
    return call


async def _work(run_dir: RunDir, order: Mapping[str, Any]) -> str:
    options = RunOptions.from_record(order["options"])
    settings = read_settings(order["settings"])
    if order["resume"]:
        sweep_run(run_dir)
    backend = open_backend(options, settings)
    try:
        engine = Engine.open(
            run_dir,
            backend=backend,
            settings=settings,
            options=options,
            args=order["args"],
            given=order.get("given", False),
        )
        return await Runner(run_dir, engine).run()
    finally:
        await backend.aclose()


def main(orders: int) -> int:
    """Wait for orders on the open socket `orders`, then work on the run that they name."""
    os.umask(0o077)
    received = receive(orders)
    if received is None:
        return 0
    order, lease_fd, log = received
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    os.chdir(order["cwd"])
    run_dir = RunDir(Path(order["run"]))
    lease = Lease.inherit(run_dir.lock, lease_fd)
    try:
        why = asyncio.run(_work(run_dir, order))
    except CallsheetError as error:
        _say(f"callsheet: {error}")
        lease.unsign(str(error))
        return 2
    except BaseException:
        _say(traceback.format_exc())
        return 1
    lease.unsign(why)
    return 0


def _say(text: str) -> None:
    print(Redactor(os.environ).text(text), file=sys.stderr)


if __name__ == "__main__":
    status = main(int(sys.argv[1]))
    sys.stderr.flush()
    # The lease ends with the process and everybody waits for it: nothing is left to tidy up, so it ends now.
    os._exit(status)
