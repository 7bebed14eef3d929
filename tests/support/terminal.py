"""A person at a terminal: a process under a pseudo-terminal, its screen, its keys."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

PATIENCE_S = 60


class Terminal:
    """Runs a command on a terminal of the given size.

    Attributes:
        screen: what the terminal shows.
        raw: everything that was ever written to it.
    """

    def __init__(
        self, command: Sequence[str], *, cwd: Path, env: Mapping[str, str], rows: int = 24, columns: int = 100
    ) -> None:
        self.screen = pyte.HistoryScreen(columns, rows, history=100_000)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self._fd, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**env, "TERM": "xterm-256color", "COLUMNS": str(columns), "LINES": str(rows)},
            stdin=inner,
            stdout=inner,
            stderr=inner,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(inner)

    @property
    def display(self) -> str:
        """The screen's text as it stands."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    @property
    def everything(self) -> str:
        """The screen's text with what scrolled off above."""
        above = ["".join(line[x].data for x in sorted(line)).rstrip() for line in self.screen.history.top]
        return "\n".join([*above, self.display])

    def wait_for(self, condition: str | Callable[[], bool]) -> None:
        """Read on until the screen shows a text, or a condition holds."""
        deadline = time.monotonic() + PATIENCE_S
        while not (condition in self.everything if isinstance(condition, str) else condition()):
            assert time.monotonic() < deadline, (
                f"waited for {condition!r}, the screen shows:\n{self.everything}"
            )
            assert self._read(0.1) or self._process.poll() is None, (
                f"ended before {condition!r}:\n{self.everything}"
            )

    def type(self, text: str) -> None:
        """Press keys; `\\x03` is Ctrl-C."""
        os.write(self._fd, text.encode())

    def wait(self) -> int:
        """Read to the end; returns the exit status."""
        deadline = time.monotonic() + PATIENCE_S
        while self._read(0.1) or self._process.poll() is None:
            assert time.monotonic() < deadline, f"it does not end, the screen shows:\n{self.everything}"
        return self._process.wait()

    def _read(self, timeout_s: float) -> bool:
        if not select.select([self._fd], [], [], timeout_s)[0]:
            return False
        try:
            data = os.read(self._fd, 65536)
        except OSError:
            return False
        self.raw += data
        self._stream.feed(data)
        return bool(data)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        os.close(self._fd)
