from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keytrail.sandbox import FeeRates, SandboxConfig
from keytrail.sandbox.market.money import bonus_fee, reward_fee, to_cents, to_dollars
from tests.sandbox.people import WorkerBrowser, create_hit, hit_parameters, refusal
from tests.sandbox.running import Time

SignUp = Callable[..., WorkerBrowser]


def balance(requester: Any) -> tuple[str, str]:
    answer = requester.get_account_balance()
    return answer["AvailableBalance"], answer["OnHoldBalance"]


@given(st.integers(0, 10**9))
def test_cents_survive_being_written_as_dollars(cents: int) -> None:
    assert to_cents(to_dollars(cents)) == cents


@pytest.mark.parametrize(
    ("cents", "small", "large", "bonus"), [(50, 10, 20, 10), (1, 1, 1, 1), (12, 2, 5, 2), (13, 3, 5, 3), (0, 1, 1, 1)]
)
def test_fees(cents: int, small: int, large: int, bonus: int) -> None:
    rates = FeeRates()
    assert reward_fee(cents, large=False, rates=rates) == small
    assert reward_fee(cents, large=True, rates=rates) == large
    assert bonus_fee(cents, rates) == bonus


def test_money_is_held_then_paid_or_released(requester: Any, sign_up: SignUp) -> None:
    hit_id = create_hit(requester, MaxAssignments=3)["HITId"]
    assert balance(requester) == ("9998.20", "1.80")
    paid, unpaid = sign_up("ada").work_on(hit_id), sign_up("bob").work_on(hit_id)
    assert balance(requester) == ("9998.20", "1.80")
    requester.approve_assignment(AssignmentId=paid)
    assert balance(requester) == ("9998.20", "1.20")
    requester.reject_assignment(AssignmentId=unpaid, RequesterFeedback="no")
    assert balance(requester) == ("9998.80", "0.60")
    requester.update_expiration_for_hit(HITId=hit_id, ExpireAt=0)
    assert balance(requester) == ("9999.40", "0.00")


def test_ten_assignments_cost_more_each(requester: Any) -> None:
    create_hit(requester, MaxAssignments=10)
    assert balance(requester)[1] == "7.00"


def test_a_bonus_is_paid_once_per_token(requester: Any, worker: WorkerBrowser, time: Time) -> None:
    hit_id = create_hit(requester)["HITId"]
    assignment = worker.accept(hit_id)
    bonus = {
        "WorkerId": worker.id,
        "AssignmentId": assignment,
        "BonusAmount": "0.25",
        "Reason": "Very careful work",
        "UniqueRequestToken": "b1",
    }
    assert refusal(requester.send_bonus, **bonus)[0] == "InvalidAssignmentState"
    worker.submit(assignment)
    requester.approve_assignment(AssignmentId=assignment)
    requester.send_bonus(**bonus)
    code, message = refusal(requester.send_bonus, **bonus)
    assert code == "DuplicateRequest"
    assert message.startswith('The idempotency token "b1" has already been processed. (')
    assert balance(requester) == ("9999.10", "0.00")
    time.jump(hours=24)
    requester.send_bonus(**bonus)
    paid = requester.list_bonus_payments(HITId=hit_id)["BonusPayments"]
    assert [(p["BonusAmount"], p["WorkerId"], p["Reason"]) for p in paid] == [
        ("0.25", worker.id, "Very careful work")
    ] * 2
    assert requester.list_bonus_payments(AssignmentId=assignment)["NumResults"] == 2


def test_a_full_page_of_bonuses_names_the_next_which_may_be_empty(requester: Any, worker: WorkerBrowser) -> None:
    hit_id = create_hit(requester)["HITId"]
    assignment = worker.work_on(hit_id)
    for token in ("b1", "b2"):
        requester.send_bonus(
            WorkerId=worker.id, AssignmentId=assignment, BonusAmount="0.25", Reason="Careful", UniqueRequestToken=token
        )
    full = requester.list_bonus_payments(HITId=hit_id, MaxResults=2)
    assert len(full["BonusPayments"]) == 2
    last = requester.list_bonus_payments(HITId=hit_id, MaxResults=2, NextToken=full["NextToken"])
    assert (last["BonusPayments"], last["NumResults"], "NextToken" in last) == ([], 0, False)


def test_a_bonus_may_come_before_the_decision(requester: Any, worker: WorkerBrowser) -> None:
    assignment = worker.work_on(create_hit(requester)["HITId"])
    requester.send_bonus(WorkerId=worker.id, AssignmentId=assignment, BonusAmount="0.25", Reason="r")
    assert balance(requester) == ("9999.10", "0.60")
    requester.approve_assignment(AssignmentId=assignment)
    assert balance(requester) == ("9999.10", "0.00")


def test_bonuses_that_make_no_sense(requester: Any, sign_up: SignUp) -> None:
    ada, bob = sign_up("ada"), sign_up("bob")
    assignment = ada.work_on(create_hit(requester)["HITId"])
    requester.approve_assignment(AssignmentId=assignment)
    good = {"WorkerId": ada.id, "AssignmentId": assignment, "BonusAmount": "1", "Reason": "r"}
    for change in ({"WorkerId": bob.id}, {"BonusAmount": "0"}, {"BonusAmount": "10000.01"}, {"Reason": ""}):
        assert refusal(requester.send_bonus, **{**good, **change})[0] == "ParameterValidationError"
    assert refusal(requester.list_bonus_payments)[0] == "ParameterValidationError"


@pytest.fixture
def poor(config: SandboxConfig, monkeypatch: pytest.MonkeyPatch) -> SandboxConfig:
    """The same marketplace, with a requester who has little."""
    object.__setattr__(config, "deposit", Decimal("1.30"))
    return config


def test_an_account_is_not_overdrawn(poor: SandboxConfig, requester: Any, worker: WorkerBrowser) -> None:
    assert refusal(requester.create_hit, **hit_parameters(MaxAssignments=3))[0] == "InsufficientFunds"
    assert requester.list_hits()["NumResults"] == 0
    hit_id = create_hit(requester, MaxAssignments=2)["HITId"]
    more = {"HITId": hit_id, "NumberOfAdditionalAssignments": 1}
    assert refusal(requester.create_additional_assignments_for_hit, **more)[0] == "InsufficientFunds"
    assignment = worker.work_on(hit_id)
    requester.approve_assignment(AssignmentId=assignment)
    bonus = {"WorkerId": worker.id, "AssignmentId": assignment, "BonusAmount": "0.20", "Reason": "r"}
    assert refusal(requester.send_bonus, **bonus)[0] == "InsufficientFunds"
    assert requester.list_bonus_payments(HITId=hit_id)["NumResults"] == 0
    assert balance(requester) == ("0.10", "0.60")
