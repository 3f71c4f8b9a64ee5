from dataclasses import replace

import pytest

from keytrail.provenance import Limits, Origin, Severity
from keytrail.provenance.rules.facts import Facts, Integrity
from keytrail.provenance.rules.linearity import linear_production, no_reading, unusual_characters
from tests.provenance.facts import rhythm_of, text_of

LIMITS = Limits()


def writing(words: int, intervals: list[int]) -> Facts:
    text = "word " * words
    facts = text_of((Origin.TYPED, len(text)), rhythm=rhythm_of(intervals, [30] * len(intervals)))
    return replace(facts, text=text)


def test_typing_without_pauses() -> None:
    even = [150, 160, 250, 300] * 100
    found = linear_production(writing(80, even), LIMITS)
    assert found is not None
    assert found.severity is Severity.REVIEW
    assert found.figures["words"] == 80
    assert linear_production(writing(79, even), LIMITS) is None


def test_typing_with_the_pauses_of_somebody_who_thinks() -> None:
    assert linear_production(writing(80, ([150, 160, 250, 300] * 5 + [6_000]) * 20), LIMITS) is None


def test_even_typing_with_longer_pauses_between_the_keys() -> None:
    assert linear_production(writing(80, [900, 950] * 200), LIMITS) is None


def test_linear_production_does_not_apply_on_touch_or_without_keys() -> None:
    even = [150, 160, 250, 300] * 100
    assert linear_production(replace(writing(80, even), touch=True), LIMITS) is None
    assert linear_production(writing(80, []), LIMITS) is None


@pytest.mark.parametrize(
    ("first_ms", "words", "found"), [(4_999, 10, True), (5_000, 10, False), (29_000, 300, True), (30_000, 300, False)]
)
def test_no_reading(first_ms: int, words: int, found: bool) -> None:  # noqa: FBT001 - a column of the table
    facts = text_of((Origin.TYPED, 10), item_text="word " * words, typed_ms=[first_ms])
    assert (no_reading(facts, LIMITS) is not None) is found


def test_without_a_reading_speed_only_the_least_time_counts() -> None:
    facts = replace(writing(0, []), typed_ms=[5_500], item_text="word " * 900)
    assert no_reading(facts, LIMITS) is not None
    assert no_reading(facts, Limits(reading_wpm=0)) is None


def test_no_reading_needs_typing_and_a_clock_that_starts_with_the_page() -> None:
    facts = text_of((Origin.TYPED, 10), item_text="word " * 10)
    assert no_reading(facts, LIMITS) is None
    assert no_reading(replace(facts, typed_ms=[1], integrity=Integrity(by_alignment=True)), LIMITS) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a \u201cquote\u201d", "typographic quotes"),
        ("a \u2014 b", "long dashes"),
        ("a\u00a0b", "no-break spaces"),
        ("a\u200bb", "zero-width characters"),
        ("so **bold** it", "Markdown"),
        ("## Head", "Markdown"),
        ("- item", "Markdown"),
        ("\u2022 item", "bullets"),
    ],
)
def test_unusual_characters(text: str, kind: str) -> None:
    pasted = replace(text_of((Origin.EXTERNAL, len(text))), text=text)
    found = unusual_characters(pasted, LIMITS)
    assert found is not None
    assert kind in found.explanation
    assert all(text[start:end].strip(" ") or "\u00a0" in text for start, end in found.spans)
    typed = replace(text_of((Origin.TYPED, len(text))), text=text)
    assert unusual_characters(typed, LIMITS) is None


def test_plain_text_has_nothing_unusual() -> None:
    text = 'It is "plain" - and 3 * 4 # done'
    assert unusual_characters(replace(text_of((Origin.EXTERNAL, len(text))), text=text), LIMITS) is None
