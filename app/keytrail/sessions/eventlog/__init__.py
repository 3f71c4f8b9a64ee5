"""The append-only event log: store batches, read them, and detect later changes."""

from keytrail.sessions.eventlog.appending import Append, append_all, append_batch, append_to_epoch
from keytrail.sessions.eventlog.batch import Batch
from keytrail.sessions.eventlog.chain import Chain
from keytrail.sessions.eventlog.checking import misfits
from keytrail.sessions.eventlog.limits import LogLimits
from keytrail.sessions.eventlog.reading import StoredBatch, batches_of, chain_heads, events_of
from keytrail.sessions.eventlog.stamp import Stamp
from keytrail.sessions.eventlog.writer import GroupWriter

__all__ = [
    "Append",
    "Batch",
    "Chain",
    "GroupWriter",
    "LogLimits",
    "Stamp",
    "StoredBatch",
    "append_all",
    "append_batch",
    "append_to_epoch",
    "batches_of",
    "chain_heads",
    "events_of",
    "misfits",
]
