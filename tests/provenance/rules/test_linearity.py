from dataclasses import replace

import pytest

from keytrail.provenance import Limits, Origin, Severity
from keytrail.provenance.rules.applying import not_judged
from keytrail.provenance.rules.copying import INPUTS, Measures, likeness
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
    copied = {"deleted_share": 0.1499, "pause_share": 0.4999}
    assert looks_copied(0.6, copied, LIMITS)
    assert not looks_copied(0.5999, copied, LIMITS)
    assert not looks_copied(0.99, copied | {"pause_share": 0.5}, LIMITS)
    assert not looks_copied(0.99, copied | {"deleted_share": 0.15}, LIMITS)
    assert not looks_copied(0.99, {"pause_share": 0.3}, LIMITS)
    assert not looks_copied(0.99, {"deleted_share": 0.01}, LIMITS)


def measured(pause: float, mean_ms: float, sentence_ms: float | None, wpm: float, *shares: float | None) -> Measures:
    """Measures of a made-up session: pauses, speed, erased share, share away from the end."""
    return dict(zip(INPUTS, (pause, mean_ms, sentence_ms, wpm, *shares), strict=True))


@pytest.mark.parametrize(
    ("session", "copied"),
    [
        pytest.param(measured(0.27, 670, 1_300, 19, 0.04, 0.0), True, id="a copied essay"),
        pytest.param(measured(0.27, 670, None, 19, 0.04, None), True, id="the same by its keys alone"),
        pytest.param(measured(0.03, 340, 450, 120, 0.01, 0.0), True, id="copied faster than anybody composes"),
        pytest.param(measured(0.45, 900, 2_500, 11, 0.03, 0.0), True, id="copied slowly"),
        pytest.param(measured(0.55, 900, 2_500, 11, 0.03, 0.0), False, id="the same with more pauses"),
        pytest.param(measured(0.64, 1_500, 7_100, 15, 0.16, 0.1), False, id="a composed essay"),
        pytest.param(measured(0.42, 870, 4_400, 18, 0.17, 0.0), False, id="an essay in a second language"),
        pytest.param(measured(0.3, 680, 2_500, 27, 0.10, 0.0), False, id="one with few pauses"),
        pytest.param(measured(0.55, 1_150, 6_400, 17, 0.09, None), False, id="a summary by its keys alone"),
        pytest.param(measured(0.51, 1_090, 2_900, 23, 0.08, 0.02), False, id="crowd writing"),
        pytest.param(measured(0.11, 480, 1_000, 45, 0.05, 0.0), False, id="very fast crowd writing, hardly a pause"),
        pytest.param(measured(0.37, 830, 1_800, 29, 0.03, 0.0), False, id="few corrections alone"),
    ],
)
def test_made_up_sessions_of_every_kind(session: Measures, copied: bool) -> None:  # noqa: FBT001 - a column of the table
    alike = likeness(session)
    assert alike is not None
    assert looks_copied(alike, session, LIMITS) is copied


def test_each_pause_to_think_makes_a_finding_less_likely() -> None:
    """The same keys with ever more pauses of 6 s: found at first, and never again once it is not."""
    even = [150, 160, 250, 300] * 5
    found = [
        linear_production(writing(80, [*even, 6_000] * pauses + even * (20 - pauses)), LIMITS) is not None
        for pauses in range(21)
    ]
    assert found[0]
    assert not found[-1]
    assert found == sorted(found, reverse=True)


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
