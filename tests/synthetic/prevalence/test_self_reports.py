"""Counts of self-reports, without revealing single answers."""

from collections.abc import Sequence

import pytest

from keytrail.models import ModelUse, SelfReport, Submission, WritingSession
from keytrail.synthetic.prevalence.self_reports import FEWEST, SelfReportCounts, count_self_reports
from tests.synthetic.conftest import ToyStudy

NO, PARTLY, MOSTLY, UNANSWERED = ModelUse


def counts(toys: ToyStudy, answers: Sequence[ModelUse], conditions: Sequence[str] = ()) -> Sequence[SelfReportCounts]:
    """What is shown after as many submissions as answers, one for each worker."""
    for place, answer in enumerate(answers):
        submission_id = toys.submit(0, f"Somebody typed text {place}.", pasted=False, name=f"worker {place}")
        with toys.database.writing() as db:
            db.add(SelfReport(submission_id=submission_id, model_use=answer, answered_at=toys.clock()))
            if conditions:
                session_id = db.get_one(Submission, submission_id).session_id
                db.get_one(WritingSession, session_id).condition = conditions[place]
    with toys.database.reading() as db:
        return count_self_reports(db, toys.study(db))


def test_shares_are_of_those_who_answered(toys: ToyStudy) -> None:
    (whole,) = counts(toys, [NO, NO, NO, PARTLY, MOSTLY, MOSTLY, UNANSWERED, UNANSWERED])
    assert (whole.asked, whole.answered, whole.partly, whole.mostly, whole.used) == (8, 6, 1, 2, 3)
    # Wilson's interval of 3 in 6, by hand.
    assert (whole.interval.low, whole.interval.high) == pytest.approx((0.188, 0.812), abs=0.001)


@pytest.mark.parametrize(("answers", "shown"), [(FEWEST - 1, 0), (FEWEST, 1)])
def test_few_answers_are_not_shown(toys: ToyStudy, answers: int, shown: int) -> None:
    assert len(counts(toys, [MOSTLY] * answers + [UNANSWERED])) == shown


def test_conditions_stand_beside_the_whole_and_small_ones_are_left_out(toys: ToyStudy) -> None:
    found = counts(toys, [NO] * 5 + [PARTLY] * 6 + [MOSTLY] * 2, ["plain"] * 5 + ["plea"] * 6 + ["picture"] * 2)
    assert [(part.condition, part.answered, part.used) for part in found] == [
        (None, 13, 8),
        ("plain", 5, 0),
        ("plea", 6, 6),
    ]


def test_nothing_is_shown_where_nobody_was_asked(toys: ToyStudy) -> None:
    toys.submit(0, "Somebody typed this.", pasted=False)
    assert counts(toys, []) == []
