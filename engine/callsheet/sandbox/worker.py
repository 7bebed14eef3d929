"""The worker: runs scripts in QuickJS. Started as `python -I -S worker.py LIBRARY MEMORY_BYTES LINE_OFFSET`.

It imports nothing of Callsheet and little of Python, so that it starts fast and holds nothing worth stealing. Requests
come on standard input, answers leave on standard output (`process.py` has the format). It acts only when spoken to, and
ends when standard input closes, even while a script runs.
"""

# pathlib would cost a tenth of the start.
# ruff: noqa: PTH100, PTH118, PTH120, PTH123

from __future__ import annotations

import os
import queue
import struct
import sys
import threading
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_file_location

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FOLDER = os.path.dirname(os.path.abspath(__file__))

OPEN, START, DELIVER, ABORT, CLOSE, CHECK = range(1, 7)
READY, TURN, FAULT = range(1, 4)
EXIT_MEMORY = 77

PRELUDE = (
    "primordials",
    "state",
    "format",
    "calls",
    "fanout",
    "timers",
    "determinism",
    "clone",
    "encoding",
    "url_host",
    "url",
    "url_classes",
    "helpers",
    "globals",
    "driver",
)

ABORT_JOBS = 10_000
"""Microtasks that a script may still run once it is stopped."""

STACK_BYTES = 4 * 1024 * 1024
THREAD_STACK_BYTES = 16 * 1024 * 1024
HEADROOM_BYTES = 32 * 1024 * 1024
"""Memory lent to the runtime for its report on a script that has used up its own."""


class Realm:
    """One script in a context of its own."""

    def __init__(self, engine: Any, prelude: str, memory_bytes: int) -> None:
        self.memory_bytes = memory_bytes
        self.context = engine.Context()
        self.context.set_memory_limit(memory_bytes)
        self.context.set_max_stack_size(STACK_BYTES)
        self.error = engine.JSException
        self.driver = self.context.eval(prelude)
        self.peak_before = peak_bytes()

    def open(self, options: str) -> None:
        self.driver("open", options)

    def start(self, code: str) -> str:
        """Runs the script, which `syntax_error` has found to be one function body."""
        function = self.context.eval('(async function(){"use strict";' + code + "\n})")
        self.driver("start", function)
        del function
        return self.turn()

    def deliver(self, answers: str) -> str:
        count = self.driver("load", answers)
        for index in range(count):
            self.driver("step", index)
            self.drain()
        return self.turn()

    def abort(self, message: str) -> str:
        """Lets the script see the rejections, which it may log, but not go on for ever with new tries."""
        self.driver("abort", message)
        self.drain(ABORT_JOBS)
        self.driver("end", "")
        return self.collect()

    def turn(self) -> str:
        self.drain()
        while self.driver("fire", ""):
            self.drain()
        return self.collect()

    def collect(self) -> str:
        self.context.set_memory_limit(self.memory_bytes + HEADROOM_BYTES)
        used_up = peak_bytes() - self.peak_before > self.memory_bytes * 3 // 4
        try:
            text: str = self.driver("collect", "used up" if used_up else "")
            return text
        finally:
            self.context.set_memory_limit(self.memory_bytes)

    def drain(self, jobs: int = -1) -> None:
        """Runs microtasks until there are none, or as many as given."""
        run = self.context.execute_pending_job
        while True:
            try:
                while jobs != 0 and run():
                    jobs -= 1
                return
            except self.error as error:
                # Only what the engine itself could not finish gets here: the runtime catches everything else.
                self.driver("broken", str(error))


class Worker:
    """All realms of a run."""

    def __init__(self, engine: Any, memory_bytes: int, prelude: str) -> None:
        self.engine = engine
        self.memory_bytes = memory_bytes
        self.prelude = prelude
        self.realms: dict[int, Realm] = {}

    def answer(self, operation: int, realm: int, parts: list[str]) -> tuple[int, str]:
        """Serves one request; gives the kind and the text of the answer."""
        if operation == OPEN:
            self.realms[realm] = Realm(self.engine, self.prelude, self.memory_bytes)
            self.realms[realm].open(parts[0])
            return TURN, "null"
        if operation == START:
            fault = self.syntax_error(parts[0])
            return (FAULT, fault) if fault else (TURN, self.realms[realm].start(parts[1]))
        if operation == DELIVER:
            return TURN, self.realms[realm].deliver(parts[0])
        if operation == ABORT:
            return TURN, self.realms[realm].abort(parts[0])
        if operation == CLOSE:
            self.realms.pop(realm, None)
            return TURN, "null"
        return FAULT, self.syntax_error(parts[0])

    def syntax_error(self, code: str) -> str:
        """First syntax error of a script, an empty text when there is none.

        Nothing of the script can run here: all of it stands behind a `throw`. Two wrappings that no text can
        break out of both at once make sure that it is one function body, and not the end of one and more.
        """
        for before, after in (("async function w(){", "\n}"), ("({async w(){", "\n}})")):
            fault = self.parse(before + code + after)
            if fault and "<input>" not in fault:
                fault += f"    at <input>:{self.faulty_line(before, code)}:1"
            if fault:
                return fault
        return ""

    def faulty_line(self, before: str, code: str) -> int:
        """Line of an error that the engine gives no place for, as of a pattern: the first whose end shows it."""
        lines = code.split("\n")
        low, high = 0, len(lines)
        while low + 1 < high:
            middle = (low + high) // 2
            if "<input>" in self.parse(before + "\n".join(lines[:middle]) + "\n("):
                low = middle
            else:
                high = middle
        return high

    def parse(self, code: str) -> str:
        context = self.engine.Context()
        context.set_memory_limit(self.memory_bytes)
        context.set_max_stack_size(STACK_BYTES)
        try:
            context.eval('"use strict";throw 0;' + code)
        except self.engine.JSException as error:
            report = str(error)
        return "" if report.partition("\n")[0] == "0" else report


def open_status() -> int | None:
    """The system's account of this process, opened while files can be."""
    try:
        return os.open("/proc/self/status", os.O_RDONLY)
    except OSError:
        return None


def peak_bytes() -> int:
    """The most memory that the process has had; 0 where the system does not say."""
    if STATUS is not None:
        # getrusage() would count what the parent had before it became this process.
        for line in os.pread(STATUS, 4096, 0).split(b"\n"):
            if line.startswith(b"VmHWM:"):
                return int(line.split()[1]) * 1024
    if resource is None:
        return 0
    peak: int = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


STATUS = open_status()


def serve(requests: queue.SimpleQueue[tuple[int, int, list[str]]], worker: Worker) -> None:
    while True:
        operation, realm, parts = requests.get()
        try:
            kind, text = worker.answer(operation, realm, parts)
            content = text.encode()
        except MemoryError:
            os._exit(EXIT_MEMORY)
        except BaseException as error:
            os._exit(EXIT_MEMORY if "out of memory" in str(error) else 70)
        write(kind, content)


def write(kind: int, content: bytes) -> None:
    data = struct.pack("<IB", len(content), kind) + content
    view = memoryview(data)
    while view:
        view = view[os.write(1, view) :]


def read(size: int) -> bytes:
    chunks = []
    while size:
        chunk = os.read(0, min(size, 1 << 20))
        if not chunk:
            os._exit(0)
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)


def read_request() -> tuple[int, int, list[str]]:
    size, operation, realm = struct.unpack("<IBI", read(9))
    content = read(size)
    parts = []
    at = 0
    while at < size:
        (length,) = struct.unpack_from("<I", content, at)
        parts.append(content[at + 4 : at + 4 + length].decode())
        at += 4 + length
    return operation, realm, parts


def load_engine(path: str) -> Any:
    spec = spec_from_file_location("_quickjs", path, loader=ExtensionFileLoader("_quickjs", path))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load_wall() -> Any:
    spec = spec_from_file_location("wall", os.path.join(FOLDER, "wall.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load_prelude(line_offset: int) -> str:
    folder = os.path.join(FOLDER, "prelude")
    texts = []
    for name in PRELUDE:
        with open(os.path.join(folder, name + ".js"), encoding="utf-8") as file:
            texts.append(file.read())
    return '(function (LINE_OFFSET) { "use strict";\n' + "".join(texts) + f"}})({line_offset})"


def main() -> None:
    library, memory_bytes, line_offset = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    worker = Worker(load_engine(library), memory_bytes, load_prelude(line_offset))
    requests: queue.SimpleQueue[tuple[int, int, list[str]]] = queue.SimpleQueue()
    threading.stack_size(THREAD_STACK_BYTES)
    threading.Thread(target=serve, args=(requests, worker), daemon=True).start()
    load_wall().build(memory_bytes)
    write(READY, b"")
    try:
        while True:
            requests.put(read_request())
    except MemoryError:
        os._exit(EXIT_MEMORY)


if __name__ == "__main__":
    main()
