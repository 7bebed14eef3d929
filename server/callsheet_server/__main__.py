"""`callsheet-lsp`: the language server on standard input and output, or on a TCP port."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys


def main() -> None:
    """Serve one client until it leaves."""
    parser = argparse.ArgumentParser(prog="callsheet-lsp", description="The language server of Callsheet.")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--stdio", action="store_true", help="speak on standard input and output (default)")
    way.add_argument(
        "--tcp", type=_port, metavar="PORT", help="serve one client on 127.0.0.1:PORT; 0 takes any"
    )
    parser.add_argument("--log", default="warning", choices=["debug", "info", "warning", "error"])
    arguments = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, level=arguments.log.upper(), format="%(levelname)s %(message)s")

    # Hundreds of protocol classes are made while importing; none of them is garbage.
    gc.disable()
    import asyncio

    from callsheet.errors import UsageError

    from callsheet_server.session import serve

    gc.freeze()
    # Analyses make and drop many small objects; looking for cycles among them in the middle of one costs a keystroke.
    gc.set_threshold(50_000, 20, 50)
    gc.enable()
    try:
        code = asyncio.run(serve(arguments.tcp))
    except UsageError as error:
        print(f"callsheet-lsp: {error.message}", file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        code = 130
    sys.stderr.flush()
    # A thread that waits for a slow disk must not keep a server alive whose editor has gone.
    os._exit(code)


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port


if __name__ == "__main__":
    main()
