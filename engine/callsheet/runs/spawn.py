"""Runner processes: spawned detached, and told over a socket which run is theirs.

Loading the runner takes longer than everything else that comes before the first agent. So a command that is going to
start a run spawns a runner first (`warm_up`) and reads and checks the script while that one loads.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any, Final

_MODULE: Final = "callsheet.runs.runner"
_warm: list[RunnerProcess] = []


class RunnerProcess:
    """A runner that loads, and waits for its orders. It ends by itself when its maker ends without giving any."""

    def __init__(self) -> None:
        self._orders, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                # -P: what lies in the working directory must never be imported.
                [sys.executable, "-P", "-m", _MODULE, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
                pass_fds=(theirs.fileno(),),
            )
        # A long-lived launcher would otherwise collect the ended runners as zombies.
        threading.Thread(target=self._process.wait, name="reaper of a runner", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def dismiss(self) -> None:
        """End it: there is nothing to run after all."""
        self._process.kill()

    def give(self, order: Mapping[str, Any], lease_fd: int, log_fd: int) -> None:
        """Hand over a run: what is wanted, the lease on it, and the file for its standard streams.

        Raises:
            OSError: the runner is gone.
        """
        with self._orders:
            socket.send_fds(self._orders, [b"!"], [lease_fd, log_fd])
            self._orders.sendall(json.dumps(order).encode())


def warm_up() -> None:
    """Let a runner load while the caller finds out whether there is something to run."""
    if sys.platform != "win32":
        _warm.append(RunnerProcess())


def cool_down() -> None:
    """Dismiss the runner that was warmed up and not needed."""
    while _warm:
        _warm.pop().dismiss()


def take_runner() -> RunnerProcess:
    """The runner that was warmed up, else a new one."""
    return _warm.pop() if _warm else RunnerProcess()


def receive(fd: int) -> tuple[dict[str, Any], int, int] | None:
    """The runner's side of `give`: order, lease and log; None when there is nothing to do after all."""
    with socket.socket(fileno=fd) as orders:
        mark, fds, _, _ = socket.recv_fds(orders, 1, 2)
        if not mark:
            return None
        text = bytearray()
        while piece := orders.recv(1 << 16):
            text += piece
    order: dict[str, Any] = json.loads(bytes(text))
    lease_fd, log_fd = fds
    return order, lease_fd, log_fd
