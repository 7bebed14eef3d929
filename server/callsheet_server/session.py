"""One session: from the first byte of the client to the last."""

from __future__ import annotations

import asyncio
from typing import Any

from callsheet_server.handlers import register
from callsheet_server.server import CallsheetServer
from callsheet_server.transport import serve_stdio, serve_tcp


async def serve(tcp_port: int | None) -> int:
    """Serve one client; returns the exit status that the protocol asks for.

    Raises:
        UsageError: the port cannot be had.
    """
    server = CallsheetServer()
    register(server)
    connect = server.protocol.connect
    transport = serve_stdio(connect) if tcp_port is None else serve_tcp(tcp_port, connect)
    ways_to_end: list[asyncio.Future[Any]] = [
        asyncio.ensure_future(transport),
        asyncio.ensure_future(server.stopped.wait()),
    ]
    try:
        ended, _ = await asyncio.wait(ways_to_end, return_when=asyncio.FIRST_COMPLETED)
        for way in ended:
            way.result()
    finally:
        for way in ways_to_end:
            way.cancel()
        await server.aclose()
    return 0 if server.protocol.shut_down else 1
