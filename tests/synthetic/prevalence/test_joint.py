import json
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest
from keytrail.models import AcrossFinding, TextScore
from keytrail.provenance import Severity
from keytrail.synthetic.cross_submission import SHARED_RHYTHM
from keytrail.synthetic.prevalence.estimates import joint_rows
from keytrail.synthetic.prevalence.joint import joint_prevalence, observations_within
from keytrail.text.prevalence.two_tests import NOT_IDENTIFIED
from tests.synthetic.conftest import ToyStudy, begin
from tests.text import toycorpus


@pytest.fixture
def more(toys: ToyStudy) -> ToyStudy:
    """A second study beside the first."""
    second = replace(toys, slug="more")
    begin(second)
    return second


def _submit(toys: ToyStudy, count: int, *, pasted: bool) -> list[int]:
    """Texts that a classifier took for what their logs show."""
    numbers = [toys.submit(n, toycorpus.human_text(n, 700), pasted=pasted) for n in range(count)]
    with toys.database.writing() as db:
        db.add_all(_score(toys, db, number, reads_synthetic=pasted) for number in numbers)
    return numbers


def _score(toys: ToyStudy, db: Session, number: int, *, reads_synthetic: bool) -> TextScore:
    return TextScore(
        submission_id=number,
        study_id=toys.study(db).id,
        model_version="by hand",
        scored_at=toys.clock(),
        outcome="llm_like" if reads_synthetic else "human_like",
        probability=0.9 if reads_synthetic else 0.1,
        reads_synthetic=reads_synthetic,
        trained_on=False,
        body={},
    )


def test_studies_are_populations_of_one_estimate(toys: ToyStudy, more: ToyStudy) -> None:
    _submit(toys, 5, pasted=True)
    _submit(toys, 1, pasted=False)
    _submit(more, 6, pasted=False)
    with toys.database.reading() as db:
        found = joint_prevalence(db, [toys.study(db), more.study(db)])
    assert [(one.slug, one.analysed, one.judged) for one in found.studies] == [("toys", 6, 6), ("more", 6, 6)]
    assert found.by_submission is not None
    two = found.by_submission.two_tests
    assert two is not None
    assert [one.name for one in two.prevalence] == ["toys", "more"]
    assert NOT_IDENTIFIED not in two.assumptions
    mine, other = (one.value for one in two.prevalence)
    assert two.together is not None
    assert two.together.value == pytest.approx((mine + other) / 2)
    assert other < two.together.value < mine
    assert two.together.interval.low > 0
    kinds = [(kind, one.name) for kind, one in joint_rows(found.by_submission)]
    assert kinds.index(("two tests", "all together")) + 1 == kinds.index(("two tests", "toys"))
    shares = {one.name: one.value for one in found.by_submission.raw}
    assert shares["external text"] == pytest.approx(5 / 12)
    assert found.by_submission.corrected == ()
    json.dumps(found.as_json())


def test_operators_of_two_studies_are_two(toys: ToyStudy, more: ToyStudy) -> None:
    suspected = SHARED_RHYTHM.finding(Severity.REVIEW, "Alike.", {"group": 1})
    people = []
    for study in (toys, more):
        (number,) = _submit(study, 1, pasted=True)
        with study.database.writing() as db:
            study_id = study.study(db).id
            row = AcrossFinding(
                submission_id=number, rule=SHARED_RHYTHM.id, study_id=study_id, body=suspected.as_json()
            )
            db.add(row)
        with study.database.reading() as db:
            people += [one.person for one in observations_within(db, study.study(db))]
    assert people == ["operator 1 of toys", "operator 1 of more"]


def test_one_study_named_twice_is_one(toys: ToyStudy) -> None:
    with toys.database.reading() as db, pytest.raises(BadRequest, match="at least two"):
        joint_prevalence(db, [toys.study(db), toys.study(db)])


def test_studies_without_submissions_have_no_estimates(toys: ToyStudy, more: ToyStudy) -> None:
    with toys.database.reading() as db:
        found = joint_prevalence(db, [toys.study(db), more.study(db)])
    assert (found.by_submission, found.by_worker) == (None, None)
