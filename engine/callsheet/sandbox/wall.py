"""Walls around the worker beside its being a process of its own. Each is there where the system has it.

The worker loads this file by its path, so it imports nothing of Callsheet. A wall that cannot be built is left out: the
script has no way to files, network or processes in the first place, and these are for the case that it finds a fault in
the JavaScript engine.
"""

from __future__ import annotations

import errno
import os
import struct
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ADDRESS_SPACE_BYTES = 256 * 1024 * 1024
"""Room beside what the process has at its start and twice the memory of a realm."""

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_DUMPABLE = 4
_FILTER_MODE = 1
_ALL_THREADS = 1

_LOAD, _JUMP_EQUAL, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | errno.EPERM
_ARCHITECTURE_OFFSET, _NUMBER_OFFSET, _PROTECTION_OFFSET = 4, 0, 32
_PROT_EXEC = 4

_CALLS = {
    # name: (x86_64, aarch64); what a Python thread that computes, reads and writes needs.
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "pread64": (17, 67),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "nanosleep": (35, 101),
    "getpid": (39, 172),
    "exit": (60, 93),
    "gettimeofday": (96, 169),
    "getrusage": (98, 165),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "futex": (202, 98),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "tgkill": (234, 131),
    "set_robust_list": (273, 99),
    "getrandom": (318, 278),
    "membarrier": (324, 283),
    "rseq": (334, 293),
}
_MAPPING_CALLS = {"mmap": (9, 222), "mprotect": (10, 226)}
"""Allowed for memory that cannot be executed."""

_MACHINES = {
    # machine: (column of the tables, audit number of the architecture, number of seccomp())
    "x86_64": (0, 0xC000003E, 317),
    "aarch64": (1, 0xC00000B7, 277),
}


def build(memory_bytes: int) -> None:
    """Builds every wall that this system has; called once, when nothing needs to be loaded any more."""
    # What is imported here must be there before the limit on open files is.
    if sys.platform == "linux":
        import ctypes

        _limit_resources(memory_bytes)
        _filter_system_calls(ctypes)
    elif sys.platform != "win32":
        _limit_resources(memory_bytes)


def _limit_resources(memory_bytes: int) -> None:
    import resource

    wanted = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_NPROC, 0),
    ]
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
            now = int(file.read().split()[0]) * resource.getpagesize()
        wanted.append((resource.RLIMIT_AS, now + 2 * memory_bytes + ADDRESS_SPACE_BYTES))
    except OSError:
        pass
    for kind, limit in wanted:
        try:
            resource.setrlimit(kind, (limit, limit))
        except (ValueError, OSError):
            continue


def _filter_system_calls(ctypes: Any) -> None:
    machine = _MACHINES.get(os.uname().machine)
    if machine is None or ctypes.sizeof(ctypes.c_void_p) != 8:
        return
    column, architecture, number = machine
    program = filter_program(column, architecture)
    code = ctypes.create_string_buffer(program)
    header = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(code)))
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
            libc.syscall(number, _FILTER_MODE, _ALL_THREADS, header)
    except (OSError, AttributeError):
        return


def filter_program(column: int, architecture: int) -> bytes:
    """The filter as BPF: the calls of the tables are allowed, all others fail with EPERM."""
    allowed = [numbers[column] for numbers in _CALLS.values()]
    mapping = [numbers[column] for numbers in _MAPPING_CALLS.values()]
    # Jumps count the instructions that they leave out. At the end: load, test, refuse, allow.
    total = 3 + len(mapping) + len(allowed) + 4
    refuse, allow, protection = total - 2, total - 1, total - 4
    code = [
        (_LOAD, 0, 0, _ARCHITECTURE_OFFSET),
        (_JUMP_EQUAL, 0, refuse - 2, architecture),
        (_LOAD, 0, 0, _NUMBER_OFFSET),
    ]
    for number in mapping:
        code.append((_JUMP_EQUAL, protection - len(code) - 1, 0, number))
    for index, number in enumerate(allowed):
        last = index == len(allowed) - 1
        here = len(code)
        code.append((_JUMP_EQUAL, allow - here - 1, refuse - here - 1 if last else 0, number))
    code += [
        (_LOAD, 0, 0, _PROTECTION_OFFSET),
        (_JUMP_ANY_BIT, 0, 1, _PROT_EXEC),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)
