"""A plain HTML form of another site, with one line of ours (docs/examples/form.html)."""

from tests.browser.embedding.host_page import ChromiumHostPage
from tests.browser.embedding.host_site import HostSite
from tests.browser.review_api import ReviewApi, explained
from tests.browser.texts import FOREIGN, OWN
from tests.waiting import until


def test_a_typed_answer_is_clear_and_its_receipt_comes_with_the_form(
    host_page: ChromiumHostPage, reviewed: ReviewApi
) -> None:
    form = host_page.open().agree().type(OWN).send().form()
    assert form["answer"] == OWN
    submission = explained(reviewed.submission(form["receipt"]))
    assert submission.verdict == "clear"
    assert submission.text == OWN
    assert submission.origins == {"typed": len(OWN)}


def test_a_pasted_answer_is_strong(host_page: ChromiumHostPage, reviewed: ReviewApi) -> None:
    submission = explained(reviewed.submission(host_page.open().agree().paste(FOREIGN).send().form()["receipt"]))
    assert submission.verdict == "strong"
    assert submission.came_as("external") == FOREIGN


def test_nothing_is_recorded_of_whoever_does_not_agree_and_the_form_goes(host_page: ChromiumHostPage) -> None:
    assert host_page.open().decline().type(OWN).send().form() == {"answer": OWN}
    assert host_page.stored() == 0


def test_whoever_stops_has_the_recording_deleted_and_sends_the_form(host_page: ChromiumHostPage) -> None:
    host_page.open().agree().type(OWN)
    until(lambda: host_page.stored() == 1, "the first events")
    assert host_page.stop().send().form() == {"answer": OWN, "receipt": ""}
    assert host_page.stored() == 0


def test_after_a_reload_the_text_is_back_with_its_origins(host_page: ChromiumHostPage, reviewed: ReviewApi) -> None:
    host_page.open().agree().type(OWN)
    until(lambda: host_page.stored() == 1, "the first page load's events")
    host_page.open().begin().wait_for_text(OWN)
    host_page.window.press("Control+End")
    submission = explained(reviewed.submission(host_page.type(" today").send().form()["receipt"]))
    assert submission.text == f"{OWN} today"
    assert submission.verdict == "clear"
    assert len(submission.epochs) == 2


def test_a_box_that_the_page_replaces_is_said_to_be_lost_and_the_new_text_is_sent(
    host_page: ChromiumHostPage, reviewed: ReviewApi
) -> None:
    host_page.open().agree().type(OWN)
    host_page.window.run("""() => {
      const box = document.querySelector('textarea'), copy = box.cloneNode(true);
      copy.value = box.value;
      box.replaceWith(copy);
      copy.focus();
    }""")
    host_page.window.page.get_by_text("was replaced while recording").wait_for()
    host_page.window.press("Control+End")
    submission = reviewed.submission(host_page.type(" today").send().form()["receipt"])
    assert submission.text == f"{OWN} today"
    assert submission.verdict == "unverifiable"


def test_a_text_that_is_too_short_is_held_back_with_a_sentence(host_page: ChromiumHostPage, site: HostSite) -> None:
    host_page.open().agree().type("Two words").send()
    assert "at least 3" in until(lambda: host_page.problem, "the page to say why")
    assert site.received == []
    assert host_page.type(" more").send().form()["receipt"]


def test_a_page_of_another_origin_is_told_which_setting_allows_it(host_page: ChromiumHostPage, site: HostSite) -> None:
    host_page.open(origin=site.other_origin).wait_for_complaint("KEYTRAIL_EMBED_ORIGINS").begin()
    assert host_page.type(OWN).send().form() == {"answer": OWN}


def test_the_form_goes_without_a_receipt_if_the_server_is_lost(host_page: ChromiumHostPage) -> None:
    host_page.window.page.clock.install()
    host_page.open().agree().type(OWN).lose_the_server().send().wait_for_thanks()
    assert host_page.form() == {"answer": OWN, "receipt": ""}
