"""A stored session for the replay player and the narrative."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from keytrail.models import Submission
from keytrail.provenance import Playback, playback
from keytrail.review.analysis.bridge import writing_log
from keytrail.review.replay.narrative import Line, narrative_of
from keytrail.review.replay.timescale import TimeScale, scale_of


@dataclass(frozen=True)
class SessionReplay:
    """One session: every step, its time scale, and the narrative."""

    playback: Playback
    scale: TimeScale
    narrative: Sequence[Line]


def has_replay(submission: Submission) -> bool:
    """Return whether the log records edits and their text.

    Key logs of other tools have no edits; their origins come from alignment. A masked log would show origins that are
    not those of the report.
    """
    report = submission.report
    if submission.session.masked_at is not None:
        return False
    return report is None or not report.body["integrity"].get("by_alignment")


def load_session_replay(db: Session, submission: Submission) -> SessionReplay:
    """Replay the stored log. The submission's session with its item and its study must be loaded."""
    played = playback(writing_log(db, submission))
    moments = [step.t_ms for step in played.steps]
    moments += [ms for mark in played.marks for ms in (mark.t_ms, mark.until_ms)]
    return SessionReplay(played, scale_of(moments, played.duration_ms), narrative_of(played))
