"""The document under replay: the text as a sequence of unit ids in chunks.

An edit costs the chunks between it and the previous edit, or the nearer end, so typing, jumping between the ends and
undo storms cost the same on a long text as on a short one. What is known of a unit (its character, its record) is
stored by id in the ledger, so moving text copies only the ids that move.
"""

from collections.abc import Sequence
from itertools import chain

CHUNK = 1024
"""Minimum size of a full chunk; a chunk is split at twice its size. Measured best between 512 and 2,048 ids."""
CHUNKS = 100
"""Approximate number of chunks of a long text: their size grows with the text, so that walking over them costs the
same."""


class Document:
    """A mutable sequence of ids with insertion and deletion near a moving cursor."""

    __slots__ = ("_at", "_base", "_chunks", "changed_from", "length")

    def __init__(self, ids: Sequence[int] = ()) -> None:
        self._chunks: list[list[int]] = _split(list(ids), max(CHUNK, len(ids) // CHUNKS)) or [[]]
        self._at = 0
        self._base = 0
        self.length = len(ids)
        self.changed_from = 0
        """Everything before this position is unchanged since the caller last set it (for cached hashes)."""

    def _seek(self, pos: int) -> list[int]:
        """Make the chunk that contains `pos` current; at a border the chunk before it, so that typing appends."""
        at, base, chunks = self._at, self._base, self._chunks
        if base < pos <= base + len(chunks[at]):
            return chunks[at]
        if pos < base - pos:
            at = base = 0
        elif pos - base > self.length - pos:
            at = len(chunks) - 1
            base = self.length - len(chunks[at])
        while pos < base or (pos == base and at):
            at -= 1
            base -= len(chunks[at])
        while pos > (end := base + len(chunks[at])):
            base = end
            at += 1
        self._at, self._base = at, base
        return chunks[at]

    def insert_one(self, pos: int, unit: int) -> None:
        """Insert one id; the hot path of typing."""
        chunk = self._seek(pos)
        chunk.insert(pos - self._base, unit)
        self.length += 1
        self.changed_from = min(self.changed_from, pos)
        if len(chunk) > 2 * CHUNK:
            self._split(chunk)

    def insert(self, pos: int, ids: Sequence[int]) -> None:
        """Insert ids before position `pos`, which must lie within the text."""
        chunk = self._seek(pos)
        offset = pos - self._base
        chunk[offset:offset] = ids
        self.length += len(ids)
        self.changed_from = min(pos, self.changed_from)
        if len(chunk) > 2 * CHUNK:
            self._split(chunk)

    def _split(self, chunk: list[int]) -> None:
        size = max(CHUNK, self.length // CHUNKS)
        if len(chunk) > 2 * size:
            self._chunks[self._at : self._at + 1] = _split(chunk, size)

    def delete(self, pos: int, count: int) -> list[int]:
        """Remove and return `count` ids from `pos`, all of which must lie within the text."""
        chunk = self._seek(pos)
        at, offset, chunks = self._at, pos - self._base, self._chunks
        gone = chunk[offset : offset + count]
        del chunk[offset : offset + count]
        while len(gone) < count:
            following = chunks[at + 1]
            part = following[: count - len(gone)]
            gone += part
            del following[: len(part)]
            if not following:
                del chunks[at + 1]
        if not chunk and at:
            del chunks[at]
            self._at = at - 1
            self._base -= len(chunks[at - 1])
        self.length -= count
        self.changed_from = min(self.changed_from, pos)
        return gone

    def read(self, pos: int, count: int) -> list[int]:
        """Return at most `count` ids from `pos`; a stretch beyond the end is cut off."""
        count = min(count, self.length - pos)
        found: list[int] = []
        if count <= 0:
            return found
        chunk = self._seek(pos)
        at, offset = self._at, pos - self._base
        while True:
            found += chunk[offset : offset + count - len(found)]
            if len(found) == count:
                return found
            at, offset = at + 1, 0
            chunk = self._chunks[at]

    def ids(self) -> list[int]:
        """Return all ids in order."""
        return list(chain.from_iterable(self._chunks))


def _split(ids: list[int], size: int) -> list[list[int]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]
