"""The chain of evidence: each stored batch carries a keyed hash of itself and of the previous link in its epoch.

Changing, removing or reordering a stored batch without the key leaves a link that does not match. Removing the last
ones leaves an epoch that ends before the link that its report names (docs/decisions/0005-evidence-chain.md).
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
# Session, epoch, place, first event, count, the page's clocks and ours. Never change the layout.
_FIELDS = struct.Struct(">qqqqqdqq")


class Chain:
    """Compute links with the key of one installation."""

    def __init__(self, keyring: Keyring) -> None:
        self._key = keyring.key("evidence")

    def link(self, before: bytes, where: tuple[int, int, int], batch: Batch, received_at: datetime) -> bytes:
        """Return the link of a batch. `before` is the previous link (empty at first), `where` session, epoch
        and place.
        """
        # Adding 0.0 turns -0.0, which SQLite does not preserve, into 0.0.
        clocks = (batch.perf_ms + 0.0, batch.wall_ms, to_millis(received_at))
        fields = _FIELDS.pack(*where, batch.first_seq, batch.count, *clocks)
        return hmac.digest(self._key, before + fields + batch.body, hashlib.sha256)[:LINK_BYTES]
