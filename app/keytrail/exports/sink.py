"""A sink: a write-only buffer between writers that want a file and a response that is sent in chunks."""

import io
from collections.abc import Iterator
from typing import Any, Final

PIECE_BYTES: Final = 2**18
"""What a response sends at once. The server's event loop compresses a piece in some 10 ms, and ingest waits for it."""


class Sink(io.RawIOBase):
    """Collect written data until it is taken. It cannot seek."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._written = 0

    def writable(self) -> bool:
        """Return True: it is write-only."""
        return True

    def write(self, data: Any) -> int:
        """Append a chunk; return its length in bytes."""
        part = bytes(data)
        self._parts.append(part)
        self._written += len(part)
        return len(part)

    def tell(self) -> int:
        """Return the number of bytes written in all: the footers of Parquet and ZIP refer to it."""
        return self._written

    def taken(self) -> bytes:
        """Return what was written since the last call."""
        data = b"".join(self._parts)
        self._parts.clear()
        return data


def in_pieces(data: bytes) -> Iterator[bytes]:
    """Yield the data in pieces that a response may send at once."""
    for start in range(0, len(data), PIECE_BYTES):
        yield data[start : start + PIECE_BYTES]
