"""One turn of a model, through litellm: retries of ours, usage and cost, errors in plain words.

This is the only module that imports litellm, and it does so when a worker asks for it: the import takes seconds and
180 MB.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import os
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from attrs import evolve, field, frozen

from callsheet.agents.backend import Usage
from callsheet.agents.models import is_known, price_of
from callsheet.agents.provider_errors import ModelError, judge

QUIET = {
    # Read when litellm is imported: no look-ups on the network, no `.env` file of the folder it runs in.
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_LOCAL_BLOG_POSTS": "True",
    "LITELLM_MODE": "PRODUCTION",
}
CHARS_PER_TOKEN = 4
PLAIN_KEYS = frozenset({"role", "content", "tool_calls"})
LOWER_EFFORT = {"max": "xhigh", "xhigh": "high"}
CACHE_HOSTS = ("anthropic/", "bedrock/", "vertex_ai/", "openrouter/")
CACHE_POINTS = [{"location": "message", "role": "system"}, {"location": "message", "index": -1}]


@frozen
class ToolCall:
    """A call that the model asks for; `arguments` is JSON text as the model wrote it."""

    id: str
    name: str
    arguments: str


@frozen
class Turn:
    """What the model answered.

    Attributes:
        message: the assistant message, to be sent back with the next turn.
        text: its text, empty for none.
        calls: its tool calls.
        finish_reason: why it ended; `length` means that it was cut.
        usage: what this turn cost.
        model: the model as the provider named it.
        refusal: why the provider would not answer, None where it did; the tokens are paid for all the same.
    """

    message: dict[str, Any]
    text: str
    calls: tuple[ToolCall, ...]
    finish_reason: str
    usage: Usage
    model: str | None
    refusal: str | None = None


@frozen
class TurnRequest:
    """One question to a model.

    Attributes:
        forced_tool: name of the tool that the model must call, None to let it choose.
    """

    model: str
    messages: list[dict[str, Any]]
    tools: list[dict[str, Any]] = field(factory=list)
    forced_tool: str | None = None
    effort: str | None = None


class Complete(Protocol):
    """Asks a model for one turn; `on_wait` is told, in words, of each pause before a retry."""

    async def __call__(self, request: TurnRequest, on_wait: Callable[[str], None]) -> Turn: ...


@frozen
class Completer:
    """Asks models through litellm.

    Attributes:
        prices: US dollars per million tokens (input, output), over litellm's own.
        timeout_s: limit of one HTTP request.
        backoff_s: first pause before a retry, doubled each time.
    """

    prices: Mapping[str, tuple[float, float]] = field(factory=dict)
    timeout_s: float = 600.0
    backoff_s: float = 1.0

    async def __call__(self, request: TurnRequest, on_wait: Callable[[str], None]) -> Turn:
        """Ask for one turn.

        Raises:
            ModelError: no answer.
        """
        litellm = load_litellm()
        failures = 0
        while True:
            try:
                response = await litellm.acompletion(**self._parameters(request))
                return self._turn(request, response)
            except ModelError:
                raise
            except Exception as error:
                # litellm lets errors of many libraries through, so nothing narrower would do.
                if (lower := _lower_effort(request, error)) is not None:
                    request = lower
                    continue
                pause_s, what = judge(error, failures, timeout_s=self.timeout_s, backoff_s=self.backoff_s)
            failures += 1
            on_wait(f"{what}, retry in {max(1, int(pause_s))} s")
            await asyncio.sleep(pause_s)

    def _parameters(self, request: TurnRequest) -> dict[str, Any]:
        parameters: dict[str, Any] = {
            "model": request.model,
            "messages": request.messages,
            "max_retries": 0,
            "timeout": self.timeout_s,
        }
        if request.tools:
            parameters["tools"] = request.tools
        if request.forced_tool is not None:
            # Providers refuse a forced tool together with reasoning, so this turn goes without effort.
            parameters["tool_choice"] = {"type": "function", "function": {"name": request.forced_tool}}
        elif request.effort is not None:
            parameters["reasoning_effort"] = request.effort
            if not is_known(request.model):
                # Whether it has effort shows in the provider's answer alone, see `_lower_effort`.
                parameters["allowed_openai_params"] = ["reasoning_effort"]
        if "claude" in request.model and request.model.startswith(CACHE_HOSTS):
            # These models cache only what they are told to; a loop without it pays for its history again each turn.
            parameters["cache_control_injection_points"] = CACHE_POINTS
        if request.model.startswith("openai/") and not os.environ.get("OPENAI_API_KEY"):
            # A server of one's own often wants no key, the client library always.
            parameters["api_key"] = "none"
        return parameters

    def _turn(self, request: TurnRequest, response: Any) -> Turn:
        if not response.choices:
            raise ModelError("the provider sent an answer without a message", recoverable=True)
        choice = response.choices[0]
        message = choice.message.model_dump(exclude_none=True)
        message.setdefault("content", None)
        own_words = message.get("provider_specific_fields") or {}
        if request.model.startswith("openai/"):
            # Servers that only speak this protocol refuse what litellm adds; others need it (signed thoughts).
            message = {key: value for key, value in message.items() if key in PLAIN_KEYS}
        text = message["content"] or ""
        refusal = own_words.get("refusal")
        if refusal is None and choice.finish_reason == "content_filter":
            refusal = "its content filter stopped the answer"
        calls = tuple(
            ToolCall(
                call["id"], call["function"].get("name") or "", call["function"].get("arguments") or "{}"
            )
            for call in message.get("tool_calls") or ()
        )
        usage = self._usage(request, response, message)
        model = getattr(response, "model", None)
        return Turn(message, text, calls, choice.finish_reason or "stop", usage, model, refusal)

    def _usage(self, request: TurnRequest, response: Any, message: dict[str, Any]) -> Usage:
        reported = getattr(response, "usage", None)
        input_tokens = max(0, getattr(reported, "prompt_tokens", 0) or 0)
        output_tokens = max(0, getattr(reported, "completion_tokens", 0) or 0)
        estimated = input_tokens + output_tokens == 0
        if estimated:
            input_tokens = _size_chars([request.messages, request.tools]) // CHARS_PER_TOKEN
            output_tokens = max(1, _size_chars(message) // CHARS_PER_TOKEN)
        cost_usd: float | None = None
        price = price_of(request.model, self.prices, only_settings=not estimated)
        if price is not None:
            cost_usd = (input_tokens * price[0] + output_tokens * price[1]) / 1e6
        elif not estimated:
            cost_usd = (getattr(response, "_hidden_params", None) or {}).get("response_cost")
        return Usage(input_tokens, output_tokens, cost_usd, estimated)


def load_litellm() -> Any:
    """Import litellm, silent and without network; the first time takes seconds."""
    os.environ.update(QUIET)
    import litellm

    # Left to the first request, it would take a second out of that agent's time.
    importlib.import_module("openai.resources")
    litellm.telemetry = False
    litellm.suppress_debug_info = True
    litellm.drop_params = True
    litellm.modify_params = True
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy", "httpx", "openai"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return litellm


def _lower_effort(request: TurnRequest, error: Exception) -> TurnRequest | None:
    """Return the request with less effort where the model refuses this much, None where that is not it."""
    text = str(error).lower()
    blamed = isinstance(error, ValueError) or getattr(error, "status_code", None) == 400
    if (
        request.effort is None
        or not blamed
        or not any(word in text for word in ("effort", "thinking", "reasoning"))
    ):
        return None
    return evolve(request, effort=LOWER_EFFORT.get(request.effort))


def _size_chars(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, default=str))
