"""Programs that look like the tools of tests/provenance/test_honest_kinds.py."""

from collections.abc import Callable
from random import Random

import pytest

from keytrail.provenance import Verdict
from tests.provenance.honest import report
from tests.provenance.people import entered
from tests.provenance.test_honest_kinds import (
    ENGLISH,
    SPANISH,
    board_as_keyboard,
    by_gaze,
    said_on_a_key,
    translated_in_place,
    typed,
    words_at_the_end,
)
from tests.provenance.test_naive_disguises import FOREIGN
from tests.provenance.typist import SENTENCES, TEXT, Typist, qwerty
from tests.provenance.writer import Writer

WAYS = [("insertText", 2), ("insertText", 0), ("insertText", 1), ("silent", 0)]
LONG = FOREIGN + " These findings suggest pathways through which municipalities may promote active ageing."
Delay = Callable[[Random], float]


def letters(delay: Delay, cause: str, flags: int, *, pauses: bool = True) -> Writer:
    """Letter by letter after random delays, with pauses after marks."""
    writer, chance, last = entered(), Random(1), ""
    for char in LONG:
        pause = chance.randint(2_100, 4_000) if pauses and last in {".", ","} else 0
        writer.wait(round(delay(chance)) + pause).edit(writer.caret, 0, char, cause, flags)
        last = char
    return writer


def uniform(chance: Random) -> float:
    return chance.uniform(50, 200)


def lognormal(chance: Random) -> float:
    return 130 * chance.lognormvariate(0, 0.45)


def nearly_fixed(chance: Random) -> float:
    return chance.uniform(150, 190)


@pytest.mark.parametrize(("cause", "flags"), WAYS)
@pytest.mark.parametrize("delay", [uniform, lognormal, nearly_fixed])
def test_letters_after_random_delays_are_no_keys_elsewhere(cause: str, flags: int, delay: Delay) -> None:
    assert report(letters(delay, cause, flags)).verdict is Verdict.STRONG


def test_letters_without_a_pause_are_no_keys_elsewhere() -> None:
    slow = letters(lambda chance: 2 * lognormal(chance), "insertText", 2, pauses=False)
    assert report(slow).verdict is Verdict.STRONG
    with_pauses = letters(lambda chance: 2 * lognormal(chance), "insertText", 2)
    assert report(with_pauses).verdict is Verdict.REVIEW  # as slow typists, whose letter pairs do not differ


def test_released_keys_at_a_beat_are_no_keys_elsewhere() -> None:
    writer = entered()
    for char in FOREIGN:
        writer.wait(90).edit(writer.caret, 0, char, "insertText").log("u", qwerty(char), 0, dt=60)
    assert report(writer).verdict is Verdict.STRONG


def test_a_models_stream_into_a_page_that_was_left_is_no_other_editor() -> None:
    writer, chance = entered().log("f", 0, "window", 0, dt=100), Random(2)
    for word in FOREIGN.split():
        writer.wait(chance.randint(15, 120)).edit(writer.caret, 0, word + " ", "insertText", 1)
    assert report(writer).verdict is Verdict.STRONG


@pytest.mark.parametrize(
    "draft",
    [
        "asdf jkl; asd fjk lasd " * 12,
        "the asdf of jkl " * 16,
        "фыва олдж фыв " * 20,
        "Lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore " * 3,
        SENTENCES[0] + SENTENCES[1],
        "de la que el " * 4,
    ],
)
@pytest.mark.parametrize(("cause", "flags"), WAYS)
def test_what_replaces_no_text_in_another_language_is_no_translation(draft: str, cause: str, flags: int) -> None:
    writer = typed(text=draft).wait(2_500)
    assert report(writer.edit(0, len(writer.text), FOREIGN, cause, flags)).verdict is Verdict.STRONG


def test_a_translation_and_more_is_no_translation() -> None:
    writer = translated_in_place(SPANISH, "silent", 0)
    assert report(writer.edit(len(ENGLISH), 0, FOREIGN, "silent", 0)).verdict is Verdict.STRONG


@pytest.mark.parametrize("ms_a_word", [0, 20, 150])
def test_a_paste_after_a_key_that_was_held_too_shortly(ms_a_word: int) -> None:
    assert report(said_on_a_key([FOREIGN], ms_a_word)).verdict is Verdict.STRONG


@pytest.mark.parametrize("before", [lambda w: w.away(20_000), lambda w: w.copy_item("x" * 200, "instructions")])
def test_a_held_key_excuses_no_text_that_may_be_from_elsewhere(before: Callable[[Writer], Writer]) -> None:
    writer = before(entered()).log("k", "F8", "F8", 0, dt=300).log("u", "F8", 0, dt=40_000)
    assert report(writer.wait(900).paste(FOREIGN)).verdict is Verdict.STRONG


def test_a_key_that_was_held_long_ago_excuses_nothing() -> None:
    writer = entered().log("k", "F8", "F8", 0, dt=300).log("u", "F8", 0, dt=40_000)
    assert report(writer.wait(31_000).paste(FOREIGN)).verdict is Verdict.STRONG


@pytest.mark.parametrize("wpm", [30, 60, 400])
def test_sentences_of_keys_after_short_waits_are_no_speaking_board(wpm: float) -> None:
    assert report(board_as_keyboard(50, 25, wpm)).verdict is Verdict.STRONG


def test_a_whole_text_of_keys_is_no_speaking_board() -> None:
    assert report(board_as_keyboard(60, 40, 12, [FOREIGN])).verdict is Verdict.STRONG


@pytest.mark.parametrize(("words", "ms_a_word"), [(5, 40), (5, 0), (100, 40)])
def test_words_that_nobody_had_time_to_say_are_no_utterances(words: int, ms_a_word: int) -> None:
    assert report(words_at_the_end(words, entered(), ms_a_word)).verdict is Verdict.STRONG


def test_one_stream_of_words_is_no_utterance() -> None:
    writer = entered(pointer="coarse", touch=5).wait(60_000)
    for word in FOREIGN.split():
        writer.wait(30).edit(writer.caret, 0, word + " ", "insertText")
    assert report(writer).verdict is Verdict.STRONG


@pytest.mark.parametrize(("dwell", "verdict"), [(50, Verdict.STRONG), (600, Verdict.REVIEW)])
def test_even_keys_faster_than_a_gaze(dwell: int, verdict: Verdict) -> None:
    writer, chance = entered(), Random(3)
    for char in FOREIGN.lower():
        writer.log("k", qwerty(char), char, 0, dt=dwell + chance.randint(50, 60))
        writer.edit(writer.caret, 0, char, "insertText").log("u", qwerty(char), 0, dt=2)
    assert report(writer).verdict is verdict


def test_a_gaze_is_never_clear() -> None:
    assert report(by_gaze(1_500)).verdict is Verdict.REVIEW


@pytest.mark.parametrize("holds", [(0, 60), (0, 75), (2, 2)])
def test_random_holds_are_no_programmable_keyboard(holds: tuple[int, int]) -> None:
    writer, chance = entered(), Random(5)
    for char in FOREIGN.lower() * 2:
        writer.log("k", qwerty(char), char, 0, dt=chance.randint(30, 120)).edit(writer.caret, 0, char, "insertText")
        writer.log("u", qwerty(char), 0, dt=chance.randint(*holds))
    assert report(writer).verdict is Verdict.STRONG


@pytest.mark.parametrize(("quiet", "typed_on"), [(1_000, "and "), (12_000, TEXT)])
def test_a_text_after_typing_that_left_no_time_to_say_it(quiet: int, typed_on: str) -> None:
    writer = entered().type("So ").wait(quiet).type(typed_on).wait(400)
    assert report(writer.edit(writer.caret, 0, 2 * FOREIGN, "insertText")).verdict is Verdict.STRONG


def test_phrases_after_two_letters_are_no_suggestions() -> None:
    typist, words = Typist(entered(), 4), FOREIGN.split()
    for at in range(0, len(words), 4):
        phrase = " ".join(words[at : at + 4]) + " "
        writer = typist.type(phrase[:2], 0).log("k", "Tab", "Tab", 0, dt=200)
        writer.edit(writer.caret, 0, phrase[2:], "insertText").log("u", "Tab", 0, dt=60)
    assert report(typist.writer).verdict is Verdict.STRONG
