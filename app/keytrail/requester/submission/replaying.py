"""The replay of a submission: what its page shows of it, and the steps that the player applies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.orm import Session

from keytrail.errors import NotFound
from keytrail.models import Submission
from keytrail.requester.people.access import CurrentUser
from keytrail.requester.submission.evidence import look_of
from keytrail.requester.submission.timeline import Timeline, timeline_of
from keytrail.requester.wording import Word, origin_word, rule_title
from keytrail.review.queue.submissions import submission_and_role
from keytrail.review.replaying.clipboard import Piece, clips_of
from keytrail.review.replaying.playing import Story, has_replay, story_of
from keytrail.web.ascii_json import AsciiJSON
from keytrail.web.figures import clock, counted, percent
from keytrail.web.services import ReadSession

router = APIRouter(prefix="/submissions", include_in_schema=False)

# A session of so many events takes about 100 ms to replay; longer ones are replayed when asked for.
EAGER_EVENTS = 15_000
_SHOWN_PIECE = 1_200


@dataclass(frozen=True)
class AccountLine:
    """One sentence of the account with its moment."""

    t_ms: int
    clock: str
    kind: str
    said: str


@dataclass(frozen=True)
class ShownClip:
    """What was on the clipboard, with what of it survived."""

    t_ms: int
    clock: str
    look: str
    word: Word
    size: str
    survived: str
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Replay:
    """The session on a timeline, in sentences, and what came from the clipboard."""

    url: str
    length: str
    duration_ms: int
    timeline: Timeline
    account: Sequence[AccountLine]
    clips: Sequence[ShownClip]


def replay_of(db: Session, submission: Submission, *, asked: bool = False) -> Replay | None:
    """None where the log has no edits to replay, or is too long to replay unasked."""
    report = submission.report
    if report is None or not has_replay(submission):
        return None
    body = report.body
    if not asked and body["integrity"].get("events", 0) > EAGER_EVENTS:
        return None
    story = story_of(db, submission)
    times = [(rule_title(f["id"]), f["evidence"].get("times_ms", ())) for f in body["findings"]]
    return Replay(
        url=f"/submissions/{submission.public_id}/playback",
        length=clock(story.playback.duration_ms),
        duration_ms=story.playback.duration_ms,
        timeline=timeline_of(story, times),
        account=[AccountLine(line.t_ms, clock(line.t_ms), line.kind, line.said) for line in story.account],
        clips=_clips(story, submission.text),
    )


@router.get("/{public_id}/playback")
def playback_steps(public_id: str, user: CurrentUser, db: ReadSession) -> Response:
    """Security: answers 404 to whoever has no role in the submission's study."""
    submission, _ = submission_and_role(db, public_id, user)
    if not has_replay(submission):
        raise NotFound("The log of this submission records no edits, so there is nothing to replay.")
    return AsciiJSON(_plain(story_of(db, submission)))


def _plain(story: Story) -> dict[str, Any]:
    """Steps as arrays: moment, kind, position, deleted, inserted, runs of origins as [length, origin], note."""
    return {
        "knots": [list(knot) for knot in story.scale.knots],
        "pauses": [[pause.from_ms, pause.until_ms] for pause in story.scale.pauses],
        "duration_ms": story.playback.duration_ms,
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
            for step in story.playback.steps
        ],
    }


def _clips(story: Story, text: str) -> list[ShownClip]:
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
        for clip in clips_of(story.playback, text)
    ]


def _shortened(pieces: Sequence[Piece]) -> list[Piece]:
    shown: list[Piece] = []
    room = _SHOWN_PIECE
    for piece in pieces:
        if room <= 0:
            shown.append(Piece(" …", survived=False))
            break
        shown.append(Piece(piece.text[:room], piece.survived))
        room -= len(piece.text)
    return shown
