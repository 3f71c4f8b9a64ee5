"""The decision part of a submission's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.models import Decision, DecisionKind, Role
from app.requester.wording import DECIDED, DECISIONS, Word
from app.review.decisions import REASONS


@dataclass(frozen=True)
class PastDecision:
    """What a reviewer said, and what the page said to the reviewer then."""

    kind: str
    said: str
    reason: str
    note: str
    by: str
    at: datetime
    verdict_seen: str | None
    analysis_version_seen: str | None


@dataclass(frozen=True)
class DecisionForm:
    """The choices, what was chosen in a form that could not be taken, and everything decided before."""

    allowed: bool
    kinds: Sequence[tuple[str, Word, bool]]
    reasons: Sequence[tuple[str, str, bool]]
    note: str
    problem: str
    standing: PastDecision | None
    history: Sequence[PastDecision]


@dataclass(frozen=True)
class Draft:
    """A decision form as it was sent, with what is wrong with it."""

    kind: str = ""
    reason: str = ""
    note: str = ""
    problem: str = ""


def decision_form(decisions: Sequence[Decision], role: Role, draft: Draft) -> DecisionForm:
    """The form with its history, newest first."""
    history = [_past(decision) for decision in decisions]
    standing = history[0] if history and history[0].kind != DecisionKind.WITHDRAWN else None
    return DecisionForm(
        allowed=role != Role.VIEWER,
        kinds=[(kind, word, kind == draft.kind) for kind, word in DECISIONS.items()],
        reasons=[(key, said, key == draft.reason) for key, said in REASONS.items()],
        note=draft.note,
        problem=draft.problem,
        standing=standing,
        history=history,
    )


def _past(decision: Decision) -> PastDecision:
    return PastDecision(
        kind=decision.kind,
        said=DECIDED.get(decision.kind, decision.kind),
        reason=REASONS.get(decision.reason, decision.reason),
        note=decision.note,
        by=decision.user.name,
        at=decision.decided_at,
        verdict_seen=decision.verdict_seen,
        analysis_version_seen=decision.analysis_version_seen,
    )
