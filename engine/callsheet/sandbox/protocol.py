"""What crosses between the engine and a script: programs and deliveries in, turns of events and an outcome out.

A *realm* is one running script. Calls are numbered from 1 in each realm, in the order in which the script made them.
Every call event is answered by exactly one `Delivery`, whatever becomes of the call: a dropped, refused or stopped
call is answered with an error. Until then the realm counts it as pending, fires no timer and reports no deadlock.
"""

from __future__ import annotations

from typing import Any, Literal

from attrs import frozen

from callsheet.errors import ErrorCode
from callsheet.language.problem import Span
from callsheet.language.tables import limits

CallKind = Literal["agent", "checkpoint", "workflow"]

LogLevel = Literal["log", "warning"]


@frozen
class SandboxLimits:
    """What a script may use. Tests make them small.

    Attributes:
        memory_bytes: memory of one realm, over which the run ends with `SCRIPT_MEMORY`.
        turn_timeout_s: time of JavaScript without giving way, over which it ends with `SCRIPT_TIMEOUT`.
        start_timeout_s: time that the worker process may take to start.
        max_items: items of one `parallel` or `pipeline`.
        max_calls: calls of one realm in all; the engine's own cap on agents is lower.
        max_logs: log lines of one realm in all; further ones are left out, and a warning says so.
        max_log_chars: UTF-16 units of one log line.
        max_frame_bytes: bytes of one message, so also of a result, a prompt or a schema.
        max_realms: scripts that are open at one time.
    """

    memory_bytes: int = limits.SCRIPT_MEMORY_BYTES
    turn_timeout_s: float = limits.SCRIPT_TURN_TIMEOUT_S
    start_timeout_s: float = 30.0
    max_items: int = limits.MAX_ITEMS
    max_calls: int = 100_000
    max_logs: int = 100_000
    max_log_chars: int = limits.MAX_LOG_CHARACTERS
    max_frame_bytes: int = 64 * 1024 * 1024
    max_realms: int = 64


@frozen
class Program:
    """A script about to run.

    Attributes:
        text: the whole file as the user has it; all positions are positions in it.
        args_json: JSON text of `args`, None where the run was given none (`args` is then `undefined`). A JSON string
            that itself holds an object or an array is parsed once, and a log event says so.
        cwd: what `cwd` and `process.cwd()` give.
        budget_total: `budget.total` in tokens, None for no budget.
        spent_tokens: `budget.spent()` until the first delivery, not 0 for nested workflows.
        path: name of the file in stack traces.
        span: bytes of the script in the file, where it is embedded in a document; else they are found.
    """

    text: str
    args_json: str | None = None
    cwd: str = "."
    budget_total: int | None = None
    spent_tokens: int = 0
    path: str | None = None
    span: Span | None = None


@frozen
class CallError:
    """Why a call throws in the script: it rejects with a `WorkflowError` that has this code and message."""

    code: ErrorCode
    message: str


@frozen
class Delivery:
    """The answer to one call: a value or an error.

    Attributes:
        call: id of the call in its realm.
        value_json: JSON text of what the call resolves to; `"null"` for a failed agent (E1).
        error: set where the call throws instead.
        spent_tokens: what `budget.spent()` gives from this delivery on: tokens over all results that the run has
            delivered. None leaves it as it is.
    """

    call: int
    value_json: str = "null"
    error: CallError | None = None
    spent_tokens: int | None = None


@frozen
class CallEvent:
    """The script called `agent`, `checkpoint` or `workflow`.

    Attributes:
        call: id in the realm, from 1, without gaps, in call order.
        kind: what was called.
        payload: what it was called with. `agent`: `{"prompt": any, "options": any}` just as the script gave them
            (either key is missing where the argument was `undefined`; types are for the engine to check).
            `workflow`: `{"target": str | {"scriptPath": str}, "args"?: any}`.
            `checkpoint`: `{"kind": "confirm" | "input" | "select", "question": str, "choices"?: [str],
            "default"?: any, "timeoutMs"?: number}`, already checked.
        line: line in the user's file, from 1; 1 where it is not known.
        column: column in UTF-16 units, from 1.
        phase: title of the phase that was current, None before the first `phase()`.
        fault: set where the arguments cannot be used at all (a cycle, a function in a schema…): the call is to be
            answered with `INVALID_CALL` and this message.
    """

    call: int
    kind: CallKind
    payload: dict[str, Any]
    line: int
    column: int
    phase: str | None = None
    fault: str | None = None


@frozen
class LogEvent:
    """A line for the log.

    Attributes:
        text: at most `SandboxLimits.max_log_chars` long.
        level: `log` for what the script logs; `warning` for what the runtime has to say, such as a slot of a fan-out
            that became null because its function threw (E6).
        line: line in the user's file, from 1, where known.
        column: column in UTF-16 units, from 1, where known.
    """

    text: str
    level: LogLevel = "log"
    line: int | None = None
    column: int | None = None


@frozen
class PhaseEvent:
    """`phase(title, {budget})`: later calls belong to this phase. `budget` is a ceiling in tokens."""

    title: str
    budget: int | None = None


@frozen
class DropEvent:
    """A fatal error rejected a fan-out: these pending calls are not to be started if they have not been yet.

    Each is still to be answered: with an error where it was dropped, in the usual way where it was under way. Calls
    that the same frame has answered are not listed.

    Attributes:
        calls: ids of pending calls of the fan-out and of fan-outs inside it, in call order.
        code: code of the fatal error.
    """

    calls: tuple[int, ...]
    code: ErrorCode


Event = CallEvent | LogEvent | PhaseEvent | DropEvent


@frozen
class PendingCall:
    """A call that had no answer when the script ended."""

    call: int
    line: int


@frozen
class ScriptError:
    """Why a script failed.

    Attributes:
        code: one of the protocol's codes.
        message: what was thrown, such as `TypeError: not a function`.
        line: line in the user's file, from 1, where known.
        column: column in UTF-16 units, from 1, where known.
        call: id of the call whose rejection it is, where it came from one.
    """

    code: ErrorCode
    message: str
    line: int | None = None
    column: int | None = None
    call: int | None = None


@frozen
class Outcome:
    """How a script ended; a realm reports it once.

    Attributes:
        value_json: JSON text of what was returned; None when it failed.
        error: why it failed; None when it returned.
        pending: calls without an answer at that moment (E9), but for those that a fatal error dropped with their
            fan-out. The engine goes on delivering to them all.
    """

    value_json: str | None
    error: ScriptError | None
    pending: tuple[PendingCall, ...] = ()


@frozen
class Turn:
    """What a realm did until nothing in it could go on.

    Attributes:
        events: in the order in which they happened.
        outcome: set in the one turn in which the script ended.
        pending: number of calls of the realm that have no answer yet. After the outcome, the realm is over once this
            is 0; calls that code still running makes after it come as events of later turns.
    """

    events: tuple[Event, ...] = ()
    outcome: Outcome | None = None
    pending: int = 0


@frozen
class SyntaxFault:
    """The first syntax error of a script, as the JavaScript engine sees it.

    Attributes:
        message: the engine's message.
        line: line in the user's file, from 1.
        column: column in UTF-16 units, from 1.
    """

    message: str
    line: int
    column: int
