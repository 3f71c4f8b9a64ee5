"""Clicks that come twice, owners who pay at the same moment, and requests that wait for the platform."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import Engine

from tests.platform_actions.installation import HOME, Installation
from tests.platform_actions.prolific_double import STUDY, ProlificDouble
from tests.platform_actions.recruiting import OFFER, at, double, published, work
from tests.platform_actions.sending import confirmed
from tests.requester.site import words_of
from tests.web.test_connections import most_connections

__all__ = ["at", "double"]

SENDING = f"{HOME}/payments/sending"


@dataclass
class Meanwhile:
    """Does something when the platform has a request and has not answered it yet; the first time only."""

    path: str
    act: Callable[[], Any]
    found: list[Any] = field(default_factory=list)

    def now(self, path: str, when: str) -> bool:
        if not self.found and when == "before" and path.endswith(self.path):
            self.found.append(self.act())
        return False


@dataclass
class HeldConnections:
    """How many connections to our database were in use whenever the platform was asked for something."""

    engine: Engine
    held: list[int] = field(default_factory=list)

    def now(self, _path: str, when: str) -> bool:
        if when == "before":
            self.held.append(self.engine.pool.checkedout())  # type: ignore[attr-defined]  # every pool here counts
        return False


def to_pay(at: Installation, double: ProlificDouble) -> Mapping[str, Any]:
    """Two approvals and a bonus wait; the form that pays them, as its preview made it."""
    published(at)
    for number in (1, 2):
        receipt = work(at, double, number)
        at.decide(receipt, "accept", "typed_throughout")
    at.do("payments/bonus", submission=receipt, amount="1.00", reason="Thank you.")
    picks = [str(line.id) for line in at.waiting()]
    return confirmed(at.owner.post(f"{HOME}/payments/preview", pick=picks).text)


def shown_notice(at: Installation, answer: Response) -> str:
    return str(at.page(answer.headers["location"]).notice) if answer.is_redirect else words_of(answer.text)


@pytest.mark.parametrize("who", ["the same owner", "another owner"])
@pytest.mark.parametrize(("path", "begun", "offered"), [("/bulk-approve/", 2, ["Bonus"]), ("/pay/", 3, [])])
def test_who_clicks_while_it_is_being_paid_pays_nothing_twice(
    at: Installation, double: ProlificDouble, who: str, path: str, begun: int, offered: list[str]
) -> None:
    form = to_pay(at, double)
    other = at.owner if who == "the same owner" else at.another_owner()
    double.killing = during = Meanwhile(path, lambda: other.post(SENDING, **form))  # type: ignore[assignment]
    assert shown_notice(at, at.owner.post(SENDING, **form)) == "3 sent."
    [answer] = during.found
    assert answer.status_code == 409
    words = words_of(answer.text)
    assert f"you or another owner is sending this now ({begun} of 3 begun). Open Payments in a moment" in words
    assert [word for word in ("Bonus", "Approve") if f'<th scope="row">{word}</th>' in answer.text] == offered
    assert "sending by" in words
    assert (double.transitions, double.paid) == (["S1", "S2"], [("S2", "1.00")])


@pytest.mark.parametrize("who", ["the same owner", "another owner"])
def test_who_clicks_after_it_was_paid_reads_that_nothing_was_sent_twice(
    at: Installation, double: ProlificDouble, who: str
) -> None:
    form = to_pay(at, double)
    other = at.owner if who == "the same owner" else at.another_owner()
    assert shown_notice(at, at.owner.post(SENDING, **form)) == "3 sent."
    answer = other.post(SENDING, **form)
    assert answer.status_code == 409
    assert "Nothing was sent a second time: you or another owner sent all of this already" in words_of(answer.text)
    assert (double.transitions, double.paid) == (["S1", "S2"], [("S2", "1.00")])


def test_no_request_waits_for_the_platform_with_a_connection(at: Installation, double: ProlificDouble) -> None:
    double.killing = held = HeldConnections(at.database.engine)  # type: ignore[assignment]
    with most_connections(at.database.engine) as peak:
        form = to_pay(at, double)
        for step in ("pause", "resumption", "trial"):
            at.owner.post(f"{HOME}/platform/{step}")
        at.owner.post(f"{HOME}/platform/extension", hit=STUDY, more="1")
        at.do("payments/comparison")
        at.owner.post(SENDING, **form)
        at.owner.post(f"{HOME}/payments/preview", pick=form["pick"][0], again="yes")
        at.owner.post(f"{HOME}/platform/draft", **OFFER)
        at.owner.post(f"{HOME}/platform/check")
        at.owner.post(f"{HOME}/platform/expiry", hit=STUDY)
    assert len(held.held) > 10
    assert set(held.held) == {0}
    assert peak == [1]
