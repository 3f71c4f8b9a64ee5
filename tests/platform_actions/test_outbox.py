from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from keytrail.errors import BadRequest, Conflict
from keytrail.models import (
    ActionKind,
    ActionState,
    DecisionKind,
    Membership,
    PlatformAction,
    Role,
    Study,
    Submission,
    User,
)
from keytrail.platform_actions.bonuses import Bonus, Letter, queue_bonus, queue_message
from keytrail.platform_actions.ledger import totals
from keytrail.platform_actions.outbox import cancel, get_action
from keytrail.platforms import PlatformFault
from keytrail.platforms.money import parse_amount
from keytrail.platforms.mturk_api import MTurkApi
from keytrail.review.judging.objections import answer_objection, make_objection
from keytrail.review.queue.submissions import submission_and_role
from tests.platform_actions.market import Market
from tests.sandbox.people import WorkerBrowser

SignUp = Callable[..., WorkerBrowser]


@pytest.fixture
def hit(market: Market) -> str:
    return market.publish()[0]


@pytest.fixture
def work(market: Market, hit: str, sign_up: SignUp) -> str:
    return market.write(sign_up(), hit)


def balance(requester: Any) -> float:
    account = requester.get_account_balance()
    return float(account["AvailableBalance"]) + float(account["OnHoldBalance"])


def status(requester: Any, hit: str) -> list[str]:
    return [a["AssignmentStatus"] for a in requester.list_assignments_for_hit(HITId=hit)["Assignments"]]


def die_before_settling(market: Market, action: PlatformAction) -> None:
    """Perform an action, and be killed before the answer is written down."""
    sender = market.sender
    sender._settle = lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        sender.send(market.study_id, action.id, market.owner_id)
    market.time.jump(minutes=3)


def test_a_decision_only_queues_and_sending_pays_once(market: Market, hit: str, work: str, requester: Any) -> None:
    before = balance(requester)
    market.decide(work, DecisionKind.ACCEPT)
    (action,) = market.actions("approve")
    assert (action.state, action.amount_cents, action.fee_cents) == (ActionState.QUEUED, 100, 20)
    assert status(requester, hit) == ["Submitted"]
    die_before_settling(market, action)
    assert market.send(action).state == ActionState.SENT
    assert market.send(action).outcome == "This was sent already."
    assert status(requester, hit) == ["Approved"]
    assert before - balance(requester) == pytest.approx(1.20)
    with market.database.reading() as db:
        assert (totals(db, market.study_id, market.time()).paid, totals(db, market.study_id, market.time()).fees) == (
            100,
            20,
        )


def test_who_queued_and_who_sent_is_kept(market: Market, work: str) -> None:
    market.decide(work, DecisionKind.ACCEPT)
    queued_at = market.time()
    market.time.jump(hours=1)
    with market.database.writing() as db:
        other = User(
            email="r@example.org",
            name="Rafael",
            password_hash="!",
            created_at=market.time(),
            may_create_studies=True,
            may_spend=True,
        )
        db.add(other)
        db.flush()
        db.add(Membership(user_id=other.id, study_id=market.study_id, role=Role.OWNER))
        other_id = other.id
    (action,) = market.actions("approve")
    market.sender.send(market.study_id, action.id, other_id)
    (action,) = market.actions("approve")
    assert (action.queued_by_id, action.sent_by_id) == (market.owner_id, other_id)
    assert (action.queued_at, action.ended_at) == (queued_at, market.time())


def test_excluded_from_the_data_is_paid_all_the_same(market: Market, work: str) -> None:
    market.decide(work, DecisionKind.EXCLUDE)
    assert [action.kind for action in market.actions("approve")] == [ActionKind.APPROVE]


def test_changing_ones_mind_before_sending_leaves_one_action(market: Market, work: str) -> None:
    market.decide(work, DecisionKind.ACCEPT)
    market.decide(work, DecisionKind.PROPOSE_REJECTION)
    market.decide(work, DecisionKind.PROPOSE_REJECTION)
    states = [(a.kind, a.state) for a in market.actions() if a.kind != ActionKind.PUBLISH]
    assert states == [(ActionKind.APPROVE, ActionState.CANCELLED), (ActionKind.REJECT, ActionState.QUEUED)]
    market.decide(work, DecisionKind.WITHDRAWN)
    assert [a.state for a in market.actions("reject")] == [ActionState.CANCELLED]
    market.decide(work, DecisionKind.SECOND_LOOK)
    assert len(market.actions("approve") + market.actions("reject")) == 2  # type: ignore[operator]  # lists


def test_a_rejection_is_sent_with_its_feedback_and_can_be_overridden(
    market: Market, hit: str, work: str, requester: Any
) -> None:
    market.decide(work, DecisionKind.PROPOSE_REJECTION)
    (action,) = market.actions("reject")
    assert action.reason == "Text arrived without typing"
    die_before_settling(market, action)
    assert market.send(action).state == ActionState.SENT
    (assignment,) = requester.list_assignments_for_hit(HITId=hit)["Assignments"]
    assert (assignment["AssignmentStatus"], assignment["RequesterFeedback"]) == ("Rejected", action.reason)
    market.decide(work, DecisionKind.ACCEPT)
    (approval,) = market.actions("approve")
    assert market.send(approval).state == ActionState.SENT
    assert status(requester, hit) == ["Approved"]


def test_an_approval_without_an_answer_can_be_sent_again_but_not_cancelled(
    market: Market, work: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    market.decide(work, DecisionKind.ACCEPT)
    (action,) = market.actions("approve")
    with monkeypatch.context() as patched:

        def lost(*_arguments: object, **_more: object) -> None:
            raise PlatformFault("The platform did not answer.", unsure=True)

        patched.setattr(MTurkApi, "approve", lost)
        assert market.send(action).state == ActionState.SENDING
    with market.database.writing() as db, pytest.raises(Conflict):
        cancel(db, get_action(db, market.study_id, action.id), market.owner_id, market.time())
    market.decide(work, DecisionKind.PROPOSE_REJECTION)
    assert list(market.actions("reject")) == []
    assert market.send(action).state == ActionState.SENT


def test_a_rejection_after_the_automatic_approval_fails_in_words(market: Market, work: str) -> None:
    market.decide(work, DecisionKind.PROPOSE_REJECTION)
    market.time.jump(days=8)
    sent = market.send(market.actions("reject")[0])
    assert (sent.state, sent.outcome) == (ActionState.FAILED, "The platform says that this assignment is approved.")


class TestBonus:
    def queue(self, market: Market, public_id: str, bonus: Bonus) -> PlatformAction:
        with market.database.writing() as db:
            owner = db.get_one(User, market.owner_id)
            submission, _ = submission_and_role(db, public_id, owner)
            return queue_bonus(db, submission, bonus, market.owner_id, market.time())

    @pytest.fixture
    def approved(self, market: Market, work: str) -> str:
        market.decide(work, DecisionKind.ACCEPT)
        market.send(market.actions("approve")[0])
        return work

    def test_the_same_form_sent_twice_is_one_bonus(self, market: Market, approved: str) -> None:
        bonus = Bonus(150, "Thank you.", "a" * 32)
        assert self.queue(market, approved, bonus).id == self.queue(market, approved, bonus).id

    @pytest.mark.parametrize("later", [{"minutes": 3}, {"hours": 25}])
    def test_is_paid_once_whenever_the_crash_is_noticed(
        self, market: Market, hit: str, approved: str, requester: Any, later: dict[str, float]
    ) -> None:
        action = self.queue(market, approved, Bonus(150, "Thank you.", "b" * 32))
        before = balance(requester)
        die_before_settling(market, action)
        market.time.jump(**later)
        assert market.send(action).state == ActionState.SENT
        bonuses = requester.list_bonus_payments(HITId=hit)["BonusPayments"]
        assert [(b["BonusAmount"], b["Reason"]) for b in bonuses] == [("1.50", "Thank you.")]
        assert before - balance(requester) == pytest.approx(1.80)

    def test_two_forms_are_two_bonuses(self, market: Market, hit: str, approved: str, requester: Any) -> None:
        for token in ("c" * 32, "d" * 32):
            market.send(self.queue(market, approved, Bonus(100, "Again.", token)))
        assert len(requester.list_bonus_payments(HITId=hit)["BonusPayments"]) == 2

    @pytest.mark.parametrize("bonus", [Bonus(0, "x"), Bonus(1_000_001, "x"), Bonus(5, "  "), Bonus(5, "x", "<" * 9)])
    def test_what_no_platform_would_take_is_refused(self, market: Market, approved: str, bonus: Bonus) -> None:
        with pytest.raises(BadRequest):
            self.queue(market, approved, bonus)

    def test_work_that_no_platform_holds_cannot_be_paid(self, market: Market, approved: str) -> None:
        with market.database.writing() as db:
            submission, _ = submission_and_role(db, approved, db.get_one(User, market.owner_id))
            submission.session_id += 999
            with db.no_autoflush, pytest.raises(Conflict):
                queue_bonus(db, submission, Bonus(5, "x"), market.owner_id, market.time())
            db.expire(submission)

    def test_a_message_that_may_have_been_sent_is_not_sent_again_unasked(self, market: Market, approved: str) -> None:
        with market.database.writing() as db:
            submission, _ = submission_and_role(db, approved, db.get_one(User, market.owner_id))
            letter = Letter("Thanks", "Your text was good.")
            action = queue_message(db, submission, letter, market.owner_id, market.time())
        die_before_settling(market, action)
        assert market.send(action).state == ActionState.UNSURE
        assert market.send(action).state == ActionState.UNSURE
        assert market.send(action, again=True).state == ActionState.SENT


@pytest.mark.parametrize(("text", "cents"), [("1.50", 150), ("2", 200), ("0,5", 50), (" 3.07 ", 307)])
def test_amounts_are_read_as_people_write_them(text: str, cents: int) -> None:
    assert parse_amount(text) == cents


@pytest.mark.parametrize("text", ["", "-1", "1.505", "1e9", "٣", "1.٣", "a", "1234567", "<b>"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        parse_amount(text)


def test_an_erased_identity_leaves_nothing_to_send_and_says_so(market: Market, work: str) -> None:
    market.decide(work, DecisionKind.ACCEPT)
    (action,) = market.actions("approve")
    with market.database.writing() as db:
        db.delete(db.get_one(Submission, market.submission_id(work)))
    sent = market.send(action)
    assert (sent.state, sent.outcome) == (
        ActionState.FAILED,
        "The platform's id of the assignment is not known here any more.",
    )


def object_to_rejection(market: Market, work: str) -> None:
    market.decide(work, DecisionKind.PROPOSE_REJECTION)
    with market.database.writing() as db:
        study = db.get_one(Study, market.study_id)
        study.copy_shows_decision = True
        submission = db.scalars(select(Submission).where(Submission.public_id == work)).one()
        make_objection(db, study, submission, "These were my notes.", market.time())


def answer(market: Market, work: str, words: str) -> None:
    with market.database.writing() as db:
        owner = db.get_one(User, market.owner_id)
        submission, _ = submission_and_role(db, work, owner)
        answer_objection(db, submission, owner, words, market.time())


def test_a_rejection_waits_until_the_worker_s_objection_is_answered(market: Market, work: str) -> None:
    object_to_rejection(market, work)
    market.decide(work, DecisionKind.PROPOSE_REJECTION)
    assert [action.state for action in market.actions("reject")] == [ActionState.CANCELLED]
    answer(market, work, "They are not in the log.")
    assert [action.state for action in market.actions("reject")] == [ActionState.CANCELLED, ActionState.QUEUED]


def test_an_objection_that_is_granted_pays(market: Market, work: str) -> None:
    object_to_rejection(market, work)
    market.decide(work, DecisionKind.ACCEPT)
    assert [action.state for action in market.actions("approve")] == [ActionState.QUEUED]
    answer(market, work, "You are right.")
    assert [action.state for action in market.actions("approve")] == [ActionState.QUEUED]
