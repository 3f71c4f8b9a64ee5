"""Find suspected operators of several workers: a shared unusual rhythm, or submissions that came together."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.messages import message
from keytrail.models import AcrossFinding, Submission, Worker, WritingSession
from keytrail.provenance import Family, Finding, Severity
from keytrail.provenance.formatting import count
from keytrail.provenance.report import Figures
from keytrail.provenance.rules.rule import Rule
from keytrail.synthetic.cross_submission.submissions import NO_PROOF, ComparedSubmission
from keytrail.text.cross_submission.shared_moment import SharedMoment, SubmissionMoment, shared_moments
from keytrail.text.cross_submission.shared_rhythm import SharedLag, shared_lags

SHARED_RHYTHM: Final = Rule(
    id="shared_rhythm",
    title="Rhythm or moment shared with other workers",
    for_worker=message(
        "Your submission arrived at the same time as others, or with the same timing as others. People who work in "
        "one room or on one computer can cause this."
    ),
    family=Family.MECHANICS,
    severities=(Severity.REVIEW,),
    false_alarm=(
        "In 2023, shared lags: no such group among 40 Prolific workers who pasted by keys, one of 7 among 18 of MTurk. "
        "Submitted together: none among 112 Prolific submissions, one of 5 among 33 of MTurk."
    ),
)


def shared_rhythms(compared: Mapping[int, ComparedSubmission]) -> list[tuple[int, Finding]]:
    """Return a finding for each submission in a group; `figures["group"]` names the suspected operator."""
    groups = [*_by_lag(compared), *_by_moment(compared)]
    names = _operators([group.workers for group in groups])
    found: dict[int, list[_Group]] = defaultdict(list)
    for group in groups:
        for number in group.submissions:
            found[number].append(group)
    return [(number, _finding(mine, names[compared[number].worker])) for number, mine in found.items()]


def operators_of(db: Session, study_id: int) -> dict[str, str]:
    """Return the suspected operator by worker, as the last comparison found them."""
    rows = db.execute(
        select(Worker.pseudonym, AcrossFinding.body)
        .join(Submission, Submission.id == AcrossFinding.submission_id)
        .join(WritingSession, WritingSession.id == Submission.session_id)
        .join(Worker, Worker.id == WritingSession.worker_id)
        .where(AcrossFinding.study_id == study_id, AcrossFinding.rule == SHARED_RHYTHM.id)
    )
    return {worker: str(Finding.from_json(body).figures["group"]) for worker, body in rows}


@dataclass(frozen=True)
class _Group:
    submissions: Sequence[int]
    workers: Sequence[str]
    explanation: str
    innocent: str
    """Innocent explanations."""
    figures: Figures


def _by_lag(compared: Mapping[int, ComparedSubmission]) -> list[_Group]:
    lags: dict[str, list[int]] = defaultdict(list)
    for one in compared.values():
        lags[one.worker] += one.lags_ms
    return [_lag_group(lag, compared) for lag in shared_lags(lags)]


def _lag_group(lag: SharedLag, compared: Mapping[int, ComparedSubmission]) -> _Group:
    return _Group(
        [number for number, one in compared.items() if one.worker in lag.workers],
        lag.workers,
        (
            f"{len(lag.workers)} workers of this study paste {lag.low_ms:.0f} to {lag.high_ms:.0f} ms after the key, "
            f"the {lag.others} others within 105 ms."
        ),
        "a shared remote desktop",
        {"workers": len(lag.workers), "low_ms": lag.low_ms, "high_ms": lag.high_ms, "others": lag.others},
    )


def _by_moment(compared: Mapping[int, ComparedSubmission]) -> list[_Group]:
    submitted = [SubmissionMoment(number, one.worker, one.submitted_at.timestamp()) for number, one in compared.items()]
    return [_moment_group(moment) for moment in shared_moments(submitted)]


def _moment_group(moment: SharedMoment) -> _Group:
    return _Group(
        moment.submissions,
        moment.workers,
        (
            f"This and {count(len(moment.workers) - 1, 'submission')} by other workers arrived within "
            f"{count(max(1, round(moment.seconds)), 'second')}, closer together than the study's pace explains."
        ),
        "work in one room, or a connection that was lost and came back",
        {"together": len(moment.workers), "seconds": round(moment.seconds, 1)},
    )


def _operators(groups: Sequence[Sequence[str]]) -> dict[str, int]:
    """Return each worker's suspected operator, from 1: groups with a worker in common are merged."""
    joined: list[set[str]] = []
    for group in groups:
        touched = [one for one in joined if not one.isdisjoint(group)]
        joined = [one for one in joined if one not in touched] + [set(group).union(*touched)]
    return {worker: number for number, workers in enumerate(joined, start=1) for worker in workers}


def _finding(groups: Sequence[_Group], operator: int) -> Finding:
    figures = {name: figure for group in groups for name, figure in group.figures.items()}
    facts = " ".join(group.explanation for group in groups)
    innocent = "; ".join(group.innocent for group in groups)
    return SHARED_RHYTHM.finding(
        severity=Severity.REVIEW,
        explanation=f"{facts} One person may be behind them; other explanations: {innocent}. {NO_PROOF}",
        figures={"group": operator, **figures},
    )
