"""A workflow script in a child process that talks JSON, and acts only when spoken to.

    sandbox = await Sandbox.start()
    turn = await sandbox.open(0, Program(text=...))
    while turn.outcome is None:
        ...                                # look at turn.events, get a result
        turn = await sandbox.deliver(0, [Delivery(call, value_json=...)])
    await sandbox.kill()

A turn runs until no microtask can run. Then, only where no call of the realm is pending, the next virtual timer fires;
with no timer left and the script not ended the outcome is `SCRIPT_DEADLOCK`. Several deliveries in one frame act
exactly like one frame each. Between turns nothing runs.

Why a process: no JavaScript engine inside this one can be stopped in every case (a loop in a microtask, a loop in
native code), and a fault in the engine would be a fault here. A process that has no environment, no file and no
network can be killed at any moment, and its memory is its own. Why this engine: QuickJS starts in a few milliseconds
and takes ten megabytes; V8 takes five times as much and does not count typed arrays.
"""

from callsheet.sandbox.host import Sandbox
from callsheet.sandbox.protocol import (
    CallError,
    CallEvent,
    CallKind,
    Delivery,
    DropEvent,
    Event,
    LogEvent,
    Outcome,
    PendingCall,
    PhaseEvent,
    Program,
    SandboxLimits,
    ScriptError,
    SyntaxFault,
    Turn,
)
from callsheet.sandbox.syntax import SyntaxChecker

__all__ = [
    "CallError",
    "CallEvent",
    "CallKind",
    "Delivery",
    "DropEvent",
    "Event",
    "LogEvent",
    "Outcome",
    "PendingCall",
    "PhaseEvent",
    "Program",
    "Sandbox",
    "SandboxLimits",
    "ScriptError",
    "SyntaxChecker",
    "SyntaxFault",
    "Turn",
]
