"""The chain of evidence: each stored batch carries a keyed hash of itself and of the link before it in its epoch.

Whoever changes, removes or reorders a stored batch without the key leaves a link that does not fit, and whoever removes
the last ones leaves an epoch that ends before the link that its report names (docs/decisions/0005-evidence-chain.md).
"""

import hashlib
import hmac
import struct
from datetime import datetime

from keytrail.db import to_millis
from keytrail.keyring import Keyring
from keytrail.sessions.eventlog.batch import Batch

# RFC 2104, section 5: half of the hash's length is enough for a keyed hash.
LINK_BYTES = 16
# Session, epoch, place, first event, count, clocks of the page and ours. Never change the layout.
_FIELDS = struct.Struct(">qqqqqdqq")


class Chain:
    """Makes links with the key of one installation."""

    def __init__(self, keyring: Keyring) -> None:
        self._key = keyring.key("evidence")

    def link(self, before: bytes, where: tuple[int, int, int], batch: Batch, received_at: datetime) -> bytes:
        """The link of a batch. `before` is the link before it (empty at first), `where` session, epoch and place."""
        # Adding 0.0 makes -0.0, which SQLite does not keep, positive.
        clocks = (batch.perf_ms + 0.0, batch.wall_ms, to_millis(received_at))
        fields = _FIELDS.pack(*where, batch.first_seq, batch.count, *clocks)
        return hmac.digest(self._key, before + fields + batch.body, hashlib.sha256)[:LINK_BYTES]
