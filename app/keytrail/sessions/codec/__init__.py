"""Encode and decode the stored events of a batch. The first byte of a body names its form; stored forms stay readable.

A batch holds a few dozen events, too few for a general compressor. The forms therefore know events in advance: form 1
has a preset dictionary for deflate, form 2 predicts each keystroke and stores what was not predicted. Both restore
exactly the JSON that was stored. A new form can be added without touching stored batches.
"""

from collections.abc import Sequence
from typing import Any

from keytrail.sessions.codec import form1, form2
from keytrail.sessions.codec.form2 import Packed, pack

__all__ = ["Packed", "decode", "encode", "pack"]

_READERS = {form1.FORM: form1.read, form2.FORM: form2.read}


def encode(events: Sequence[Any]) -> bytes:
    """Return the stored form of JSON events."""
    return pack(events).body


def decode(body: bytes) -> list[Any]:
    """Return the events of a stored batch. Raises ValueError if the body is damaged or of an unknown form."""
    read = _READERS.get(body[:1])
    if read is None:
        raise ValueError(f"unknown form of a stored batch: {body[:1]!r}")
    return read(body[1:])
