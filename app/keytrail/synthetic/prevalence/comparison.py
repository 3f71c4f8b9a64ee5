"""Compare a study's conditions: use of language models, attempts, drop-outs and quality."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from keytrail.errors import NotFound
from keytrail.models import Item, ReportFigures, SessionState, Study, Submission, TextScore, Worker, WritingSession
from keytrail.studies.conditions import Condition, conditions_of, hides_from_log, hiding_conditions, reference_of
from keytrail.synthetic.prevalence.homogeneity import submitted_texts
from keytrail.synthetic.prevalence.study import CAUTIONS, cautions_of
from keytrail.synthetic.training.classifier import counting_test
from keytrail.text.cross_submission.likeness import SubmittedText, compared_places, likeness
from keytrail.text.fusion import LogEvidence
from keytrail.text.loglabels import evidence_at
from keytrail.text.prevalence.conditions import Comparison, Sample, compare_means, compare_shares
from keytrail.text.prevalence.corrected import ErrorCounts
from keytrail.text.quality import coverage, key_terms

CORRECTED = "reads synthetic, corrected"
"""The figure that holds in every condition, whatever its log can see."""
_MINUTE_MS = 60_000


@dataclass(frozen=True)
class ConditionCounts:
    """Counts of one condition's sessions."""

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
    """Attempts to copy the item where copying is prevented."""
    asked_for_text: int
    """Workers who asked for the item as text where it is a picture."""


@dataclass(frozen=True)
class StudyComparison:
    """The comparison of a study's conditions, the reference first in every part."""

    reference: str
    counts: Sequence[ConditionCounts]
    comparisons: Sequence[Comparison]
    left_out: int
    """Scored submissions whose own log trained the classifier; they are not among those that read synthetic."""
    cautions: tuple[str, ...] = CAUTIONS

    def as_json(self) -> dict[str, Any]:
        """Return the fields as values that JSON can hold."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _One:
    """One session, as far as it went; figures are None where unknown."""

    condition: str
    worker: str
    state: SessionState
    dropped: bool | None
    asked: bool
    number: int | None
    """The id of the submission; None for a session without one."""
    item: str
    words: int | None
    hidden_by_rule: bool
    """Whether a rule of the study prevented pasting or copying when the session began."""
    external: bool | None
    """The log test; None also where pasting or copying is prevented, and the log cannot tell."""
    minutes: float | None
    pastes_prevented: int
    copies_tried: int
    reads_synthetic: bool | None
    left_out: bool


def compare_conditions(db: Session, study: Study, now: datetime) -> StudyComparison:
    """Return the current comparison. Raises NotFound if the study has no conditions."""
    conditions = conditions_of(study)
    if not conditions:
        raise NotFound("This study has no conditions.")
    sessions = _sessions(db, study, now)
    names = [one.name for one in conditions]
    submitted = [one for one in sessions if one.number is not None]
    groups = _Groups({name: [one for one in sessions if one.condition == name] for name in names}, conditions)
    return StudyComparison(
        groups.reference,
        [_counts(condition, groups.sessions[condition.name]) for condition in conditions],
        [comparison for comparison in _comparisons(db, study, groups) if comparison is not None],
        sum(one.left_out for one in sessions),
        cautions_of(study, sum(one.hidden_by_rule for one in submitted), len(submitted)),
    )


def _sessions(db: Session, study: Study, now: datetime) -> list[_One]:
    found = db.execute(
        select(
            WritingSession.condition,
            WritingSession.page_rules,
            WritingSession.state,
            WritingSession.expires_at,
            WritingSession.plain_source_at,
            Worker.pseudonym,
            Item.key,
            Submission.id,
            Submission.words,
            Submission.verdict,
            ReportFigures.external_share,
            ReportFigures.duration_ms,
            ReportFigures.pastes_prevented,
            ReportFigures.copies_prevented,
            TextScore.trained_on,
            TextScore.reads_synthetic,
        )
        .join(Worker, Worker.id == WritingSession.worker_id)
        .join(Item, Item.id == WritingSession.item_id)
        .outerjoin(Submission, Submission.session_id == WritingSession.id)
        .outerjoin(ReportFigures, ReportFigures.submission_id == Submission.id)
        .outerjoin(TextScore, TextScore.submission_id == Submission.id)
        .where(WritingSession.study_id == study.id, WritingSession.condition.is_not(None))
        .order_by(WritingSession.id)
    )
    hiding = hiding_conditions(study)
    return [_one(row, now, hiding) for row in found]


def _one(row: Row[*tuple[Any, ...]], now: datetime, hiding: Collection[str]) -> _One:
    hidden_by_rule = hides_from_log(row.page_rules)
    log_sees = not hidden_by_rule and row.condition not in hiding
    under_way = row.state == SessionState.OPEN and row.expires_at > now
    known = log_sees and row.external_share is not None
    unclear = not known or evidence_at(row.verdict, row.external_share) is LogEvidence.UNCLEAR
    return _One(
        condition=row.condition,
        worker=row.pseudonym,
        state=row.state,
        dropped=None if under_way else row.state != SessionState.SUBMITTED,
        asked=row.plain_source_at is not None,
        number=row.id,
        item=row.key,
        words=row.words,
        hidden_by_rule=hidden_by_rule,
        external=None if unclear else evidence_at(row.verdict, row.external_share) is LogEvidence.EXTERNAL,
        minutes=row.duration_ms / _MINUTE_MS if row.duration_ms else None,
        pastes_prevented=row.pastes_prevented or 0,
        copies_tried=row.copies_prevented or 0,
        reads_synthetic=None if row.trained_on else row.reads_synthetic,
        left_out=bool(row.trained_on),
    )


def _counts(condition: Condition, sessions: Sequence[_One]) -> ConditionCounts:
    states = Counter(one.state for one in sessions)
    dropped = sum(one.dropped is True for one in sessions)
    return ConditionCounts(
        condition=condition.name,
        said=condition.description,
        probability=condition.probability or 0.0,
        begun=len(sessions),
        submitted=states[SessionState.SUBMITTED],
        dropped=dropped,
        under_way=len(sessions) - states[SessionState.SUBMITTED] - dropped,
        pastes_prevented=sum(one.pastes_prevented for one in sessions),
        copies_tried=sum(one.copies_tried for one in sessions),
        asked_for_text=len({one.worker for one in sessions if one.asked}),
    )


def _comparisons(db: Session, study: Study, groups: "_Groups") -> Iterator[Comparison | None]:
    items = dict(db.execute(select(Item.key, Item.text).where(Item.study_id == study.id)).all())
    test = counting_test(db, study)
    errors = None if test is None else test.errors
    texts = _Texts(db, study, groups, items)
    yield _log_based(study, groups, groups.shares("external text", lambda one: one.external))
    yield groups.shares("reads synthetic", lambda one: one.reads_synthetic)
    if errors is not None and errors.informative:
        yield groups.shares(CORRECTED, lambda one: one.reads_synthetic, errors)
    yield groups.shares("dropped out", lambda one: one.dropped)
    yield groups.means("words", lambda one: one.words)
    yield groups.means("minutes", lambda one: one.minutes)
    yield groups.means("share of the item's key terms kept", texts.term_coverage)
    yield groups.means("likeness to others' texts", texts.likeness)


def _log_based(study: Study, groups: "_Groups", comparison: Comparison | None) -> Comparison | None:
    """The comparison with the conditions in which no log can tell, by the condition's measures or the study's rules."""
    hidden = hiding_conditions(study) | groups.hidden_by_rules()
    return None if comparison is None else replace(comparison, not_comparable=tuple(sorted(hidden)))


class _Groups:
    """Sessions by condition, and the comparison of a figure; None where the reference has no values."""

    def __init__(self, sessions: Mapping[str, Sequence[_One]], conditions: Sequence[Condition]) -> None:
        self.sessions = sessions
        self.reference = reference_of(conditions).name

    def hidden_by_rules(self) -> set[str]:
        """Return the conditions in which every submission was written under a rule that hides its origin."""
        return {
            name
            for name, sessions in self.sessions.items()
            if (rules := [one.hidden_by_rule for one in sessions if one.number is not None]) and all(rules)
        }

    def shares(
        self, figure: str, value: Callable[[_One], bool | None], errors: ErrorCounts | None = None
    ) -> Comparison | None:
        groups = self._samples(value)
        return compare_shares(figure, groups, self.reference, errors=errors) if self._known(groups) else None

    def means(self, figure: str, value: Callable[[_One], float | None]) -> Comparison | None:
        groups = self._samples(value)
        return compare_means(figure, groups, self.reference) if self._known(groups) else None

    def _known(self, groups: Mapping[str, Sample]) -> bool:
        return bool(groups[self.reference].values)

    def _samples(self, value: Callable[[_One], float | None]) -> dict[str, Sample]:
        groups = {}
        for name, sessions in self.sessions.items():
            known = [(one.worker, found) for one in sessions if (found := value(one)) is not None]
            groups[name] = Sample([float(found) for _, found in known], [worker for worker, _ in known])
        return groups


class _Texts:
    """Texts of the submissions. All are read once; only those that are compared with others are kept."""

    def __init__(self, db: Session, study: Study, groups: _Groups, items: Mapping[str, str]) -> None:
        terms = key_terms(items)
        item_of = {one.number: one.item for sessions in groups.sessions.values() for one in sessions}
        drawn = {name: self._drawn(sessions) for name, sessions in groups.sessions.items()}
        wanted = {one.number for sessions in drawn.values() for one in sessions}
        self._coverage: dict[int | None, float | None] = {}
        compared: dict[int | None, str] = {}
        for number, text in submitted_texts(db, study):
            if number in item_of:
                self._coverage[number] = coverage(text, terms[item_of[number]])
            if number in wanted:
                compared[number] = text
        self._alike: dict[int | None, float | None] = {}
        for sessions in drawn.values():
            texts = [SubmittedText(one.item, one.worker, compared[one.number]) for one in sessions]
            self._alike |= zip((one.number for one in sessions), likeness(texts, items), strict=True)

    def term_coverage(self, one: _One) -> float | None:
        """Return the share of its item's key terms that a text keeps."""
        return self._coverage.get(one.number)

    def likeness(self, one: _One) -> float | None:
        """Return the similarity to others of the same condition."""
        return self._alike.get(one.number)

    @staticmethod
    def _drawn(sessions: Sequence[_One]) -> list[_One]:
        submitted = [one for one in sessions if one.number is not None]
        return [submitted[place] for place in compared_places([one.item for one in submitted])]
