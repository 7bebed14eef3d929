"""The journal's records: one JSON object a line, told apart by `k`.

Times are seconds since the epoch (`at`), durations milliseconds. Optional keys are left out when they hold nothing.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

FORMAT_VERSION = 1
"""Version that is written. A reader exists for every version ever shipped."""

FORMAT_SUMMARIES = {1: "first format: header, calls, results in delivery order, segments for resumes"}


class Reason(TypedDict):
    code: str
    message: str


class ErrorInfo(TypedDict):
    code: str
    message: str
    line: int | None
    column: int | None
    file: NotRequired[str]


class UsageInfo(TypedDict):
    input: int
    output: int
    cost: float | None
    estimated: bool


class WorktreeInfo(TypedDict):
    path: str
    ref: str | None


class Header(TypedDict):
    """First line. Everything a resume needs beside `script.js` (R7)."""

    k: Literal["header"]
    v: int
    id: str
    name: str
    at: float
    script: str
    """SHA-256 of the script's text."""
    path: str | None
    """Where the script was read from, None for text never saved."""
    uri: NotRequired[str]
    """The editor's document, for runs started from one."""
    cwd: str
    args: NotRequired[Any]
    """Left out when the script got no args."""
    options: dict[str, Any]
    phases: list[str]
    """Titles that `meta` declares."""
    commit: str | None
    """Commit that worktrees start from."""
    simulated: bool
    callsheet: str


class Segment(TypedDict):
    """A process begins to run (`resume` false for the first) or to replay the history so far.

    `args` is left out when the script gets none.
    """

    k: Literal["segment"]
    at: float
    pid: int
    resume: bool
    script: str
    edited: bool
    """Whether script or args differ from the last segment's."""
    args: NotRequired[Any]
    options: dict[str, Any]
    name: NotRequired[str]
    """With `phases` and `simulated`: as in the header, as this segment's script and backend have them."""
    phases: NotRequired[list[str]]
    simulated: NotRequired[bool]


class Call(TypedDict):
    """`agent()`, `checkpoint()` or `workflow()` was called."""

    k: Literal["call"]
    n: int
    kind: Literal["agent", "checkpoint", "workflow"]
    hash: str
    label: str
    phase: str | None
    model: str | None
    line: int
    column: int
    file: NotRequired[str]
    """The child workflow's file, where the call is not in the run's own script."""
    parent: NotRequired[int]
    """Call number of the `workflow()` call that this call's script runs under."""
    isolation: NotRequired[str]
    parts: NotRequired[dict[str, str]]
    """What went into `hash`, so that a resume can say what differs; long parts by their own short hash."""
    detail: NotRequired[dict[str, Any]]
    """For checkpoints: kind, question, choices, default. For nested workflows: name, path, source (SHA-256)."""


class Again(TypedDict):
    """In a resumed segment: the recorded call `n` was made again, at this place in the order."""

    k: Literal["again"]
    n: int
    replay: bool
    """Whether its recorded result will be delivered."""
    line: NotRequired[int]
    """With `column` and `label`: left out where they are as they were."""
    column: NotRequired[int]
    label: NotRequired[str]
    model: NotRequired[str]


class Fork(TypedDict):
    """The script left its history: recorded calls that were not made again are forgotten from here on."""

    k: Literal["fork"]
    n: int
    """Number of the first call that differs."""
    expected: str | None
    """Label of the call that the history has here."""
    actual: str
    line: int
    differs: NotRequired[list[str]]
    """Names of the parts that differ, such as `prompt` or `model`."""
    forgotten: NotRequired[int]
    """How many finished results the fork gives up."""


class Start(TypedDict):
    """A try of a call begins. A call that waits for its turn has none yet."""

    k: Literal["start"]
    n: int
    attempt: int
    at: float
    model: str | None
    worktree: NotRequired[WorktreeInfo]


class Progress(TypedDict):
    """News of a call under way; not synced to disk, at most a few a second for each call."""

    k: Literal["progress"]
    n: int
    usage: NotRequired[UsageInfo]
    text: NotRequired[str]
    waiting: NotRequired[bool]


class Done(TypedDict):
    """A call ended. On disk before its result is delivered to the script."""

    k: Literal["done"]
    n: int
    at: float
    status: Literal["done", "failed", "skipped", "refused", "dropped", "stopped"]
    """`refused`: rejected when made (invalid, over cap or budget). `dropped`: its fan-out was rejected first.
    `stopped`: the run ended while it was under way; its script never saw an answer."""
    value: NotRequired[Any]
    error: NotRequired[ErrorInfo]
    """Set when the script sees a rejection rather than a value."""
    reason: NotRequired[Reason]
    usage: UsageInfo
    durationMs: int
    model: NotRequired[str]
    """The model that answered, where the provider named it."""
    worktree: NotRequired[WorktreeInfo]


class Deliver(TypedDict):
    """Results were handed to the script, in this order."""

    k: Literal["deliver"]
    ns: list[int]


class Log(TypedDict):
    k: Literal["log"]
    at: float
    text: str
    level: Literal["log", "warning"]
    n: NotRequired[int]
    """Call that the line is about."""


class Phase(TypedDict):
    """`phase()` was called. In a nested workflow the title begins with the workflow's name."""

    k: Literal["phase"]
    title: str
    budget: NotRequired[int]
    parent: NotRequired[int]


class Question(TypedDict):
    """A checkpoint waits for a person."""

    k: Literal["question"]
    n: int
    at: float
    kind: str
    question: str
    choices: NotRequired[list[str]]
    default: NotRequired[Any]


class State(TypedDict):
    """The run as a whole changed: it pauses, stops, or goes on."""

    k: Literal["state"]
    at: float
    status: Literal["running", "pausing", "stopping"]


class End(TypedDict):
    """Last line of a segment that ended in order."""

    k: Literal["end"]
    at: float
    status: Literal["completed", "completed_with_failures", "failed", "stopped", "paused"]
    result: NotRequired[Any]
    error: NotRequired[ErrorInfo]
    durationMs: int


Record = (
    Header
    | Segment
    | Call
    | Again
    | Fork
    | Start
    | Progress
    | Done
    | Deliver
    | Log
    | Phase
    | Question
    | State
    | End
)
