"""A whole task in other languages, on a narrow screen and by keyboard alone."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Request, expect

from tests.browser.axe import violations_in
from tests.browser.drivers.base import Driver
from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.firefox import Firefox
from tests.browser.drivers.phone import PhoneKeys
from tests.browser.drivers.webkit import WebKit
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
# The element that has the focus, or what it belongs to.
AT = "() => document.activeElement?.closest('[id]')?.id ?? ''"
TEXT = "(selector) => document.querySelector(selector)?.textContent"
SHOWN = """() => {
  const { lang, dir, scrollWidth, clientWidth } = document.documentElement;
  return { lang, dir, width: innerWidth, wider: scrollWidth - clientWidth };
}"""
# MiniBrowser's window of WebKitGTK gets no narrower than 447 pixels.
NARROWEST = {"chromium": 390, "firefox": 390, "webkit": 447}


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


def requests_of(window: Chromium) -> list[Request]:
    """The requests that end from here on."""
    found: list[Request] = []

    def keep(request: Request) -> None:
        found.append(request)

    window.page.on("requestfinished", keep)
    return found


def weight(request: Request) -> int:
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


def write(driver: Driver, text: str) -> None:
    """Type a text: where the driver has an input method, as that composes it; else as keys that have the characters.

    Chromium's keys have Latin letters only, so everything else is composed word by word. In Firefox only Chinese is:
    Arabic and Hindi keyboards have a key for each character. WebKit's driver has no input method.
    """
    if isinstance(driver, Chromium) and not text.isascii():
        keys = PhoneKeys(driver)
        for word in text.split(" "):
            keys.compose(word).take(word, then="" if text.endswith(word) else " ")
    elif isinstance(driver, Firefox) and text == WRITTEN["zh-Hans"][0]:
        for end in range(1, len(text) + 1):
            driver.compose(text[:end])
        driver.commit(text)
    else:
        driver.type(text)


@pytest.fixture
def narrow(engine: str, request: pytest.FixtureRequest) -> Iterator[Driver]:
    """A window of 390 pixels in each engine, or as narrow as the engine allows."""
    browser = request.getfixturevalue(engine)
    driver: Driver
    if engine == "chromium":
        driver = Chromium(browser, viewport={"width": 390, "height": 844})
    else:
        driver = Firefox(browser) if engine == "firefox" else WebKit(browser)
        driver.resize(390, 844)
    yield driver
    driver.close()


@pytest.mark.parametrize("tag", WRITTEN)
def test_a_whole_task_by_keyboard_at_390_pixels(
    narrow: Driver, polyglot: Keytrail, market: Marketplace, tag: str
) -> None:
    polyglot.change_study(language=tag)
    text, counted = WRITTEN[tag]
    found: list[str] = []

    def look(name: str) -> None:
        shown = narrow.run(SHOWN)
        assert (shown["lang"], shown["dir"]) == (tag, "rtl" if tag == "ar" else "ltr")
        assert shown["width"] <= NARROWEST[narrow.engine]
        found.extend(f"{name}: {problem}" for problem in violations_in(narrow))
        if shown["wider"]:
            found.append(f"{name}: {shown['wider']} pixels too wide")

    def wait_for(selector: str, words: str = "") -> str:
        """The text of an element, once it is there with these words."""

        def text_of() -> str:
            shown = str(narrow.look(TEXT, selector) or "")
            return shown if words in shown else ""

        return until(text_of, words or selector)

    worker = WorkerPage(narrow, polyglot, market).alone().open()
    look("consent")
    tab_to(narrow, "consent")
    narrow.press("Enter")
    worker.wait_for_recorder()
    tab_to(narrow, "answer")
    write(narrow, text)
    worker.wait_for_text(text)
    wait_for("#count", counted)
    tab_to(narrow, "text-origin")
    narrow.press("Enter")
    until(lambda: narrow.run("() => document.querySelector('#text-origin').open"), "the question to open")
    look("task")
    tab_to(narrow, "input-aids")
    narrow.press("Space" if narrow.engine == "chromium" else " ")
    tab_to(narrow, "submit")
    narrow.press("Enter")
    wait_for("#copy")
    look("finish")
    copy = narrow.run("() => document.querySelector('#copy').getAttribute('href')")
    tab_to(narrow, "finish")
    narrow.press("Enter")
    receipt = worker.receipt()
    wait_for("#taken")
    narrow.open(f"{polyglot.url}{copy}")
    assert wait_for("#text") == text
    look("copy")
    assert found == []
    with closing(ReviewApi(polyglot.url, polyglot.token)) as review:
        submission = review.submission(receipt)
    assert submission.text == text
    assert set(submission.origins) <= {"typed", "ime"}


@pytest.mark.parametrize("tag", WRITTEN)
def test_a_task_weighs_less_than_30_kb_in_its_language(
    chromium: Browser, polyglot: Keytrail, market: Marketplace, tag: str
) -> None:
    polyglot.change_study(language=tag)
    window = Chromium(chromium)
    loaded = requests_of(window)
    WorkerPage(window, polyglot, market).alone().open().click("#consent").wait_for_recorder()
    assert sum(map(weight, loaded)) < 30_000
    window.close()


def test_on_a_phone_the_item_stays_in_sight_while_one_writes(
    chromium: Browser, polyglot: Keytrail, market: Marketplace
) -> None:
    polyglot.change_study(language="en", minimum_words=50)
    # What an on-screen keyboard leaves of the screen.
    window = Chromium(chromium, viewport={"width": 390, "height": 420}, is_mobile=True, has_touch=True)
    worker = WorkerPage(window, polyglot, market).alone().open().click("#consent").wait_for_recorder()
    page = window.page
    page.locator("#answer").tap()
    worker.type("People take the shady way.\n")
    item, footer = page.locator("#source").bounding_box(), page.locator(".submit-line").bounding_box()
    assert item is not None
    assert footer is not None
    ((_, caret),) = worker.points(len(worker.text))
    assert item["y"] + item["height"] < caret < footer["y"]
    assert footer["height"] <= 0.22 * 420
    worker.type("People take the shady way.\n" * 11)
    item, button = page.locator("#source").bounding_box(), page.locator("#submit").bounding_box()
    assert item is not None
    assert button is not None
    assert item["y"] >= 0
    assert 60 <= item["height"] <= 0.34 * 420
    assert button["y"] + button["height"] <= 420
    caret_room = button["y"] - item["y"] - item["height"]
    assert caret_room >= 100
    page.locator("#answer").fill("one two")
    page.locator("#submit").tap()
    expect(page.locator("#problem")).to_be_visible()
    footer = page.locator(".submit-line").bounding_box()
    assert footer is not None
    assert footer["height"] <= 0.45 * 420
    page.locator("#source").tap()
    until(lambda: (page.locator("#source").bounding_box() or item)["height"] > 200, "the item in full")
    window.close()
    polyglot.change_study(minimum_words=0)
