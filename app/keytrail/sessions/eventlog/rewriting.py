"""Replace stored batches in place, for retention: the only exception to the rule that batches never change."""

from collections.abc import Sequence
from typing import Any

from keytrail.db import to_millis
from keytrail.models import Epoch
from keytrail.sessions.eventlog.batch import Batch
from keytrail.sessions.eventlog.chain import Chain
from keytrail.sessions.eventlog.checking import link_of
from keytrail.sessions.eventlog.reading import StoredBatch


def rewrite_batch(batch: StoredBatch, events: Sequence[Any]) -> None:
    """Store these events in place of the batch's own; their number is the same."""
    batch.row.body = Batch.from_events(batch.first_seq, events).body


def chain_anew(epoch: Epoch, batches: Sequence[StoredBatch], chain: Chain) -> None:
    """Store the stamps and recompute the chain of an epoch whose batches were rewritten."""
    link = b""
    for stored in sorted(batches, key=lambda batch: batch.stamp.place):
        link = link_of(epoch, stored, link, chain)
        stored.row.stamp = stored.stamp._replace(link=link).packed(to_millis(epoch.opened_at))
    epoch.last_link = link
    epoch.stored_bytes = sum(len(batch.body) for batch in batches)
