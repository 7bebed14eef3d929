"""What holds in every test."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def no_rule_fails(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A rule that raises is left out and logged, so that typing goes on; in a test it is an error."""
    yield
    failed = [
        r
        for r in caplog.get_records("call")
        if r.name == "callsheet.language.checker" and r.levelno >= logging.ERROR
    ]
    assert not failed, failed[0].getMessage()
