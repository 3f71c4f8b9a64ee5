"""What only shows when a study's submissions are set beside each other: like texts, and a shared rhythm."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.db import Database
from app.models import AcrossFinding, Item, ReferenceText, StoredReport, Study, Submission, Worker, WritingSession
from app.provenance import Family, Finding, Severity
from app.review.background import analyse_stored
from app.studies import study_by_slug
from app.text.shared_rhythm import SharedLag, shared_lags
from app.text.similarity import near_duplicates

SAME_TEXT, SHARED_RHYTHM = "same_text", "shared_rhythm"
_REFERENCE = "reference "
_NO_PROOF = "It is a reason to look, and never says who wrote a text."


@dataclass(frozen=True)
class _Written:
    """One submission as it is compared."""

    public_id: str
    worker: str
    text: str
    lags_ms: Sequence[int]


def note_across(database: Database, slug: str, clock: Callable[[], datetime]) -> int:
    """Compare all submissions of a study and join the findings to their reports; how many submissions have one.

    Earlier findings of this kind are replaced, also by none. Comparing writes nothing; reports are made anew one by
    one, where a finding came or went.
    """
    with database.reading() as db:
        study = study_by_slug(db, slug)
        written = _written(db, study)
        items = list(db.scalars(select(Item.text).where(Item.study_id == study.id)))
        made = select(ReferenceText).where(ReferenceText.study_id == study.id, ReferenceText.by_model)
        references = {f"{_REFERENCE}{row.id}": row.text for row in db.scalars(made)}
    found: dict[int, list[Finding]] = defaultdict(list)
    for number, finding in _same_texts(written, references, items):
        found[number].append(finding)
    for number, finding in _shared(written):
        found[number].append(finding)
    with database.writing() as db:
        changed = _store(db, study.id, found)
    for number in changed:
        analyse_stored(database, number, clock)
    return len(found)


def operators_of(db: Session, study_id: int) -> dict[str, str]:
    """Workers suspected to share one operator: the group's name by worker, as the last comparison found them."""
    rows = db.execute(
        select(Worker.pseudonym, AcrossFinding.body)
        .join(Submission, Submission.id == AcrossFinding.submission_id)
        .join(WritingSession, WritingSession.id == Submission.session_id)
        .join(Worker, Worker.id == WritingSession.worker_id)
        .where(AcrossFinding.study_id == study_id, AcrossFinding.rule == SHARED_RHYTHM)
    )
    return {worker: str(Finding.from_json(body).figures["group"]) for worker, body in rows}


def _written(db: Session, study: Study) -> dict[int, _Written]:
    rows = db.execute(
        select(Submission.id, Submission.public_id, Worker.pseudonym, Submission.text, StoredReport.body)
        .join(WritingSession, WritingSession.id == Submission.session_id)
        .join(Worker, Worker.id == WritingSession.worker_id)
        .join(StoredReport, StoredReport.submission_id == Submission.id)
        .where(Submission.study_id == study.id)
        .order_by(Submission.id)
    )
    return {
        number: _Written(public_id, worker, text, body["measures"].get("paste_lags_ms") or ())
        for number, public_id, worker, text, body in rows
    }


def _same_texts(
    written: Mapping[int, _Written], references: Mapping[str, str], items: Sequence[str]
) -> list[tuple[int, Finding]]:
    """For each submission that is like another worker's text or a reference, the likest one."""
    texts = {str(number): one.text for number, one in written.items()}
    best: dict[int, tuple[float, str]] = {}
    for pair in near_duplicates(texts, item_texts=items):
        first, second = int(pair.first), int(pair.second)
        if written[first].worker != written[second].worker:
            for one, twin in ((first, second), (second, first)):
                best.setdefault(one, (pair.shingle_similarity, written[twin].public_id))
    for pair in near_duplicates(texts, against=references, item_texts=items) if references else ():
        name, reference = sorted((pair.first, pair.second), key=lambda text: text.startswith(_REFERENCE))
        if pair.shingle_similarity > best.get(int(name), (0.0, ""))[0]:
            best[int(name)] = (pair.shingle_similarity, reference)
    return [(number, _same_text(alike, other)) for number, (alike, other) in best.items()]


def _same_text(alike: float, other: str) -> Finding:
    whose = "a text that a language model wrote for comparison" if other.startswith(_REFERENCE) else "another worker's"
    return Finding(
        rule=SAME_TEXT,
        family=Family.TEXT,
        severity=Severity.REVIEW,
        explanation=(
            f"The text is nearly the same as {whose}: they share {alike:.0%} of their runs of three words that are not "
            f"in the item. {_NO_PROOF}"
        ),
        figures={"similarity": round(alike, 3), "other": other},
        false_alarm=(
            "Of 145 submissions of 2023 about 11 items three pairs are the same word for word; no other pair shares "
            "more than 24 %."
        ),
    )


def _shared(written: Mapping[int, _Written]) -> list[tuple[int, Finding]]:
    lags: dict[str, list[int]] = defaultdict(list)
    for one in written.values():
        lags[one.worker] += one.lags_ms
    found = []
    for number, group in enumerate(shared_lags(lags), start=1):
        finding = _shared_rhythm(group, number)
        found += [(place, finding) for place, one in written.items() if one.worker in group.workers]
    return found


def _shared_rhythm(group: SharedLag, number: int) -> Finding:
    return Finding(
        rule=SHARED_RHYTHM,
        family=Family.MECHANICS,
        severity=Severity.REVIEW,
        explanation=(
            f"{len(group.workers)} workers of this study paste {group.low_ms:.0f} to {group.high_ms:.0f} ms after the "
            f"key, the {group.others} others within 105 ms. One person may be behind them; a shared remote desktop "
            f"explains it too. {_NO_PROOF}"
        ),
        figures={
            "group": number,
            "workers": len(group.workers),
            "low_ms": group.low_ms,
            "high_ms": group.high_ms,
            "others": group.others,
        },
        false_alarm="In 2023: no such group among 40 Prolific workers who pasted by keys, one of 7 among 18 of MTurk.",
    )


def _store(db: Session, study_id: int, found: Mapping[int, Sequence[Finding]]) -> list[int]:
    """Replace the study's findings; the submissions whose findings are others than before."""
    before: dict[int, list[object]] = defaultdict(list)
    query = select(AcrossFinding).where(AcrossFinding.study_id == study_id)
    for row in db.scalars(query.order_by(AcrossFinding.submission_id, AcrossFinding.rule)):
        before[row.submission_id].append(row.body)
    db.execute(delete(AcrossFinding).where(AcrossFinding.study_id == study_id))
    now: dict[int, list[object]] = {}
    present = set(db.scalars(select(Submission.id).where(Submission.study_id == study_id)))
    for number in sorted(found.keys() & present):
        findings = sorted(found[number], key=lambda finding: finding.rule)
        now[number] = [finding.as_json() for finding in findings]
        for finding in findings:
            row = AcrossFinding(submission_id=number, rule=finding.rule, study_id=study_id, body=finding.as_json())
            db.add(row)
    db.flush()
    return [number for number in sorted(before.keys() | now.keys()) if before.get(number) != now.get(number)]
