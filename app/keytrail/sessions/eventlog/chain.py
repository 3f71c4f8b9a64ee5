"""The chain of evidence: each stored batch carries a keyed hash of itself and of the previous link in its epoch.

Changing, removing or reordering a stored batch without the key leaves a link that does not match. Removing the last
ones leaves an epoch that ends before the link that its report names (docs/decisions/0005-evidence-chain.md).
"""

import hashlib
import hmac
import struct

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

    def link(self, before: bytes, where: tuple[int, int, int], batch: Batch, received_ms: int) -> bytes:
        """Return the link of a batch. `before` is the previous link (empty at first), `where` session, epoch
        and place; `received_ms` is the time of arrival since 1970.
        """
        fields = _FIELDS.pack(*where, batch.first_seq, batch.count, batch.perf_ms, batch.wall_ms, received_ms)
        return hmac.digest(self._key, before + fields + batch.body, hashlib.sha256)[:LINK_BYTES]
