"""The table of raw events. Key timing is biometric: export it only with a reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from keytrail.exports.columns import Column, ColumnKind, Table
from keytrail.exports.reading import submissions
from keytrail.exports.selection import Selection
from keytrail.models import WIRE_1
from keytrail.sessions.eventlog import batches_of, events_of

# A forged log may claim any time; this fits into every format.
_FARTHEST_MS = 2**53


@dataclass(frozen=True)
class EventRow:
    """One stored event of one page load. `t_ms` is None where the log's format has no times for it."""

    submission: str
    epoch: int
    seq: int
    t_ms: int | None
    type: str
    fields: list[Any]


def _rows(db: Session, selection: Selection) -> Iterator[EventRow]:
    for submission in submissions(db, selection):
        for epoch, batches in batches_of(db, submission.session_id):
            t_ms = 0
            for batch in batches:
                for at, event in enumerate(events_of(batch)):
                    seq = batch.first_seq + at
                    if epoch.format == WIRE_1:
                        t_ms = max(-_FARTHEST_MS, min(_FARTHEST_MS, t_ms + event[0]))
                        yield EventRow(submission.public_id, epoch.number, seq, t_ms, event[1], event[2:])
                    else:
                        yield EventRow(submission.public_id, epoch.number, seq, None, str(event[0]), event[1:])


EVENTS: Table[EventRow] = Table(
    "events",
    "One row per recorded event, in order. “Wire format 1” in the documentation describes the types.",
    (
        Column("submission", ColumnKind.TEXT, "Id of the submission.", lambda r: r.submission),
        Column("epoch", ColumnKind.WHOLE, "Page load, from 0.", lambda r: r.epoch),
        Column("seq", ColumnKind.WHOLE, "Number of the event within its page load.", lambda r: r.seq),
        Column("t_ms", ColumnKind.WHOLE, "Milliseconds since the page load began to record.", lambda r: r.t_ms),
        Column("type", ColumnKind.TEXT, "Type of the event: k, u, e, p, c …", lambda r: r.type),
        Column(
            "fields",
            ColumnKind.JSON,
            "The fields of the type, in the order of docs/wire-format.md.",
            lambda r: r.fields,
        ),
    ),
    _rows,
)
