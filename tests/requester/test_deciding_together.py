"""Decisions concurrent with a change of the number of reviewers. SQLite serialises writers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.models import AssignmentIdentity, DecisionKind, PlatformAction, Study, Submission, User
from keytrail.review.judging.decisions import DecisionInput, decide, settle_again
from keytrail.review.queue.submissions import submission_and_role
from tests.postgres import waits
from tests.requester.site import Site
from tests.waiting import until


@pytest.fixture
def submitted(site: Site) -> str:
    """A submission that a platform would pay for."""
    if site.database.engine.dialect.name != "postgresql":
        pytest.skip("of PostgreSQL only")
    work = site.hand()
    work.hand.types("Decided.")
    public_id = work.submit()
    with site.database.writing() as db:
        db.add(AssignmentIdentity(session_id=db.scalars(select(Submission.session_id)).one(), assignment_id="A1"))
    return public_id


@pytest.mark.parametrize("saved_first", [True, False])
def test_a_decision_counts_by_the_number_that_is_saved_meanwhile(
    site: Site, submitted: str, *, saved_first: bool
) -> None:
    def accept(db: Session) -> None:
        olivia = db.get_one(User, site.people["olivia"])
        submission, _ = submission_and_role(db, submitted, olivia)
        decide(db, submission, olivia, DecisionInput(DecisionKind.ACCEPT), site.clock())

    def ask_two(db: Session) -> None:
        study = db.scalars(select(Study)).one()
        study.reviews_per_submission = 2
        settle_again(db, study, db.get_one(User, site.people["olivia"]), site.clock())

    def at_once(use_case: Callable[[Session], None]) -> None:
        with site.database.writing() as db:
            use_case(db)

    first, second = (ask_two, accept) if saved_first else (accept, ask_two)
    with ThreadPoolExecutor(1) as pool:
        with site.database.writing() as db:
            first(db)
            late = pool.submit(at_once, second)
            until(lambda: waits(site.database) or late.done(), "the second to wait")
        late.result(60)
    with site.database.reading() as db:
        assert db.scalars(select(Submission.settled)).one() is False
        assert "queued" not in db.scalars(select(PlatformAction.state)).all()
