"""Honest input is not flagged; each case is the event sequence of a tool (tests/provenance/people.py)."""

import pytest

from keytrail.provenance import Verdict, fnv1a32
from tests.provenance.honest import HOWS, RIGHT, WRONG, origins, report, rules
from tests.provenance.people import (
    OWN,
    SENTENCE,
    by_hand,
    entered,
    injected,
)
from tests.provenance.writer import ITEM, Writer


@pytest.mark.parametrize("pointer", ["fine", "coarse"])
def test_word_completion_on_a_tablet(pointer: str) -> None:
    writer = entered(pointer=pointer)
    for begun, rest in (("peo", "ple "), ("wal", "king "), ("und", "er "), ("the", " "), ("tre", "es ")) * 6:
        writer.type(begun).wait(200)
        writer.edit(writer.caret, 0, rest, "insertText")
    assert report(writer).verdict is Verdict.CLEAR


@pytest.mark.parametrize("cause", ["insertText", "insertReplacementText"])
@pytest.mark.parametrize("pointer", ["fine", "coarse"])
def test_word_completion_that_replaces_the_first_letters(pointer: str, cause: str) -> None:
    writer = entered(pointer=pointer)
    for begun, word in (("peo", "people "), ("wal", "walking "), ("un", "Underneath "), ("tr", "trees ")) * 6:
        writer.type(begun).wait(200)
        writer.edit(writer.caret - len(begun), len(begun), word, cause)
    made = report(writer)
    assert origins(made)["typed"] == 6 * len("peowaltr")
    assert made.accounted_share == 1
    assert made.verdict is Verdict.CLEAR


@pytest.mark.parametrize(("cause", "flags"), [("silent", 0), ("insertText", 0), ("insertText", 1)])
def test_a_script_that_completes_words_is_no_keyboard(cause: str, flags: int) -> None:
    writer = entered()
    for begun, word in (("wa", "walking "), ("un", "underneath "), ("pe", "pedestrians ")) * 6:
        writer.type(begun).wait(200).edit(writer.caret - len(begun), len(begun), word, cause, flags)
    assert report(writer).verdict is not Verdict.CLEAR


@pytest.mark.parametrize("hold", [0, 15])
def test_a_remote_desktop_that_releases_keys_at_once(hold: int) -> None:
    """Holds of no hand, at the intervals of one: a program that types looks the same, so one sign and no more."""
    writer = entered()
    for char in OWN * 2:
        writer.key(char)
        writer.events[-1][0] = hold
    made = report(writer)
    assert rules(made) == {"ghost_keys"}
    assert made.verdict is Verdict.REVIEW


def in_batches(writer: Writer, text: str, keys: int) -> Writer:
    """Keys that a slow connection hands over so many at a time."""
    for at, char in enumerate(text):
        code = f"Key{char.upper()}" if char.isalpha() else "Space"
        writer.log("k", code, char, 0, dt=1 if at % keys else 1_100 + at * 7919 % 700)
        writer.edit(writer.caret, 0, char, "insertText").log("u", code, 0)
    return writer


def test_keys_that_a_slow_connection_hands_over_in_batches() -> None:
    assert report(in_batches(entered(), OWN.lower() * 3, 8)).verdict is Verdict.REVIEW


@pytest.mark.parametrize(("pace", "clear"), [(520, True), (440, False)])
def test_an_on_screen_keyboard_that_presses_keys(pace: int, *, clear: bool) -> None:
    writer = entered()
    for number, char in enumerate(OWN.lower()):
        code = f"Key{char.upper()}" if char.isalpha() else "Space"
        writer.log("k", code, char, 0, dt=pace // 3 + number * 7919 % (4 * pace // 3))
        writer.edit(writer.caret, 0, char, "insertText").log("u", code, 0, dt=1)
    made = report(writer)
    assert (made.verdict is Verdict.CLEAR) is clear
    assert made.verdict is not Verdict.STRONG
    assert ("on-screen keyboard" in made.measures["not_judged"].get("ghost_keys", "")) is clear


@pytest.mark.parametrize(("clicks", "verdict"), [(1, Verdict.REVIEW), (0, Verdict.STRONG)])
@pytest.mark.parametrize(("cause", "flags"), [("silent", 0), ("insertText", 0), ("insertText", 1)])
def test_an_on_screen_keyboard_that_an_extension_draws(cause: str, flags: int, clicks: int, verdict: Verdict) -> None:
    writer = entered()
    for number, char in enumerate(OWN):
        writer.log("q", 6, 120, clicks, 0, 0, 40, dt=500 + number * 7919 % 500).edit(
            writer.caret, 0, char, cause, flags
        )
    assert report(writer).verdict is verdict


def test_a_slow_typist_is_not_even_because_long_intervals_do_not_count() -> None:
    writer = entered()
    for number, char in enumerate(OWN * 2):
        writer.key(char)
        writer.events[-3][0] = 420 + number * 7919 % 1_300
    assert "machine_rhythm" not in rules(report(writer))


def test_text_over_a_remote_desktop() -> None:
    writer = entered()
    for char in OWN:
        writer.log("k", "", char, 0, dt=90 + 61 * (writer.caret % 5)).edit(writer.caret, 0, char, "insertText")
        writer.log("u", "", 0, dt=0)
    assert origins(report(writer)) == {"typed": len(OWN)}


def test_a_draft_from_another_field_of_the_page() -> None:
    writer = entered().log("f", 0, "answer", 1).wait(60_000)
    writer.log("c", "other", -1, -1, len(OWN), fnv1a32(OWN), dt=100).paste(OWN)
    made = report(writer)
    assert made.verdict is Verdict.REVIEW
    (finding,) = [found for found in made.findings if found.rule == "external_text"]
    assert finding.explanation.startswith("This may be the writer's own text, typed in another field of this page.")


def test_a_draft_that_is_dragged_from_another_field() -> None:
    writer = entered().wait(60_000).log("d", len(OWN), fnv1a32(OWN), OWN, 1).edit(0, 0, OWN, "insertFromDrop")
    assert report(writer).verdict is Verdict.REVIEW


def test_notes_that_the_time_away_was_long_enough_to_write() -> None:
    made = report(entered().type("Here: ").away(180_000).paste(OWN + SENTENCE))
    assert made.verdict is Verdict.REVIEW
    assert made.findings[0].explanation.startswith("This may be the writer's own text, written in another program")


def test_notes_of_a_writer_who_looked_a_term_up() -> None:
    made = report(entered().copy_item("blood pressure").type("Here: ").away(180_000).paste(OWN + SENTENCE))
    assert made.verdict is Verdict.REVIEW


def test_a_draft_from_the_box_that_was_corrected_in_another_editor() -> None:
    draft = WRONG + SENTENCE[:40]
    corrected = draft
    for wrong, right in RIGHT:
        corrected = corrected.replace(wrong, right, 1)
    for writer in (
        entered().type(draft).cut(0, len(draft)).away(40_000).paste(corrected),
        entered().type(draft).copy(0, len(draft)).away(40_000).at(0).paste(corrected, gone=len(draft)),
    ):
        made = report(writer)
        assert made.accounted_share > 0.95
        assert made.verdict is Verdict.CLEAR


@pytest.mark.parametrize("how", ["paste", "insertText", "keys"])
def test_a_text_expander(how: str) -> None:
    writer = by_hand(entered(), OWN * 2) if how == "keys" else entered()
    for _ in range(1 if how == "keys" else 3):
        writer.type("In my view ;sh").backspace(3).wait(40)
        if how == "paste":
            writer.paste(SENTENCE)
        elif how == "keys":
            injected(writer, SENTENCE)
        else:
            writer.edit(writer.caret, 0, SENTENCE, how)
    made = report(writer)
    assert made.verdict in {Verdict.CLEAR, Verdict.REVIEW}


@pytest.mark.parametrize(("cause", "flags"), HOWS)
def test_a_text_expander_that_replaces_the_abbreviation_in_one_step(cause: str, flags: int) -> None:
    writer = entered().type(OWN)
    for _ in range(3):
        writer.type("In my view ;sh").wait(40).edit(writer.caret - 3, 3, SENTENCE, cause, flags)
    made = report(writer)
    assert made.verdict is Verdict.REVIEW
    (finding,) = [found for found in made.findings if found.rule in {"untyped_text", "external_text"}]
    assert "text expander" in finding.explanation.split(".")[0]


def test_a_passage_of_an_item_that_the_browser_translated_is_the_items() -> None:
    translated = "Das Trinken von Tee und der Schlaf bei älteren Erwachsenen, neun Monate lang beobachtet."
    made = report(entered().copy_item(translated).paste(translated))
    assert origins(made) == {"source": len(translated)}


@pytest.mark.parametrize("cut", [True, False])
def test_own_text_that_was_translated(cut: bool) -> None:  # noqa: FBT001 - both ways to take it out
    translated = "Die Leute gehen im Schatten weiter, wenn es warm ist. Ältere nehmen den weitesten Umweg."
    writer = entered().type(OWN)
    writer = writer.cut(0, len(OWN)) if cut else writer.copy(0, len(OWN))
    made = report(writer.away(15_000).at(0).paste(translated, gone=len(writer.text)))
    assert made.verdict is Verdict.REVIEW
    assert made.findings[0].explanation.startswith("This may be the writer's own text, copied from the answer box")


def test_a_translated_passage_leaves_room_for_doubt() -> None:
    passage = "Wer nachmittags keinen Tee mehr trank, schlief im Mittel dreiundzwanzig Minuten länger."
    made = report(entered().type(OWN + SENTENCE).copy_item(ITEM[60:150]).away(20_000).paste(passage))
    assert made.verdict is Verdict.REVIEW
    (finding,) = [found for found in made.findings if found.rule == "external_text"]
    assert "translation" in finding.explanation.split(".")[0]


@pytest.mark.parametrize("units", [5, 30, 60])
@pytest.mark.parametrize(("cause", "flags"), HOWS)
def test_small_amounts_are_never_strong(units: int, cause: str, flags: int) -> None:
    made = report(entered().type(OWN + SENTENCE).edit(0, 0, ("and other words " * 9)[:units], cause, flags))
    assert made.verdict is not Verdict.STRONG
