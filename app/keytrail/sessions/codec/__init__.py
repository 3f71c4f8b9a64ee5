"""Encode and decode the stored events of a batch. The first byte of a body names its form; stored forms stay readable.

A batch holds a few dozen events, too few for a general compressor. Form 2 therefore knows events in advance: it
predicts each keystroke and stores what was not predicted. It restores exactly the JSON that was stored. A new form can
be added without touching stored batches. Byte 1 named a form of versions that were never released; it is not used
again.
"""

from collections.abc import Sequence
from typing import Any

from keytrail.sessions.codec import form2
from keytrail.sessions.codec.form2 import Packed, pack

__all__ = ["Packed", "decode", "encode", "pack"]


def encode(events: Sequence[Any]) -> bytes:
    """Return the stored form of JSON events."""
    return pack(events).body


def decode(body: bytes) -> list[Any]:
    """Return the events of a stored batch. Raises ValueError if the body is damaged or of an unknown form."""
    if body[:1] != form2.FORM:
        raise ValueError(f"unknown form of a stored batch: {body[:1]!r}")
    return form2.read(body[1:])
