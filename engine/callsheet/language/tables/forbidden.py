"""What a script cannot use because a replay would differ (language, D1 to D5)."""

from __future__ import annotations

from typing import Final, Literal

from attrs import frozen

Form = Literal["call", "new", "construct-without-arguments", "use"]
"""What is forbidden: calling it, constructing it, constructing it without arguments, or any use of the name."""


@frozen
class Forbidden:
    """A name that is forbidden in some form.

    Attributes:
        path: the name from the global object, dotted.
        form: which use of it.
        rule: the rule of the language that forbids it, such as `D1`.
        shown: how a message shows the use.
        instead: what to do, as a sentence.
    """

    path: str
    form: Form
    rule: Literal["D1", "D2", "D3", "D4", "D5"]
    shown: str
    instead: str


_CLOCK = "Pass the time in: `args.now`, or let an agent look at the clock."
_RANDOM = (
    "Derive variety from data: an item's index, `args.seed`, or a prompt that asks for a different angle."
)
_ID = "Build the name from data that is there: an index, a title, `args.id`."
_GC = "Hold the object itself in a variable, `Map` or `Set`."
_LOCALE = (
    "Format by hand, with `padStart`, `toFixed` or `toISOString`: the result must not depend on the machine."
)
_SHARED = "Use `await`; agents already run at the same time."

WHY: Final = {
    "D1": "reads the clock, so a replay would see another time",
    "D2": "is random, so a replay would see another value",
    "D3": "shows garbage collection, which differs from run to run",
    "D4": "depends on the machine's locale",
    "D5": "lets timing show",
}
"""The reason behind each rule, to follow the name of what is used."""

FORBIDDEN: Final = (
    Forbidden("Date.now", "call", "D1", "Date.now()", _CLOCK),
    Forbidden("Date", "construct-without-arguments", "D1", "new Date()", _CLOCK),
    Forbidden("Date", "call", "D1", "Date()", _CLOCK),
    Forbidden("performance.now", "call", "D1", "performance.now()", _CLOCK),
    Forbidden("performance.timeOrigin", "use", "D1", "performance.timeOrigin", _CLOCK),
    Forbidden("Temporal.Now", "use", "D1", "Temporal.Now", _CLOCK),
    Forbidden("Math.random", "call", "D2", "Math.random()", _RANDOM),
    Forbidden("crypto.randomUUID", "call", "D2", "crypto.randomUUID()", _ID),
    Forbidden("crypto.getRandomValues", "call", "D2", "crypto.getRandomValues()", _RANDOM),
    Forbidden("WeakRef", "use", "D3", "WeakRef", _GC),
    Forbidden("FinalizationRegistry", "use", "D3", "FinalizationRegistry", _GC),
    Forbidden("Intl", "use", "D4", "Intl", _LOCALE),
    Forbidden("Atomics.wait", "call", "D5", "Atomics.wait()", _SHARED),
    Forbidden("Atomics.waitAsync", "call", "D5", "Atomics.waitAsync()", _SHARED),
    Forbidden("SharedArrayBuffer", "use", "D5", "SharedArrayBuffer", _SHARED),
)
