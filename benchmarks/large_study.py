"""A large study for measuring pages: many submissions, stored in bulk as the server would have stored them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from keytrail.models import (
    Item,
    ReportFigures,
    ReportFinding,
    StoredReport,
    Study,
    Submission,
    TextScore,
    Worker,
    WritingSession,
)
from keytrail.provenance import Origin, Report, Verdict
from keytrail.provenance.report import Span, count_origins
from keytrail.review.analysis.bridge import figures_of
from keytrail.review.judging.settlement import attention
from keytrail.studies.conditions import Condition, Measure
from keytrail.text.classifier.assessment import Outcome

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
CONDITIONS = (Condition(name="plain"), Condition(name="no pasting", measures=frozenset({Measure.REFUSE_PASTE})))
WORDS = (
    "amber",
    "light",
    "ward",
    "night",
    "shift",
    "sleep",
    "study",
    "group",
    "trial",
    "staff",
    "result",
    "small",
    "effect",
)
_VERDICTS = (("strong", 0.9), ("review", 0.5), ("clear", 0.0), ("unverifiable", 0.1))
_RULES = ("external_text", "untyped_text", "source_copied", "round_trip", "key_deficit", "linear_production")
_TEXT_WORDS, _LENGTH, _SPANS = 100, 560, 12
_PORTION = 2_000
_DECIDED = 0.6


@dataclass(frozen=True)
class _Place:
    """The context of a row: its number, study, item and worker, and the time of submission."""

    number: int
    study_id: int
    item_id: int
    worker_id: int
    condition: str
    at: datetime
    decided: bool


def fill(db: Session, study: Study, count: int) -> None:
    """Store this many submissions by a fifth as many workers, half of them in each condition; the older 60 % are
    decided.
    """
    chance = random.Random(1)
    items = [item.id for item in db.query(Item)]
    workers = count // 5
    portion: dict[Any, list[dict[str, Any]]] = {}
    for number in range(1, count + 1):
        place = _Place(
            number,
            study.id,
            chance.choice(items),
            chance.randint(1, min(number, workers)),
            chance.choice(CONDITIONS).name,
            NOW - timedelta(minutes=count - number),
            number < count * _DECIDED,
        )
        if number <= workers:
            name = {"id": number, "study_id": study.id, "pseudonym": f"w{number:011}", "first_seen_at": place.at}
            portion.setdefault(Worker, []).append(name)
        for table, row in _rows(place, chance):
            portion.setdefault(table, []).append(row)
        if number % _PORTION == 0 or number == count:
            for table, rows in portion.items():
                db.execute(insert(table), rows)
            portion.clear()


def _rows(place: _Place, chance: random.Random) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Return a writing session, its submission, report, findings and score."""
    verdict, score = chance.choice(_VERDICTS)
    rules = chance.sample(_RULES, chance.randint(0, 3))
    report = _report(Verdict(verdict), score, chance)
    known = None if report.verdict == Verdict.UNVERIFIABLE else report.arrived_share
    copied = {"arrived_share": known, "duration_ms": report.measures["duration_ms"]}
    own = {"study_id": place.study_id}
    yield WritingSession, own | _session(place)
    yield Submission, own | copied | _submission(place, verdict, score, chance)
    yield (
        StoredReport,
        own
        | {"submission_id": place.number, "analysis_version": "1", "analysed_at": place.at, "verdict": verdict}
        | {"score": score, "arrived_share": report.arrived_share, "duration_ms": report.measures["duration_ms"]}
        | {"body": report.as_json()},
    )
    figures = figures_of(report, place.study_id)
    stored = {column.key for column in ReportFigures.__table__.columns} - {"submission_id", "stamp"}
    yield ReportFigures, {"submission_id": place.number} | {name: getattr(figures, name) for name in stored}
    for rule in rules:
        yield ReportFinding, own | {"submission_id": place.number, "rule": rule, "severity": "review"}
    yield TextScore, own | _score(place, chance)


def _session(place: _Place) -> dict[str, Any]:
    return {
        "id": place.number,
        "item_id": place.item_id,
        "worker_id": place.worker_id,
        "condition": place.condition,
        "assignment_pseudonym": f"a{place.number}",
        "state": "submitted",
        "consented_at": place.at,
        "expires_at": place.at,
    }


def _submission(place: _Place, verdict: str, score: float, chance: random.Random) -> dict[str, Any]:
    return {
        "id": place.number,
        "public_id": f"{place.number:016x}",
        "session_id": place.number,
        "item_id": place.item_id,
        "worker_id": place.worker_id,
        "condition": place.condition,
        "verdict": verdict,
        "text": " ".join(chance.choices(WORDS, k=_TEXT_WORDS)),
        "words": _TEXT_WORDS,
        "log_complete": True,
        "submitted_at": place.at,
        "attention": attention(verdict, score + chance.random() / 10),
        "decision": "accept" if place.decided else None,
        "settled": place.decided,
        "reviewers": int(place.decided),
    }


def _report(verdict: Verdict, score: float, chance: random.Random) -> Report:
    """Return a report as the core writes it, of a usual size."""
    ends = [0, *sorted(chance.sample(range(1, _LENGTH), _SPANS - 1)), _LENGTH]
    origins = chance.choices((Origin.TYPED, Origin.EXTERNAL, Origin.SOURCE), (6, 2, 1), k=_SPANS)
    spans = tuple(
        Span(start, end, origin, 900 * start, "insertText", 0)
        for (start, end), origin in zip(pairwise(ends), origins, strict=True)
    )
    units = count_origins(spans)
    share = {origin: units.get(origin, 0) / _LENGTH for origin in (Origin.TYPED, Origin.EXTERNAL, Origin.SOURCE)}
    measures = {"duration_ms": chance.randint(60_000, 1_200_000), "pastes": chance.randint(0, 2), "copies": 1}
    return Report(
        "1",
        verdict,
        score,
        _LENGTH,
        units,
        share[Origin.TYPED],
        share[Origin.EXTERNAL],
        share[Origin.SOURCE],
        spans,
        (),
        {},
        measures,
    )


def _score(place: _Place, chance: random.Random) -> dict[str, Any]:
    likely = chance.random()
    return {
        "submission_id": place.number,
        "model_version": "1",
        "scored_at": place.at,
        "outcome": chance.choice(list(Outcome)).value,
        "probability": likely,
        "reads_synthetic": likely > 0.5,  # noqa: PLR2004  # half of them
        "trained_on": False,
        "body": {"assessment": {"reasons": ["short"]}},
    }
