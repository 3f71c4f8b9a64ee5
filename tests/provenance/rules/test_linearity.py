from dataclasses import replace

import pytest

from keytrail.provenance import Limits, Origin, Severity
from keytrail.provenance.rules.applying import not_judged
from keytrail.provenance.rules.copying import likeness
from keytrail.provenance.rules.facts import Facts, Integrity
from keytrail.provenance.rules.linearity import linear_production, looks_copied, no_reading, unusual_characters
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


def test_who_pauses_half_of_the_time_or_erases_much_is_left_alone() -> None:
    copied = {"deleted_share": 0.01, "pause_share": 0.3}
    assert looks_copied(0.99, copied, LIMITS)
    assert not looks_copied(0.73, copied, LIMITS)
    assert not looks_copied(0.99, copied | {"pause_share": 0.5}, LIMITS)
    assert not looks_copied(0.99, copied | {"deleted_share": 0.15}, LIMITS)
    assert not looks_copied(0.99, {"pause_share": 0.3}, LIMITS)


def test_more_pauses_and_more_erasing_look_less_like_copying() -> None:
    copied = {
        "pause_share": 0.25,
        "mean_pause_ms": 650.0,
        "sentence_pause_ms": 1_300.0,
        "words_per_minute": 19.0,
        "deleted_share": 0.025,
        "away_from_edge_share": 0.0,
    }
    at_first = likeness(copied)
    assert at_first is not None
    assert at_first > LIMITS.linear_likeness
    for other in (
        {"deleted_share": 0.2},
        {"pause_share": 0.6, "mean_pause_ms": 1_500.0},
        {"away_from_edge_share": 0.3},
    ):
        then = likeness(copied | other)
        assert then is not None
        assert then < at_first
    assert likeness({name: value for name, value in copied.items() if name != "deleted_share"}) is None
    assert likeness(copied | {"sentence_pause_ms": None, "away_from_edge_share": None}) is not None


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (replace(text_of((Origin.TYPED, 300)), touch=True), "touch screen"),
        (text_of((Origin.TYPED, 300), (Origin.IME, 300)), "input method"),
        (replace(text_of(*[(Origin.NOKEY, 20)] * 5), text="word " * 20), "dictated"),
        (text_of((Origin.TYPED, 300)), "only 1 word"),
    ],
)
def test_where_linearity_is_not_judged_it_says_why(facts: Facts, reason: str) -> None:
    assert reason in not_judged(facts, LIMITS)["linear_production"]


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


def test_without_an_item_there_is_nothing_to_read() -> None:
    assert no_reading(text_of((Origin.TYPED, 10), typed_ms=[1]), LIMITS) is None


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
