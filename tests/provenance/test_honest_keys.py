"""Tools that press keys for a person: honest input (tests/provenance/people.py) is not flagged."""

from random import Random
from string import ascii_lowercase, ascii_uppercase

import pytest

from keytrail.provenance import Report, Verdict
from tests.provenance.honest import origins, report, rules
from tests.provenance.people import OWN, SENTENCE, entered
from tests.provenance.writer import SHIFT, Writer

TEXT = (OWN + SENTENCE) * 3
CAPITALS = "Anna met Bob in Rome. Carl met Dora in Oslo. "


def code_of(char: str) -> str:
    return f"Key{char.upper()}" if char.isalpha() else {" ": "Space", ".": "Period"}[char]


def pressed(writer: Writer, char: str, code: str, dt: int, hold: int = 0) -> Writer:
    """A key that a tool presses and releases, with Shift where the code is that of a letter."""
    shift = SHIFT if char.isupper() and code == code_of(char) else 0
    if shift:
        writer.log("k", "ShiftLeft", "Shift", SHIFT, dt=dt)
    writer.log("k", code, char, shift, dt=0 if shift else dt).edit(writer.caret, 0, char, "insertText")
    return writer.log("u", code, shift, dt=hold)


def word_by_word(writer: Writer, text: str, waits: list[int], ms: int = 1) -> Writer:
    """All keys of a word at once, `ms` apart, after so long a wait."""
    for number, word in enumerate(text.split()):
        writer.wait(waits[number % len(waits)])
        for char in word + " ":
            pressed(writer, char, code_of(char), ms, ms)
    return writer


def uneven(ms: int) -> list[int]:
    """Waits as uneven as a hand's."""
    chance = Random(7)
    return [round(ms * chance.lognormvariate(0, 0.45)) for _ in range(40)]


@pytest.mark.parametrize("ms", [270, 400, 1_100])
@pytest.mark.parametrize("apart", [0, 1, 8])
def test_a_tool_that_presses_the_keys_of_each_word_at_once(ms: int, apart: int) -> None:
    """Stenography, chords, word prediction, abbreviations, a phone as keyboard: one way of pressing, and no more."""
    made = report(word_by_word(entered(), TEXT, uneven(ms), apart))
    assert origins(made) == {"typed": len(TEXT)}
    assert made.verdict is Verdict.REVIEW
    assert {finding.severity for finding in made.findings if finding.rule == "ghost_keys"} == {"review"}


@pytest.mark.parametrize("waits", [uneven(80), [270], [240, 300, 270], [270] * 12 + [2_500]])
def test_words_faster_than_speech_or_by_a_timer_are_a_programs(waits: list[int]) -> None:
    assert report(word_by_word(entered(), TEXT, waits)).verdict is Verdict.STRONG


def test_sentences_at_once_that_nobody_had_time_to_say_are_a_programs() -> None:
    writer = entered()
    for number, sentence in enumerate((OWN + SENTENCE).split(". ")[:3] * 4):
        writer.wait(300 + number * 7919 % 500)
        for char in sentence.replace(".", "") + " ":
            pressed(writer, char, code_of(char), 1)
    assert report(writer).verdict is Verdict.STRONG


def test_a_stroke_that_is_corrected_by_the_next() -> None:
    writer, chance = entered(), Random(3)
    for word in TEXT.split():
        for part in (word[: len(word) // 2], word):
            writer.wait(round(260 * chance.lognormvariate(0, 0.45)))
            for char in part + " ":
                pressed(writer, char, code_of(char), 1)
            if part != word:
                writer.backspace(len(part) + 1)
    assert report(writer).verdict is Verdict.REVIEW


def by_program(writer: Writer, text: str, codes: dict[str, str], holds: list[int]) -> Writer:
    """Characters at a hand's pace, under the codes that a tool gives them."""
    chance = Random(5)
    for number, char in enumerate(text):
        gap = round(chance.lognormvariate(5.6, 0.6)) + (4_000 if number % 40 == 0 else 0)
        pressed(writer, char, codes.get(char, "KeyA"), gap, holds[number % len(holds)])
    return writer


@pytest.mark.parametrize("holds", [[0], [70, 95, 60, 110, 80]], ids=["released at once", "held"])
def test_characters_that_a_mac_reports_under_the_first_key(holds: list[int]) -> None:
    made = report(by_program(entered(), CAPITALS * 5, {}, holds))
    assert made.verdict is Verdict.CLEAR
    assert "code" not in made.measures["not_judged"]


def test_characters_that_each_have_a_key_of_their_own() -> None:
    """A virtual keyboard on Wayland gives each character, also a capital, the next key."""
    codes = {char: f"F{number}" for number, char in enumerate(sorted(set(CAPITALS)), 1)}
    made = report(by_program(entered(), CAPITALS * 5, codes, [0]))
    assert rules(made) == {"ghost_keys"}
    assert made.verdict is Verdict.REVIEW


def capitals_reported(codes: dict[str, str]) -> Report:
    """Keys without Shift, held as by a hand."""
    writer, chance = entered(), Random(9)
    for char in CAPITALS:
        writer.log("k", codes[char], char, 0, dt=round(chance.lognormvariate(5.6, 0.6)))
        writer.edit(writer.caret, 0, char, "insertText").log("u", codes[char], 0, dt=70)
    return report(writer)


def test_capitals_of_the_letters_own_keys_without_shift_are_seen() -> None:
    own = {char: code_of(char) for char in CAPITALS}
    other_layout = {char: f"Digit{code_of(char)}" for char in CAPITALS}
    without_place = own | {char: f"F{number}" for number, char in enumerate(ascii_uppercase, 1)}
    assert "capitals_without_shift" in rules(capitals_reported(own))
    assert "capitals_without_shift" in rules(capitals_reported(other_layout))
    assert "capitals_without_shift" not in rules(capitals_reported(without_place))


@pytest.mark.parametrize(("letters", "judged"), [(8, True), (9, False)])
def test_a_key_makes_no_more_letters_than_layouts_have(letters: int, *, judged: bool) -> None:
    """People switch between scripts; each of theirs gives a key one letter."""
    writer, chance = entered(), Random(4)
    for number in range(200):
        char = ascii_lowercase[number % letters]
        pressed(writer, char, "KeyA", round(chance.lognormvariate(5.2, 0.6)), 2)
    made = report(writer)
    assert ("ghost_keys" in rules(made)) is judged


@pytest.mark.parametrize(("by_tool", "judged"), [(3, True), (5, False)])
def test_holds_of_few_keys_beside_a_tools_are_not_judged(by_tool: int, *, judged: bool) -> None:
    """A screen reader with a Braille display inserts a word when its space is pressed."""
    writer, chance = entered(), Random(6)
    for _ in range(30):
        writer.wait(round(chance.lognormvariate(7, 0.5)))
        for _ in range(by_tool):
            pressed(writer, "a", "", 1)
        for char in "it. ":
            pressed(writer, char, code_of(char), round(chance.lognormvariate(5.2, 0.5)))
    made = report(writer)
    assert ("ghost_keys" in rules(made)) is judged
    assert ("pressed most keys" in made.measures["not_judged"].get("ghost_keys", "")) is not judged
