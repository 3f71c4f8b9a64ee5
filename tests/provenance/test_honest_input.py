"""Honest input is not flagged; each case is the event sequence of a tool (tests/provenance/people.py)."""

from collections.abc import Callable

import pytest

from keytrail.provenance import Report, Verdict, analyse, fnv1a32
from keytrail.provenance.wire.events import KeyFlag
from tests.provenance.people import (
    OWN,
    SENTENCE,
    alt_code,
    by_hand,
    correct,
    entered,
    injected,
    press,
    say,
    say_at_once,
    set_value,
    swallowed,
    take_in_turns,
)
from tests.provenance.writer import CHROMIUM, FIREFOX, ITEM, WEBKIT, Writer

WRONG = "peple wlk in the shde when its hto and teh older peoples is going furthr becuase of it "
RIGHT = (
    ("peple", "people"),
    ("wlk", "walk"),
    ("shde", "shade"),
    ("its", "it's"),
    ("hto", "hot"),
    ("teh", "the"),
    ("peoples is", "people are"),
    ("furthr", "further,"),
    ("becuase", "because"),
)
FRENCH = "Les arbres donnent de l'ombre"
REPHRASED = "Pedestrians choose longer routes under a canopy once temperatures rise. "
HOWS = [
    ("silent", 0),
    ("insertText", 1),
    ("", 1),
    ("insertText", 0),
    ("insertReplacementText", 2),
    ("insertReplacementText", 1),
    ("insertText", 2),
    ("insertFromPaste", 2),
]


def report(writer: Writer, **others: str) -> Report:
    made = analyse(writer.wait(900).checkpoint().finish().session(**others))
    assert made.integrity["replay_equals_text"]
    assert made.integrity["checkpoints_failed"] == 0
    return made


def origins(made: Report) -> dict[str, int]:
    return {origin.value: units for origin, units in made.origins.items()}


def rules(made: Report) -> set[str]:
    return {finding.rule for finding in made.findings if finding.severity != "info"}


@pytest.mark.parametrize("agent", [CHROMIUM, FIREFOX, WEBKIT])
@pytest.mark.parametrize(("cause", "flags"), HOWS)
def test_words_that_an_assistant_corrects_are_the_writers(agent: str, cause: str, flags: int) -> None:
    writer = entered(agent=agent).type(WRONG)
    for wrong, right in RIGHT:
        correct(writer, wrong, right, cause, flags)
    made = report(writer)
    assert set(origins(made)) == {"typed", "assist"}
    assert made.verdict is Verdict.CLEAR


@pytest.mark.parametrize(("cause", "flags"), HOWS)
def test_all_corrections_taken_at_once(cause: str, flags: int) -> None:
    corrected = WRONG
    for wrong, right in RIGHT:
        corrected = corrected.replace(wrong, right, 1)
    made = report(set_value(entered().type(WRONG), corrected.capitalize(), cause, flags))
    assert set(origins(made)) <= {"typed", "assist", "moved"}
    assert made.accounted_share == 1
    assert made.verdict is Verdict.CLEAR


def test_a_correction_in_two_steps() -> None:
    writer = entered().type("I recieve it")
    writer.edit(2, 7, "", "deleteContentBackward", 0).edit(2, 0, "receive", "insertText", 0)
    assert origins(report(writer)) == {"typed": 5, "moved": 5, "assist": 2}


@pytest.mark.parametrize(
    ("typed", "pos", "added"),
    [("However it was", 7, ","), ("walk in shade when", 8, "the "), ("dont walk", 3, "'"), ("it hot now", 3, "is ")],
)
def test_a_mark_or_a_small_word_that_an_assistant_adds(typed: str, pos: int, added: str) -> None:
    made = report(entered().type(typed).edit(pos, 0, added, "silent", 0))
    assert origins(made) == {"typed": len(typed), "assist": len(added)}


@pytest.mark.parametrize(("cause", "flags"), [how for how in HOWS if how[0] != "insertFromPaste"])
def test_a_rewritten_sentence_is_worth_a_look_with_old_and_new_text(cause: str, flags: int) -> None:
    first, second = OWN.split(". ")[0] + ". ", OWN.split(". ")[1] + ". "
    writer = entered().type(first + second + SENTENCE)
    made = report(set_value(writer, REPHRASED + second + SENTENCE, cause, flags))
    assert set(origins(made)) == {"typed", "rewritten"}
    assert made.verdict is Verdict.REVIEW
    (finding,) = [found for found in made.findings if found.rule == "rewritten_text"]
    (pair,) = finding.rewrites
    assert pair.old.strip() in first
    assert pair.new.strip() in REPHRASED
    assert finding.explanation.startswith("A writing assistant")
    assert Report.from_json(made.as_json()) == made


def test_rewriting_most_of_the_text_is_strong() -> None:
    made = report(set_value(entered().type(OWN), REPHRASED * 2))
    assert rules(made) >= {"rewritten_text"}
    assert made.verdict is Verdict.STRONG


@pytest.mark.parametrize(
    "speak",
    [
        lambda writer: say(say(writer, OWN.strip()), " " + SENTENCE),
        lambda writer: say(writer, OWN.strip(), words=4),
        lambda writer: say_at_once(writer, SENTENCE),
        lambda writer: say_at_once(say_at_once(writer, SENTENCE), OWN),
        lambda writer: say(writer, OWN.strip(), cause="insertReplacementText"),
        lambda writer: say(writer.type("I think that "), SENTENCE.strip(), words=3),
    ],
    ids=["word by word", "phrases", "one utterance", "two", "as replacements", "after typed words"],
)
@pytest.mark.parametrize("agent", [CHROMIUM, FIREFOX, WEBKIT])
@pytest.mark.parametrize("pointer", ["fine", "coarse"])
def test_dictation_is_worth_a_look_at_most(speak: Callable[[Writer], Writer], agent: str, pointer: str) -> None:
    made = report(speak(entered(agent=agent, pointer=pointer)))
    assert made.verdict in {Verdict.CLEAR, Verdict.REVIEW}
    assert not rules(made) - {"untyped_text"}


@pytest.mark.parametrize("final", [SENTENCE, "So the towns should have planted trees where the people are walking. "])
def test_partial_results_that_replace_each_other(final: str) -> None:
    writer = entered(agent=WEBKIT)
    heard = ""
    for word in SENTENCE.lower().rstrip(". ").split():
        heard = f"{heard} {word}".strip()
        set_value(writer, heard.replace("plant its", "planted"), "insertText", 2, dt=350)
    made = report(set_value(writer, final, "insertReplacementText", 2, dt=600))
    assert made.verdict in {Verdict.CLEAR, Verdict.REVIEW}


def test_a_dictated_sentence_in_a_typed_text_with_its_full_stop() -> None:
    writer = say(entered().type(OWN), SENTENCE.rstrip(". ").lower(), words=2)
    made = report(writer.wait(500).edit(writer.caret, 0, ". ", "insertText").type(OWN))
    assert made.verdict in {Verdict.CLEAR, Verdict.REVIEW}


def test_dictation_through_an_extension() -> None:
    writer = entered()
    for sentence in (OWN, SENTENCE, OWN):
        say_at_once(writer, sentence, flags=0)
    assert report(writer).verdict is Verdict.REVIEW


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


@pytest.mark.parametrize("pointer", ["fine", "coarse"])
def test_word_completion_on_a_tablet(pointer: str) -> None:
    writer = entered(pointer=pointer)
    for begun, rest in (("peo", "ple "), ("wal", "king "), ("und", "er "), ("the", " "), ("tre", "es ")) * 6:
        writer.type(begun).wait(200)
        writer.edit(writer.caret, 0, rest, "insertText")
    assert report(writer).verdict is Verdict.CLEAR


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
    assert made.findings[0].explanation.startswith("This may be the writer's own text, taken out of the box")


@pytest.mark.parametrize(("cause", "flags"), [("silent", 0), ("", 1), ("insertText", 0)])
def test_partial_results_of_an_extension(cause: str, flags: int) -> None:
    writer, said = entered(), ""
    for sentence in (OWN, SENTENCE):
        heard = ""
        for word in sentence.lower().split():
            heard = f"{heard} {word}".strip()
            set_value(writer, said + heard, cause, flags, dt=60 * len(word) + 41 * (len(heard) % 7))
        said += sentence
        set_value(writer, said, cause, flags, dt=500)
    assert report(writer).verdict in {Verdict.CLEAR, Verdict.REVIEW}


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
