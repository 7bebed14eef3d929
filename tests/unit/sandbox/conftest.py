"""Tables of small scripts share a worker, so that a row costs milliseconds."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from callsheet.sandbox import Sandbox

from tests.support.sandbox import Shared


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_worker() -> AsyncIterator[None]:
    async with await Sandbox.start() as sandbox:
        Shared.sandbox = sandbox
        yield
        Shared.sandbox = None
