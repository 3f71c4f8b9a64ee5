"""Typing at once: no key is lost while the recorder waits for the server's answer."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.drivers.base import Driver
from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.firefox import Firefox
from tests.browser.embedding.host_page import HostPage
from tests.browser.embedding.host_site import HostSite
from tests.browser.faulty_line import FaultyLine, faulty_line
from tests.browser.keytrail import Keytrail
from tests.browser.review_api import ReviewApi, explained
from tests.browser.texts import OWN
from tests.waiting import until

pytestmark = pytest.mark.parametrize("engine", ["chromium", "firefox"])
VISIT = "/api/worker/visit"


@pytest.fixture
def slow_line(embedded: Keytrail, site: HostSite) -> Iterator[FaultyLine]:
    """The connection between the site's pages and the server; it can hold requests back."""
    with faulty_line(embedded.url) as found:
        site.keytrail_url = found.url
        yield found
    site.keytrail_url = embedded.url


@pytest.fixture
def hasty(
    engine: str, request: pytest.FixtureRequest, embedded: Keytrail, site: HostSite, slow_line: FaultyLine
) -> Iterator[HostPage]:
    """A participant who does not wait, in each engine."""
    site.received.clear()
    window: dict[str, Any] = {"chromium": Chromium, "firefox": Firefox}
    driver: Driver = window[engine](request.getfixturevalue(engine))
    yield HostPage(driver, site, embedded)
    driver.close()


def test_keys_right_after_the_agreement_are_kept(hasty: HostPage, slow_line: FaultyLine, reviewed: ReviewApi) -> None:
    hasty.open()
    until(lambda: hasty.asked, "the question for consent")
    slow_line.held = VISIT
    hasty.agree().type(OWN)
    assert hasty.stored() == 0
    slow_line.release()
    submission = explained(reviewed.submission(hasty.send().form()["receipt"]))
    assert submission.text == OWN
    assert submission.origins == {"typed": len(OWN)}
    assert submission.verdict == "clear"


def test_a_draft_that_comes_late_is_put_before_what_was_typed_meanwhile(
    hasty: HostPage, slow_line: FaultyLine, reviewed: ReviewApi
) -> None:
    hasty.open("agreed.html").begin().type(OWN)
    until(lambda: hasty.stored() == 1, "the first page load's events")
    slow_line.held = VISIT
    hasty.open("agreed.html").begin().type("and dry")
    slow_line.release()
    hasty.wait_for_text(f"{OWN}\nand dry").type("!")
    submission = explained(reviewed.submission(hasty.send().form()["receipt"]))
    assert submission.text == f"{OWN}\nand dry!"
    assert submission.verdict == "clear"
    assert submission.origins["moved"] == len(OWN)
    assert submission.came_as("typed") == f"{OWN}and dry!"


def test_nobody_writes_before_the_question_for_consent(
    hasty: HostPage, slow_line: FaultyLine, reviewed: ReviewApi
) -> None:
    """Else an honest worker who began early would seem to have brought a text along."""
    slow_line.held = VISIT
    hasty.open().begin().type("Warm")
    until(lambda: "before you write" in hasty.waiting, "the page to say why nothing can be written")
    slow_line.release()
    until(lambda: hasty.asked, "the question for consent")
    hasty.type("Warm")
    assert (hasty.text, hasty.waiting, hasty.stored()) == ("", "", 0)
    submission = explained(reviewed.submission(hasty.agree().wait_until_recorded().type(OWN).send().form()["receipt"]))
    assert submission.origins == {"typed": len(OWN)}
    assert submission.verdict == "clear"


def test_a_server_that_does_not_answer_keeps_nobody_from_writing(hasty: HostPage, slow_line: FaultyLine) -> None:
    slow_line.held = VISIT
    hasty.open().begin()
    until(lambda: hasty.waiting, "the page to hold the box")
    hasty.wait_until_writable().type(OWN).wait_for_text(OWN)
    assert hasty.stored() == 0
    slow_line.release()


def test_whoever_sends_the_form_before_the_answer_sends_a_receipt_too(
    hasty: HostPage, slow_line: FaultyLine, reviewed: ReviewApi
) -> None:
    hasty.open()
    until(lambda: hasty.asked, "the question for consent")
    slow_line.held = VISIT
    hasty.agree().type(OWN).send()
    slow_line.release()
    assert explained(reviewed.submission(hasty.form()["receipt"])).text == OWN
