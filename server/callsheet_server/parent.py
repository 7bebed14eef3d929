"""Notices when the editor that started the server is gone."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

POLL_S = 2.0


def is_alive(pid: int) -> bool:
    """Whether a process exists."""
    if sys.platform == "win32":
        return _is_alive_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Whether a process has ended and nobody has asked for its status, as when init does not, in a container."""
    try:
        # State follows the name, which is in brackets and may itself hold any.
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False


def _is_alive_on_windows(pid: int) -> bool:
    import ctypes

    query_limited_information, still_active = 0x1000, 259
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    handle = kernel.OpenProcess(query_limited_information, False, pid)
    if not handle:
        return False
    code = ctypes.c_ulong()
    known = kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return not known or code.value == still_active


async def wait_until_gone(pid: int) -> None:
    """Return once the process has ended. Ask `is_alive` first: one in another container can never be seen."""
    while is_alive(pid):
        await asyncio.sleep(POLL_S)
