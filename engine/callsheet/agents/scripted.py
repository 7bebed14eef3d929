"""A backend that plays back given answers: for tests, benchmarks and demonstrations.

It needs neither model nor network. Answers come from Python or from a JSON file, so that a run in another
process (a resume, a run started by an editor) answers alike.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import field, frozen

from callsheet.agents.backend import JSON, AgentEvent, AgentFailure, AgentOutcome, AgentRequest, Usage
from callsheet.errors import ReasonCode, UsageError

POLL_S = 0.01


@frozen
class Answer:
    """How one try of a call goes.

    Attributes:
        value: what the agent answers.
        fail: reason code when the try fails instead.
        message: text of the failure.
        recoverable: whether `retries` applies to the failure.
        duration_s: how long the try takes; 0 answers without giving way.
        wait_for: the try goes on only when this file exists.
        files: edits of the working directory, path to new text or None to delete; made before the try waits.
        usage: what the try spends; announced when it starts if it takes time.
        activity: lines announced when the try starts.
        model: the model that is said to have answered.
    """

    value: JSON = None
    fail: ReasonCode | None = None
    message: str = "scripted failure"
    recoverable: bool = True
    duration_s: float = 0.0
    wait_for: Path | None = None
    files: Mapping[str, str | None] = field(factory=dict)
    usage: Usage = field(factory=Usage)
    activity: tuple[str, ...] = ()
    model: str | None = None


Reply = JSON | Answer
"""An `Answer`, or a plain value; a list of them is one for each attempt, the last repeating."""

Answers = Mapping[int | str, Reply] | Sequence[Reply] | Callable[[AgentRequest], Reply | Awaitable[Reply]]


class ScriptedBackend:
    """Answers agents from a script.

    Args:
        answers: a sequence (element n-1 answers call n), a mapping (keys are tried in this order: the call's
            number, its label, then each key as a regular expression on the prompt), or a function of the
            request, async or not. A list as an answer holds one answer for each attempt.
        default: answers calls that `answers` has nothing for. Without both, every call is answered "done".
        log: file to which every try that starts appends a JSON line (run, call, attempt, label, prompt, pid).
    """

    name = "scripted"
    simulated = False

    def __init__(
        self, answers: Answers | None = None, *, default: Reply | None = None, log: Path | str | None = None
    ) -> None:
        self._answers: Answers = {} if answers is None else answers
        self._default = "done" if answers is None and default is None else default
        self._log = None if log is None else os.fspath(log)
        self._constant = (
            AgentOutcome(self._default)
            if answers is None and not isinstance(self._default, Answer | list)
            else None
        )

    @classmethod
    def from_file(cls, path: Path | str) -> ScriptedBackend:
        """Read a script from JSON: `{"answers": [...] | {...}, "default": ..., "log": "calls.jsonl"}`.

        Keys of `answers` made of digits are call numbers. An object whose only key is `$answer` holds the
        fields of `Answer`; `usage` is `[input, output]` or `[input, output, cost_usd]`. Paths are relative
        to the file.

        Raises:
            UsageError: the file cannot be read or is no such script.
        """
        path = Path(path)
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            answers = data.get("answers")
            if isinstance(answers, dict):
                answers = {
                    int(key) if key.isdigit() else key: _from_json(reply, path.parent)
                    for key, reply in answers.items()
                }
            elif answers is not None:
                answers = [_from_json(reply, path.parent) for reply in answers]
            default = data.get("default")
            return cls(
                answers,
                default=None if default is None else _from_json(default, path.parent),
                log=path.parent / data["log"] if "log" in data else None,
            )
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise UsageError(f"{path}: not a script of answers: {error}") from error

    async def run(self, request: AgentRequest, emit: Callable[[AgentEvent], None]) -> AgentOutcome:
        """Play one try; see `AgentBackend.run`."""
        if self._log is not None:
            _append_line(self._log, request)
        if self._constant is not None and request.schema is None:
            return self._constant
        reply = self._reply(request)
        if inspect.isawaitable(reply):
            reply = await reply
        if isinstance(reply, list):
            if not reply:
                raise _unscripted(request)
            reply = reply[min(request.attempt, len(reply)) - 1]
        answer = reply if isinstance(reply, Answer) else Answer(reply)
        await _play(answer, request, emit)
        if answer.fail is not None:
            raise AgentFailure(
                answer.fail, answer.message, recoverable=answer.recoverable, usage=answer.usage
            )
        if request.schema is not None:
            _check(answer, request.schema)
        return AgentOutcome(answer.value, answer.usage, answer.model)

    async def aclose(self) -> None:
        """Nothing is held."""

    def _reply(self, request: AgentRequest) -> Any:
        answers = self._answers
        if callable(answers):
            return answers(request)
        if isinstance(answers, Mapping):
            for key in (request.call, request.label):
                if key in answers:
                    return answers[key]
            for pattern, reply in answers.items():
                if isinstance(pattern, str) and _matches(pattern, request.prompt):
                    return reply
        elif request.call <= len(answers):
            return answers[request.call - 1]
        if self._default is None:
            raise _unscripted(request)
        return self._default


def _matches(pattern: str, prompt: str) -> bool:
    try:
        return re.search(pattern, prompt) is not None
    except re.error:
        return pattern in prompt


async def _play(answer: Answer, request: AgentRequest, emit: Callable[[AgentEvent], None]) -> None:
    for name, text in answer.files.items():
        path = request.cwd / name
        if text is None:
            path.unlink(missing_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
    for line in answer.activity:
        emit(AgentEvent("activity", answer.usage, line))
    takes_time = answer.duration_s > 0 or answer.wait_for is not None
    if takes_time and answer.usage.total_tokens:
        emit(AgentEvent("usage", answer.usage))
    if answer.duration_s > 0:
        await asyncio.sleep(answer.duration_s)
    while answer.wait_for is not None and not answer.wait_for.exists():
        await asyncio.sleep(POLL_S)


def _check(answer: Answer, schema: dict[str, Any]) -> None:
    from callsheet.agents.structured import violations

    if wrong := violations(schema, answer.value):
        raise AgentFailure(
            ReasonCode.SCHEMA_NONCOMPLIANCE,
            f"the scripted answer does not meet the schema: {'; '.join(wrong)}",
            recoverable=False,
            usage=answer.usage,
        )


def _unscripted(request: AgentRequest) -> AgentFailure:
    return AgentFailure(
        ReasonCode.AGENT_FAILED,
        f"no scripted answer for call {request.call} ({request.label!r})",
        recoverable=False,
    )


def _append_line(path: str, request: AgentRequest) -> None:
    line = json.dumps(
        {
            "run": request.run_id,
            "call": request.call,
            "attempt": request.attempt,
            "label": request.label,
            "prompt": request.prompt,
            "pid": os.getpid(),
        }
    )
    # One write to a file opened for appending: lines of several processes never mix.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, line.encode() + b"\n")
    finally:
        os.close(descriptor)


def _from_json(reply: Any, folder: Path) -> Any:
    if isinstance(reply, list):
        return [_from_json(element, folder) for element in reply]
    if not (isinstance(reply, dict) and reply.keys() == {"$answer"}):
        return reply
    fields = dict(reply["$answer"])
    if fields.get("fail") is not None:
        fields["fail"] = ReasonCode(fields["fail"])
    if "wait_for" in fields:
        fields["wait_for"] = folder / fields["wait_for"]
    if "usage" in fields:
        fields["usage"] = Usage(*fields["usage"])
    if "activity" in fields:
        fields["activity"] = tuple(fields["activity"])
    return Answer(**fields)
