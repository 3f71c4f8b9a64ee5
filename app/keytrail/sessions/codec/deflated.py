"""JSON that is deflated with a preset dictionary."""

import json
import zlib
from collections.abc import Sequence
from typing import Any, Final

_LEVEL: Final = 6
MOST_PLAIN_BYTES: Final = 64 * 2**20
"""A batch from a page is at most 256 kB, three times as much in ASCII; imported ones are cut to stay below this."""
_RAW: Final = -15  # no header, no checksum: the database and the chain of hashes take care of damage


class Deflated:
    """Writes and reads with one dictionary, which must never change once something is stored."""

    def __init__(self, dictionary: str) -> None:
        self._dictionary = dictionary.encode("ascii")

    def write(self, events: Sequence[Any]) -> tuple[bytes, int]:
        """JSON values in few bytes, and how many they were; ASCII keeps lone surrogates, which UTF-8 cannot."""
        packer = zlib.compressobj(_LEVEL, wbits=_RAW, zdict=self._dictionary)
        raw = json.dumps(events, ensure_ascii=True, separators=(",", ":")).encode("ascii")
        return packer.compress(raw) + packer.flush(), len(raw)

    def read(self, stored: bytes) -> list[Any]:
        """The same values. Raises ValueError if the bytes are damaged, or hold more than any batch that was stored."""
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
