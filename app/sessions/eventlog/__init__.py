"""The append-only log of events: storing batches, reading them back, and telling whether anybody changed them."""

from app.sessions.eventlog.appending import Append, append_all, append_batch, append_to_epoch
from app.sessions.eventlog.batch import Batch
from app.sessions.eventlog.chain import Chain
from app.sessions.eventlog.checking import misfits
from app.sessions.eventlog.reading import batches_of, chain_heads, events_of
from app.sessions.eventlog.writer import GroupWriter

__all__ = [
    "Append",
    "Batch",
    "Chain",
    "GroupWriter",
    "append_all",
    "append_batch",
    "append_to_epoch",
    "batches_of",
    "chain_heads",
    "events_of",
    "misfits",
]
