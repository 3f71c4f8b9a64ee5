"""Replace stored batches in place, for retention: the only exception to the rule that batches never change."""

from collections.abc import Sequence
from typing import Any

from keytrail.models import Epoch, EventBatch
from keytrail.sessions.eventlog.batch import Batch
from keytrail.sessions.eventlog.chain import Chain
from keytrail.sessions.eventlog.checking import link_of


def rewrite_batch(batch: EventBatch, events: Sequence[Any]) -> None:
    """Store these events in place of the batch's own; their number is the same."""
    batch.body = Batch.from_events(batch.first_seq, events).body


def chain_anew(epoch: Epoch, batches: Sequence[EventBatch], chain: Chain) -> None:
    """Recompute the chain of an epoch whose batches were rewritten."""
    link = b""
    for stored in sorted(batches, key=lambda batch: batch.place):
        link = stored.link = link_of(epoch, stored, link, chain)
    epoch.last_link = link
    epoch.stored_bytes = sum(len(batch.body) for batch in batches)
