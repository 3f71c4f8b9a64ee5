"""Dictation: honest input (tests/provenance/people.py) is not flagged."""

import json
from collections.abc import Callable

import pytest

from keytrail.provenance import EpochLog, Report, Verdict, WritingLog, analyse, decode_all
from tests.fielddata import reported_cases
from tests.provenance.honest import report, rules
from tests.provenance.people import (
    OWN,
    SENTENCE,
    entered,
    say,
    say_and_settle,
    say_at_once,
    set_value,
)
from tests.provenance.writer import CHROMIUM, FIREFOX, WEBKIT, Writer

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 "
    "Mobile/15E148 Safari/604.1"
)
THIRD = "Benches under the trees would help those who cannot walk so far in one go. "
RECORDED = 6
"""Dictated sessions among the cases of bug reports."""


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
    partial = ""
    for word in SENTENCE.lower().rstrip(". ").split():
        partial = f"{partial} {word}".strip()
        set_value(writer, partial.replace("plant its", "planted"), "insertText", 2, dt=350)
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


@pytest.mark.parametrize(("cause", "flags"), [("silent", 0), ("", 1), ("insertText", 0)])
def test_partial_results_of_an_extension(cause: str, flags: int) -> None:
    writer, dictated = entered(), ""
    for sentence in (OWN, SENTENCE):
        partial = ""
        for word in sentence.lower().split():
            partial = f"{partial} {word}".strip()
            set_value(writer, dictated + partial, cause, flags, dt=60 * len(word) + 41 * (len(partial) % 7))
        dictated += sentence
        set_value(writer, dictated, cause, flags, dt=500)
    assert report(writer).verdict in {Verdict.CLEAR, Verdict.REVIEW}


def test_a_recording_that_is_inserted_when_it_is_over() -> None:
    made = report(say_at_once(entered(), (OWN + SENTENCE) * 3))
    assert made.verdict is Verdict.REVIEW


def test_a_dictation_program_that_pastes_each_utterance() -> None:
    writer = entered()
    for utterance in (OWN, SENTENCE, OWN.lower(), SENTENCE.lower()):
        writer.wait(70 * len(utterance)).paste(utterance)
    made = report(writer)
    assert made.verdict is Verdict.REVIEW
    assert rules(made) == {"external_text"}
    assert "dictation" in made.findings[0].explanation


@pytest.mark.parametrize("pointer", ["fine", "coarse"])
@pytest.mark.parametrize("ms", [59_000, 60_000])
def test_a_text_in_utterances_of_a_minute_each(pointer: str, ms: int) -> None:
    """Also at even distances: people who speak for a minute pause in between."""
    writer = entered(pointer=pointer)
    for number in range(10):
        utterance = (f"Street {number} " + OWN + SENTENCE + THIRD) * 4
        writer.wait(ms).edit(writer.caret, 0, utterance[:900].rpartition(" ")[0] + " ", "insertText")
    assert report(writer).verdict is Verdict.REVIEW


def in_chunks(writer: Writer, sizes: tuple[int, ...], ms: int, jitter: int) -> Writer:
    """A recogniser that hands over at a beat what was said; `jitter` in ms."""
    words, at = (OWN + SENTENCE + THIRD).split(" "), 0
    for number in range(40):
        count = sizes[number % len(sizes)]
        phrase = " ".join(words[at : at + count])
        if not phrase:
            break
        at += count
        writer.wait(ms + number * 7919 % (2 * jitter + 1) - jitter).edit(writer.caret, 0, phrase + " ", "insertText")
    return writer


@pytest.mark.parametrize(
    ("ms", "jitter", "verdict"),
    [
        (1_500, 60, Verdict.REVIEW),
        (1_500, 300, Verdict.REVIEW),
        (5_100, 0, Verdict.REVIEW),
        (1_500, 0, Verdict.STRONG),
        (1_500, 15, Verdict.STRONG),
        (4_900, 0, Verdict.STRONG),
    ],
)
@pytest.mark.parametrize("pointer", ["fine", "coarse"])
def test_a_recogniser_with_a_beat_is_told_from_a_timer(ms: int, jitter: int, verdict: Verdict, pointer: str) -> None:
    made = report(in_chunks(entered(pointer=pointer), (3, 4, 3, 5), ms, jitter))
    assert made.verdict is verdict or (pointer == "coarse" and ms > 5_000 and made.verdict is Verdict.CLEAR)
    for finding in made.findings:
        if finding.rule == "unspeakable_pace" and finding.severity == "review":
            assert finding.explanation.startswith("Some dictation programs")


def typed_by_a_program(writer: Writer, phrases: list[str], ms_a_unit: int) -> Writer:
    """Keys with their codes, a phrase at once, each after so much time."""
    for phrase in phrases:
        writer.wait(ms_a_unit * len(phrase))
        for char in phrase.lower():
            code = f"Key{char.upper()}" if char.isalpha() else "Space"
            writer.log("k", code, char, 0, dt=8).edit(writer.caret, 0, char, "insertText").log("u", code, 0)
    return writer


@pytest.mark.parametrize(
    ("phrases", "ms_a_unit", "verdict"),
    [
        ([OWN, SENTENCE, THIRD], 60, Verdict.REVIEW),
        ([OWN, SENTENCE, THIRD], 10, Verdict.STRONG),
        ([OWN + SENTENCE + THIRD], 60, Verdict.STRONG),
    ],
)
def test_a_dictation_program_that_types(phrases: list[str], ms_a_unit: int, verdict: Verdict) -> None:
    made = report(typed_by_a_program(entered(), phrases, ms_a_unit))
    assert "ghost_keys" in rules(made)
    assert made.verdict is verdict


@pytest.mark.parametrize(("ms_a_unit", "verdict"), [(60, Verdict.REVIEW), (20, Verdict.STRONG)])
def test_a_typed_draft_that_is_dictated_anew(ms_a_unit: int, verdict: Verdict) -> None:
    anew = SENTENCE + THIRD
    writer = entered().type(OWN)
    made = report(writer.wait(ms_a_unit * len(anew)).edit(0, len(OWN), anew, "insertText"))
    assert made.verdict is verdict
    assert "rewritten_text" in rules(made)


@pytest.mark.parametrize(("cause", "flags"), [("silent", 0), ("insertText", 0), ("insertText", 1)])
def test_a_script_that_rewrites_a_draft_does_not_dictate(cause: str, flags: int) -> None:
    writer = entered().type(OWN).wait(20_000).edit(0, len(OWN), SENTENCE + THIRD, cause, flags)
    assert report(writer).verdict is Verdict.STRONG


def accuses_nobody(made: Report) -> bool:
    """At most a review, which begins with what dictation looks like, and no other finding."""
    judged = [finding for finding in made.findings if finding.severity != "info"]
    innocent_first = all("dictated" in finding.explanation.partition(". ")[0] for finding in judged)
    return made.verdict in {Verdict.CLEAR, Verdict.REVIEW} and innocent_first


@pytest.mark.parametrize("sentences", [[OWN], [OWN, SENTENCE], [OWN, SENTENCE, THIRD]], ids=["one", "two", "three"])
@pytest.mark.parametrize(
    "environment",
    [{"agent": IPHONE, "pointer": "coarse", "touch": 5}, {"agent": WEBKIT}],
    ids=["iPhone", "Mac"],
)
def test_each_sentence_is_set_anew_when_it_is_understood(environment: dict[str, object], sentences: list[str]) -> None:
    writer = entered(**environment)
    for sentence in sentences:
        say_and_settle(writer, sentence)
    assert writer.text == "".join(sentences)
    assert accuses_nobody(report(writer))


@pytest.mark.parametrize("environment", [{"agent": IPHONE, "pointer": "coarse"}, {"agent": WEBKIT}])
def test_at_the_end_the_whole_text_is_set_anew(environment: dict[str, object]) -> None:
    """Partial results of all sentences stand without capitals and stops until dictation ends."""
    writer, final = entered(**environment), OWN + SENTENCE + THIRD
    for at, sentence in enumerate((OWN, SENTENCE, THIRD)):
        partial = sentence.lower().replace(".", "").strip()
        say(writer, f" {partial}" if at else partial, cause="insertReplacementText")
    made = report(writer.wait(700).edit(0, len(writer.text), final, "insertReplacementText"))
    assert writer.text == final
    assert accuses_nobody(made)


@pytest.mark.field
@pytest.mark.parametrize("number", range(RECORDED))
def test_dictation_that_was_reported_as_misjudged(number: int) -> None:
    lines = (reported_cases() / "ios_dictation.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == RECORDED
    session = json.loads(lines[number])
    made = analyse(WritingLog([EpochLog(decode_all(session["events"]))], session["text"], session["item"]))
    assert made.integrity["replay_equals_text"]
    assert accuses_nobody(made)
