"""A sentence that arrives at once, from a speaking board or a dictation program, is for review at most."""

import pytest

from keytrail.provenance import Verdict
from tests.provenance.honest import report
from tests.provenance.people import OWN, SENTENCE, entered
from tests.provenance.writer import Writer

LONGER = "People with a cane walk only where they find a bench, and a town that has none keeps them at home. "


def on_the_page(ms: int) -> Writer:
    """A writer who has been on the page for so long and then enters the box."""
    writer = Writer().log("q", 9, 900, 1, 0, 0, 80, dt=ms)
    return writer.log("f", 1, "answer", 1, dt=0).log("a", "pointer", dt=0)


@pytest.mark.parametrize(
    ("sentence", "page_ms", "verdict"),
    [
        (SENTENCE, 24_000, Verdict.REVIEW),
        (OWN, 24_000, Verdict.REVIEW),
        (OWN, 9_000, Verdict.STRONG),
        (OWN + SENTENCE, 24_000, Verdict.STRONG),
        (OWN + SENTENCE, 240_000, Verdict.STRONG),
    ],
)
def test_a_sentence_of_a_speaking_board_that_arrives_when_the_box_is_entered(
    sentence: str, page_ms: int, verdict: Verdict
) -> None:
    made = report(on_the_page(page_ms).wait(1_500).edit(0, 0, sentence, "insertText"))
    assert made.verdict is verdict
    (finding,) = [found for found in made.findings if found.rule == "untyped_text"]
    assert "speaking board" in finding.explanation
    assert ("speaking board" in finding.explanation.split(".")[0]) is (verdict is Verdict.REVIEW)


def test_the_next_sentences_of_a_speaking_board() -> None:
    writer = on_the_page(60_000).wait(1_500)
    for sentence in (OWN, SENTENCE, LONGER):
        writer.edit(writer.caret, 0, sentence, "insertText").wait(50_000)
    assert report(writer).verdict is Verdict.REVIEW


def test_only_the_first_sentence_may_be_there_when_the_box_is_entered() -> None:
    writer = on_the_page(60_000).wait(1_500)
    for sentence in (OWN, SENTENCE, LONGER):
        writer.edit(writer.caret, 0, sentence, "insertText").wait(1_500)
    assert report(writer).verdict is Verdict.STRONG


def test_what_follows_typing_was_not_composed_before_the_box_was_entered() -> None:
    writer = on_the_page(60_000).type("So I think: ").wait(1_500)
    assert report(writer.edit(writer.caret, 0, OWN, "insertText")).verdict is Verdict.STRONG


@pytest.mark.parametrize(("cause", "flags"), [("insertText", 0), ("insertText", 1), ("silent", 0)])
@pytest.mark.parametrize(
    ("utterances", "ms_a_unit", "verdict"),
    [
        ([SENTENCE], 60, Verdict.REVIEW),
        ([SENTENCE, LONGER], 60, Verdict.REVIEW),
        ([SENTENCE], 10, Verdict.STRONG),
        ([SENTENCE, LONGER], 10, Verdict.STRONG),
        ([SENTENCE, OWN + LONGER], 60, Verdict.STRONG),
        ([SENTENCE + LONGER], 60, Verdict.STRONG),
    ],
)
def test_one_or_two_utterances_of_a_panel_or_an_extension(
    cause: str, flags: int, utterances: list[str], ms_a_unit: int, verdict: Verdict
) -> None:
    writer = entered()
    for utterance in utterances:
        writer.wait(ms_a_unit * len(utterance))
        writer.edit(writer.caret, 0, utterance, cause, flags)
    assert report(writer).verdict is verdict


def test_one_or_two_pasted_sentences_are_no_program_that_pastes_what_was_said() -> None:
    writer = entered().wait(6_000).paste(SENTENCE)
    assert report(writer).verdict is Verdict.STRONG
    assert report(writer.wait(8_000).paste(LONGER)).verdict is Verdict.STRONG


def test_a_sentence_that_is_pasted_after_the_page_was_left_is_from_elsewhere() -> None:
    assert report(entered().away(4_000).paste(SENTENCE)).verdict is Verdict.STRONG
