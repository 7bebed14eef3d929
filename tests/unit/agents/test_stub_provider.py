"""The stub of a provider that other tests rest on, as a process of its own."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def url(tmp_path):
    script = tmp_path / "script.json"
    replies = [{"status": 429, "headers": {"Retry-After": "2"}}, {"text": "one two", "usage": [7, 3]}]
    script.write_text(json.dumps({"rules": [{"match": "^scripted", "replies": replies}]}))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.stub_provider", "--script", str(script)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    yield json.loads(process.stdout.readline())["url"]
    process.stdin.close()
    process.stdout.close()
    assert process.wait(30) == 0


def ask(url, prompt, **fields):
    body = {"model": "m", "messages": [{"role": "user", "content": prompt}], **fields}
    return (
        urllib.request.urlopen(f"{url}/chat/completions", json.dumps(body).encode(), timeout=30)
        .read()
        .decode()
    )


def test_it_plays_its_script_and_remembers(url):
    with pytest.raises(urllib.error.HTTPError) as error:
        ask(url, "scripted")
    assert (error.value.code, error.value.headers["Retry-After"]) == (429, "2")
    error.value.close()
    answer = json.loads(ask(url, "scripted"))
    assert answer["choices"][0]["message"]["content"] == "one two"
    assert answer["usage"] == {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
    schema = {"type": "object", "properties": {"n": {"type": "integer"}, "l": {"type": "array"}}}
    tool = {"type": "function", "function": {"name": "submit_result", "parameters": schema}}
    message = json.loads(ask(url, "other", tools=[tool]))["choices"][0]["message"]
    assert json.loads(message["tool_calls"][0]["function"]["arguments"]) == {"n": 1, "l": [None]}
    with urllib.request.urlopen(url.replace("/v1", "/requests"), timeout=30) as response:
        assert [request["prompt"] for request in json.load(response)] == ["scripted", "scripted", "other"]


def test_it_streams(url):
    lines = ask(url, "hello", stream=True, stream_options={"include_usage": True}).strip().split("\n\n")
    assert lines[-1] == "data: [DONE]"
    chunks = [json.loads(line.removeprefix("data: ")) for line in lines[:-1]]
    deltas = [chunk["choices"][0]["delta"].get("content", "") for chunk in chunks if chunk["choices"]]
    assert "".join(deltas) == "answer to: hello"
    assert chunks[-1]["usage"]["total_tokens"] == 110
