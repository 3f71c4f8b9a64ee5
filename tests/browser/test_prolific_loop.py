"""A study at Prolific in browsers, from the first form to the bonus, with the server killed between all steps.

Prolific is the double of tests/platform_actions, and the address to which it wants participants back is answered here.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Route

from tests.browser.drivers.chromium import Chromium
from tests.browser.keytrail import Keytrail
from tests.browser.participant import Participant, paste_text, type_text
from tests.browser.requester_page import RequesterPage
from tests.browser.test_whole_loop import person
from tests.browser.texts import FOREIGN, ITEM, OWN
from tests.platform_actions.prolific_double import STUDY, TOKEN, ProlificDouble, prolific_double

__all__ = ["person"]

FORM = {
    "title": "Summarise: shade and walking",
    "instructions": "Say in your own words what was found.",
    "consent": "This page records how your text comes into being. Ask lab@example.org.",
    "minimum_words": "5",
    "maximum_words": "100",
    "reward": "1.50",
    "currency": "GBP",
}
COMPLETE = "https://app.prolific.com/submissions/complete"


@pytest.fixture
def double() -> Iterator[ProlificDouble]:
    with prolific_double() as found:
        yield found


@pytest.fixture
def server(double: ProlificDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keytrail]:
    monkeypatch.setenv("KEYTRAIL_PROLIFIC_URL", double.url)
    monkeypatch.setenv("KEYTRAIL_PROLIFIC_TOKEN", TOKEN)
    found = Keytrail(tmp_path, "http://localhost:9")
    yield found
    found.close()
    assert "Traceback" not in found.log, found.log


def test_from_a_draft_to_the_bonus_at_prolific(
    server: Keytrail, double: ProlificDouble, person: Callable[[], Chromium]
) -> None:
    owner = RequesterPage(person().page, server.url)
    owner.sign_in()
    owner.create_study("shade", FORM, platform="prolific")
    server.die_and_come_back()
    owner.upload_items({"walk": ITEM})
    server.die_and_come_back()
    owner.publish_study()
    server.die_and_come_back()
    owner.draft(places=2)
    server.die_and_come_back()
    assert owner.launch() == "4.20 GBP"
    assert double.sees("P1", STUDY)

    windows = {number: at_prolific(double, person(), number) for number in ("1", "2")}
    typist, paster = (Participant(window, link(double, number)) for number, window in windows.items())
    server.die_and_come_back()
    typist.agree()
    paster.agree()
    server.die_and_come_back()
    for participant, text in ((typist, type_text(OWN)), (paster, paste_text(FOREIGN))):
        participant.submit(text)
        participant.wait_at(COMPLETE)
        server.die_and_come_back()
    assert double.statuses == {"S1": "AWAITING REVIEW", "S2": "AWAITING REVIEW"}

    typed, pasted = (owner.receipt_of(f"P{number}") for number in windows)
    assert owner.decide(typed, "accept", "typed_throughout") == "clear"
    server.die_and_come_back()
    assert owner.decide(pasted, "propose_rejection", "no_typing") == "strong"
    server.die_and_come_back()
    owner.ask_for_return("Most of this text arrived in one piece.")
    server.die_and_come_back()
    owner.give_bonus(typed, "0.75", "For a careful summary.")
    assert (double.transitions, double.paid, double.returns) == ([], [], [])
    server.die_and_come_back()
    owner.send_all_with_a_double_click()
    server.die_and_come_back()
    assert (double.transitions, double.paid) == (["S1"], [("S1", "0.75")])
    assert double.returns == [("S2", "Most of this text arrived in one piece.")]
    assert owner.figures()["Paid to workers"] == "2.25 GBP"
    exported = [(row["text"], row["verdict"], row["decision"]) for row in owner.export("submissions")]
    assert exported == [(OWN, "clear", "accept"), (FOREIGN, "strong", "propose_rejection")]


def link(double: ProlificDouble, number: str) -> str:
    """The study's link, with the ids that Prolific fills in."""
    found = str(double.studies[STUDY]["external_study_url"])
    for name, value in (("PROLIFIC_PID", f"P{number}"), ("SESSION_ID", f"S{number}"), ("STUDY_ID", STUDY)):
        found = found.replace(f"{{{{%{name}%}}}}", value)
    return found


def at_prolific(double: ProlificDouble, window: Chromium, number: str) -> Chromium:
    """A participant's window: coming back with the right code completes the submission."""

    def complete(route: Route) -> None:
        codes = {one["code"]: one["actions"][0]["action"] for one in double.studies[STUDY]["completion_codes"]}
        [code] = parse_qs(urlsplit(route.request.url).query)["cc"]
        assert codes[code] == "MANUALLY_REVIEW"
        double.statuses[f"S{number}"] = "AWAITING REVIEW"
        route.fulfill(body="<!doctype html><title>Thank you</title>", content_type="text/html")

    window.page.route(f"{COMPLETE}**", complete)
    return window
