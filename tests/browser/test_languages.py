"""A whole task in other languages, on a narrow screen and by keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import overflow, violations
from tests.browser.drivers.base import Driver
from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.phone import PhoneKeys
from tests.browser.keytrail import Keytrail
from tests.browser.marketplace import Marketplace
from tests.browser.review_api import ReviewApi
from tests.browser.worker_page import WorkerPage
from tests.waiting import until

# What is written, and the words of the page that follow it.
WRITTEN = {
    "en": ("People walk in the shade", "5 words"),
    "de": ("Alte Menschen gehen im Schatten", "5 Wörter"),
    "ar": ("يمشي الناس في الظل", "4 كلمات"),
    "zh-Hans": ("人们走在树荫下", "7 个词"),
    "hi": ("लोग छाया में चलते हैं", "5 शब्द"),
}
AT = "() => document.activeElement?.id ?? ''"


@pytest.fixture(scope="module")
def polyglot(tmp_path_factory: pytest.TempPathFactory, market: Marketplace) -> Iterator[Keytrail]:
    """A server whose study asks everything and offers a copy; each test sets its language."""
    options = {"copy_days": 30, "copy_shows_decision": True, "asks_text_origin": True, "asks_input_aids": True}
    server = Keytrail(tmp_path_factory.mktemp("polyglot"), market.origin, **options)
    yield server
    server.close()
    assert "Traceback" not in server.log, server.log


def tab_to(driver: Driver, place: str) -> None:
    """Press Tab until this has the focus."""
    for _ in range(40):
        if driver.run(AT) == place:
            return
        driver.press("Tab")
    pytest.fail(f"no way to #{place} by keyboard")


@pytest.mark.parametrize("tag", WRITTEN)
def test_a_whole_task_by_keyboard_at_390_pixels(
    chromium: Browser, polyglot: Keytrail, market: Marketplace, tag: str
) -> None:
    polyglot.change_study(language=tag)
    text, counted = WRITTEN[tag]
    window = Chromium(chromium, viewport={"width": 390, "height": 844})
    found: list[str] = []

    def look(name: str) -> None:
        found.extend(f"{name}: {problem}" for problem in violations(window.page))
        if wider := overflow(window.page):
            found.append(f"{name}: {wider} pixels too wide")

    worker = WorkerPage(window, polyglot, market).alone().open()
    root = window.page.locator("html")
    expect(root).to_have_attribute("lang", tag)
    expect(root).to_have_attribute("dir", "rtl" if tag == "ar" else "ltr")
    look("consent")
    tab_to(window, "consent")
    window.press("Enter")
    worker.wait_for_recorder()
    tab_to(window, "answer")
    if tag in {"en", "de"}:
        worker.type(text)
    else:
        keys = PhoneKeys(window)
        for word in text.split(" "):
            keys.compose(word).take(word, then="" if text.endswith(word) else " ")
    worker.wait_for_text(text)
    expect(window.page.locator("#count")).to_contain_text(counted)
    window.page.locator("#text-origin summary").press("Enter")
    look("task")
    tab_to(window, "input-aids")
    window.press("Space")
    tab_to(window, "submit")
    window.press("Enter")
    expect(window.page.locator("#copy")).to_be_visible()
    look("finish")
    copy = window.page.locator("#copy").get_attribute("href")
    tab_to(window, "finish")
    window.press("Enter")
    receipt = worker.receipt()
    expect(window.page.locator("#taken")).to_be_visible()
    window.open(f"{polyglot.url}{copy}")
    expect(window.page.locator("#text")).to_have_text(text)
    look("copy")
    window.close()
    assert found == []
    review = ReviewApi(polyglot.url, polyglot.token)
    submission = review.submission(receipt)
    review.close()
    assert submission.text == text
    assert set(submission.origins) <= {"typed", "ime"}


@pytest.mark.parametrize("engine", ["firefox", "webkit"])
def test_a_whole_task_in_arabic_in_the_other_engines(
    anywhere: WorkerPage, keytrail: Keytrail, market: Marketplace
) -> None:
    keytrail.change_study(language="ar")
    try:
        anywhere.accept().type("trees help").wait_for_text("trees help")
        assert anywhere.driver.run("() => document.dir") == "rtl"
        until(
            lambda: "كلمتان (2)" in anywhere.driver.run("() => document.querySelector('#count').textContent"), "count"
        )
        assert anywhere.submit()
    finally:
        keytrail.change_study(language="en")


def test_on_a_phone_the_item_stays_in_sight_while_one_writes(
    chromium: Browser, polyglot: Keytrail, market: Marketplace
) -> None:
    polyglot.change_study(language="en")
    # What an on-screen keyboard leaves of the screen.
    window = Chromium(chromium, viewport={"width": 390, "height": 420}, is_mobile=True, has_touch=True)
    worker = WorkerPage(window, polyglot, market).alone().open().click("#consent").wait_for_recorder()
    page = window.page
    page.locator("#answer").tap()
    worker.type("People take the shady way.\n" * 12)
    item, button = page.locator("#source").bounding_box(), page.locator("#submit").bounding_box()
    assert item is not None
    assert button is not None
    assert item["y"] >= 0
    assert 60 <= item["height"] <= 0.34 * 420
    assert button["y"] + button["height"] <= 420
    caret_room = button["y"] - item["y"] - item["height"]
    assert caret_room >= 100
    page.locator("#source").tap()
    until(lambda: (page.locator("#source").bounding_box() or item)["height"] > 200, "the item in full")
    window.close()
