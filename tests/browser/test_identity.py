"""Reused assignment ids and unfinished work, as marketplaces produce them, in a browser."""

from collections.abc import Callable

import pytest

from keytrail.platforms.mturk_question import external_question
from tests.browser.drivers.chromium import Chromium
from tests.browser.keytrail import STUDY, Keytrail
from tests.browser.market_worker import MarketWorker
from tests.browser.marketplace import Marketplace
from tests.browser.sandbox_process import Sandbox
from tests.browser.test_whole_loop import person, sandbox, server
from tests.browser.texts import OWN
from tests.browser.worker_page import WorkerPage
from tests.waiting import until

__all__ = ["person", "sandbox", "server"]

TITLE = "Write a summary"


def create_hit(server: Keytrail, sandbox: Sandbox) -> None:
    """One place, at the study."""
    sandbox.requester().create_hit(
        Title=TITLE, Description="x", Reward="0.10", MaxAssignments=1, LifetimeInSeconds=3600,
        AssignmentDurationInSeconds=3600, Question=external_question(f"{server.url}/task/{STUDY}"),
    )  # fmt: skip


@pytest.mark.parametrize("how", ["left", "withdrawn", "handed in"])
def test_the_next_worker_under_an_id_starts_afresh(
    window: Chromium, keytrail: Keytrail, market: Marketplace, how: str
) -> None:
    name = how.replace(" ", "")
    first = WorkerPage(window, keytrail, market, assignment=f"AREUSED{name}").accept()
    first.type(OWN).wait_for_status("Saved")
    if how == "withdrawn":
        first.click("details.stop summary").click("details.stop button")
        until(lambda: "stopped" in str(window.look("() => document.body?.innerText")), "the withdrawal")
    if how == "handed in":
        first.submit()
    window.open(market.frame_link(f"{keytrail.url}/task/{STUDY}", first.assignment, f"SECOND{name}"))
    until(lambda: window.look("() => !!document.querySelector('#consent')"), "the second worker to be asked")
    first.click("#consent")
    until(lambda: first.has_task, "the task")
    assert first.text == ""


def test_a_hit_that_was_returned_and_accepted_again_goes_on_with_its_draft(
    server: Keytrail, sandbox: Sandbox, person: Callable[[], Chromium]
) -> None:
    """And the next worker, who is given the same assignment's id, finds none of it."""
    create_hit(server, sandbox)
    first, second = (MarketWorker(person(), sandbox.origin) for _ in range(2))
    first.sign_up("first@example.org")
    second.sign_up("second@example.org")
    first.preview(TITLE)
    first.accept()
    first.begin(OWN)
    first.give_back()
    first.preview(TITLE)
    before = first.assignment_id
    assert first.accept_again() == OWN
    assert first.assignment_id == before
    first.give_back()
    second.preview(TITLE)
    second.accept()
    assert second.assignment_id == before
    assert second.text == ""


def test_a_hit_that_was_returned_on_another_device_goes_on_there(
    server: Keytrail, sandbox: Sandbox, person: Callable[[], Chromium]
) -> None:
    """The first device still shows the task, and goes on typing into it: one work, one text, one payment."""
    create_hit(server, sandbox)
    laptop, phone = (MarketWorker(person(), sandbox.origin) for _ in range(2))
    laptop.sign_up("two.devices@example.org")
    laptop.preview(TITLE)
    laptop.accept()
    laptop.begin(OWN)
    phone.sign_in("two.devices@example.org")
    phone.give_back_from_queue()
    phone.preview(TITLE)
    assert phone.accept_again() == OWN
    assert phone.assignment_id == laptop.assignment_id
    laptop.go_on(" on the laptop")
    phone.go_on(" on the phone")
    phone.submit()
    requester = sandbox.requester()
    assert requester.get_assignment(AssignmentId=phone.assignment_id)["Assignment"]["AssignmentStatus"] == "Submitted"
    assert server.texts() == [f"{OWN} on the phone"]
