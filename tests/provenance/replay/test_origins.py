"""Every way into the answer box and its origin (docs/findings.md, "Origins")."""

import pytest

from keytrail.provenance import Limits, Origin, Report, analyse
from keytrail.provenance.replay.replay import replay
from tests.provenance.writer import CHROMIUM, CTRL, FIREFOX, ITEM, WEBKIT, Writer

FOREIGN = "Pigeons returned sooner when the loft was painted white, which nobody had asked about."


def origins(writer: Writer) -> dict[str, int]:
    report = analyse(writer.finish().session())
    assert report.integrity["replay_equals_text"]
    assert report.integrity["checkpoints_failed"] == 0
    return {origin.value: units for origin, units in report.origins.items()}


def spans(report: Report) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.origin.value) for span in report.spans]


@pytest.mark.parametrize("agent", [CHROMIUM, FIREFOX, WEBKIT])
def test_keys_make_typed_text(agent: str) -> None:
    assert origins(Writer(agent).type("Hello there,\nyou two.").backspace(3)) == {"typed": 18}


def test_a_held_key_types_once_for_every_repeat() -> None:
    writer = Writer().key("a")
    for _ in range(3):
        writer.log("k", "KeyA", "a", 2, dt=30).edit(writer.caret, 0, "a", "insertText")
    assert origins(writer) == {"typed": 4}


def test_a_key_explains_one_unit_only() -> None:
    writer = Writer().log("k", "KeyA", "a", 0).edit(0, 0, "a", "insertText").edit(1, 0, "a", "insertText")
    assert origins(writer) == {"typed": 1, "nokey": 1}


@pytest.mark.parametrize(("after", "origin"), [(1000, "typed"), (1001, "nokey")])
def test_the_newest_key_explains_what_follows_within_a_second(after: int, origin: str) -> None:
    writer = (
        Writer()
        .log("k", "KeyA", "a", 0)
        .log("q", 1, 1, 0, 0, 0, 1, dt=after)
        .log("e", 0, 0, "a", "insertText", 2, dt=0)
    )
    writer.text = "a"
    assert origins(writer) == {origin: 1}


def test_another_key_does_not_explain_it() -> None:
    assert origins(Writer().log("k", "KeyB", "b", 0).edit(0, 0, "a", "insertText")) == {"nokey": 1}


def test_an_untrusted_key_explains_nothing() -> None:
    assert origins(Writer().log("k", "KeyA", "a", 1).edit(0, 0, "a", "insertText")) == {"nokey": 1}


def test_a_shortcut_explains_no_text() -> None:
    assert origins(Writer().log("k", "KeyV", "v", CTRL).edit(0, 0, "v", "insertText")) == {"nokey": 1}


@pytest.mark.parametrize("flags", [256, 8 | 16, 8 | 256])
def test_altgr_is_no_shortcut(flags: int) -> None:
    assert origins(Writer().log("k", "KeyE", "€", flags).edit(0, 0, "€", "insertText")) == {"typed": 1}


def test_fast_typing_with_the_next_key_down_before_the_text_comes() -> None:
    writer = Writer().log("k", "KeyA", "a", 0).log("k", "KeyB", "b", 0, dt=5)
    writer.edit(0, 0, "a", "insertText").edit(1, 0, "b", "insertText")
    assert origins(writer) == {"typed": 2}


def test_keys_whose_text_came_in_one_event() -> None:
    writer = Writer().log("k", "KeyA", "a", 0).log("k", "KeyB", "b", 0, dt=5).edit(0, 0, "ab", "insertText")
    assert origins(writer) == {"typed": 2}


def test_a_dead_key_and_its_letter_make_one_character() -> None:
    writer = (
        Writer().log("k", "BracketLeft", "Dead", 0).log("u", "BracketLeft", 0, dt=80).log("k", "KeyE", "e", 0, dt=90)
    )
    assert origins(writer.edit(0, 0, "ê", "insertText")) == {"typed": 1}


def test_without_a_dead_key_another_letter_is_not_typed() -> None:
    assert origins(Writer().log("k", "KeyE", "e", 0).edit(0, 0, "ê", "insertText")) == {"nokey": 1}


def test_an_astral_key_makes_two_units() -> None:
    assert origins(Writer().log("k", "", "😀", 0).edit(0, 0, "😀", "insertText")) == {"typed": 2}


def test_firefox_under_webdriver_sends_an_astral_key_in_two_halves() -> None:
    writer = Writer(FIREFOX).log("k", "", "😀", 0)
    writer.edit(0, 0, "\ud83d", "insertText").edit(1, 0, "\ude00", "insertText")
    assert origins(writer) == {"typed": 2}
    assert writer.text == "\ud83d\ude00"


def test_text_inserted_by_a_debugger_has_no_key() -> None:
    assert origins(Writer().edit(0, 0, FOREIGN, "insertText")) == {"nokey": len(FOREIGN)}


@pytest.mark.parametrize(("agent", "origin"), [(CHROMIUM, "script"), (FIREFOX, "script"), (WEBKIT, "nokey")])
def test_an_editing_command_has_no_beforeinput_in_blink_and_gecko(agent: str, origin: str) -> None:
    assert origins(Writer(agent).edit(0, 0, FOREIGN, "insertText", flags=0)) == {origin: len(FOREIGN)}


def test_an_old_firefox_announces_nothing_and_is_not_held_to_it() -> None:
    writer = Writer("Mozilla/5.0 (X11) Gecko/20100101 Firefox/78.0").log("k", "KeyA", "a", 0)
    assert origins(writer.edit(0, 0, "a", "insertText", flags=0)) == {"typed": 1}


def test_a_value_that_was_set_is_silent() -> None:
    assert origins(Writer().type("Mine. ").edit(6, 0, FOREIGN, "silent", flags=0)) == {
        "typed": 6,
        "silent": len(FOREIGN),
    }


@pytest.mark.parametrize("cause", ["insertText", "insertFromPaste", "historyUndo", "insertCompositionText", ""])
def test_an_untrusted_event_is_a_script_whatever_it_calls_itself(cause: str) -> None:
    assert origins(Writer().edit(0, 0, FOREIGN, cause, flags=1)) == {"script": len(FOREIGN)}


def test_keys_pressed_meanwhile_do_not_make_a_scripts_text_typed() -> None:
    assert origins(Writer().log("k", "KeyA", "a", 0).edit(0, 0, "a", "insertText", flags=1)) == {"script": 1}


@pytest.mark.parametrize("cause", ["insertFromPaste", "insertFromDrop"])
def test_text_from_elsewhere_is_external(cause: str) -> None:
    assert origins(Writer().edit(0, 0, FOREIGN, cause)) == {"external": len(FOREIGN)}


def test_a_paste_brings_line_ends_of_its_own() -> None:
    writer = Writer()
    writer.log("p", 3, 1, "a\r\nb", ["text/plain"], 0).log("e", 0, 0, "a\r\nb", "insertFromPaste", 2)
    writer.text = "a\nb"
    assert origins(writer) == {"external": 3}


def test_what_survives_of_a_paste_stays_external_around_the_edits() -> None:
    writer = Writer().paste("one two three").at(4).type("x ").edit(0, 4, "", "deleteContentBackward")
    assert spans(analyse(writer.finish().session())) == [(0, 2, "typed"), (2, 11, "external")]


def test_composition_is_ime_and_its_end_is_untrusted() -> None:
    writer = Writer().log("k", "KeyN", "Process", 64).log("m", 1)
    writer.edit(0, 0, "n", "insertCompositionText", 6).edit(0, 1, "に", "insertCompositionText", 6).log("m", 0)
    assert origins(writer) == {"ime": 1}


def test_a_page_of_text_in_one_step_is_no_composition() -> None:
    assert origins(Writer().edit(0, 0, FOREIGN, "insertCompositionText", 6)) == {"nokey": len(FOREIGN)}


def test_a_key_that_hides_its_character_is_a_phones() -> None:
    writer = Writer(pointer="coarse").log("k", "", "Unidentified", 0).edit(0, 0, "word ", "insertText")
    assert origins(writer) == {"ime": 5}


def test_a_phone_suggests_whole_words() -> None:
    writer = Writer(pointer="coarse").edit(0, 0, "suggestion ", "insertText")
    assert origins(writer) == {"ime": 11}


def test_a_phones_clipboard_chip_inserts_without_a_paste() -> None:
    writer = Writer(pointer="coarse").log("k", "", "Unidentified", 0).edit(0, 0, FOREIGN, "insertText")
    assert origins(writer) == {"nokey": len(FOREIGN)}


@pytest.mark.parametrize(
    ("wrong", "pos", "gone", "came"),
    [
        ("I recieve it", 2, 7, "receive"),
        ("I recieve it", 5, 2, "ei"),
        ("accomodate", 5, 0, "m"),
        ("infact so", 2, 0, " "),
        ("the analisys", 7, 5, "lysis"),
        ("organisation", 5, 1, "z"),
        ("he organise", 3, 8, "organising"),
    ],
)
def test_a_corrected_word_is_assisted(wrong: str, pos: int, gone: int, came: str) -> None:
    writer = Writer().type(wrong).edit(pos, gone, came, "insertReplacementText")
    assert origins(writer) == {"typed": len(wrong) - gone, "assist": len(came)}


def test_other_text_in_place_of_a_word_is_no_correction() -> None:
    writer = Writer().type("My x here").edit(3, 1, "whole new sentence", "insertReplacementText")
    assert origins(writer) == {"typed": 8, "nokey": 18}


def test_safari_corrects_with_a_plain_insertion() -> None:
    writer = Writer(WEBKIT).type("teh cat").edit(0, 3, "the", "insertText")
    assert origins(writer) == {"typed": 4, "assist": 3}


def test_two_spaces_become_a_full_stop() -> None:
    writer = Writer(WEBKIT).type("end ").log("k", "Space", " ", 0).edit(3, 1, ". ", "insertText")
    assert origins(writer) == {"typed": 3, "assist": 2}


def test_dictation_comes_without_keys() -> None:
    assert origins(Writer().edit(0, 0, "all of this was said", "insertText")) == {"nokey": 20}


def test_a_paste_from_the_item_is_the_items() -> None:
    assert origins(Writer().paste(ITEM[:120])) == {"source": 120}


def test_white_space_does_not_matter_there() -> None:
    assert origins(Writer().paste(ITEM[:120].replace(" ", "\n  "))) == {"source": 120 + 2 * ITEM[:120].count(" ")}


def test_text_dropped_from_the_item_is_the_items() -> None:
    writer = Writer().log("d", 60, 1, ITEM[:60], 1).edit(0, 0, ITEM[:60], "insertFromDrop")
    assert origins(writer) == {"source": 60}


def test_several_passages_of_the_item_are_the_items() -> None:
    pasted = ITEM[200:290] + "\n\n" + ITEM[20:100]
    assert origins(Writer().paste(pasted)) == {"source": 172}


def test_a_word_that_happens_to_stand_in_the_item_is_not_from_it() -> None:
    assert origins(Writer().paste("drinking")) == {"external": 8}


def test_a_word_that_was_copied_in_the_item_is() -> None:
    assert origins(Writer().copy_item("drinking").paste("drinking")) == {"source": 8}


def test_a_foreign_text_that_quotes_the_item_is_foreign() -> None:
    pasted = FOREIGN + " " + ITEM[:60]
    assert origins(Writer().paste(pasted)) == {"external": len(pasted)}


def test_text_from_the_instructions_is_the_items_too() -> None:
    writer = Writer().paste("Write at least one hundred words.")
    report = analyse(writer.finish().session(instructions="Read it.\nWrite at least one hundred words."))
    assert report.origins == {Origin.SOURCE: 33}


def test_a_script_that_writes_the_items_text_is_still_a_script() -> None:
    assert origins(Writer().edit(0, 0, ITEM[:100], "silent", flags=0)) == {"silent": 100}


def test_text_that_was_there_at_the_start_is_initial() -> None:
    writer = Writer(text="restored by the browser", source="browser").type(" and mine")
    assert origins(writer) == {"initial": 23, "typed": 9}
    assert analyse(writer.session()).integrity["checkpoints_by_length"] == 1


def test_every_typed_character_has_a_keydown_of_its_own() -> None:
    writer = Writer().type("abc").backspace().type("cd").at(0).type("zz").undo().redo()
    presses = sum(event[1] == "k" and len(event[3]) == 1 for event in writer.events)
    assert origins(writer)["typed"] <= presses


def test_a_span_of_typing_tells_when_the_first_of_it_came() -> None:
    writer = Writer().type("end").at(0).type("start ")
    (span,) = analyse(writer.session()).spans
    assert (span.start, span.end) == (0, 9)
    assert span.at_ms == sum(event[0] for event in writer.events[:4])


def test_letters_that_a_correction_leaves_in_place_are_not_typed_again() -> None:
    text = "older people wlak along the shaded side when it is hot"
    writer = Writer().type(text).wait(500).edit(0, len(text), text.replace("wlak", "walk"), "silent", 0)
    assert len(replay(writer.session(), Limits()).trace.typed) == len(text)
