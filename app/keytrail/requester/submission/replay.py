"""The replay section of a submission's page, and the steps for the player."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.orm import Session

from keytrail.errors import NotFound
from keytrail.models import Submission
from keytrail.provenance.formatting import clock
from keytrail.requester.people.access import CurrentUser
from keytrail.requester.submission.evidence import look_of
from keytrail.requester.submission.timeline import Timeline, timeline_of
from keytrail.requester.wording import Word, origin_word
from keytrail.review.queue.submissions import submission_and_role
from keytrail.review.replay.clipboard import ClipboardPiece, clips_of
from keytrail.review.replay.replay_service import ReplayService, is_short
from keytrail.review.replay.session_replay import SessionReplay, has_replay, load_session_replay
from keytrail.synthetic.rules import rule_title
from keytrail.web.ascii_json import AsciiJSON
from keytrail.web.formatting import counted, percent
from keytrail.web.services import CurrentServices, ReadSession

router = APIRouter(prefix="/submissions", include_in_schema=False)

_SHOWN_PIECE = 1_200


@dataclass(frozen=True)
class NarrativeLine:
    """One sentence of the narrative with its time."""

    t_ms: int
    clock: str
    kind: str
    description: str


@dataclass(frozen=True)
class ShownClip:
    """Clipboard contents, with what of them survived."""

    t_ms: int
    clock: str
    look: str
    word: Word
    size: str
    survived: str
    pieces: Sequence[ClipboardPiece]


@dataclass(frozen=True)
class Replay:
    """The session on a timeline, in sentences, and the clipboard contents."""

    url: str
    length: str
    duration_ms: int
    timeline: Timeline
    narrative: Sequence[NarrativeLine]
    clips: Sequence[ShownClip]


def replay_of(db: Session, submission: Submission, replays: ReplayService | None = None) -> Replay | None:
    """None where the log has no edits to replay, or is too long and no `replays` is given to make it."""
    report = submission.report
    if report is None or not has_replay(submission):
        return None
    if replays is None and not is_short(submission):
        return None
    replayed = replays.of(db, submission) if replays else load_session_replay(db, submission)
    times = [(rule_title(f["id"]), f["evidence"].get("times_ms", ())) for f in report.body["findings"]]
    return Replay(
        url=f"/submissions/{submission.public_id}/playback",
        length=clock(replayed.playback.duration_ms),
        duration_ms=replayed.playback.duration_ms,
        timeline=timeline_of(replayed, times),
        narrative=[
            NarrativeLine(line.t_ms, clock(line.t_ms), line.kind, line.description) for line in replayed.narrative
        ],
        clips=_clips(replayed, submission.text),
    )


@router.get("/{public_id}/playback")
def playback_steps(public_id: str, user: CurrentUser, db: ReadSession, services: CurrentServices) -> Response:
    """Security: answers 404 to whoever has no role in the submission's study."""
    submission, _ = submission_and_role(db, public_id, user)
    if not has_replay(submission):
        raise NotFound("The log of this submission has no edits with their text, so there is nothing to replay.")
    return AsciiJSON(_plain(services.replays.of(db, submission)))


def _plain(replayed: SessionReplay) -> dict[str, Any]:
    """Return steps as arrays: time, kind, position, deleted, inserted, runs of origins as [length, origin], note."""
    return {
        "knots": [list(knot) for knot in replayed.scale.knots],
        "pauses": [[pause.from_ms, pause.until_ms] for pause in replayed.scale.pauses],
        "duration_ms": replayed.playback.duration_ms,
        "steps": [
            [
                step.t_ms,
                step.kind,
                step.pos,
                step.deleted,
                step.inserted,
                [[span.end - span.start, look_of(span.origin, span.counts_as)] for span in step.spans],
                step.note,
            ]
            for step in replayed.playback.steps
        ],
    }


def _clips(replayed: SessionReplay, text: str) -> list[ShownClip]:
    return [
        ShownClip(
            t_ms=clip.t_ms,
            clock=clock(clip.t_ms),
            look=clip.origin,
            word=origin_word(clip.origin),
            size=counted(clip.units, "character"),
            survived=percent(clip.survived / clip.units),
            pieces=_shortened(clip.pieces),
        )
        for clip in clips_of(replayed.playback, text)
    ]


def _shortened(pieces: Sequence[ClipboardPiece]) -> list[ClipboardPiece]:
    shown: list[ClipboardPiece] = []
    room = _SHOWN_PIECE
    for piece in pieces:
        if room <= 0:
            shown.append(ClipboardPiece(" …", survived=False))
            break
        shown.append(ClipboardPiece(piece.text[:room], piece.survived))
        room -= len(piece.text)
    return shown
