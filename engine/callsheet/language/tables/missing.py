"""Names that other JavaScript hosts have and scripts have not, with what to do instead (language, section 2)."""

from __future__ import annotations

from typing import Final

_FILES = (
    "A script has no file system; only agents can read and write files. Ask one: `await agent('Read …')`."
)
_NETWORK = "A script has no network; only agents can reach it. Ask one to fetch what you need."
_SHELL = "A script has no shell; only agents can run commands. Ask one: `await agent('Run …')`."
_MODULES = (
    "A script is one file: no modules can be loaded. Write the helper here, or call another workflow with "
    "`workflow()`."
)
_TIMERS = "Only `setTimeout` and `clearTimeout` are there, in virtual time. Use a loop with `await`."
_WORKERS = "Agents are the workers here: use `parallel` or `pipeline`."
_BYTES = "Use strings, `Uint8Array`, `TextEncoder` and `TextDecoder`."
_DOM = "There is no browser page here; a script only calls agents and works on data."
_STORAGE = "A script keeps nothing between runs; pass data in through `args`, and return the result."

MISSING_GLOBALS: Final[dict[str, str]] = {
    "require": _MODULES,
    "module": _MODULES,
    "exports": _MODULES,
    "__dirname": "Use `cwd`, the run's working directory.",
    "__filename": "Use `cwd`, the run's working directory.",
    "fs": _FILES,
    "readFile": _FILES,
    "readFileSync": _FILES,
    "writeFile": _FILES,
    "writeFileSync": _FILES,
    "Bun": _FILES,
    "Deno": _FILES,
    "child_process": _SHELL,
    "exec": _SHELL,
    "execSync": _SHELL,
    "spawn": _SHELL,
    "bash": _SHELL,
    "sleep": "Nothing is to be waited for here: `await` the agents. `setTimeout` runs in virtual time.",
    "fetch": _NETWORK,
    "XMLHttpRequest": _NETWORK,
    "WebSocket": _NETWORK,
    "EventSource": _NETWORK,
    "Request": _NETWORK,
    "Response": _NETWORK,
    "Headers": _NETWORK,
    "axios": _NETWORK,
    "setInterval": _TIMERS,
    "clearInterval": _TIMERS,
    "setImmediate": "Use `queueMicrotask`, or `setTimeout(fn, 0)`, which runs in virtual time.",
    "clearImmediate": "Use `clearTimeout` with `setTimeout`.",
    "requestAnimationFrame": _DOM,
    "Worker": _WORKERS,
    "SharedWorker": _WORKERS,
    "MessageChannel": _WORKERS,
    "BroadcastChannel": _WORKERS,
    "Buffer": _BYTES,
    "Blob": _BYTES,
    "File": _FILES,
    "FileReader": _FILES,
    "AbortController": "Use the option `timeoutMs` of `agent()` to limit a call.",
    "AbortSignal": "Use the option `timeoutMs` of `agent()` to limit a call.",
    "window": _DOM,
    "document": _DOM,
    "navigator": _DOM,
    "localStorage": _STORAGE,
    "sessionStorage": _STORAGE,
    "indexedDB": _STORAGE,
    "alert": "Use `log()` to tell the person something.",
    "confirm": "Use `await checkpoint(question)` to ask the person.",
    "prompt": "Use `await checkpoint(question, { kind: 'input' })` to ask the person.",
    "global": "Use `globalThis`.",
    "WebAssembly": "Only JavaScript runs here.",
    "importScripts": _MODULES,
    "$": _SHELL,
}
"""Global names that are not there, and the alternative."""

MISSING_MODULES: Final[dict[str, str]] = {
    **dict.fromkeys(("fs", "fs/promises", "fs-extra", "glob", "fast-glob", "globby"), _FILES),
    **dict.fromkeys(("child_process", "execa", "zx", "shelljs", "cluster"), _SHELL),
    **dict.fromkeys(("http", "https", "net", "axios", "node-fetch", "undici", "got", "ws"), _NETWORK),
    **dict.fromkeys(("worker_threads", "piscina"), _WORKERS),
    **dict.fromkeys(("timers", "timers/promises"), _TIMERS),
    **dict.fromkeys(
        ("openai", "@anthropic-ai/sdk", "ai", "langchain"), "`agent()` is what asks a model here."
    ),
}
"""Modules by name without `node:`, and the alternative."""


def instead_of_module(name: str) -> str:
    """What to do instead of loading a module."""
    return MISSING_MODULES.get(name.removeprefix("node:"), _MODULES)


PROCESS_MEMBERS: Final = ("cwd",)
"""What `process` has."""

MISSING_PROCESS: Final[dict[str, str]] = {
    "env": "A script sees no environment. Pass what it needs in `args`.",
    "argv": "Use `args`: what the run was started with.",
    "exit": "Use `return` to end the run with a result, or `throw` to fail it.",
    "hrtime": "A script has no clock. The run's views show durations.",
    "uptime": "A script has no clock. The run's views show durations.",
    "stdout": "Use `log()`.",
    "stderr": "Use `log()`.",
    "stdin": "Use `await checkpoint(question, { kind: 'input' })` to ask the person.",
    "nextTick": "Use `queueMicrotask`.",
    "platform": "A script does not see the machine. Ask an agent.",
    "on": "There are no process events. Use `try`/`catch` around `await`.",
    "memoryUsage": "A script does not see the machine.",
    "pid": "A script does not see the machine.",
    "version": "A script does not see the machine.",
    "versions": "A script does not see the machine.",
}
"""Members of `process` that are not there, and the alternative."""

MISSING_PROCESS_OTHER: Final = "Only `process.cwd()` is there."
