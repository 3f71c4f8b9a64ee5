"""Emoji, accents and input methods: honest input (tests/provenance/people.py) is not flagged."""

import pytest

from keytrail.provenance import Verdict
from keytrail.provenance.wire.events import KeyFlag
from tests.provenance.honest import HOWS, origins, report
from tests.provenance.people import (
    OWN,
    SENTENCE,
    alt_code,
    by_hand,
    entered,
    injected,
    press,
    swallowed,
    take_in_turns,
)
from tests.provenance.writer import WEBKIT

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
EMOJI = [
    "\U0001f333",
    FAMILY,
    "\U0001f44d\U0001f3fd",
    "\U0001f1eb\U0001f1f7",
    "1\ufe0f\u20e3",
    "\u2764\ufe0f",
    "\U0001f333" * 3,
]


@pytest.mark.parametrize("emoji", EMOJI)
@pytest.mark.parametrize(("cause", "flags"), HOWS)
def test_emoji_from_a_panel(emoji: str, cause: str, flags: int) -> None:
    writer = entered()
    take_in_turns(
        writer, ["People walk", " in the shade", " when it is"], lambda w: w.edit(w.caret, 0, emoji, cause, flags)
    )
    made = report(writer)
    assert made.verdict is Verdict.CLEAR
    assert "unusual_characters" not in {finding.rule for finding in made.findings}


@pytest.mark.parametrize("char", ["é", "ß", "ñ", "œ", "→", "½", "ع", "€"])
@pytest.mark.parametrize(("cause", "flags"), HOWS)
def test_single_characters_from_a_map_or_panel(char: str, cause: str, flags: int) -> None:
    writer = entered()
    take_in_turns(writer, ["caf", " th", " d", " ann"], lambda w: w.edit(w.caret, 0, char, cause, flags))
    assert report(writer).verdict is Verdict.CLEAR


def test_alt_codes_are_typed() -> None:
    writer = entered()
    take_in_turns(writer, ["d", "j", " apr", "s l'", "t"], lambda w: alt_code(w, "130", "é"))
    made = report(writer)
    assert origins(made) == {"typed": len(writer.text)}
    assert made.verdict is Verdict.CLEAR


def test_a_code_point_entered_in_digits() -> None:
    writer = entered().type("caf").log("k", "KeyU", "U", 4 | 8, dt=200)
    for digit in "e9":
        writer.log("k", f"Key{digit}", digit, 4 | 8, dt=150).log("u", f"Key{digit}", 4 | 8, dt=60)
    assert origins(report(writer.edit(3, 0, "é", "insertText"))) == {"typed": 4}


def test_the_accent_menu_of_a_held_key() -> None:
    writer = entered(agent=WEBKIT)
    take_in_turns(writer, ["cafe", " the", " ne"], lambda w: w.edit(w.caret - 1, 1, "é", "insertText"))
    made = report(writer)
    assert set(origins(made)) == {"typed", "assist"}
    assert made.verdict is Verdict.CLEAR


def test_a_compose_key() -> None:
    writer = entered()
    for _ in range(4):
        writer.type("c").log("k", "AltRight", "Compose", 0, dt=150)
        for key in "oe":
            writer.log("k", f"Key{key.upper()}", key, 0, dt=150).log("u", f"Key{key.upper()}", 0, dt=60)
        writer.edit(writer.caret, 0, "œ", "insertText").type("ur ")
    made = report(writer)
    assert set(origins(made)) <= {"typed", "ime"}
    assert made.verdict is Verdict.CLEAR


def test_an_accent_tool_that_injects_keys() -> None:
    writer = entered()
    take_in_turns(writer, ["cafe", " the", " ne", " apre"], lambda w: injected(w, "é", gone=1))
    made = report(writer)
    assert origins(made) == {"typed": len(writer.text)}
    assert made.verdict is Verdict.CLEAR


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("namaste", "नमस्ते "),
        ("tianqi", "天气"),
        ("shokuji", "食事"),
        ("gksrmf", "한글"),
        ("duowngf", "đường "),
        ("duong72", "đường "),
        ("privet", "привет "),
        ("marhaba", "مرحبا "),
        ("sawatdi", "สวัสดี"),
    ],
)
@pytest.mark.parametrize(("cause", "flags"), [("insertText", 2), ("insertText", 0), ("insertText", 1), ("silent", 0)])
def test_an_input_method_that_swallows_keys(keys: str, text: str, cause: str, flags: int) -> None:
    writer = entered()
    for _ in range(25):
        swallowed(writer, keys, text, cause, flags)
    made = report(writer)
    assert set(origins(made)) == {"ime"}
    assert made.verdict is Verdict.CLEAR


@pytest.mark.parametrize(("cause", "flags"), [("insertText", 2), ("insertText", 0), ("insertText", 1), ("silent", 0)])
@pytest.mark.parametrize("key", ["7", "Process"])
def test_an_input_method_that_changes_the_accents_of_letters_in_place(key: str, cause: str, flags: int) -> None:
    writer = entered()
    for _ in range(25):
        by_hand(writer, "duong")
        press(writer, "Digit7", key)
        writer.edit(writer.caret - 4, 2, "ươ", cause, flags)
        by_hand(writer.at(len(writer.text)), " ")
    made = report(writer)
    assert set(origins(made)) == {"typed", "ime"}
    assert made.verdict is Verdict.CLEAR


@pytest.mark.parametrize(("cause", "flags"), [("insertText", 2), ("insertText", 0), ("insertText", 1), ("silent", 0)])
@pytest.mark.parametrize(
    ("sound", "word"),
    [("namaste", "नमस्ते"), ("a", "ж"), ("tianqi", "天气"), ("しょくじ", "食事"), ("ㄒㄧㄥˊ", "行")],
)
def test_letters_that_become_another_script_in_place(sound: str, word: str, cause: str, flags: int) -> None:
    writer = entered()
    for _ in range(25):
        at = writer.caret
        by_hand(writer, sound)
        press(writer, "Space", " ")
        writer.edit(at, len(sound), word, cause, flags)
    made = report(writer)
    assert origins(made) == {"ime": 25 * len(word)}
    assert made.verdict is Verdict.CLEAR


def test_letters_that_become_a_translation_are_rewritten() -> None:
    sentence = "people walk further in the shade when it is hot "
    made = report(
        by_hand(entered(), sentence).edit(0, len(sentence), "люди идут дальше в тени, когда жарко", "silent", 0)
    )
    assert origins(made) == {"rewritten": 36}


@pytest.mark.parametrize(("pasted", "origin"), [("ương", "ime"), ("andern", "external")])
def test_an_input_method_that_erases_the_end_of_a_word_and_pastes_it(pasted: str, origin: str) -> None:
    writer = entered()
    for _ in range(10):
        by_hand(writer, "duong").backspace(4)
        by_hand(writer.paste(pasted), " ")
    made = report(writer)
    assert origins(made)[origin] >= len(pasted)
    assert (made.verdict is Verdict.CLEAR) is (origin == "ime")


@pytest.mark.parametrize(("inserted", "origin"), [("ương", "ime"), ("andern", "nokey")])
@pytest.mark.parametrize("key", ["", "ư"])
def test_an_input_method_that_erases_the_end_of_a_word_and_inserts_it(inserted: str, origin: str, key: str) -> None:
    """On a Mac up to sixteen characters come at once, under the name of one key or without any."""
    writer = entered()
    for _ in range(20):
        injected(by_hand(writer, "duong"), "", gone=4)
        if key:
            writer.log("k", "KeyA", key, 0, dt=1)
        by_hand(writer.edit(writer.caret, 0, inserted, "insertText"), " ")
    made = report(writer)
    assert origins(made)[origin] >= 20 * len(inserted)
    assert (made.verdict is Verdict.CLEAR) is (origin == "ime")


@pytest.mark.parametrize(("first", "then", "clear"), [("ህ", "ሃ", True), ("कि", "की", True), ("j", "q", False)])
@pytest.mark.parametrize("hidden", ["Process", "Unidentified"])
def test_a_hidden_key_that_changes_the_vowel_of_a_syllable(hidden: str, first: str, then: str, *, clear: bool) -> None:
    writer = entered()
    for _ in range(40):
        for gone, now in ((0, first), (len(first), then)):
            press(writer, "KeyH", hidden)
            writer.edit(writer.caret - gone, gone, now, "insertText")
    made = report(writer)
    assert (made.verdict is Verdict.CLEAR) is clear
    assert made.verdict is not Verdict.STRONG


def test_characters_picked_on_a_panel_that_sends_no_keys() -> None:
    for text in ("天气炎热的时候他们会多走一段路以便留在树荫下年纪大的人绕的路最远" * 2, OWN + SENTENCE):
        writer = entered()
        for char in text:
            writer.wait(450 + 211 * (writer.caret % 4)).edit(writer.caret, 0, char, "insertText")
        made = report(writer)
        assert made.verdict is Verdict.REVIEW
        (finding,) = [found for found in made.findings if found.rule == "untyped_text"]
        assert "on-screen keyboard" in finding.explanation.split(".")[0]


def test_a_transliteration_that_grows_with_each_key() -> None:
    writer = entered()
    for _ in range(30):
        at = writer.caret
        for now in ("न", "नम", "नमस", "नमस्ते"):
            press(writer, "KeyN", "n")
            writer.edit(at, writer.caret - at, now, "insertText", 1)
        writer.key(" ")
    made = report(writer)
    assert set(origins(made)) <= {"typed", "ime", "assist"}
    assert made.verdict is Verdict.CLEAR


def test_korean_in_a_browser_that_tells_of_no_composition() -> None:
    writer = entered(agent=WEBKIT)
    for _ in range(40):
        at = writer.caret
        for key, now in (("ㅎ", "ㅎ"), ("ㅏ", "하"), ("ㄴ", "한")):
            press(writer, "KeyG", key)
            writer.edit(at, writer.caret - at, now, "insertText" if now == "ㅎ" else "insertReplacementText")
    made = report(writer)
    assert made.accounted_share == 1
    assert made.verdict is Verdict.CLEAR


@pytest.mark.parametrize("hidden", ["Process", "Unidentified"])
def test_an_input_method_that_hides_its_keys_and_commits_words(hidden: str) -> None:
    writer = entered()
    for word in ("天气炎热的时候", "他们会多走一段路", "以便留在树荫下") * 4:
        for _ in range(2 * len(word)):
            press(writer, "KeyT", hidden, KeyFlag.COMPOSING)
        writer.edit(writer.caret, 0, word, "insertText")
    made = report(writer)
    assert origins(made) == {"ime": len(writer.text)}
    assert made.verdict is Verdict.CLEAR
