"""The copying exercise before the task: two sentences to copy, of which figures are kept and nothing else."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.language import Message, message
from keytrail.models import CopyingExercise, Epoch, Study, WritingSession
from keytrail.provenance import BadEvent, EpochLog, WritingLog, analyse, copying_likeness, decode_all

SENTENCES: Final[Message] = message(
    "On Saturdays the market opens early, and the first people come on foot. Some of them buy bread and fruit, and "
    "others only stop to talk for a while."
)
MOST_EVENTS: Final = 6_000
"""A hundred times as many as two sentences need to be typed three times over."""
LEAST_KEYS: Final = 50
"""Fewer keys give no rhythm to compare with."""
_KEPT: Final = (
    "keys",
    "interval_median_ms",
    "interval_log_sd",
    "hold_median_ms",
    "pause_share",
    "mean_pause_ms",
    "words_per_minute",
    "deleted_share",
)


def is_exercise_due(db: Session, study: Study, session: WritingSession) -> bool:
    """Return whether this worker is still to be asked: before the task's first page load, and once."""
    if not study.asks_copying_exercise or db.get(CopyingExercise, session.id) is not None:
        return False
    return db.scalar(select(Epoch.id).where(Epoch.session_id == session.id).limit(1)) is None


def record_exercise(db: Session, session: WritingSession, measures: dict[str, Any], now: datetime) -> None:
    """Store the figures, or with none that the exercise was skipped; the first answer stays."""
    # The session's row is locked first, so that the second of two concurrent answers finds the first.
    db.execute(select(WritingSession.id).where(WritingSession.id == session.id).with_for_update())
    if db.get(CopyingExercise, session.id) is None:
        db.add(CopyingExercise(session_id=session.id, measures=measures, done_at=now))
        db.flush()


def exercise_measures(events: Sequence[Any], text: str) -> dict[str, Any]:
    """Return the figures of an exercise; none where too little was typed, or where the log is damaged."""
    if not 0 < len(events) <= MOST_EVENTS:
        return {}
    try:
        report = analyse(WritingLog([EpochLog(decode_all(events))], text, ""))
    except BadEvent:
        return {}
    measures = report.measures
    if measures["keys"] < LEAST_KEYS:
        return {}
    found = {name: measures[name] for name in _KEPT}
    likeness = copying_likeness(measures)
    return {**found, "copying_likeness": None if likeness is None else round(likeness, 4)}
