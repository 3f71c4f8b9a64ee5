"""Text without keys: which pace people can reach, and which they cannot."""

from dataclasses import replace
from itertools import accumulate

import pytest

from keytrail.provenance import Limits, Severity, analyse
from keytrail.provenance.kinds import Origin
from keytrail.provenance.replay.trace import Arrived
from keytrail.provenance.rules.facts import Facts
from keytrail.provenance.rules.keyless import composed_phrases, hardly_any_keys, unspeakable_pace
from tests.provenance.facts import human, rhythm_of, text_of
from tests.provenance.writer import Writer

LIMITS = Limits()
PHRASES = [24, 31, 18, 40, 27, 22, 35, 19, 28, 33]
SPOKEN_MS = [1_900, 2_600, 1_400, 4_100, 2_000, 2_400, 2_900, 1_200, 2_300, 3_800]
"""As long as the phrases are when spoken, with pauses."""


def arriving(sizes: list[int], gaps_ms: list[int], words: int = 4, **others: object) -> Facts:
    pieces = [
        Arrived(at_ms, units, words, bool(others.get("composed")))
        for at_ms, units in zip(accumulate(gaps_ms), sizes, strict=True)
    ]
    touch = bool(others.get("touch"))
    return replace(text_of((Origin.NOKEY, sum(sizes))), keyless=pieces, touch=touch, fine_pointer=not touch)


def test_phrases_at_the_pace_of_speech_are_left_alone() -> None:
    assert unspeakable_pace(arriving(PHRASES, SPOKEN_MS), LIMITS) is None


@pytest.mark.parametrize("touch", [False, True])
def test_phrases_at_even_distances_are_a_tools(touch: bool) -> None:  # noqa: FBT001 - a column
    found = unspeakable_pace(arriving(PHRASES, [2_300, 2_310, 2_290] * 3 + [2_305], touch=touch), LIMITS)
    assert found is not None
    assert found.severity is Severity.HIGH
    assert "even intervals" in found.explanation


@pytest.mark.parametrize(
    ("gaps", "severity"),
    [
        ([2_300] * 10, Severity.HIGH),
        ([2_300, 2_330, 2_275, 2_315, 2_285] * 2, Severity.HIGH),
        ([2_300, 2_360, 2_240, 2_340, 2_260] * 2, Severity.REVIEW),
        ([2_300, 3_000, 2_000, 2_600, 1_900] * 2, Severity.REVIEW),
        ([2_300, 3_400, 1_800, 2_900, 1_600] * 2, None),
        ([4_990] * 10, Severity.HIGH),
        ([5_000] * 10, None),
    ],
)
def test_even_distances_are_a_timers_if_exact_and_a_recognisers_otherwise(
    gaps: list[int], severity: Severity | None
) -> None:
    found = unspeakable_pace(arriving(PHRASES, gaps), LIMITS)
    assert (found and found.severity) == severity
    if severity is Severity.REVIEW and found:
        assert found.explanation.startswith("Some dictation programs")


def test_words_at_the_beat_of_a_recogniser_are_left_alone() -> None:
    assert unspeakable_pace(arriving([6, 4, 8, 3, 7] * 6, [380] * 30, words=1), LIMITS) is None


@pytest.mark.parametrize("touch", [False, True])
def test_words_faster_than_speech_are_a_tools(touch: bool) -> None:  # noqa: FBT001 - a column
    found = unspeakable_pace(arriving([6, 4, 8, 3, 7] * 6, [90, 130, 60] * 10, words=1, touch=touch), LIMITS)
    assert found is not None
    assert "words per minute" in found.explanation


def test_a_burst_after_a_lost_connection_is_not_the_pace() -> None:
    gaps = [400, 700, 300, 900, 500] * 6
    gaps[10:14] = [5_000, 10, 10, 10]
    assert unspeakable_pace(arriving([6, 4, 8, 3, 7] * 6, gaps, words=1), LIMITS) is None


def test_a_text_on_a_touch_screen_with_hardly_any_keys_is_worth_a_look() -> None:
    facts = arriving([6, 5, 7] * 20, [600, 1_100, 450] * 20, words=1, touch=True)
    found = hardly_any_keys(facts, LIMITS)
    assert found is not None
    assert found.severity is Severity.REVIEW
    assert hardly_any_keys(replace(facts, rhythm=rhythm_of(*human(1))), LIMITS) is not None
    assert hardly_any_keys(replace(facts, rhythm=rhythm_of(*human(2))), LIMITS) is None
    assert hardly_any_keys(replace(facts, touch=False), LIMITS) is None
    assert hardly_any_keys(arriving([6, 5, 7] * 5, [600, 1_100, 450] * 5, words=1, touch=True), LIMITS) is None


def test_compositions_of_phrases_without_keys_are_worth_a_look_at_a_desktop() -> None:
    facts = arriving(PHRASES, SPOKEN_MS, composed=True)
    found = composed_phrases(facts, LIMITS)
    assert found is not None
    assert found.severity is Severity.REVIEW
    assert composed_phrases(arriving(PHRASES, SPOKEN_MS, words=1, composed=True), LIMITS) is None


@pytest.mark.parametrize(
    ("text", "fires"), [("older people walked in the shade ", True), ("đường phố rợp bóng ", False)]
)
def test_words_composed_without_keys_need_a_reason_in_plain_letters(text: str, *, fires: bool) -> None:
    writer = Writer()
    for number, word in enumerate((text * 8).split()):
        writer.wait(500 + number * 7919 % 900).edit(len(writer.text), 0, word + " ", "insertCompositionText", 6)
    found = {one.rule for one in analyse(writer.finish().session()).findings}
    assert ("composed_phrases" in found) is fires


COMPOSING = 2 | 4


def composed(phrases: list[str], keys: list[str]) -> set[str]:
    """The rules that fire on phrases composed with these keys before each."""
    writer = Writer()
    for number, phrase in enumerate(phrases):
        writer.wait(1_500 + number % 3 * 700)
        for key in keys:
            writer.log("k", "KeyA", key, 64, dt=90)
        writer.edit(len(writer.text), 0, phrase, "insertCompositionText", COMPOSING)
    return {found.rule for found in analyse(writer.finish().session()).findings}


PHRASES_COMPOSED = ["the older people walked ", "along the shaded streets ", "and took longer ways "] * 4


@pytest.mark.parametrize("keys", [["Process"] * 3, ["a"] * 3, ["Unidentified"] * 20])
def test_compositions_with_keys_for_them_are_an_input_methods(keys: list[str]) -> None:
    assert "composed_phrases" not in composed(PHRASES_COMPOSED, keys)


@pytest.mark.parametrize("keys", [[], ["Process"], ["Shift"] * 20, ["ArrowRight"] * 3, ["F13"] * 3])
def test_one_key_or_one_without_text_excuses_no_phrase(keys: list[str]) -> None:
    assert "composed_phrases" in composed(PHRASES_COMPOSED, keys)


def test_one_key_for_each_inserted_phrase_does_not_hide_the_pace() -> None:
    writer = Writer()
    for number in range(12):
        writer.log("k", "KeyA", "Unidentified", 0, dt=300 + number * 7919 % 500)
        writer.edit(len(writer.text), 0, f"the {number} older people walked along {number} streets ", "insertText")
    assert "unspeakable_pace" in {found.rule for found in analyse(writer.finish().session()).findings}


@pytest.mark.parametrize(("cause", "flags"), [("insertText", 1), ("insertText", 0), ("silent", 0)])
def test_claiming_a_touch_screen_excuses_no_script(cause: str, flags: int) -> None:
    writer = Writer(pointer="coarse", touch=5).type("I begin. ")
    for word in ("walking ", "in ", "the ", "shade ", "takes ", "longer ", "for ", "old ", "people "):
        writer.wait(900).edit(len(writer.text), 0, word, cause, flags)
    report = analyse(writer.finish().session())
    assert report.verdict.value == "strong", report.origins
