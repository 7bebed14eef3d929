"""Messages on the wire: `Content-Length` headers, a blank line, a JSON body."""

from __future__ import annotations

from callsheet.errors import CallsheetError

MAX_BODY_BYTES = 256 * 1024 * 1024
MAX_HEADER_BYTES = 16 * 1024


class FramingError(CallsheetError):
    """The stream cannot be read any further: where the next message begins is unknown."""


class FrameDecoder:
    """Cuts a stream of bytes into message bodies.

    Header blocks without a usable length are passed over, so that one malformed header costs one message.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._body_bytes: int | None = None

    def feed(self, data: bytes) -> list[bytes]:
        """Bodies that `data` completes, in order.

        Raises:
            FramingError: a header block or a body is larger than any client sends.
        """
        self._buffer += data
        bodies: list[bytes] = []
        while True:
            if self._body_bytes is None and not self._read_header():
                return bodies
            size = self._body_bytes
            if size is None:
                continue
            if len(self._buffer) < size:
                return bodies
            bodies.append(bytes(self._buffer[:size]))
            del self._buffer[:size]
            self._body_bytes = None

    def _read_header(self) -> bool:
        """Take one header block off the buffer; False when it is not complete yet."""
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > MAX_HEADER_BYTES:
                raise FramingError("The client sent a header of more than 16 KiB.")
            return False
        header = bytes(self._buffer[:end])
        del self._buffer[: end + 4]
        for line in header.split(b"\r\n"):
            name, _, value = line.partition(b":")
            # A line cut off by garbage before it still ends in the right name.
            if name.strip().lower().endswith(b"content-length") and value.strip().isdigit():
                self._body_bytes = int(value)
                if self._body_bytes > MAX_BODY_BYTES:
                    raise FramingError(f"The client announced a message of {self._body_bytes} bytes.")
        return True


def frame(body: bytes) -> bytes:
    """A body with its header."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
