"""`checkpoint()`: asks a person, waits, and takes the default where nobody answers (language, section 8)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from callsheet.errors import ErrorCode, UsageError
from callsheet.language.suggest import listed
from callsheet.runs.ledger import Ledger
from callsheet.runs.realms import PendingCall
from callsheet.runs.state import no_usage

_YES: Final = frozenset({"true", "yes", "y", "ok", "1"})
_NO: Final = frozenset({"false", "no", "n", "0"})


class Checkpoints:
    """The questions of a run that wait for an answer.

    Args:
        ledger: takes the questions.
        attended: whether a person can answer.
        on_end: told of each call that ended, with its `done` record.
    """

    def __init__(
        self, ledger: Ledger, *, attended: bool, on_end: Callable[[PendingCall, dict[str, Any]], None]
    ) -> None:
        self._ledger = ledger
        self._attended = attended
        self._on_end = on_end
        self._waiting: dict[int, tuple[PendingCall, float, asyncio.TimerHandle | None]] = {}

    @property
    def waiting(self) -> int:
        """How many questions wait."""
        return len(self._waiting)

    def ask(self, call: PendingCall) -> None:
        """Put a question to the person, or settle it when nobody is there."""
        question = call.question
        assert question is not None
        if not self._attended:
            self._on_end(call, self._done(call, 0, _unanswered(question, "Nobody is there to answer")))
            return
        asked = {name: value for name, value in question.items() if name != "timeoutMs"}
        self._ledger.emit(
            {"k": "question", "n": call.n, "at": time.time(), **self._ledger.redactor.value(asked)}
        )
        timeout_ms = question.get("timeoutMs")
        timer = None
        if timeout_ms is not None:
            timer = asyncio.get_running_loop().call_later(timeout_ms / 1000, self._time_out, call.n)
        self._waiting[call.n] = (call, time.monotonic(), timer)

    def answer(self, n: int, value: Any) -> None:
        """Take a person's answer.

        Raises:
            UsageError: call `n` asks nothing, or the answer does not fit.
        """
        if n not in self._waiting:
            raise UsageError(f"Call {n} does not wait for an answer.")
        question = self._waiting[n][0].question
        assert question is not None
        self._settle(n, {"status": "done", "value": read_answer(question, value)})

    def withdraw(self, n: int) -> None:
        """Forget a question."""
        _, _, timer = self._waiting.pop(n, (None, None, None))
        if timer is not None:
            timer.cancel()

    def close(self) -> None:
        """Forget all questions; a resume asks them again."""
        for n in list(self._waiting):
            self.withdraw(n)

    def _time_out(self, n: int) -> None:
        question = self._waiting[n][0].question
        assert question is not None
        self._settle(n, _unanswered(question, "Nobody answered in time to"))

    def _settle(self, n: int, outcome: dict[str, Any]) -> None:
        call, asked_at, _ = self._waiting[n]
        self.withdraw(n)
        self._on_end(call, self._done(call, round((time.monotonic() - asked_at) * 1000), outcome))

    def _done(self, call: PendingCall, duration_ms: int, outcome: dict[str, Any]) -> dict[str, Any]:
        clean = self._ledger.redactor.value(outcome)
        base = {"k": "done", "n": call.n, "at": time.time(), "usage": no_usage(), "durationMs": duration_ms}
        return {**base, **clean}


def read_answer(question: Mapping[str, Any], value: Any) -> Any:
    """What the script gets for an answer that a person gave.

    Args:
        question: the payload of the call: kind, question, choices.
        value: the answer; text is read as the kind of the question needs it.

    Raises:
        UsageError: the answer does not fit the question.
    """
    kind = question["kind"]
    asked = repr(question["question"])
    if kind == "confirm":
        word = str(value).strip().lower()
        if word in _YES or word in _NO:
            return word in _YES
        raise UsageError(f"{asked} wants yes or no, not {value!r}.")
    if kind == "select":
        choices = question.get("choices") or []
        if value in choices:
            return value
        if isinstance(value, str) and value.strip().isdigit() and 1 <= int(value) <= len(choices):
            return choices[int(value) - 1]
        raise UsageError(f"{asked} wants {listed([repr(choice) for choice in choices])}, not {value!r}.")
    if isinstance(value, str):
        return value
    raise UsageError(f"{asked} wants text, not {value!r}.")


def _unanswered(question: Mapping[str, Any], why: str) -> dict[str, Any]:
    if "default" in question:
        return {"status": "done", "value": question["default"]}
    message = f"{why} {question['question']!r}, and it has no default."
    return {"status": "failed", "error": {"code": str(ErrorCode.NOBODY_TO_ASK), "message": message}}
