"""A model provider for tests: a real HTTP server on loopback that speaks OpenAI's chat completions.

In a test::

    with StubProvider() as stub:
        stub.on("sort the files", Reply(tools=[("ls", {})]), Reply(text="sorted"))
        environ = stub.environ()          # OPENAI_API_BASE, OPENAI_API_KEY
        ...
        assert stub.requests[0].body["model"] == "stub"

A conversation is told apart by its first user message, so each agent gets a rule's replies from the first on;
the last one repeats. As a process of its own, `python -m tests.support.stub_provider --port 0 [--script FILE]`
prints `{"port": N, "url": ...}` and serves until its standard input closes or it is ended; the script file is
`{"rules": [{"match": REGEX, "replies": [REPLY, ...]}], "default": REPLY}` with `Reply`'s fields as keys; what was
asked is at `GET /requests`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from aiohttp import web
from attrs import asdict, define, field, frozen

RESULT_TOOL = "submit_result"
KEY = "sk-stub-0123456789abcdefghijklmnopqrstuvwxyz"


@frozen
class Reply:
    """What the server does with one request.

    Attributes:
        text: the message's text.
        tools: tool calls, pairs of name and arguments (an object, or a string sent as it is).
        result: arguments of a call of the tool for structured output.
        usage: tokens reported, input and output; None reports none.
        delay_s: waits first.
        status: answers with this HTTP status and an error.
        error: text (or object) of the error.
        error_code: code of the error, such as `context_length_exceeded`.
        headers: further response headers, such as `Retry-After`.
        hang: never answers.
        drop: closes the connection.
        body: answers with this text whatever it is.
    """

    text: str | None = None
    tools: list[tuple[str, Any]] = field(factory=list)
    result: Any = None
    usage: tuple[int, int] | None = (100, 10)
    delay_s: float = 0.0
    status: int = 200
    error: str = "scripted error"
    error_code: str | None = None
    headers: dict[str, str] = field(factory=dict)
    hang: bool = False
    drop: bool = False
    body: str | None = None


@define
class Recorded:
    """One request as it came.

    Attributes:
        prompt: the first user message.
        closed: whether the client closed the connection before it had an answer.
    """

    prompt: str
    body: dict[str, Any]
    headers: dict[str, str]
    at: float
    closed: bool = False
    answered: bool = False


class StubProvider:
    """The server, in a thread of its own with its own loop; a context manager."""

    def __init__(self, *, port: int = 0) -> None:
        self.port = port
        self.requests: list[Recorded] = []
        self.under_way = 0
        self.peak = 0
        self.default: Reply | None = None
        self._rules: list[tuple[re.Pattern[str], list[Reply]]] = []
        self._turns: dict[str, int] = defaultdict(int)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._fault: OSError | None = None
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def environ(self) -> dict[str, str]:
        """Return the variables that lead a client here."""
        return {"OPENAI_API_BASE": self.url, "OPENAI_API_KEY": KEY}

    def on(self, pattern: str, *replies: Reply) -> None:
        """Answer conversations whose first user message the regular expression finds; the first rule wins."""
        self._rules.append((re.compile(pattern, re.S), list(replies)))

    def load(self, script: dict[str, Any]) -> None:
        """Take rules from the JSON form."""
        for rule in script.get("rules", ()):
            self.on(rule["match"], *(Reply(**reply) for reply in rule["replies"]))
        if "default" in script:
            self.default = Reply(**script["default"])

    def of(self, prompt: str) -> list[Recorded]:
        """Return the requests whose first user message contains the text."""
        return [request for request in self.requests if prompt in request.prompt]

    def __enter__(self) -> StubProvider:
        self._thread.start()
        self._ready.wait(30)
        if self._fault is not None:
            raise self._fault
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._main())
        except OSError as error:
            self._fault = error
            self._ready.set()
        self._loop.close()

    async def _main(self) -> None:
        self._stop = asyncio.Event()
        app = web.Application(client_max_size=64 * 2**20)
        for path in ("/v1/chat/completions", "/chat/completions"):
            app.router.add_post(path, self._complete)
        app.router.add_get("/requests", self._list)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port)
        await site.start()
        self.port = runner.addresses[0][1]
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _list(self, _: web.Request) -> web.Response:
        return web.json_response([asdict(request) for request in self.requests])

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        recorded = Recorded(_prompt(body), body, dict(request.headers), time.time())
        self.requests.append(recorded)
        self.under_way += 1
        self.peak = max(self.peak, self.under_way)
        try:
            reply = self._choose(recorded)
            await asyncio.sleep(reply.delay_s)
            if reply.hang:
                await asyncio.Event().wait()
            if reply.drop:
                assert request.transport is not None
                request.transport.abort()
            response = await _respond(request, reply, body)
            recorded.answered = True
            return response
        except asyncio.CancelledError:
            recorded.closed = True
            raise
        finally:
            self.under_way -= 1

    def _choose(self, recorded: Recorded) -> Reply:
        for pattern, replies in self._rules:
            if pattern.search(recorded.prompt):
                turn = self._turns[recorded.prompt]
                self._turns[recorded.prompt] += 1
                return replies[min(turn, len(replies) - 1)]
        return self.default or _obvious(recorded.body)


def _prompt(body: dict[str, Any]) -> str:
    for message in body.get("messages", ()):
        if message.get("role") == "user":
            content = message.get("content")
            return content if isinstance(content, str) else json.dumps(content)
    return ""


def _obvious(body: dict[str, Any]) -> Reply:
    """Without a rule: an instance of the schema where one is asked for, else a text."""
    for tool in body.get("tools") or ():
        if tool["function"]["name"] == RESULT_TOOL:
            return Reply(result=_instance(tool["function"]["parameters"]))
    return Reply(text=f"answer to: {_prompt(body)[:80]}")


def _instance(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return None
    if "const" in schema or schema.get("enum"):
        return schema.get("const", (schema.get("enum") or [None])[0])
    kind = schema.get("type")
    if kind == "object":
        return {name: _instance(part) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [_instance(schema.get("items", {})) for _ in range(max(1, schema.get("minItems", 1)))]
    return {"string": "text", "number": 0.5, "integer": 1, "boolean": True}.get(str(kind))


async def _respond(request: web.Request, reply: Reply, body: dict[str, Any]) -> web.StreamResponse:
    if reply.body is not None:
        return web.Response(text=reply.body, status=reply.status, content_type="application/json")
    if reply.status != 200:
        error = {"message": reply.error, "type": "stub", "code": reply.error_code}
        return web.json_response({"error": error}, status=reply.status, headers=reply.headers)
    if body.get("stream"):
        return await _stream(request, reply, body)
    message = _message(reply, body)
    completion: dict[str, Any] = {
        "id": f"chatcmpl-{time.time_ns()}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": body.get("model"),
        "choices": [{"index": 0, "message": message, "finish_reason": _finish(message), "logprobs": None}],
    }
    if reply.usage is not None:
        completion["usage"] = _usage(reply.usage)
    return web.json_response(completion, headers=reply.headers)


def _message(reply: Reply, body: dict[str, Any]) -> dict[str, Any]:
    calls = list(reply.tools)
    if reply.result is not None:
        calls.append((RESULT_TOOL, reply.result))
    message: dict[str, Any] = {"role": "assistant", "content": reply.text}
    if calls:
        message["tool_calls"] = [
            {
                "id": f"call_{time.time_ns()}_{index}",
                "type": "function",
                "function": {
                    "name": name,
                    "arguments": arguments if isinstance(arguments, str) else json.dumps(arguments),
                },
            }
            for index, (name, arguments) in enumerate(calls)
        ]
    return message


async def _stream(request: web.Request, reply: Reply, body: dict[str, Any]) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", **reply.headers})
    await response.prepare(request)
    message = _message(reply, body)
    common = {"id": "chatcmpl-stream", "object": "chat.completion.chunk", "created": int(time.time())}
    common["model"] = body.get("model")
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": part} for part in re.findall(r"\S+\s*|\s+", reply.text or "")]
    deltas += [{"tool_calls": [{"index": i, **call}]} for i, call in enumerate(message.get("tool_calls", ()))]
    chunks: list[dict[str, Any]] = [
        {**common, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas
    ]
    chunks.append({**common, "choices": [{"index": 0, "delta": {}, "finish_reason": _finish(message)}]})
    if reply.usage is not None and (body.get("stream_options") or {}).get("include_usage"):
        chunks.append({**common, "choices": [], "usage": _usage(reply.usage)})
    for chunk in chunks:
        await response.write(f"data: {json.dumps(chunk)}\n\n".encode())
    await response.write(b"data: [DONE]\n\n")
    await response.write_eof()
    return response


def _finish(message: dict[str, Any]) -> str:
    return "tool_calls" if message.get("tool_calls") else "stop"


def _usage(usage: tuple[int, int]) -> dict[str, int]:
    return {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script", type=Path)
    options = parser.parse_args()
    with StubProvider(port=options.port) as stub:
        if options.script:
            stub.load(json.loads(options.script.read_text(encoding="utf-8")))
        print(json.dumps({"port": stub.port, "url": stub.url}), flush=True)
        sys.stdin.buffer.read()


if __name__ == "__main__":
    main()
