"""A study without a marketplace, from a draft that is tried to people who are paid by a list.

The server is killed between all steps.
"""

from collections.abc import Callable

from tests.browser.drivers.chromium import Chromium
from tests.browser.keytrail import Keytrail
from tests.browser.requester_page import RequesterPage
from tests.browser.test_whole_loop import person, sandbox, server
from tests.browser.texts import ITEM, OWN

__all__ = ["person", "sandbox", "server"]

STUDY = {
    "title": "Summarise: shade and walking",
    "instructions": "Say in your own words what was found.",
    "consent": "This page records how your text comes into being. Ask lab@example.org.",
    "minimum_words": "5",
    "maximum_words": "100",
    "reward": "2.50",
}


def test_from_a_draft_to_paid_by_a_list(server: Keytrail, person: Callable[[], Chromium]) -> None:
    owner = RequesterPage(person().page, server.url)
    owner.sign_in()
    owner.create_study("lab", STUDY, platform="direct")
    server.die_and_come_back()
    owner.upload_items({"walk": ITEM})
    server.die_and_come_back()
    worker = person().page
    worker.goto(f"{server.url}/task/lab?participant=P7")
    worker.get_by_text("This study is not accepting new work at the moment.").wait_for()
    assert owner.try_as_worker(OWN) == "clear"
    server.die_and_come_back()
    owner.publish_study()
    server.die_and_come_back()
    worker.reload()
    worker.click("#consent")
    worker.locator("#answer:not([readonly])").wait_for()
    server.die_and_come_back()
    worker.click("#answer")
    worker.keyboard.type(OWN)
    worker.click("#submit")
    worker.locator("#result").wait_for()
    server.die_and_come_back()
    receipt = owner.receipt_of("P7")
    assert owner.decide(receipt, "accept", "typed_throughout") == "clear"
    server.die_and_come_back()
    [row] = owner.settle_by_hand()
    server.die_and_come_back()
    assert (row["platform_id"], row["action"], row["amount"], row["receipt"]) == ("P7", "approve", "2.50", receipt)
    assert owner.figures()["Paid to workers"] == "2.50 USD"
