"""Text that a program puts into the box stays flagged, however tolerant the rules are of honest tools."""

import pytest

from keytrail.provenance import Verdict, analyse
from tests.provenance.honest import report, rules
from tests.provenance.people import OWN, entered, set_value
from tests.provenance.writer import CHROMIUM, FIREFOX, ITEM, WEBKIT, Writer

FOREIGN = (
    "This investigation demonstrates a robust association between canopy coverage and pedestrian behaviour, "
    "underscoring the pivotal role of urban greenery in fostering climate resilience among vulnerable groups. "
    "Furthermore, participants consistently demonstrated a pronounced preference for shaded corridors."
)
HOWS = [
    ("silent", 0),
    ("insertText", 1),
    ("", 1),
    ("insertText", 0),
    ("insertReplacementText", 0),
    ("insertText", 2),
    ("insertReplacementText", 2),
    ("insertFromPaste", 2),
    ("insertFromDrop", 2),
]


def verdict(writer: Writer) -> Verdict:
    return analyse(writer.wait(500).finish().session()).verdict


@pytest.mark.parametrize(("cause", "flags"), HOWS)
@pytest.mark.parametrize("agent", [CHROMIUM, FIREFOX, WEBKIT])
@pytest.mark.parametrize("pointer", ["fine", "coarse"])
def test_the_whole_text_at_once(cause: str, flags: int, agent: str, pointer: str) -> None:
    assert verdict(entered(agent=agent, pointer=pointer).edit(0, 0, FOREIGN, cause, flags)) is Verdict.STRONG


@pytest.mark.parametrize(("cause", "flags"), HOWS)
def test_beside_a_few_typed_words(cause: str, flags: int) -> None:
    assert verdict(entered().type("I think. ").edit(9, 0, FOREIGN, cause, flags)) is Verdict.STRONG


@pytest.mark.parametrize(("cause", "flags"), HOWS)
def test_in_place_of_typed_words(cause: str, flags: int) -> None:
    assert verdict(entered().type(OWN * 3).wait(2000).edit(0, 3 * len(OWN), FOREIGN, cause, flags)) is Verdict.STRONG


@pytest.mark.parametrize(("cause", "flags"), HOWS)
def test_in_two_steps_after_the_box_was_emptied(cause: str, flags: int) -> None:
    writer = entered().type(OWN * 2).wait(2000)
    assert verdict(set_value(writer, "").edit(0, 0, FOREIGN, cause, flags)) is Verdict.STRONG


@pytest.mark.parametrize(("cause", "flags"), [how for how in HOWS if "From" not in how[0]])
@pytest.mark.parametrize("ms", [8, 60, 140])
def test_letter_by_letter_without_keys(cause: str, flags: int, ms: int) -> None:
    writer = entered()
    for number, char in enumerate(FOREIGN):
        writer.wait(ms + number * 7919 % 50).edit(writer.caret, 0, char, cause, flags)
    assert verdict(writer) is Verdict.STRONG


@pytest.mark.parametrize(("cause", "flags"), [how for how in HOWS if "From" not in how[0]])
def test_letter_by_letter_before_a_typed_full_stop(cause: str, flags: int) -> None:
    writer = entered().type("a.").at(1)
    for char in FOREIGN:
        writer.wait(90).edit(writer.caret, 0, char, cause, flags)
    assert verdict(writer) is Verdict.STRONG


@pytest.mark.parametrize("cut", [7, 40])
def test_in_pieces_that_cut_words(cut: int) -> None:
    writer = entered()
    for at in range(0, len(FOREIGN), cut):
        writer.wait(60 * cut).edit(writer.caret, 0, FOREIGN[at : at + cut], "insertText")
    assert verdict(writer) is Verdict.STRONG


def test_word_by_word_faster_than_speech() -> None:
    writer = entered()
    for word in FOREIGN.split():
        writer.wait(100).edit(writer.caret, 0, word + " ", "insertText")
    assert verdict(writer) is Verdict.STRONG


def test_phrases_by_a_timer() -> None:
    writer, words = entered(), FOREIGN.split()
    for at in range(0, len(words), 4):
        writer.wait(2500).edit(writer.caret, 0, " ".join(words[at : at + 4]) + " ", "insertText")
    assert verdict(writer) is Verdict.STRONG


@pytest.mark.parametrize(("cause", "flags"), [("silent", 0), ("insertText", 1), ("insertText", 0)])
def test_word_by_word_by_a_script(cause: str, flags: int) -> None:
    writer = entered()
    for word in FOREIGN.split():
        writer.wait(400).edit(writer.caret, 0, word + " ", cause, flags)
    assert verdict(writer) is Verdict.STRONG


def test_each_typed_word_corrected_to_another() -> None:
    writer = entered()
    for word in FOREIGN.split():
        at = writer.caret
        writer.type("a" * max(1, len(word) - 3) + " ")
        writer.wait(300).edit(at, len(writer.text) - at, word + " ", "silent", 0)
    assert verdict(writer) in {Verdict.REVIEW, Verdict.STRONG}


def test_a_paste_after_the_item_was_copied_out_and_a_long_time_away() -> None:
    writer = entered().copy_item("x" * 200, "instructions").away(300_000).paste(FOREIGN)
    assert verdict(writer) is Verdict.STRONG


@pytest.mark.parametrize(("cause", "flags"), HOWS)
def test_the_whole_text_in_place_of_some_letters(cause: str, flags: int) -> None:
    writer = entered().type("asdf")
    assert verdict(writer.wait(900).edit(0, 4, FOREIGN, cause, flags)) is Verdict.STRONG
    writer = entered().type("asdf").backspace(4)
    assert verdict(writer.edit(0, 0, FOREIGN, cause, flags)) is Verdict.STRONG


@pytest.mark.parametrize(
    ("cause", "flags"),
    [("silent", 0), ("insertText", 0), ("insertText", 1), ("insertReplacementText", 1), ("insertReplacementText", 0)],
)
def test_each_letter_changed_to_another_as_it_is_typed(cause: str, flags: int) -> None:
    writer = entered()
    for char in FOREIGN:
        writer.key("j")
        if char != "j":
            writer.edit(writer.caret - 1, 1, char, cause, flags)
    assert verdict(writer) in {Verdict.REVIEW, Verdict.STRONG}


def test_a_paste_after_the_item_was_copied_out_in_parts() -> None:
    writer = entered().copy_item(ITEM[:100]).copy_item(ITEM[100:200]).away(300_000).paste(FOREIGN)
    assert verdict(writer) is Verdict.STRONG


def test_a_paste_in_three_pieces_after_the_page_was_left() -> None:
    writer = entered().away(20_000)
    for sentence in FOREIGN.split(". "):
        writer.wait(70 * len(sentence) + 900 * len(sentence) % 7).paste(sentence + ". ")
    assert verdict(writer) is Verdict.STRONG


def test_a_paste_of_the_whole_text_although_the_page_was_never_left() -> None:
    assert verdict(entered().wait(60_000).paste(FOREIGN)) is Verdict.STRONG


def test_a_paste_after_a_short_time_away() -> None:
    assert verdict(entered().away(20_000).paste(FOREIGN)) is Verdict.STRONG


def test_mashed_keys_that_a_script_turns_into_other_words() -> None:
    writer = entered()
    for number, char in enumerate(FOREIGN):
        writer.log("k", "KeyJ", "jkl;"[number % 4], 0, dt=90).log("u", "KeyJ", 0, dt=60)
        writer.edit(writer.caret, 0, char, "insertText", 1)
    assert verdict(writer) is Verdict.STRONG


@pytest.mark.parametrize(("cause", "flags"), HOWS)
@pytest.mark.parametrize("inserted", [1, 2])
def test_letters_that_come_without_keys_between_typed_ones(cause: str, flags: int, inserted: int) -> None:
    writer = entered()
    for at in range(0, len(FOREIGN), inserted + 1):
        writer.key(FOREIGN[at])
        writer.wait(90).edit(writer.caret, 0, FOREIGN[at + 1 : at + 1 + inserted], cause, flags)
    assert rules(report(writer)) & {"untyped_text", "external_text"}


@pytest.mark.parametrize(("letters", "found"), [(39, False), (40, True)])
def test_the_letter_of_a_broken_key_that_is_picked_from_a_panel(letters: int, *, found: bool) -> None:
    writer = entered()
    for _ in range(letters):
        writer.edit(writer.caret, 0, "e", "insertText").type("ach ")
    made = report(writer)
    assert ("untyped_text" in rules(made)) is found
    assert made.verdict is not Verdict.STRONG
