"""Compare a study's submissions and add the findings to their reports."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.models import AcrossFinding, Item, ReferenceText, Submission
from keytrail.provenance import Finding
from keytrail.review.analysis.background import analyse_stored
from keytrail.studies import study_by_slug
from keytrail.synthetic.cross_submission.cohort import cohort_outliers
from keytrail.synthetic.cross_submission.operators import shared_rhythms
from keytrail.synthetic.cross_submission.same_text import same_texts
from keytrail.synthetic.cross_submission.submissions import compared_of


def compare_submissions(database: Database, slug: str, clock: Callable[[], datetime]) -> int:
    """Compare all submissions of a study and add the findings to their reports; return how many submissions have one.

    Earlier findings of this kind are replaced, also by none. The comparison writes nothing; reports are recomputed one
    by one, where a finding was added or removed.
    """
    with database.reading() as db:
        study = study_by_slug(db, slug)
        compared = compared_of(db, study)
        items = list(db.scalars(select(Item.text).where(Item.study_id == study.id)))
        made = select(ReferenceText).where(ReferenceText.study_id == study.id, ReferenceText.by_model)
        references = {row.id: row.text for row in db.scalars(made)}
    found: dict[int, list[Finding]] = defaultdict(list)
    for number, finding in (
        *same_texts(compared, references, items),
        *shared_rhythms(compared),
        *cohort_outliers(compared),
    ):
        found[number].append(finding)
    with database.writing() as db:
        changed = _store(db, study.id, found)
    for number in changed:
        analyse_stored(database, number, clock)
    return len(found)


def _store(db: Session, study_id: int, found: Mapping[int, Sequence[Finding]]) -> list[int]:
    """Replace the study's findings; return the submissions whose findings changed."""
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
