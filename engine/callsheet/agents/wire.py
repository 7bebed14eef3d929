"""Frames between the runner and its agent workers: four bytes of length, then one JSON object.

To a worker: `setup` (environ, prices, timeouts), `run` (id, request), `cancel` (id). From a worker, each with the id of
its try: `event`, `outcome`, `failure`, `cancelled`.
"""

from __future__ import annotations

import asyncio
import json
import struct
from pathlib import Path
from typing import Any

from attrs import asdict

from callsheet.agents.backend import AgentEvent, AgentFailure, AgentOutcome, AgentRequest, Usage
from callsheet.errors import ReasonCode

MAX_FRAME_BYTES = 256 * 2**20
_LENGTH = struct.Struct("<I")

Frame = dict[str, Any]


def encode(frame: Frame) -> bytes:
    data = json.dumps(frame).encode()
    return _LENGTH.pack(len(data)) + data


async def read_frame(reader: asyncio.StreamReader) -> Frame | None:
    """Return the next frame, None at the end of the stream.

    Raises:
        ValueError: what came is no frame.
    """
    try:
        (size_bytes,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        if size_bytes > MAX_FRAME_BYTES:
            raise ValueError(f"a frame of {size_bytes} bytes")
        frame = json.loads(await reader.readexactly(size_bytes))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    if not isinstance(frame, dict):
        raise ValueError("a frame that is no object")
    return frame


def request_to_json(request: AgentRequest) -> Frame:
    frame = asdict(request, recurse=False)
    frame["cwd"] = str(request.cwd)
    frame["transcript"] = None if request.transcript is None else str(request.transcript)
    return frame


def request_from_json(frame: Frame) -> AgentRequest:
    transcript = frame["transcript"]
    return AgentRequest(
        **{
            **frame,
            "cwd": Path(frame["cwd"]),
            "tools": tuple(frame["tools"]),
            "transcript": None if transcript is None else Path(transcript),
        }
    )


def event_to_json(event: AgentEvent) -> Frame:
    return {"kind": event.kind, "usage": asdict(event.usage), "text": event.text}


def event_from_json(frame: Frame) -> AgentEvent:
    return AgentEvent(frame["kind"], Usage(**frame["usage"]), frame["text"])


def outcome_to_json(outcome: AgentOutcome) -> Frame:
    return {"value": outcome.value, "usage": asdict(outcome.usage), "model": outcome.model}


def outcome_from_json(frame: Frame) -> AgentOutcome:
    return AgentOutcome(frame["value"], Usage(**frame["usage"]), frame["model"])


def failure_to_json(failure: AgentFailure) -> Frame:
    return {
        "code": failure.code.value,
        "message": failure.message,
        "recoverable": failure.recoverable,
        "usage": asdict(failure.usage),
    }


def failure_from_json(frame: Frame) -> AgentFailure:
    return AgentFailure(
        ReasonCode(frame["code"]),
        frame["message"],
        recoverable=frame["recoverable"],
        usage=Usage(**frame["usage"]),
    )
