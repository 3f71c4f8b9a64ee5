"""Emulated phones: the events of phone keyboards, in Chromium with a phone's screen. No real phone is used."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from keytrail.provenance import Verdict
from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.phone import SCREEN, PhoneKeys
from tests.browser.review_api import ReviewApi, explained
from tests.browser.texts import FOREIGN
from tests.browser.worker_page import WorkerPage


@pytest.fixture
def window(chromium: Browser) -> Iterator[Chromium]:
    found = Chromium(chromium, **SCREEN)
    yield found
    found.close()
    assert found.failures == []


@pytest.fixture
def keys(worker: WorkerPage, window: Chromium) -> PhoneKeys:
    worker.accept()
    return PhoneKeys(window)


def test_a_word_composed_letter_by_letter_is_the_writers_own(
    keys: PhoneKeys, worker: WorkerPage, review: ReviewApi
) -> None:
    keys.compose("trees").take("trees").compose("help").take("help", then="")
    submission = explained(review.submission(worker.submit()))
    assert submission.text == "trees help"
    assert submission.origins == {"ime": 10}
    assert {tuple(key[:2]) for key in submission.events_of("k")} == {("", "Unidentified")}
    assert {"insertCompositionText", "insertText"} <= set(submission.causes)
    assert submission.events_of("m") == [[1], [0], [1], [0]]
    assert submission.events_of("E")[0][0]["pointer"] == "coarse"
    assert submission.verdict == Verdict.CLEAR


def test_letters_of_keys_without_names_are_the_writers_own(
    keys: PhoneKeys, worker: WorkerPage, review: ReviewApi
) -> None:
    keys.tap("trees help")
    submission = explained(review.submission(worker.submit()))
    assert submission.origins == {"ime": 10}
    assert submission.causes == ["insertText"]
    assert submission.verdict == Verdict.CLEAR


def test_swiped_words_are_the_writers_own(keys: PhoneKeys, worker: WorkerPage, review: ReviewApi) -> None:
    for word in ("people", "walk", "in", "the", "shade"):
        keys.swipe(word).take(word)
    submission = explained(review.submission(worker.submit()))
    assert submission.text == "people walk in the shade "
    assert submission.origins == {"ime": 25}
    assert submission.verdict == Verdict.CLEAR


def test_a_word_corrected_by_the_keyboard_is_the_writers_own(
    keys: PhoneKeys, worker: WorkerPage, review: ReviewApi
) -> None:
    keys.compose("teh").take("the").compose("tres").take("trees")
    submission = explained(review.submission(worker.submit()))
    assert submission.text == "the trees "
    assert submission.origins == {"ime": 10}
    assert submission.verdict == Verdict.CLEAR


def test_a_word_that_stood_there_is_composed_anew(keys: PhoneKeys, worker: WorkerPage, review: ReviewApi) -> None:
    keys.compose("tres").take("tres").compose("help").take("help").recompose(0, 4, "trees")
    submission = explained(review.submission(worker.submit()))
    assert submission.text == "trees help "
    assert submission.origins == {"ime": 11}
    assert submission.verdict == Verdict.CLEAR


def test_a_suggested_word_is_the_writers_own(keys: PhoneKeys, worker: WorkerPage, review: ReviewApi) -> None:
    keys.compose("shade").take("shade").insert("trees ")
    submission = explained(review.submission(worker.submit()))
    assert submission.text == "shade trees "
    assert submission.origins == {"ime": 12}
    assert submission.verdict == Verdict.CLEAR


def test_some_dictated_words_accuse_nobody(keys: PhoneKeys, worker: WorkerPage, review: ReviewApi) -> None:
    keys.compose("so").take("so").insert("people like the shade")
    submission = explained(review.submission(worker.submit()))
    assert submission.came_as("nokey") == "people like the shade"
    assert submission.verdict != Verdict.STRONG


def test_a_long_text_from_the_clipboard_chip_comes_without_keys(
    keys: PhoneKeys, worker: WorkerPage, review: ReviewApi
) -> None:
    keys.compose("so").take("so").insert(FOREIGN)
    submission = explained(review.submission(worker.submit()))
    assert submission.came_as("nokey") == FOREIGN
    assert submission.events_of("p") == []
    assert submission.verdict == Verdict.STRONG
