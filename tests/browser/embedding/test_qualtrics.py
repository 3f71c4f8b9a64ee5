"""The recipe for Qualtrics (docs/examples/qualtrics.js) in imitations of both of its engines. It was not tried live."""

import pytest

from tests.browser.embedding.host_page import ChromiumHostPage
from tests.browser.embedding.host_site import HostSite
from tests.browser.review_api import ReviewApi
from tests.browser.texts import OWN
from tests.waiting import until

_CONTINUE = "#question > button"
_PROBLEM = "() => document.querySelector('#question [role=alert]').textContent"


@pytest.mark.parametrize(("kind", "field"), [("classic", "receipt"), ("new", "__js_receipt")])
def test_the_receipt_is_among_the_data_that_leave(
    host_page: ChromiumHostPage, reviewed: ReviewApi, site: HostSite, kind: str, field: str
) -> None:
    window = host_page.open("qualtrics.html", kind=kind).begin().window
    host_page.type("Two words").window.click(_CONTINUE)
    assert "at least 3" in until(lambda: window.run(_PROBLEM), "the sentence")
    assert site.received == []
    window.click("textarea")
    window.press("Control+a")
    host_page.type(OWN).window.click(_CONTINUE)
    form = host_page.form()
    assert form["answer"] == OWN
    submission = reviewed.submission(form[field])
    assert submission.log_complete
    assert submission.replayed_text == OWN
    assert submission.text == OWN
    assert submission.verdict == "clear"
