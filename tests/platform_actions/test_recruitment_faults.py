"""What goes wrong between here and Prolific: each becomes a sentence, and nothing is done twice or forgotten."""

from typing import Any

import pytest
from fastapi.responses import JSONResponse, Response
from sqlalchemy import select

from keytrail.models import ActionState, AuditEntry, PlatformAction
from tests.conftest import FakeClock
from tests.platform_actions.installation import Installation
from tests.platform_actions.prolific_double import STUDY, ProlificDouble
from tests.platform_actions.recruiting import OFFER, at, double, published
from tests.platform_actions.served import truncated

__all__ = ["at", "double"]

ANSWERS: dict[str, tuple[Response, str, str]] = {
    "refused": (JSONResponse({"error": {"detail": "No money"}}, 400), "failed", "Prolific refused (400): No money"),
    "token": (
        JSONResponse({"error": {"detail": "Bad token"}}, 401),
        "failed",
        "KEYTRAIL_PROLIFIC_TOKEN (401: Bad token)",
    ),
    "busy": (Response(status_code=429, headers={"retry-after": "17"}), "failed", "try again in 17 seconds"),
    "broken": (Response("<h1>Oops</h1>", 503), "sending", "Prolific failed (503: <h1>Oops</h1>)"),
    "truncated": (truncated(), "sending", "answered with something that cannot be read"),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_bad_answers_become_sentences_and_nothing_is_done_twice(
    at: Installation, double: ProlificDouble, clock: FakeClock, answer: str
) -> None:
    response, state, sentence = ANSWERS[answer]
    at.do("platform/draft", **OFFER)
    double.instead["POST", f"/api/v1/studies/{STUDY}/transition/"] = response
    at.do("platform/launch")
    (launch,) = at.waiting()
    assert (launch.state, sentence in launch.outcome) == (state, True), launch.outcome
    clock.advance(minutes=3)
    assert at.send_all() == ["sent"]
    assert [study["status"] for study in double.studies.values()] == ["ACTIVE"]


@pytest.mark.parametrize("lost", ["/api/v1/studies/", f"/api/v1/studies/{STUDY}/transition/"])
def test_a_lost_answer_makes_no_second_study(
    at: Installation, double: ProlificDouble, clock: FakeClock, lost: str
) -> None:
    double.lost.add(("POST", lost))
    at.do("platform/draft", **OFFER)
    clock.advance(minutes=3)
    at.restart()
    if at.waiting():
        assert at.send_all() == ["sent"]
    at.do("platform/launch")
    clock.advance(minutes=3)
    if at.waiting():
        assert at.send_all() == ["sent"]
    assert [study["status"] for study in double.studies.values()] == ["ACTIVE"]
    assert at.task().status == "ACTIVE"


@pytest.mark.parametrize("links", ["with links", "without"])
def test_a_list_is_read_to_its_end(at: Installation, double: ProlificDouble, links: str) -> None:
    published(at)
    double.links = links == "with links"
    double.statuses = {f"X{number}": "RETURNED" for number in range(200)}
    assert "200 statuses were new" in at.do("payments/comparison").notice


def test_several_workspaces_take_a_setting(at: Installation, double: ProlificDouble) -> None:
    double.workspaces = 2
    at.do("platform/draft", **OFFER)
    (draft,) = at.waiting()
    assert "has 2 workspaces: Team 0" in draft.outcome
    assert "KEYTRAIL_PROLIFIC_WORKSPACE" in draft.outcome


def test_every_step_stands_in_the_audit_log(at: Installation, double: ProlificDouble) -> None:
    published(at)
    with at.database.reading() as db:
        entries: list[Any] = [(entry.action, entry.detail.get("kind")) for entry in db.scalars(select(AuditEntry))]
        assert db.scalar(select(PlatformAction).where(PlatformAction.state != ActionState.SENT)) is None
    for kind in ("draft", "publish"):
        assert [action for action, about in entries if about == kind] == [
            "payment_queue",
            "payment_send",
            "payment_sent",
        ]
