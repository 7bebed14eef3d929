"""The generator against the official test suite of JSON Schema, draft 2020-12, which jsonschema's source carries."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from callsheet.agents.generate import generate
from callsheet.agents.generate_constraints import UnmeetableError
from callsheet.agents.structured import schema_fault, violations

_FOLDER = "/json/tests/draft2020-12/"
_WANTED_SHARE = 0.95


@pytest.fixture(scope="session")
def suite(pytestconfig: pytest.Config) -> dict[str, list[Any]]:
    """Groups of tests by file, from the source distribution of the jsonschema that is installed."""
    cache = pytestconfig.cache
    assert cache is not None
    folder = cache.mkdir("jsonschema-source")
    version = importlib.metadata.version("jsonschema")
    archive = folder / f"jsonschema-{version}.tar.gz"
    if not archive.exists():
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--no-binary",
            "jsonschema",
        ]
        done = subprocess.run(
            [*command, "--dest", str(folder), f"jsonschema=={version}"],
            capture_output=True,
            text=True,
            timeout=110,
        )
        if done.returncode != 0:
            pytest.skip(f"jsonschema's source cannot be had: {done.stderr.strip()[-300:]}")
    return read_suite(archive)


def read_suite(archive: Path) -> dict[str, list[Any]]:
    files: dict[str, list[Any]] = {}
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            name = member.name.partition(_FOLDER)[2]
            content = tar.extractfile(member) if name.endswith(".json") and "/" not in name else None
            if content is not None:
                files[name] = json.load(content)
    return files


def satisfiable(groups: list[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Object schemas made of the suite's that a known value meets: each as the root, and as a property."""
    for group in groups:
        schema = group["schema"]
        values = [test["data"] for test in group["tests"] if test["valid"]]
        if isinstance(schema, dict) and schema.get("type", "object") == "object":
            root = {**schema, "type": "object"}
            if is_met_by_one(root, [value for value in values if isinstance(value, dict)]):
                yield f"{group['description']} (root)", root
        # References to the root stay references to what was the root.
        inner = schema
        if isinstance(schema, dict) and "#" in json.dumps(schema):
            inner = {"$id": "https://example.com/inner", **schema}
        wrapped = {"type": "object", "properties": {"value": inner}, "required": ["value"]}
        if is_met_by_one(wrapped, [{"value": value} for value in values]):
            yield f"{group['description']} (property)", wrapped


def is_met_by_one(schema: dict[str, Any], values: list[Any]) -> bool:
    from referencing.exceptions import NoSuchResource

    try:
        return schema_fault(schema) is None and any(not violations(schema, value) for value in values)
    except NoSuchResource:  # jsonschema does not find some anchors of embedded resources
        return False


def test_suite_is_met(suite: dict[str, list[Any]]) -> None:
    missed: list[str] = []
    count = 0
    for name, groups in sorted(suite.items()):
        for description, schema in satisfiable(groups):
            count += 1
            try:
                value = generate(schema, description)
            except UnmeetableError as error:
                missed.append(f"{name}: {description}: {error}")
                continue
            if found := violations(schema, value):
                missed.append(f"{name}: {description}: {found}")
    assert count > 400
    assert len(missed) <= (1 - _WANTED_SHARE) * count, "\n".join(missed)
