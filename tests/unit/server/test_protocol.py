"""The conversation itself: order, errors, cancelling, malformed messages, and the end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.lsp_client import Client, Refused

SCRIPT = "export const meta = { name: 'a', description: 'b' }\nawait agent('x')\n"


@pytest.fixture
async def client(tmp_path):
    client = Client(tmp_path, "vscode")
    await client.start()
    yield client
    await client.kill()


def uri_in(client, name="a.workflow.js"):
    return (client.folder / name).as_uri()


def test_the_server_never_loads_litellm():
    code = (
        "import sys, callsheet_server.session, callsheet_server.models as m; "
        "m.TableModels().describe('opus', __import__('callsheet.settings').settings.Settings()); "
        "assert not [n for n in sys.modules if n.split('.')[0] in {'litellm', 'openai'}]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


async def test_shutdown_and_exit_end_with_status_0(client):
    await client.initialize()
    assert await client.stop() == 0
    assert "Traceback" not in await client.errors()


async def test_exit_without_shutdown_ends_with_status_1(client):
    await client.initialize()
    client.notify("exit", None)
    assert await client.ended() == 1


async def test_the_end_of_the_clients_stream_ends_the_server(client):
    await client.initialize()
    client.process.stdin.close()
    await client.ended()


async def test_the_end_of_the_editors_process_ends_the_server(client):
    editor = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=subprocess.PIPE)
    await client.initialize(processId=editor.pid)
    editor.kill()
    await editor.wait()
    assert await client.ended() == 1


@pytest.fixture
def editor():
    """A process whose end nobody asks for before the test is over, unlike one of asyncio's."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_an_editor_whose_status_nobody_asks_for_is_gone_as_well(client, editor):
    await client.initialize(processId=editor.pid)
    editor.kill()
    assert await client.ended() == 1


async def test_an_editor_that_reads_no_more_ends_the_server(tmp_path):
    reading, writing = os.pipe()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "callsheet_server",
        stdin=subprocess.PIPE,
        stdout=writing,
        stderr=subprocess.PIPE,
    )
    os.close(writing)
    os.close(reading)
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "shutdown"}).encode()
    process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
    assert await asyncio.wait_for(process.wait(), 60) == 1
    assert b"Traceback" not in await process.stderr.read()


async def test_nothing_is_answered_before_initialize(client):
    with pytest.raises(Refused) as refusal:
        await client.request("textDocument/hover", {})
    assert refusal.value.code == -32002
    await client.initialize()
    with pytest.raises(Refused) as refusal:
        await client.request("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
    assert refusal.value.code == -32600


async def test_nothing_is_answered_after_shutdown(client):
    await client.initialize()
    await client.request("shutdown", None)
    with pytest.raises(Refused) as refusal:
        await client.request("textDocument/hover", {})
    assert refusal.value.code == -32600


async def test_an_unknown_method_is_refused_and_an_unknown_notification_is_not(client):
    await client.initialize()
    client.notify("no/such", {})
    client.notify("$/setTrace", {"value": "off"})
    with pytest.raises(Refused) as refusal:
        await client.request("no/such", {"a": 1})
    assert refusal.value.code == -32601


MALFORMED = {
    "no JSON": b"{",
    "no object": b"[]",
    "no version": b'{"id": 1, "method": "shutdown"}',
    "a number as method": b'{"jsonrpc": "2.0", "id": 1, "method": 5}',
    "an object as id": b'{"jsonrpc": "2.0", "id": {}, "method": "shutdown"}',
    "no UTF-8": b'{"jsonrpc": "2.0", "method": "\xff"}',
    "deep nesting": b"[" * 100_000,
}


async def test_a_malformed_message_is_answered_with_an_error(client):
    await client.initialize()
    for name, body in MALFORMED.items():
        client.send_raw(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        answer = await client.notified("(answer)", id=None)
        assert answer["error"]["code"] in {-32700, -32600}, name
    assert await client.stop() == 0


async def test_malformed_parameters_are_refused(client):
    await client.initialize()
    client.notify("textDocument/didOpen", {"textDocument": 5})
    client.notify("textDocument/didChange", None)
    client.notify("$/cancelRequest", {})
    for params in (None, {}, {"textDocument": {"uri": 5}}, {"textDocument": {"uri": "x"}, "position": "y"}):
        with pytest.raises(Refused) as refusal:
            await client.request("textDocument/hover", params)
        assert refusal.value.code == -32602
    assert await client.stop() == 0


async def test_a_notification_that_is_sent_as_a_request_is_refused(client):
    await client.initialize()
    for method, params in (("initialized", {}), ("$/setTrace", {"value": "off"}), ("exit", None)):
        with pytest.raises(Refused) as refusal:
            await client.request(method, params)
        assert refusal.value.code == -32600
    assert await client.stop() == 0


async def test_a_root_path_that_means_nothing_is_passed_over(client):
    await client.initialize(rootPath="some/where", rootUri=None, workspaceFolders=None)
    assert await client.stop() == 0


async def test_items_that_are_not_ours_are_resolved_to_nothing_more(client):
    await client.initialize()
    uri = uri_in(client)
    client.open(uri, SCRIPT)
    for doc in ("member:nodot", "field:nodot", "nokind", 5):
        item = {"label": "x", "data": {"doc": doc, "uri": uri, "at": 3}}
        assert await client.request("completionItem/resolve", item) == item
    nowhere = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
    item = {
        "name": "a",
        "kind": 2,
        "uri": "x:y",
        "data": {"z": 1},
        "range": nowhere,
        "selectionRange": nowhere,
    }
    assert await client.request("callHierarchy/outgoingCalls", {"item": item}) == []
    assert await client.request("callHierarchy/incomingCalls", {"item": item}) == []


async def test_deeply_nested_code_is_answered_for(client):
    await client.initialize()
    uri = uri_in(client)
    client.open(uri, SCRIPT + "[" * 3000 + "]" * 3000)
    places = {"textDocument": {"uri": uri}, "positions": [{"line": 2, "character": 3000}]}
    (found,) = await client.request("textDocument/selectionRange", places)
    assert found["range"]["start"]["line"] == 2
    assert await client.stop() == 0


async def test_malformed_headers_cost_one_message_at_most(client):
    # Nothing is asked of this client, so no answer of its comes between the pieces.
    client.profile = "bare"
    await client.initialize()
    client.send_raw(b"Content-Length: abc\r\n\r\n")
    client.send_raw(b"X: y\r\n\r\n")
    client.send_raw(b"content-length: 2\r\nContent-Type: application/vscode-jsonrpc\r\n\r\n{}")
    assert (await client.notified("(answer)", id=None))["error"]["code"] == -32600
    body = json.dumps({"jsonrpc": "2.0", "id": "text", "method": "shutdown"}).encode()
    for piece in (b"Content-Len", b"gth: %d\r" % len(body), b"\n\r\n", body[:5], body[5:]):
        client.send_raw(piece)
        await asyncio.sleep(0)
    assert (await client.notified("(answer)", id="text"))["result"] is None


async def test_a_cancelled_request_is_answered_as_cancelled(client):
    await client.initialize()
    uri = uri_in(client)
    client.open(uri, SCRIPT)
    place = {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 8}}
    asked = []
    for _ in range(20):
        number, future = client.begin_request("textDocument/completion", place)
        client.notify("$/cancelRequest", {"id": number})
        asked.append(future)
    results = await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), 60)
    cancelled = [result for result in results if isinstance(result, Refused) and result.code == -32800]
    assert cancelled
    assert len(cancelled) + sum(isinstance(result, dict) for result in results) == 20


async def test_a_cancelled_command_is_cancelled(client):
    await client.initialize()
    uri = uri_in(client)
    client.open(uri, SCRIPT)
    arguments = [{"uri": uri, "dryRun": True}]
    number, future = client.begin_request(
        "workspace/executeCommand", {"command": "callsheet.run", "arguments": arguments}
    )
    client.notify("$/cancelRequest", {"id": number})
    with pytest.raises(Refused) as refusal:
        await asyncio.wait_for(future, 60)
    assert refusal.value.code == -32800
    assert not (client.folder / ".callsheet" / "runs").exists()


async def test_an_answer_to_an_older_text_is_refused(client):
    await client.initialize()
    uri = uri_in(client)
    client.open(uri, SCRIPT)
    place = {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 8}}
    _, future = client.begin_request("textDocument/hover", place)
    start = {"line": 0, "character": 0}
    client.change(uri, 2, [{"range": {"start": start, "end": start}, "text": "// x\n"}])
    (result,) = await asyncio.wait_for(asyncio.gather(future, return_exceptions=True), 60)
    # Both messages may arrive at once or one by one; an answer about the old text at the new one's positions may not.
    assert isinstance(result, dict) or result.code == -32801


async def test_of_many_changes_the_last_is_published(client):
    await client.initialize()
    uri = uri_in(client)
    client.open(uri, SCRIPT)
    for version in range(2, 60):
        place = {"line": 1, "character": 0}
        client.change(uri, version, [{"range": {"start": place, "end": place}, "text": "Date.now()\n"}])
    seen = []
    while 59 not in seen:
        seen.append((await client.notified("textDocument/publishDiagnostics", uri=uri))["version"])
    assert seen == sorted(seen)
    pulled = await client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
    assert sum(item["code"] == "determinism-clock" for item in pulled["items"]) == 58


async def test_closing_clears_the_diagnostics(client):
    await client.initialize()
    uri = uri_in(client)
    client.open(uri, "Date.now()\n")
    assert await client.diagnostics(uri, 1)
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    await client.until(uri, lambda found: found == [])


async def test_changes_of_documents_that_are_not_open_are_passed_over(client):
    await client.initialize()
    client.change("file:///nowhere.workflow.js", 2, [{"text": "x"}])
    client.notify("textDocument/didClose", {"textDocument": {"uri": "file:///nowhere.workflow.js"}})
    place = {"textDocument": {"uri": "file:///nowhere.workflow.js"}, "position": {"line": 0, "character": 0}}
    assert await client.request("textDocument/hover", place) is None
    assert await client.stop() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_a_killed_server_leaves_nothing_behind(client):
    await client.initialize()
    client.open(uri_in(client), SCRIPT)
    await client.diagnostics(uri_in(client), 1)
    children = Path(f"/proc/{client.process.pid}/task/{client.process.pid}/children").read_text().split()
    os.kill(client.process.pid, signal.SIGKILL)
    await client.ended()
    async with asyncio.timeout(30):
        while any(_is_running(int(child)) for child in children):
            await asyncio.sleep(0.05)


def _is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def test_tcp_serves_one_client(tmp_path):
    client = Client(tmp_path)
    await client.start("--tcp", "0")
    line = await asyncio.wait_for(client.process.stderr.readline(), 60)
    port = int(line.rsplit(b":", 1)[1])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    params = {"processId": None, "rootUri": None, "capabilities": {}}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}).encode()
    writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
    header = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
    size = int(header.split(b":")[1].split(b"\r\n")[0])
    answer = json.loads(await reader.readexactly(size))
    assert answer["result"]["serverInfo"]["name"] == "callsheet"
    writer.close()
    await client.ended()


@pytest.mark.parametrize("port", ["taken", "65536", "-1"])
async def test_a_port_that_cannot_be_had_is_named(tmp_path, port):
    with socket.create_server(("127.0.0.1", 0)) as other:
        wanted = str(other.getsockname()[1]) if port == "taken" else port
        client = Client(tmp_path)
        await client.start("--tcp", wanted)
        assert await client.ended() == (1 if port == "taken" else 2)
    errors = await client.errors()
    assert "Traceback" not in errors
    assert (f"Port {wanted}" if port == "taken" else "a port is a number") in errors
