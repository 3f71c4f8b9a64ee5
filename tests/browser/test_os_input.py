"""The task page with a real keyboard and mouse: input of the X server, in browsers with a window.

Browser automation is only used to read the page: keys, clicks, menus and drags are the operating system's, like a
person's.
"""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright

from tests.browser.drivers.chromium import Chromium, launch
from tests.browser.drivers.firefox import Firefox, FirefoxBrowser
from tests.browser.drivers.os_hands import OsHands
from tests.browser.drivers.webkit import WebKit, WebKitBrowser
from tests.browser.drivers.xserver import screen
from tests.browser.keytrail import Keytrail
from tests.browser.marketplace import Marketplace
from tests.browser.review_api import ReviewApi, explained
from tests.browser.test_paths import PASSAGE, in_engines
from tests.browser.texts import FOREIGN, OWN
from tests.browser.worker_page import WorkerPage
from tests.waiting import until


@pytest.fixture(scope="module")
def chromium_on_screen(playwright: Playwright) -> Iterator[tuple[str, Chromium]]:
    with screen() as display:
        browser = launch(playwright, headless=False, env=os.environ | {"DISPLAY": display})
        yield display, Chromium(browser)
        browser.close()


@pytest.fixture(scope="module")
def firefox_on_screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Firefox]]:
    with screen() as display:
        browser = FirefoxBrowser(tmp_path_factory.mktemp("firefox"), headless=False, DISPLAY=display)
        yield display, Firefox(browser)
        browser.close()


@pytest.fixture(scope="module")
def webkit_on_screen(webkit: WebKitBrowser, webkit_display: str) -> tuple[str, WebKit]:
    window = WebKit(webkit)
    window.resize(1200, 900)  # the only window: tests of phones leave it narrow
    return webkit_display, window


@pytest.fixture
def seated(
    engine: str, request: pytest.FixtureRequest, keytrail: Keytrail, market: Marketplace
) -> tuple[WorkerPage, OsHands]:
    """A worker in front of a screen, and the hands on its keyboard and mouse, with the caret in the box."""
    display, driver = request.getfixturevalue(f"{engine}_on_screen")
    worker = WorkerPage(driver, keytrail, market).accept()
    hands = OsHands(display, driver).find_task().click("#answer")
    return worker, hands


Seated = tuple[WorkerPage, OsHands]


def test_typed_on_a_real_keyboard(seated: Seated, review: ReviewApi) -> None:
    worker, hands = seated
    hands.type("Peple walk").press("Home", "Right", "Right").type("o").press("End").type(" (in the Shade).")
    worker.wait_for_text("People walk (in the Shade).")
    submission = explained(review.submission(worker.submit()))
    assert submission.origins == {"typed": 27}
    keys = submission.events_of("k")
    assert {key[0] for key in keys if key[1] in {"P", "S", "("}} == {"KeyP", "KeyS", "Digit9"}
    assert all(key[2] & 4 for key in keys if key[1] in {"P", "S", "("})


def test_a_held_key_repeats(seated: Seated, review: ReviewApi) -> None:
    worker, hands = seated
    hands.hold("o", until_text="oooo")
    submission = explained(review.submission(worker.submit()))
    assert submission.origins == {"typed": len(submission.text)}
    keys = submission.events_of("k")
    assert [key[2] & 2 for key in keys] == [0] + [2] * (len(submission.text) - 1)


def test_pasted_from_the_context_menu(seated: Seated, review: ReviewApi) -> None:
    worker, hands = seated
    (middle,) = worker.points(0)
    hands.put_on_clipboard(FOREIGN).open_menu(middle).press("p")
    worker.wait_for_text(FOREIGN)
    submission = explained(review.submission(worker.submit()))
    assert submission.origins == {"external": len(FOREIGN)}
    assert submission.causes == ["insertFromPaste"]
    assert not [key for key in submission.events_of("k") if key[1] == "v"]


def test_pasted_with_the_middle_button(seated: Seated, review: ReviewApi) -> None:
    worker, hands = seated
    hands.put_on_clipboard(FOREIGN, selection="primary").click("#answer", button=2)
    worker.wait_for_text(FOREIGN)
    submission = explained(review.submission(worker.submit()))
    assert submission.origins == {"external": len(FOREIGN)}
    assert submission.events_of("k") == []


def test_pasted_by_shift_insert(seated: Seated, review: ReviewApi) -> None:
    worker, hands = seated
    hands.put_on_clipboard(FOREIGN).press("shift+Insert")
    worker.wait_for_text(FOREIGN)
    submission = explained(review.submission(worker.submit()))
    assert submission.origins == {"external": len(FOREIGN)}


def test_own_text_dragged_with_a_real_mouse(seated: Seated, review: ReviewApi) -> None:
    worker, hands = seated
    hands.type(OWN)
    worker.wait_for_text(OWN)
    start, end = worker.select(0, 7).points(2, len(OWN))
    hands.drag(start, end)
    until(lambda: worker.text.endswith(OWN[:7]), "the drop")
    submission = explained(review.submission(worker.submit()))
    assert submission.causes[-2:] == ["deleteByDrag", "insertFromDrop"]
    if worker.driver.engine == "webkit":
        # GTK moves the selection while it drags, so that other text is taken away than is dropped; the log tells that.
        assert submission.origins["typed"] == len(submission.text) - 7
    else:
        assert submission.text == OWN[7:] + OWN[:7]
        assert submission.origins == {"typed": len(OWN) - 7, "moved": 7}


def test_a_passage_dragged_from_the_item_with_a_real_mouse(seated: Seated, review: ReviewApi) -> None:
    worker, hands = seated
    hands.type("They say: ")
    worker.wait_for_text("They say: ")
    start, end = worker.spots_to_drag(PASSAGE, 10)
    hands.drag(start, end)
    worker.wait_for_text(f"They say: {PASSAGE}")
    submission = explained(review.submission(worker.submit()))
    assert submission.came_as("source") == PASSAGE
    assert submission.causes[-1] == "insertFromDrop"


@in_engines("chromium", "webkit")
def test_a_character_composed_by_the_desktops_input_method(seated: Seated, review: ReviewApi) -> None:
    """Ctrl, Shift and U begin a composition of a character's number. Firefox under automation uses no input method."""
    worker, hands = seated
    hands.type("sun ").press("ctrl+shift+u", "2", "6", "0", "0", "Return").type(" now")
    worker.wait_for_text("sun \N{BLACK SUN WITH RAYS} now")
    submission = explained(review.submission(worker.submit()))
    assert submission.came_as("ime") == "\N{BLACK SUN WITH RAYS}"


@in_engines("firefox")
def test_a_spelling_mistake_replaced_from_the_menu(seated: Seated, review: ReviewApi) -> None:
    """The others have no dictionary here: Chromium fetches its own from the network, WebKit's browser has none."""
    worker, hands = seated
    hands.type("Peopel walk ")
    worker.wait_for_text("Peopel walk ")
    (word,) = worker.points(3)
    hands.open_menu(word).press("Down", "Return")
    worker.wait_for_text("People walk ")
    submission = explained(review.submission(worker.submit()))
    assert submission.causes[-1] == "insertReplacementText"
    assert submission.origins["assist"] > 0
