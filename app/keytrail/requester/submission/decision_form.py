"""The decision form of a submission's page, with the history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from keytrail.models import Decision, Role, Submission, User
from keytrail.requester.wording import DECIDED, DECISIONS, Word
from keytrail.review.judging.reasons import REASONS
from keytrail.review.judging.settlement import decides_unseen, is_disagreement, latest_decisions


@dataclass(frozen=True)
class PastDecision:
    """A reviewer's decision, and the verdict that the page showed then."""

    kind: str
    description: str
    reason: str
    note: str
    by: str
    at: datetime
    verdict_seen: str | None
    analysis_version_seen: str | None


@dataclass(frozen=True)
class DecisionForm:
    """The choices, the input of a refused form, and all earlier decisions.

    `own` says that the reader's own decision is among the current ones. With `hidden` decisions of others the reader
    decides first, independently, and sees them afterwards.
    """

    allowed: bool
    kinds: Sequence[tuple[str, Word, bool]]
    reasons: Sequence[tuple[str, str, bool]]
    note: str
    problem: str
    seen: int
    latest: PastDecision | None
    own: bool
    hidden: int
    disagreement: str
    """What reviewers said who differ, and what settles it; empty if they do not, or the reader has yet to decide."""
    wanted: int
    history: Sequence[PastDecision]


@dataclass(frozen=True)
class DecisionDraft:
    """A submitted decision form with its errors."""

    kind: str = ""
    reason: str = ""
    note: str = ""
    problem: str = ""


def decision_form(
    decisions: Sequence[Decision], submission: Submission, user: User, role: Role, draft: DecisionDraft
) -> DecisionForm:
    """Return the form with its history, newest first. The submission's study must be loaded."""
    latest = latest_decisions(decisions)
    own = any(decision.user_id == user.id for decision in latest)
    blind = decides_unseen(latest, submission, user, role)
    shown = [] if blind else decisions
    return DecisionForm(
        allowed=role != Role.VIEWER,
        kinds=[(kind, word, kind == draft.kind) for kind, word in DECISIONS.items()],
        reasons=[(key, description, key == draft.reason) for key, description in REASONS.items()],
        note=draft.note,
        problem=draft.problem,
        seen=len(decisions),
        latest=_past(latest[0]) if latest and not blind else None,
        own=own,
        hidden=len(latest) if blind else 0,
        disagreement="" if blind else disagreement_text(latest, submission.study.reviews_per_submission, user),
        wanted=submission.study.reviews_per_submission,
        history=[_past(decision) for decision in shown],
    )


def disagreement_text(latest: Sequence[Decision], wanted: int, reader: User) -> str:
    """Who said what, and what settles it, for example "You: accepted. Rafael: accepted, excluded from data. ..."."""
    if not is_disagreement(latest, wanted):
        return ""
    named = [
        f"{'You' if decision.user_id == reader.id else decision.user.name}: {DECIDED[decision.kind]}."
        for decision in sorted(latest, key=lambda decision: decision.user_id != reader.id)
    ]
    among = any(decision.user_id == reader.id for decision in latest)
    return f"{' '.join(named)} Another reviewer decides, or one of {'you' if among else 'them'} changes the decision."


def _past(decision: Decision) -> PastDecision:
    return PastDecision(
        kind=decision.kind,
        description=DECIDED.get(decision.kind, decision.kind),
        reason=REASONS.get(decision.reason, decision.reason),
        note=decision.note,
        by=decision.user.name,
        at=decision.decided_at,
        verdict_seen=decision.verdict_seen,
        analysis_version_seen=decision.analysis_version_seen,
    )
