"""Mask the text of a stored log, so that its times and positions stay and what was written goes."""

from sqlalchemy.orm import Session

from keytrail.provenance.masking import Masker
from keytrail.provenance.wire.decoding import decode_all, encode
from keytrail.sessions.eventlog.chain import Chain
from keytrail.sessions.eventlog.reading import batches_of, events_of
from keytrail.sessions.eventlog.rewriting import chain_anew, rewrite_batch


def mask_log(db: Session, session_id: int, chain: Chain) -> int:
    """Mask all stored events of a session and recompute the chain; return the number of events."""
    events = 0
    for epoch, batches in batches_of(db, session_id):
        masker = Masker()
        for batch in batches:
            masked = [encode(masker.mask(event)) for event in decode_all(events_of(batch))]
            rewrite_batch(batch, masked)
            events += len(masked)
        chain_anew(epoch, batches, chain)
    db.flush()
    return events
