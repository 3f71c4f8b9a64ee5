"""Between writers that want a file and an answer that is sent in pieces."""

import io
from typing import Any


class Sink(io.RawIOBase):
    """Collects what is written until it is taken. It cannot seek."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._written = 0

    def writable(self) -> bool:
        """It is for writing only."""
        return True

    def write(self, data: Any) -> int:
        """Keep a part."""
        part = bytes(data)
        self._parts.append(part)
        self._written += len(part)
        return len(part)

    def tell(self) -> int:
        """How much was written in all: the footers of Parquet and ZIP refer to it."""
        return self._written

    def taken(self) -> bytes:
        """What was written since the last time."""
        data = b"".join(self._parts)
        self._parts.clear()
        return data
