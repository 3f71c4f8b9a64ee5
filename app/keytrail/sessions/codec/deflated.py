"""Deflate JSON with a preset dictionary."""

import json
import zlib
from collections.abc import Sequence
from typing import Any, Final

_LEVEL: Final = 6
MOST_PLAIN_BYTES: Final = 64 * 2**20
"""A batch from a page is at most 256 kB, three times as much in ASCII; imported ones are cut to stay below this."""
_RAW: Final = -15  # no header, no checksum: the database and the chain of hashes detect damage


class Deflated:
    """Read and write with one dictionary, which must never change once something is stored."""

    def __init__(self, dictionary: str) -> None:
        self._dictionary = dictionary.encode("ascii")

    def write(self, events: Sequence[Any]) -> tuple[bytes, int]:
        """Return compressed JSON and its plain size in bytes. ASCII, because UTF-8 cannot encode lone surrogates."""
        packer = zlib.compressobj(_LEVEL, wbits=_RAW, zdict=self._dictionary)
        raw = json.dumps(events, ensure_ascii=True, separators=(",", ":")).encode("ascii")
        return packer.compress(raw) + packer.flush(), len(raw)

    def read(self, stored: bytes) -> list[Any]:
        """Return the JSON values. Raises ValueError if the bytes are damaged, or larger than any stored batch."""
        unpacker = zlib.decompressobj(wbits=_RAW, zdict=self._dictionary)
        try:
            raw = unpacker.decompress(stored, MOST_PLAIN_BYTES)
            if unpacker.unconsumed_tail:
                raise ValueError("a stored batch is damaged: it is longer than a batch can be")
            events = json.loads(raw)
        except zlib.error as error:
            raise ValueError(f"a stored batch is damaged: {error}") from None
        if not isinstance(events, list):
            raise ValueError("a stored batch is damaged: no list")  # noqa: TRY004  # of the caller's types nothing is wrong
        return events
