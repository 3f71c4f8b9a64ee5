"""What a study's conditions changed: use of language models, attempts, drop-outs and quality beside each other."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Item, SessionState, StoredReport, Study, Submission, TextScore, Worker, WritingSession
from app.provenance import Report
from app.studies.conditions import Condition, conditions_of, reference_of
from app.synthetic.prevalence import CAUTIONS, errors_of
from app.synthetic.training import newest_model
from app.text.across.likeness import Handed, likeness
from app.text.fusion import LogEvidence
from app.text.loglabels import log_evidence
from app.text.prevalence.conditions import Comparison, Seen, compare_means, compare_shares
from app.text.prevalence.corrected import ErrorCounts
from app.text.quality import coverage, key_terms

_MINUTE_MS = 60_000


@dataclass(frozen=True)
class ConditionCounts:
    """What became of one condition's sessions."""

    condition: str
    said: str
    probability: float
    begun: int
    submitted: int
    dropped: int
    """Returned, or not submitted in time."""
    under_way: int
    pastes_prevented: int
    """Attempts to paste, over all submissions of the condition."""
    copies_tried: int
    """Copies of the item where copying is prevented."""
    asked_for_text: int
    """Workers who asked for the item as text where it is a picture."""


@dataclass(frozen=True)
class StudyComparison:
    """A study's conditions beside each other, the reference first in every comparison."""

    reference: str
    counts: Sequence[ConditionCounts]
    comparisons: Sequence[Comparison]
    left_out: int
    """Scored submissions whose own log trained the classifier; they are not among those that read synthetic."""
    cautions: tuple[str, ...] = CAUTIONS

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


@dataclass(frozen=True)
class _One:
    """One session, as far as it came; figures are None where they are not known."""

    condition: str
    worker: str
    state: SessionState
    dropped: bool | None
    asked: bool
    handed: Handed | None = None
    report: Report | None = None
    words: int | None = None
    reads_synthetic: bool | None = None
    left_out: bool = False

    @property
    def external(self) -> bool | None:
        """The log test."""
        evidence = LogEvidence.UNCLEAR if self.report is None else log_evidence(self.report)
        return None if evidence is LogEvidence.UNCLEAR else evidence is LogEvidence.EXTERNAL

    def measure(self, name: str) -> int:
        """A measure of the report; 0 where it is not known."""
        return 0 if self.report is None else int(self.report.measures.get(name) or 0)


def compare_conditions(db: Session, study: Study, now: datetime) -> StudyComparison | None:
    """The comparison as the study stands; None if it has no conditions."""
    conditions = conditions_of(study)
    if not conditions:
        return None
    sessions = _sessions(db, study, now)
    reference = reference_of(conditions).name
    items = {item.key: item.text for item in db.scalars(select(Item).where(Item.study_id == study.id))}
    return StudyComparison(
        reference,
        [_counts(condition, [one for one in sessions if one.condition == condition.name]) for condition in conditions],
        _comparisons(sessions, [one.name for one in conditions], reference, items, errors_of(newest_model(db, study))),
        sum(one.left_out for one in sessions),
    )


def _sessions(db: Session, study: Study, now: datetime) -> list[_One]:
    found = db.execute(
        select(WritingSession, Worker.pseudonym, Item.key, Submission, StoredReport, TextScore)
        .join(Worker, Worker.id == WritingSession.worker_id)
        .join(Item, Item.id == WritingSession.item_id)
        .outerjoin(Submission, Submission.session_id == WritingSession.id)
        .outerjoin(StoredReport, StoredReport.submission_id == Submission.id)
        .outerjoin(TextScore, TextScore.submission_id == Submission.id)
        .where(WritingSession.study_id == study.id, WritingSession.condition.is_not(None))
        .order_by(WritingSession.id)
    )
    return [_one(*row, now) for row in found]


def _one(  # noqa: PLR0913, PLR0917 - a row's six parts, and the moment
    session: WritingSession,
    worker: str,
    item: str,
    submission: Submission | None,
    report: StoredReport | None,
    score: TextScore | None,
    now: datetime,
) -> _One:
    under_way = session.state == SessionState.OPEN and session.expires_at > now
    return _One(
        condition=session.condition or "",
        worker=worker,
        state=session.state,
        dropped=None if under_way else session.state != SessionState.SUBMITTED,
        asked=session.plain_source_at is not None,
        handed=None if submission is None else Handed(item, worker, submission.text),
        report=None if report is None else Report.from_json(report.body),
        words=None if submission is None else submission.words,
        reads_synthetic=None if score is None or score.trained_on else score.reads_synthetic,
        left_out=score is not None and score.trained_on,
    )


def _counts(condition: Condition, sessions: Sequence[_One]) -> ConditionCounts:
    states = Counter(one.state for one in sessions)
    dropped = sum(one.dropped is True for one in sessions)
    return ConditionCounts(
        condition=condition.name,
        said=condition.said,
        probability=condition.probability or 0.0,
        begun=len(sessions),
        submitted=states[SessionState.SUBMITTED],
        dropped=dropped,
        under_way=len(sessions) - states[SessionState.SUBMITTED] - dropped,
        pastes_prevented=sum(one.measure("pastes_prevented") for one in sessions),
        copies_tried=sum(one.measure("copies_prevented") for one in sessions),
        asked_for_text=len({one.worker for one in sessions if one.asked}),
    )


def _comparisons(
    sessions: Sequence[_One],
    names: Sequence[str],
    reference: str,
    items: Mapping[str, str],
    errors: ErrorCounts | None,
) -> list[Comparison]:
    groups = _Groups(sessions, names, reference)
    made = [
        groups.shares("external text", lambda one: one.external),
        groups.shares("reads synthetic", lambda one: one.reads_synthetic),
    ]
    if errors is not None and errors.sensitivity.rate + errors.specificity.rate > 1:
        made.append(groups.shares("reads synthetic, corrected", lambda one: one.reads_synthetic, errors))
    made.append(groups.shares("dropped out", lambda one: one.dropped))
    made.append(groups.means("words", lambda one: one.words))
    made.append(groups.means("minutes", _minutes))
    terms = key_terms(items)
    made.append(
        groups.means(
            "share of the item's key terms kept",
            lambda one: None if one.handed is None else coverage(one.handed.text, terms[one.handed.item_id]),
        )
    )
    made.append(groups.likeness("likeness to others' texts", items))
    return [comparison for comparison in made if comparison is not None]


def _minutes(one: _One) -> float | None:
    duration = one.measure("duration_ms")
    return duration / _MINUTE_MS if duration else None


class _Groups:
    """The sessions by condition, and how a figure of them is compared; None where the reference knows nothing."""

    def __init__(self, sessions: Sequence[_One], names: Sequence[str], reference: str) -> None:
        self._sessions = {name: [one for one in sessions if one.condition == name] for name in names}
        self._reference = reference

    def shares(
        self, figure: str, value: Callable[[_One], bool | None], errors: ErrorCounts | None = None
    ) -> Comparison | None:
        groups = self._seen(value)
        return compare_shares(figure, groups, self._reference, errors=errors) if self._known(groups) else None

    def means(self, figure: str, value: Callable[[_One], float | None]) -> Comparison | None:
        groups = self._seen(value)
        return compare_means(figure, groups, self._reference) if self._known(groups) else None

    def likeness(self, figure: str, items: Mapping[str, str]) -> Comparison | None:
        """Each text against the others of its own condition."""
        groups = {}
        for name, sessions in self._sessions.items():
            handed = [one.handed for one in sessions if one.handed is not None]
            alike = zip(handed, likeness(handed, items), strict=True)
            known = [(one.person, value) for one, value in alike if value is not None]
            groups[name] = Seen([value for _, value in known], [person for person, _ in known])
        return compare_means(figure, groups, self._reference) if self._known(groups) else None

    def _known(self, groups: Mapping[str, Seen]) -> bool:
        return bool(groups[self._reference].values)

    def _seen(self, value: Callable[[_One], float | None]) -> dict[str, Seen]:
        groups = {}
        for name, sessions in self._sessions.items():
            known = [(one.worker, found) for one in sessions if (found := value(one)) is not None]
            groups[name] = Seen([float(found) for _, found in known], [worker for worker, _ in known])
        return groups
