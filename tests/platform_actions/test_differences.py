"""Work that exists on one side only, and work begun and never submitted: found, shown, and settled by a person."""

from typing import Any

import pytest
from sqlalchemy import select

from keytrail.errors import BadRequest, Conflict, NotFound
from keytrail.models import ActionKind, Item, PlatformAction, Study, WritingSession
from keytrail.platform_actions.differences import Differences, Ruling, differences, queue_unmatched
from keytrail.sessions.submission import Answer, submit
from tests.platform_actions.market import Market
from tests.platform_actions.test_reconciliation import SignUp, hits

__all__ = ["hits"]


def looked_at(market: Market) -> Differences:
    market.time.jump(minutes=1)
    market.reconciler.compare(market.study_id)
    with market.database.reading() as db:
        return differences(db, db.get_one(Study, market.study_id), market.time())


def settle(market: Market, number: int, kind: ActionKind, feedback: str = "") -> PlatformAction:
    with market.database.writing() as db:
        study = db.get_one(Study, market.study_id)
        return queue_unmatched(db, study, Ruling(number, kind, feedback), market.owner_id, market.time())


def submit_here_only(market: Market) -> str:
    with market.database.writing() as db:
        session = db.scalars(select(WritingSession).order_by(WritingSession.id.desc()).limit(1)).one()
        return submit(db, session.id, Answer("Some words."), market.time()).public_id


def test_work_that_only_one_side_holds_is_shown(market: Market, hits: list[str], sign_up: SignUp) -> None:
    elsewhere, here = sign_up("elsewhere"), sign_up("here")
    held_there = elsewhere.work_on(hits[0])
    assignment_id = here.accept(hits[1])
    market.consent(here, hits[1], assignment_id)
    public_id = submit_here_only(market)
    found = looked_at(market)
    assert [(row.assignment_id, row.began) for row in found.only_there] == [(held_there, False)]
    assert [(row.public_id, row.assignment_id) for row in found.only_here] == [(public_id, assignment_id)]
    here.submit(assignment_id, receipt=public_id)
    assert looked_at(market).only_here == []


def test_work_that_was_begun_here_and_handed_in_without_a_text_is_shown(
    market: Market, hits: list[str], sign_up: SignUp
) -> None:
    worker = sign_up()
    assignment_id = worker.accept(hits[0])
    market.consent(worker, hits[0], assignment_id)
    worker.submit(assignment_id, receipt="made up")
    (row,) = looked_at(market).only_there
    assert (row.assignment_id, row.began) == (assignment_id, True)


@pytest.mark.parametrize(
    ("kind", "feedback", "becomes"),
    [(ActionKind.APPROVE, "", "Approved"), (ActionKind.REJECT, "No text came with it.", "Rejected")],
)
def test_a_person_settles_it_once(  # noqa: PLR0917  # fixtures
    market: Market, hits: list[str], sign_up: SignUp, requester: Any, kind: ActionKind, feedback: str, becomes: str
) -> None:
    assignment_id = sign_up().work_on(hits[0])
    (row,) = looked_at(market).only_there
    action = settle(market, row.number, kind, feedback)
    with pytest.raises(Conflict, match="already queued"):
        settle(market, row.number, kind, feedback)
    assert looked_at(market).only_there[0].waits == kind
    assert market.send(action).state == "sent"
    found = requester.get_assignment(AssignmentId=assignment_id)["Assignment"]
    assert (found["AssignmentStatus"], found.get("RequesterFeedback", "")) == (becomes, feedback)
    assert looked_at(market).only_there == []


def test_nobody_is_rejected_without_a_word_and_nothing_unknown_is_settled(
    market: Market, hits: list[str], sign_up: SignUp
) -> None:
    sign_up().work_on(hits[0])
    (row,) = looked_at(market).only_there
    with pytest.raises(BadRequest):
        settle(market, row.number, ActionKind.REJECT)
    with pytest.raises(NotFound):
        settle(market, row.number + 1, ActionKind.APPROVE)
    assert market.actions("reject") == market.actions("approve") == []


def test_what_was_begun_and_not_submitted_is_shown_until_it_is_given_back(
    market: Market, hits: list[str], sign_up: SignUp
) -> None:
    worker = sign_up()
    market.consent(worker, hits[0], worker.accept(hits[0]))
    (begun,) = looked_at(market).unfinished
    assert (begun.item, begun.over) == ("a", False)
    with market.database.writing() as db:
        session = db.scalars(select(WritingSession)).one()
        session.expires_at = market.time()
        db.get_one(Item, session.item_id).title = "Amber light"
    with market.database.reading() as db:
        (begun,) = differences(db, db.get_one(Study, market.study_id), market.time()).unfinished
    assert (begun.item, begun.over) == ("Amber light", True)
    market.time.jump(hours=2)
    assert looked_at(market).unfinished == []
