"""Standard input and output, or one TCP connection: bytes in, bytes out."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Callable
from typing import BinaryIO, Protocol

from callsheet.errors import UsageError

READ_BYTES = 1 << 16


class Connection(Protocol):
    """What the protocol writes to."""

    def write(self, data: bytes) -> None: ...

    def close(self) -> None: ...


class StdioConnection:
    """Writes to standard output at once.

    Standard input is read by a thread of its own, so a client that is slow to read cannot lock up with us: what it
    sends is always taken.

    Args:
        output: standard output.
        on_broken: called when nobody reads it any more.
    """

    def __init__(self, output: BinaryIO, on_broken: Callable[[], None]) -> None:
        self._output = output
        self._on_broken = on_broken

    def write(self, data: bytes) -> None:
        try:
            self._output.write(data)
            self._output.flush()
        except (OSError, ValueError):
            self._on_broken()

    def close(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._output.flush()


async def serve_stdio(connect: Callable[[Connection], Callable[[bytes], None]]) -> None:
    """Serve the process that started us until it closes our standard input.

    Args:
        connect: is given the connection; returns the consumer of incoming bytes.
    """
    loop = asyncio.get_running_loop()
    source, output = _take_stdio()
    closed = asyncio.Event()
    consume = connect(StdioConnection(output, closed.set))

    def read() -> None:
        with contextlib.suppress(OSError, RuntimeError):
            while data := os.read(source, READ_BYTES):
                loop.call_soon_threadsafe(consume, data)
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(closed.set)

    threading.Thread(target=read, name="stdin", daemon=True).start()
    await closed.wait()


def _take_stdio() -> tuple[int, BinaryIO]:
    """The two streams of the protocol; whatever else prints goes to standard error from now on."""
    source, target = os.dup(sys.stdin.fileno()), os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a descriptor is wanted
        os.dup2(nothing.fileno(), sys.stdin.fileno())
    return source, os.fdopen(target, "wb")


async def serve_tcp(port: int, connect: Callable[[Connection], Callable[[bytes], None]]) -> None:
    """Serve one client on 127.0.0.1 until it disconnects; port 0 takes any free one.

    Raises:
        UsageError: the port cannot be had.
    """
    done = asyncio.Event()
    taken = False

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal taken
        if taken:
            writer.close()
            return
        taken = True
        consume = connect(writer)
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(READ_BYTES):
                consume(data)
        done.set()

    try:
        server = await asyncio.start_server(accept, "127.0.0.1", port)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else error
        raise UsageError(f"Port {port} of 127.0.0.1 cannot be used: {reason}.") from error
    bound = server.sockets[0].getsockname()[1]
    print(f"callsheet-lsp listens on 127.0.0.1:{bound}", file=sys.stderr, flush=True)
    try:
        await done.wait()
    finally:
        server.close()
