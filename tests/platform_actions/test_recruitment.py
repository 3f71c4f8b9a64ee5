"""Recruiting at Prolific, from the draft to the bonus, over HTTP on both sides, with a restart after every step."""

import pytest
from fastapi.responses import JSONResponse
from sqlalchemy import update

from keytrail.models import Study, User
from tests.platform_actions.installation import FORM, HOME, Installation
from tests.platform_actions.prolific_double import STUDY, ProlificDouble
from tests.platform_actions.recruiting import OFFER, at, double, published, work

__all__ = ["at", "double"]

PART = {"part_pay": "on", "screen_out": "0.20", "screen_out_places": "5"}
LONG = "You were asked to write in your own words, and most of the text is a copy of the article that you were given."


def test_from_the_draft_to_the_bonus_and_the_exclusion(at: Installation, double: ProlificDouble) -> None:
    drafted = at.do("platform/draft", **OFFER).recruitment.task
    assert (drafted.status, drafted.total, drafted.fees) == ("UNPUBLISHED", "6.30 GBP", "1.80 GBP")
    study = double.studies[STUDY]
    assert study["external_study_url"].startswith("https://keytrail.test/task/panel?STUDY_ID={{%STUDY_ID%}}&")
    assert [code["actions"][0]["action"] for code in study["completion_codes"]] == [
        "MANUALLY_REVIEW", "REQUEST_RETURN", "REQUEST_RETURN",
    ]  # fmt: skip
    at.restart()
    assert not double.sees("P1", STUDY)
    assert at.do("platform/launch").recruitment.task.is_live
    at.restart()
    assert double.sees("P1", STUDY)
    receipts = [work(at, double, number) for number in (1, 2)]
    at.restart()
    for receipt in receipts:
        at.decide(receipt, "accept", "typed_throughout")
        at.restart()
    assert double.transitions == []
    assert at.send_all() == ["sent", "sent"]
    assert sorted(double.transitions) == ["S1", "S2"]
    assert ("POST", "/api/v1/submissions/bulk-approve/") in double.requests
    at.restart()
    for receipt, amount in zip(receipts, ("2.50", "0.30"), strict=True):
        at.do("payments/bonus", submission=receipt, amount=amount, reason="Thank you.")
    assert at.send_all() == ["sent", "sent"]
    assert double.paid == [("S1", "2.50"), ("S2", "0.30")]
    assert len(double.set_up) == 1
    at.restart()
    at.do("payments/exclusion", submission=receipts[0], reason="Copied.")
    assert at.send_all() == ["sent"]
    assert (double.sees("P1", STUDY), double.sees("P2", STUDY)) == (False, True)
    figures = dict(at.page("payments").figures)
    assert figures["Paid to workers"] == "5.80 GBP"
    assert figures["Committed by published places and bonuses"] == "10.22 GBP"


def test_each_owner_excludes_from_their_own_studies(at: Installation, double: ProlificDouble) -> None:
    nora = at.another_owner()
    published(at)
    receipts = [work(at, double, number) for number in (1, 2)]
    at.owner.post("/new-study", **{**FORM, "slug": "second", "platform": "prolific"})
    at.owner.post("/studies/second/platform/draft", **OFFER)
    [second] = set(double.studies) - {STUDY}
    double.studies[second]["status"] = "ACTIVE"
    at.do("payments/exclusion", submission=receipts[0], reason="Copied.")
    nora.post(f"{HOME}/payments/exclusion", submission=receipts[1], reason="Copied.")
    assert at.send_all() == ["sent", "sent"]
    assert [double.sees(person, STUDY) for person in ("P1", "P2")] == [False, False]
    assert [double.sees(person, second) for person in ("P1", "P2")] == [False, True]
    assert [(name.rpartition(" ")[2], members) for name, members in double.groups.values()] == [
        ("o@example.org", {"P1"}), ("n@example.org", {"P2"}),
    ]  # fmt: skip


def test_places_pause_resume_and_end(at: Installation, double: ProlificDouble) -> None:
    published(at)
    number = double.studies[STUDY]["id"]
    assert at.do("platform/extension", hit=number, more="2").recruitment.task.places == 5
    assert double.studies[number]["total_available_places"] == 5
    assert at.do("platform/pause").recruitment.task.is_paused
    assert not double.sees("P1", STUDY)
    assert not at.do("platform/resumption").recruitment.task.is_paused
    work(at, double, 1)
    at.do("payments/comparison")
    assert (at.task().completed, at.task().available) == (1, 4)
    ended = at.do("platform/expiry", hit=number).recruitment.task
    assert (ended.is_live, double.studies[number]["status"]) == (False, "AWAITING REVIEW")
    # What nobody can take any more is not committed any more.
    assert dict(at.page("payments").figures)["Committed by published places and bonuses"] == "2.10 GBP"


def test_a_test_participant_tries_the_draft(at: Installation, double: ProlificDouble) -> None:
    at.do("platform/draft", **OFFER)
    page = at.owner.post(f"{HOME}/platform/trial").text
    assert f"https://app.prolific.com/studies/{STUDY}" in page
    double.instead["POST", f"/api/v1/studies/{STUDY}/test-study"] = JSONResponse(
        {"error": {"detail": "Create a test participant first"}}, 400
    )
    assert "Prolific refused (400): Create a test participant first" in at.owner.post(f"{HOME}/platform/trial").text


def test_a_rejection_takes_a_ground_and_a_hundred_characters(at: Installation, double: ProlificDouble) -> None:
    published(at)
    at.decide(work(at, double, 1), "propose_rejection", "no_typing")
    (reject,) = at.waiting()
    choice = {"action": str(reject.id), "kind": "reject"}
    for wrong, why in (
        ({"reason": LONG}, "Choose one of Prolific"),
        ({"reason": LONG, "category": "ELSE"}, "Choose one of Prolific"),
        (
            {"reason": "Too short.", "category": "LOW_EFFORT"},
            "characters to the participant; these are 10",
        ),
    ):
        answer = at.owner.post(f"{HOME}/payments/choice", **choice, **wrong)
        assert (answer.status_code, why in answer.text) == (400, True)
    assert at.send_all() == ["failed"]
    assert double.transitions == []
    at.do("payments/choice", **choice, reason=LONG, category="FAILED_INSTRUCTIONS")
    assert at.send_all() == ["sent"]
    assert double.told["S1"] == {"action": "REJECT", "message": LONG, "rejection_category": "FAILED_INSTRUCTIONS"}


@pytest.mark.parametrize(
    ("kind", "fields", "status", "paid"),
    [
        ("part_pay", {"percentage": "40", "reason": "Half of it is yours."}, "PARTIALLY APPROVED", "0.60 GBP"),
        ("screen_out", {}, "SCREENED OUT", "0.20 GBP"),
        ("return", {"reason": "Most of it is a copy."}, "AWAITING REVIEW", "0.00 GBP"),
    ],
)
def test_something_milder_than_a_rejection(
    at: Installation, double: ProlificDouble, kind: str, fields: dict[str, str], status: str, paid: str
) -> None:
    published(at, **PART)
    receipt = work(at, double, 1)
    at.decide(receipt, "propose_rejection", "no_typing")
    (reject,) = at.waiting()
    at.do("payments/choice", action=str(reject.id), kind=kind, **fields)
    assert [line.kind for line in at.waiting()] == [kind]
    at.restart()
    assert at.send_all() == ["sent"]
    assert double.statuses["S1"] == status
    assert dict(at.page("payments").figures)["Paid to workers"] == paid
    at.decide(receipt, "accept", "typed_throughout")
    assert [line.kind for line in at.waiting()] == (["approve"] if kind == "return" else [])


def test_a_study_without_such_codes_offers_no_part_payment(at: Installation, double: ProlificDouble) -> None:
    published(at)
    at.decide(work(at, double, 1), "propose_rejection", "no_typing")
    (reject,) = at.waiting()
    assert at.page(reject.choice).possible == ["reject", "return"]
    at.do("payments/choice", action=str(reject.id), kind="part_pay", percentage="50")
    assert at.send_all() == ["failed"]
    assert "has no completion code for this" in at.waiting()[0].outcome


def test_a_message_reaches_the_participant(at: Installation, double: ProlificDouble) -> None:
    published(at)
    at.do("payments/message", submission=work(at, double, 1), subject="Your text", text="Thank you.")
    assert at.send_all() == ["sent"]
    assert double.messages == [("P1", STUDY, "Your text\n\nThank you.")]


def test_a_rejection_that_was_a_mistake_is_taken_back(at: Installation, double: ProlificDouble) -> None:
    published(at)
    receipt = work(at, double, 1)
    at.decide(receipt, "propose_rejection", "no_typing")
    (reject,) = at.waiting()
    at.do("payments/choice", action=str(reject.id), kind="reject", reason=LONG, category="LOW_EFFORT")
    at.send_all()
    at.decide(receipt, "accept", "typed_throughout")
    assert at.send_all() == ["sent"]
    assert double.statuses["S1"] == "APPROVED"


class TestWhatMustNotHappen:
    def test_a_second_draft_by_a_double_click(self, at: Installation, double: ProlificDouble) -> None:
        at.do("platform/draft", **OFFER)
        answer = at.owner.post(f"{HOME}/platform/draft", **OFFER)
        assert (answer.status_code, "at Prolific already" in answer.text, len(double.studies)) == (409, True, 1)

    def test_publishing_twice(self, at: Installation, double: ProlificDouble) -> None:
        published(at)
        assert at.owner.post(f"{HOME}/platform/launch").status_code == 409

    def test_publishing_over_the_budget(self, at: Installation, double: ProlificDouble) -> None:
        at.do("platform/draft", **OFFER)
        at.do("platform/budget", budget="6.29")
        at.do("platform/launch")
        assert not double.sees("P1", STUDY)
        (launch,) = at.waiting()
        assert "This would commit 6.30 GBP, more than the budget of this study" in launch.outcome
        at.do("platform/budget", budget="6.30")
        assert at.send_all() == ["sent"]

    def test_publishing_at_another_reward_than_the_drafts(self, at: Installation, double: ProlificDouble) -> None:
        at.do("platform/draft", **OFFER)
        with at.database.writing() as db:
            db.execute(update(Study).values(reward_cents=200))
        answer = at.owner.post(f"{HOME}/platform/launch")
        assert (answer.status_code, "The reward was changed" in answer.text) == (409, True)

    def test_paying_in_another_currency(self, at: Installation, double: ProlificDouble) -> None:
        double.currency = "USD"
        at.do("platform/draft", **OFFER)
        (draft,) = at.waiting()
        assert "pays in USD, and this study's reward is in GBP" in draft.outcome
        assert at.page("platform").recruitment.task is None

    def test_a_study_for_nothing(self, at: Installation, double: ProlificDouble) -> None:
        with at.database.writing() as db:
            db.execute(update(Study).values(reward_cents=0))
        answer = at.owner.post(f"{HOME}/platform/draft", **OFFER)
        assert (answer.status_code, "without a reward" in answer.text) == (400, True)

    def test_an_approval_of_somebody_elses_submission(self, at: Installation, double: ProlificDouble) -> None:
        published(at)
        at.decide(work(at, double, 1), "accept", "typed_throughout")
        double.participant = lambda number: "SOMEBODY"  # type: ignore[method-assign]
        assert at.send_all() == ["failed"]
        assert double.transitions == []

    def test_a_bonus_of_another_sum_than_was_asked_for(self, at: Installation, double: ProlificDouble) -> None:
        published(at)
        at.do("payments/bonus", submission=work(at, double, 1), amount="1.00", reason="Thank you.")
        path = ("POST", "/api/v1/submissions/bonus-payments/")
        double.instead[path] = JSONResponse({"id": "bulk9", "amount": 10_000, "total_amount": 14_000})
        assert at.send_all() == ["failed"]
        assert "Prolific prepared 100.00 where 1.00 was asked for" in at.waiting()[0].outcome
        assert double.paid == []

    @pytest.mark.parametrize("step", ["draft", "launch", "pause", "resumption", "trial"])
    def test_a_step_by_an_owner_without_the_right(self, at: Installation, double: ProlificDouble, step: str) -> None:
        if step != "draft":
            published(at)
        with at.database.writing() as db:
            db.execute(update(User).values(may_spend=False))
        before = dict(double.studies.get(STUDY, {}))
        status = at.owner.post(f"{HOME}/platform/{step}", **OFFER).status_code
        # Pausing only stops money from being spent; trying out spends none.
        assert status == {"pause": 303, "trial": 200}.get(step, 403)
        assert step == "pause" or double.studies.get(STUDY, {}) == before
