"""Workers' self-reports: shown as figures of the study, and never beside an undecided text."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from keytrail.models import ModelUse, SelfReport, Submission, User
from keytrail.users.tokens import create_token
from tests.requester.site import Site

ANSWERS = (ModelUse.NO, ModelUse.NO, ModelUse.PARTLY, ModelUse.MOSTLY, ModelUse.UNANSWERED, ModelUse.NO)


@pytest.fixture
def receipts(site: Site) -> Sequence[str]:
    found = []
    for answer in ANSWERS:
        work = site.hand()
        work.hand.types("Staff slept a bit longer under amber light.")
        found.append(work.submit())
        with site.database.writing() as db:
            submission = db.scalars(select(Submission).where(Submission.public_id == found[-1])).one()
            db.add(SelfReport(submission_id=submission.id, model_use=answer, answered_at=site.clock()))
    return found


def test_the_share_who_say_so_stands_beside_the_estimates(site: Site, receipts: Sequence[str]) -> None:
    page = site.visitor("vera").settled("/studies/night/prevalence")
    (row,) = page.self_reports
    assert (row.name, row.asked, row.answered, row.partly, row.mostly) == ("All", 6, 5, 1, 1)
    # Wilson's interval of 2 in 5, by hand.
    assert (row.share, row.interval, row.at) == ("40\u00a0%", "12\u00a0to\u00a077\u00a0%", 40.0)
    assert "What workers say themselves" in site.visitor("vera").page("/studies/night/prevalence")


def test_nothing_beside_a_text_tells_what_its_writer_said(site: Site, receipts: Sequence[str]) -> None:
    rafael = site.visitor("rafael")
    with site.database.writing() as db:
        token = create_token(db, db.get_one(User, site.people["rafael"]), "test", site.clock())
    seen = [
        rafael.page(f"/submissions/{receipts[3]}"),
        rafael.page("/studies/night/queue"),
        rafael.page("/studies/night"),
        site.visitor()
        .client.get(f"/api/v1/submissions/{receipts[3]}", headers={"authorization": f"Bearer {token}"})
        .text,
    ]
    assert all(receipts[3] in text for text in seen)
    assert not [word for word in ("mostly", "model_use") for text in seen if word in text]


def test_few_answers_are_no_section(site: Site) -> None:
    assert site.visitor("vera").settled("/studies/night/prevalence").self_reports == []
