"""What was copied or dragged on the page and arrives without a paste is not taken for foreign text."""

import pytest

from keytrail.provenance import Verdict, fnv1a32
from tests.provenance.honest import origins, report
from tests.provenance.people import OWN, SENTENCE, by_hand, entered
from tests.provenance.writer import ITEM, Writer

HOWS = [("insertText", 2), ("insertText", 0), ("insertText", 1), ("silent", 0)]
"""A phone's keyboard that offers the copied text, and extensions that insert it."""
QUOTE = ITEM[60:190]


@pytest.mark.parametrize("pointer", ["fine", "coarse"])
@pytest.mark.parametrize(("cause", "flags"), HOWS)
def test_a_copied_passage_of_the_item_is_the_items_however_it_is_inserted(cause: str, flags: int, pointer: str) -> None:
    writer = entered(pointer=pointer).copy_item(QUOTE).wait(3_000).edit(0, 0, QUOTE, cause, flags)
    made = report(by_hand(writer, OWN.lower() * 2))
    assert origins(made)["source"] == len(QUOTE)
    assert made.verdict is Verdict.CLEAR


@pytest.mark.parametrize(("cause", "flags"), HOWS)
@pytest.mark.parametrize("copied", ["", QUOTE[:-1], ITEM[:100]])
def test_other_text_than_what_was_copied_is_not_the_items(cause: str, flags: int, copied: str) -> None:
    writer = entered()
    if copied:
        writer.copy_item(copied)
    made = report(writer.wait(3_000).edit(0, 0, QUOTE, cause, flags))
    assert "source" not in origins(made)
    assert made.verdict is Verdict.STRONG


@pytest.mark.parametrize(("typing_ms", "verdict"), [(60_000, Verdict.REVIEW), (0, Verdict.STRONG)])
@pytest.mark.parametrize(("cause", "flags"), HOWS)
def test_a_draft_from_another_field_that_is_inserted(cause: str, flags: int, typing_ms: int, verdict: Verdict) -> None:
    draft = (OWN + SENTENCE) * 2
    writer = entered(pointer="coarse").wait(typing_ms)
    writer.log("c", "other", -1, -1, len(draft), fnv1a32(draft), dt=100).edit(0, 0, draft, cause, flags)
    made = report(writer)
    assert made.verdict is verdict
    if verdict is Verdict.REVIEW:
        (finding,) = [found for found in made.findings if found.rule == "untyped_text"]
        assert finding.explanation.startswith("This may be the writer's own text, typed in another field of this page.")


def dragged(writer: Writer, text: str, *, internal: bool) -> Writer:
    writer.log("d", len(text), fnv1a32(text), text, int(internal))
    return writer.edit(writer.caret, 0, text, "insertFromDrop")


@pytest.mark.parametrize(("internal", "verdict"), [(True, Verdict.CLEAR), (False, Verdict.REVIEW)])
def test_words_of_the_item_that_are_dragged_into_the_text(*, internal: bool, verdict: Verdict) -> None:
    writer, words = entered(), ("tea late", "412 people", "mood", "cups", "23 minutes", "at lunch")
    for word in words:
        by_hand(dragged(by_hand(writer, "it is "), word, internal=internal), " so ")
    made = report(writer)
    assert (origins(made).get("source", 0) == sum(map(len, words))) is internal
    assert made.verdict is verdict


def test_what_is_dragged_within_the_page_and_is_not_the_items_is_no_part_of_it() -> None:
    made = report(dragged(entered(), "A text that a page shows elsewhere, longer than a word", internal=True))
    assert "source" not in origins(made)
