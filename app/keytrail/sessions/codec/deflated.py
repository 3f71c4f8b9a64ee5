"""JSON that is deflated with a preset dictionary."""

import json
import zlib
from collections.abc import Sequence
from typing import Any, Final

_LEVEL: Final = 6
_RAW: Final = -15  # no header, no checksum: the database and the chain of hashes take care of damage


class Deflated:
    """Writes and reads with one dictionary, which must never change once something is stored."""

    def __init__(self, dictionary: str) -> None:
        self._dictionary = dictionary.encode("ascii")

    def write(self, events: Sequence[Any]) -> bytes:
        """JSON values in few bytes; ASCII keeps lone surrogates, which UTF-8 has no room for."""
        packer = zlib.compressobj(_LEVEL, wbits=_RAW, zdict=self._dictionary)
        raw = json.dumps(events, ensure_ascii=True, separators=(",", ":")).encode("ascii")
        return packer.compress(raw) + packer.flush()

    def read(self, stored: bytes) -> list[Any]:
        """The same values. Raises ValueError if the bytes are damaged."""
        unpacker = zlib.decompressobj(wbits=_RAW, zdict=self._dictionary)
        try:
            events = json.loads(unpacker.decompress(stored) + unpacker.flush())
        except zlib.error as error:
            raise ValueError(f"a stored batch is damaged: {error}") from None
        if not isinstance(events, list):
            raise ValueError("a stored batch is damaged: no list")  # noqa: TRY004  # of the caller's types nothing is wrong
        return events
