"""One try of an agent: turns of the model, tools in the working directory, and a result that meets the schema."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import Any

from attrs import define, evolve, field, frozen

from callsheet.agents.backend import JSON, AgentEvent, AgentFailure, AgentOutcome, AgentRequest, Usage
from callsheet.agents.completion import Complete, ToolCall, Turn, TurnRequest
from callsheet.agents.paths import ToolError
from callsheet.agents.processes import ShellOwner, clean_environment
from callsheet.agents.provider_errors import ModelError
from callsheet.agents.structured import violations
from callsheet.agents.tools import TOOLS
from callsheet.agents.tools.base import ToolContext
from callsheet.agents.transcripts import Transcript
from callsheet.errors import ReasonCode
from callsheet.json_values import read_json
from callsheet.redaction import Redactor

RESULT_TOOL = "submit_result"
MAX_CORRECTIONS = 5
MAX_TURNS = 500
MAX_CONTINUATIONS = 5
KEPT_TOOL_OUTPUTS = 3
ACTIVITY_INTERVAL_S = 0.5
MAX_ACTIVITY_CHARS = 160

SYSTEM = (
    "You are an agent in an automated workflow. Nobody reads along and nobody can answer a question: decide for "
    "yourself and finish the task. Your last message is handed to a program as your result, so it must hold the "
    "whole answer and nothing around it."
)
PLACE = "Your working directory is {cwd}. Tools work in it and cannot leave it; give paths relative to it."
ASK_RESULT = f"When you have finished, call the tool `{RESULT_TOOL}` with the result."
WRONG_RESULT = "The result does not meet the schema. Correct it and call the tool again:"
FORCE_RESULT = f"Now call the tool `{RESULT_TOOL}` with the result."
SHORTENED = "(this output was left out to make room; run the tool again if it is needed)"
GO_ON = "Your answer was cut. Go on exactly where it stopped, without repeating anything."


@frozen
class Surroundings:
    """What a try works with beside its request.

    Attributes:
        complete: asks the model.
        environ: the process's variables; shells get the clean part of them.
        redactor: takes secrets out of what is shown, kept or returned.
        executor: runs file tools; not the loop's own, which model calls need.
    """

    complete: Complete
    environ: Mapping[str, str]
    redactor: Redactor
    executor: Executor


async def run_try(
    request: AgentRequest, around: Surroundings, emit: Callable[[AgentEvent], None]
) -> AgentOutcome:
    """Run one try to its end.

    Raises:
        AgentFailure: the try did not succeed; it carries what was spent.
    """
    transcript = Transcript(request.transcript, request.attempt, around.redactor)
    agent = _Agent(request, around, emit, transcript)
    transcript.append(
        "start",
        label=request.label,
        model=request.model,
        system=agent.messages[0]["content"],
        prompt=request.prompt,
        tools=list(request.tools),
        schema=request.schema,
    )
    try:
        value = around.redactor.value(await agent.result())
    except ModelError as error:
        failure = AgentFailure(
            ReasonCode.AGENT_FAILED,
            around.redactor.text(str(error)),
            recoverable=error.recoverable,
            usage=agent.usage,
        )
        transcript.append("end", status="failed", message=failure.message)
        raise failure from error
    except AgentFailure as failure:
        transcript.append("end", status="failed", message=failure.message)
        raise
    except asyncio.CancelledError:
        transcript.append("end", status="stopped")
        raise
    transcript.append("end", status="done", value=value)
    return AgentOutcome(value, agent.usage, agent.model)


@define
class _Agent:
    request: AgentRequest
    around: Surroundings
    emit: Callable[[AgentEvent], None]
    transcript: Transcript
    usage: Usage = field(factory=Usage)
    model: str | None = None
    messages: list[dict[str, Any]] = field(init=False)
    tools: list[dict[str, Any]] = field(init=False)
    offered: list[str] = field(init=False)
    context: ToolContext = field(init=False)
    corrections: int = 0
    strays: int = 0
    turns: int = 0
    last_shown: float = 0.0

    def __attrs_post_init__(self) -> None:
        request = self.request
        system = [request.system, SYSTEM] if request.system else [SYSTEM]
        if request.tools:
            system.append(PLACE.format(cwd=request.cwd))
        if request.schema is not None:
            system.append(ASK_RESULT)
        self.messages = [
            {"role": "system", "content": _encodable("\n\n".join(system))},
            {"role": "user", "content": _encodable(request.prompt)},
        ]
        self.tools = [
            _function(name, TOOLS[name].description, TOOLS[name].parameters)
            for name in request.tools
            if name in TOOLS
        ]
        if request.schema is not None:
            plain = {key: value for key, value in request.schema.items() if key != "$schema"}
            self.tools.append(_function(RESULT_TOOL, "Hand in the result. Ends the task.", plain))
        self.offered = [tool["function"]["name"] for tool in self.tools]
        owner = ShellOwner(request.run_id, request.call)
        environ = clean_environment(self.around.environ, owner)
        self.context = ToolContext(request.cwd, environ, owner, self._show_output)

    async def result(self) -> JSON:
        """Return the final text, or the object that meets the schema."""
        if self.request.schema is None:
            return await self._text()
        forced = False
        while True:
            turn = await self._ask(RESULT_TOOL if forced else None)
            submitted, value = await self._answer_calls(turn)
            if submitted:
                return value
            if forced and not any(call.name == RESULT_TOOL for call in turn.calls):
                # A model that ignores the choice of tool may still have written the object.
                wrong, value = self._check(_strip_fence(turn.text))
                if not wrong:
                    return value
                self._count_correction(wrong)
            if not turn.calls:
                self.messages.append({"role": "user", "content": FORCE_RESULT})
            forced = not turn.calls

    async def _text(self) -> str:
        parts: list[str] = []
        while True:
            turn = await self._ask(None)
            await self._answer_calls(turn)
            if turn.calls:
                parts.clear()
                continue
            parts.append(turn.text)
            if turn.finish_reason != "length" or not turn.text:
                break
            if len(parts) > MAX_CONTINUATIONS:
                raise self._failure(ReasonCode.AGENT_FAILED, "the answer is too long for the model")
            self.messages.append({"role": "user", "content": GO_ON})
        text = "".join(parts)
        if not text.strip():
            raise self._failure(ReasonCode.AGENT_EMPTY_OUTPUT, "the agent ended without an answer")
        return text

    async def _ask(self, forced_tool: str | None) -> Turn:
        self.turns += 1
        if self.turns > MAX_TURNS:
            raise self._failure(ReasonCode.AGENT_FAILED, f"the agent did not finish within {MAX_TURNS} turns")
        assert self.request.model is not None
        request = TurnRequest(self.request.model, self.messages, self.tools, forced_tool, self.request.effort)
        try:
            turn = await self.around.complete(request, self._show_wait)
        except ModelError as error:
            if forced_tool is not None and "tool_choice" in str(error):
                request = evolve(request, forced_tool=None)
            elif not error.context_exceeded or not self._shorten():
                raise
            turn = await self.around.complete(request, self._show_wait)
        self.usage = _add(self.usage, turn.usage, first=self.turns == 1)
        self.model = turn.model
        if turn.text.strip() or turn.calls:
            self.messages.append(turn.message)
        self.emit(AgentEvent("usage", self.usage))
        self.transcript.append(
            "assistant",
            text=turn.text,
            calls=[{"name": call.name, "arguments": call.arguments} for call in turn.calls],
        )
        self.transcript.append(
            "usage",
            input=turn.usage.input_tokens,
            output=turn.usage.output_tokens,
            cost=turn.usage.cost_usd,
            estimated=turn.usage.estimated,
        )
        if turn.refusal is not None:
            message = f"the provider refused to answer: {turn.refusal}"
            raise self._failure(ReasonCode.AGENT_FAILED, message, recoverable=False)
        return turn

    async def _answer_calls(self, turn: Turn) -> tuple[bool, JSON]:
        """Run the turn's tool calls in order; tells whether a valid result was among them, and which."""
        result: tuple[bool, JSON] = (False, None)
        self._count_stray(turn)
        for call in turn.calls:
            if call.name != RESULT_TOOL or self.request.schema is None:
                self._answer(call, await self._run_tool(call))
                continue
            wrong, value = self._check(call.arguments)
            if wrong:
                self._answer(call, "\n".join((WRONG_RESULT, *wrong)))
                self._count_correction(wrong)
            else:
                self._answer(call, "accepted")
                result = (True, value)
        return result

    def _answer(self, call: ToolCall, text: str) -> None:
        self.messages.append({"role": "tool", "tool_call_id": call.id, "name": call.name, "content": text})

    async def _run_tool(self, call: ToolCall) -> str:
        failed = False
        try:
            text = await self._tool_output(call)
        except (ToolError, OSError, ValueError) as error:
            failed = True
            text = f"error: {error}"
        text = _encodable(text)
        self.transcript.append("tool", name=call.name, text=text, failed=failed)
        return text

    async def _tool_output(self, call: ToolCall) -> str:
        if call.name not in self.offered:
            raise ToolError(f"there is no tool {call.name!r}; there are: {', '.join(self.offered) or 'none'}")
        tool = TOOLS[call.name]
        try:
            arguments = read_json(call.arguments)
        except ValueError as error:
            raise ToolError(f"the arguments are no valid JSON: {error}") from error
        if isinstance(arguments, dict):
            arguments = tool.named(arguments)
        if wrong := violations(tool.parameters, arguments):
            raise ToolError("; ".join(wrong))
        self._show(f"{tool.name}: {arguments.get(tool.subject, '.')}")
        if inspect.iscoroutinefunction(tool.run):
            output: str = await tool.run(self.context, arguments)
            return output
        loop = asyncio.get_running_loop()
        done = await loop.run_in_executor(self.around.executor, tool.run, self.context, arguments)
        assert isinstance(done, str)
        return done

    def _check(self, arguments: str) -> tuple[list[str], JSON]:
        assert self.request.schema is not None
        try:
            value = read_json(arguments)
        except ValueError as error:
            return [f"(root): no valid JSON: {error}"], None
        return violations(self.request.schema, value), value

    def _count_correction(self, wrong: list[str]) -> None:
        self.corrections += 1
        self._show(f"result misses its schema ({self.corrections}): {wrong[0]}")
        if self.corrections > MAX_CORRECTIONS:
            raise self._failure(
                ReasonCode.SCHEMA_NONCOMPLIANCE,
                f"the result did not meet its schema after {MAX_CORRECTIONS} corrections: {'; '.join(wrong)}",
                recoverable=False,
            )

    def _count_stray(self, turn: Turn) -> None:
        """Give up on a model that calls nothing but tools which do not exist, turn after turn."""
        if not turn.calls or any(call.name in self.offered for call in turn.calls):
            self.strays = 0
            return
        self.strays += 1
        if self.strays > MAX_CORRECTIONS:
            code = (
                ReasonCode.SCHEMA_NONCOMPLIANCE
                if self.request.schema is not None
                else ReasonCode.AGENT_FAILED
            )
            names = ", ".join(repr(call.name) for call in turn.calls[:3])
            message = f"the agent called only tools that do not exist, {self.strays} times in a row: {names}"
            raise self._failure(code, message, recoverable=False)

    def _shorten(self) -> bool:
        """Make room: leave out all tool outputs but the last ones; tells whether there was anything to leave out."""
        outputs = [message for message in self.messages if message["role"] == "tool"]
        long = [
            message for message in outputs[:-KEPT_TOOL_OUTPUTS] if len(message["content"]) > len(SHORTENED)
        ]
        for message in long:
            message["content"] = SHORTENED
        return bool(long)

    def _failure(self, code: ReasonCode, message: str, *, recoverable: bool = True) -> AgentFailure:
        return AgentFailure(
            code, self.around.redactor.text(message), recoverable=recoverable, usage=self.usage
        )

    def _show(self, line: str) -> None:
        line = " ".join(self.around.redactor.text(line).split())
        if len(line) > MAX_ACTIVITY_CHARS:
            line = f"{line[: MAX_ACTIVITY_CHARS - 1]}…"
        self.last_shown = time.monotonic()
        self.emit(AgentEvent("activity", self.usage, line))

    def _show_output(self, line: str) -> None:
        if line and time.monotonic() - self.last_shown >= ACTIVITY_INTERVAL_S:
            self._show(line)

    def _show_wait(self, text: str) -> None:
        self.transcript.append("waiting", text=text)
        self.emit(AgentEvent("waiting", self.usage, text))


def _function(name: str, description: str, parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "function",
        "function": {"name": name, "description": description, "parameters": parameters},
    }


def _add(total: Usage, turn: Usage, *, first: bool) -> Usage:
    """Add a turn; one turn without a price leaves the whole without one."""
    known = turn.cost_usd is not None and (first or total.cost_usd is not None)
    return Usage(
        total.input_tokens + turn.input_tokens,
        total.output_tokens + turn.output_tokens,
        (total.cost_usd or 0.0) + (turn.cost_usd or 0.0) if known else None,
        total.estimated or turn.estimated,
    )


def _encodable(text: str) -> str:
    """Lone surrogates (of file names, of scripts' strings) cannot be sent."""
    return text.encode("utf-8", "replace").decode()


def _strip_fence(text: str) -> str:
    text = text.strip()
    if text.startswith("```") and text.endswith("```") and "\n" in text:
        return text[text.index("\n") + 1 : -3]
    return text
