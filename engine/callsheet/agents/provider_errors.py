"""What a failed request to a model means: whether to try again and when, and what to tell people."""

from __future__ import annotations

import email.utils
import random
import re
import time

RATE_LIMIT_RETRIES = 8
TRANSIENT_RETRIES = 4
MAX_BACKOFF_S = 60.0
MAX_RETRY_AFTER_S = 900.0
STATUS_MEANING = {
    400: "the provider refused the request",
    401: "the provider refused the key",
    403: "the provider denied access",
    404: "the provider does not know the model, or the address is wrong",
    413: "the request is too large for the provider",
    422: "the provider refused the request",
}
_LIBRARY_NAMES = re.compile(r"^(?:(?:litellm\.)?\w*(?:Error|Exception|Timeout): |\w+(?:Error|Exception) - )+")
_TRACEBACK = re.compile(r"\s*Traceback \(most recent call last\):.*", re.S)
_NO_JSON = re.compile(r"[A-Z][^:]+: line \d+ column \d+ \(char \d+\)")
CONTEXT_WORDS = (
    "context length",
    "context window",
    "context_length",
    "prompt is too long",
    "too many tokens",
)
MAX_TEXT_CHARS = 500


class ModelError(Exception):
    """A model did not answer, after the retries that were worth while.

    Attributes:
        recoverable: whether asking again later could succeed.
        context_exceeded: whether the conversation no longer fits the model's context window.
    """

    def __init__(self, message: str, *, recoverable: bool, context_exceeded: bool = False) -> None:
        super().__init__(message)
        self.recoverable = recoverable
        self.context_exceeded = context_exceeded


def judge(error: Exception, failures: int, *, timeout_s: float, backoff_s: float) -> tuple[float, str]:
    """Decide about a failed request: wait and try again, or give up.

    Args:
        error: what litellm raised.
        failures: how many requests of this turn have failed before.
        timeout_s: limit of one request, for the message.
        backoff_s: first pause where the provider names none, doubled each time.

    Returns:
        Seconds to wait, and why, in words.

    Raises:
        ModelError: a retry makes no sense, or there were enough.
    """
    status = getattr(error, "status_code", None)
    text = _plain(error)
    name = type(error).__name__
    too_long = status in (400, 413) and any(word in text.lower() for word in CONTEXT_WORDS)
    if name == "ContextWindowExceededError" or too_long:
        raise ModelError(
            f"the conversation no longer fits the model's context window: {text}",
            recoverable=False,
            context_exceeded=True,
        ) from error
    if name == "ContentPolicyViolationError":
        raise ModelError(f"the provider's content policy refused it: {text}", recoverable=False) from error
    if "api_key" in text and "must be set" in text:
        raise ModelError(f"no key for the provider: {text}", recoverable=False) from error
    if status == 429:
        if "insufficient_quota" in text or "exceeded your current quota" in text:
            raise ModelError(f"the account's quota is used up: {text}", recoverable=False) from error
        what, limit = "rate limit", RATE_LIMIT_RETRIES
    elif name == "Timeout" or status == 408:
        what, limit = f"no answer within {timeout_s:g} s", TRANSIENT_RETRIES
    elif name == "APIConnectionError" or status == 409 or (isinstance(status, int) and status >= 500):
        what, limit = "provider error", TRANSIENT_RETRIES
    else:
        meaning = STATUS_MEANING.get(status or 0, "the model could not be asked")
        raise ModelError(f"{meaning}: {text}", recoverable=False) from error
    wait_s = _retry_after_s(error)
    if failures >= limit or (wait_s or 0) > MAX_RETRY_AFTER_S:
        asked = f" (the provider asks to wait {wait_s:.0f} s)" if wait_s else ""
        raise ModelError(f"{what}, after {failures} retries{asked}: {text}", recoverable=True) from error
    if wait_s is not None:
        # Never before the time asked for, and not all agents in the same moment.
        return wait_s + random.uniform(0.0, min(1.0, wait_s / 10)), what
    return min(MAX_BACKOFF_S, backoff_s * 2**failures) * random.uniform(0.5, 1.5), what


def _retry_after_s(error: Exception) -> float | None:
    for headers in (
        getattr(error, "litellm_response_headers", None),
        getattr(getattr(error, "response", None), "headers", None),
    ):
        if not headers:
            continue
        if (milliseconds := headers.get("retry-after-ms")) is not None:
            return _seconds(milliseconds, 1000)
        if (value := headers.get("retry-after")) is not None:
            return _seconds(value, 1)
    return None


def _seconds(value: str, divisor: int) -> float | None:
    try:
        return max(0.0, float(value) / divisor)
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError):
        return None


def _plain(error: Exception) -> str:
    """Return the provider's own words, without the names of libraries before them."""
    text = _TRACEBACK.sub("", _LIBRARY_NAMES.sub("", str(error).strip())) or type(error).__name__
    if _NO_JSON.fullmatch(text):
        text = f"the answer is no JSON ({text})"
    return text if len(text) <= MAX_TEXT_CHARS else f"{text[: MAX_TEXT_CHARS - 1]}…"
