"""Two texts under one assignment's id, because the first worker never submitted at the marketplace."""

from typing import Any

import pytest
from sqlalchemy import select

from keytrail.models import DecisionKind, Study, Submission, WritingSession
from keytrail.platform_actions.differences import differences
from keytrail.sessions.submission import Answer, submit
from tests.platform_actions.market import Market
from tests.platform_actions.test_reconciliation import SignUp, hits

__all__ = ["hits"]


def hand_in_here(market: Market, words: str) -> str:
    with market.database.writing() as db:
        session = db.scalars(select(WritingSession).order_by(WritingSession.id.desc()).limit(1)).one()
        return submit(db, session.id, Answer(words), market.time()).public_id


@pytest.fixture
def texts(market: Market, hits: list[str], sign_up: SignUp) -> tuple[str, str, str]:
    """The shared id, the text of who gave it back, and the text of who handed it in at the marketplace."""
    first, second = sign_up("first"), sign_up("second")
    assignment_id = first.accept(hits[0])
    market.consent(first, hits[0], assignment_id)
    left_here = hand_in_here(market, "The first one's words.")
    first.give_back(assignment_id)
    assert second.accept(hits[0]) == assignment_id
    market.consent(second, hits[0], assignment_id)
    handed_in = hand_in_here(market, "The second one's words.")
    second.submit(assignment_id, receipt=handed_in)
    market.time.jump(minutes=1)
    return assignment_id, left_here, handed_in


@pytest.mark.parametrize("kind", [DecisionKind.ACCEPT, DecisionKind.PROPOSE_REJECTION])
def test_a_decision_on_one_text_is_never_sent_to_the_other_ones_worker(
    market: Market, texts: tuple[str, str, str], requester: Any, kind: DecisionKind
) -> None:
    assignment_id, left_here, handed_in = texts
    market.decide(left_here, kind)
    (action,) = market.actions()[-1:]
    if kind == DecisionKind.PROPOSE_REJECTION:
        with market.database.writing() as db:
            db.merge(action).reason = "It is about another text."
    sent = market.send(action)
    assert (sent.state, "another worker" in sent.outcome) == ("failed", True)
    assert requester.get_assignment(AssignmentId=assignment_id)["Assignment"]["AssignmentStatus"] == "Submitted"
    market.decide(handed_in, DecisionKind.ACCEPT)
    assert market.send(market.actions("approve")[-1]).state == "sent"
    assert requester.get_assignment(AssignmentId=assignment_id)["Assignment"]["AssignmentStatus"] == "Approved"


def test_the_owner_is_shown_both_and_who_holds_the_id(market: Market, texts: tuple[str, str, str]) -> None:
    assignment_id, left_here, handed_in = texts
    with market.database.reading() as db:
        shown = differences(db, db.get_one(Study, market.study_id), market.time()).shared_ids
        assert [(one.assignment_id, one.public_id, one.holds) for one in shown] == [
            (assignment_id, left_here, False),
            (assignment_id, handed_in, False),
        ]
    market.reconciler.compare(market.study_id)
    with market.database.reading() as db:
        found = differences(db, db.get_one(Study, market.study_id), market.time())
        assert [one.holds for one in found.shared_ids] == [False, True]
        assert [one.public_id for one in found.only_here] == [left_here]
        assert found.only_there == []
        confirmed = select(Submission.public_id).join(WritingSession).where(WritingSession.confirmed_at.is_not(None))
        assert db.scalars(confirmed).all() == [handed_in]


def test_of_three_who_had_the_id_only_the_last_is_paid(
    market: Market, hits: list[str], sign_up: SignUp, requester: Any
) -> None:
    """The first withdrew, the second handed a text in here and gave the HIT back, the third handed it in there."""
    people = [sign_up(name) for name in ("first", "second", "third")]
    texts: list[str] = []
    for person in people:
        assignment_id = person.accept(hits[0])
        market.consent(person, hits[0], assignment_id)
        if person is not people[0]:
            texts.append(hand_in_here(market, f"Words of {person.id}."))
        if person is not people[-1]:
            person.give_back(assignment_id)
    people[-1].submit(assignment_id, receipt=texts[-1])
    market.time.jump(minutes=1)
    for text in texts:
        market.decide(text, DecisionKind.ACCEPT)
    sent = [market.send(action) for action in market.actions("approve")]
    assert [one.state for one in sent] == ["failed", "sent"]
    assert requester.get_assignment(AssignmentId=assignment_id)["Assignment"]["WorkerId"] == people[-1].id
    market.reconciler.compare(market.study_id)
    with market.database.reading() as db:
        shown = differences(db, db.get_one(Study, market.study_id), market.time()).shared_ids
        assert [(one.public_id, one.holds) for one in shown] == list(zip(texts, (False, True), strict=True))
