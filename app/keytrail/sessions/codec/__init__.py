"""How the events of a batch are stored. The first byte of a body names its form; stored forms stay readable for good.

A batch holds a few dozen events, too few for a compressor to learn what events look like. So the forms know it
beforehand: form 1 by a dictionary for deflate, form 2 by predicting each keystroke and storing what was not predicted.
Both give back exactly the JSON that went in, whatever it is. A better form can be added without touching stored
batches.
"""

from collections.abc import Sequence
from typing import Any

from keytrail.sessions.codec import form1, form2
from keytrail.sessions.codec.form2 import Packed, pack

__all__ = ["Packed", "decode", "encode", "pack"]

_READERS = {form1.FORM: form1.read, form2.FORM: form2.read}


def encode(events: Sequence[Any]) -> bytes:
    """The stored form of JSON events."""
    return pack(events).body


def decode(body: bytes) -> list[Any]:
    """The events of a stored batch. Raises ValueError if the body is damaged or of an unknown form."""
    read = _READERS.get(body[:1])
    if read is None:
        raise ValueError(f"unknown form of a stored batch: {body[:1]!r}")
    return read(body[1:])
