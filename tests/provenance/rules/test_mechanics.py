from dataclasses import replace
from itertools import accumulate, pairwise
from math import exp
from random import Random
from typing import Any

import pytest

from keytrail.provenance import Limits, Origin, Severity, WritingLog, analyse
from keytrail.provenance.replay.trace import Down, Press, Up
from keytrail.provenance.rules.applying import not_judged
from keytrail.provenance.rules.digraph_population import POPULATION
from keytrail.provenance.rules.facts import Facts
from keytrail.provenance.rules.mechanics import (
    automation,
    capitals_without_shift,
    ghost_keys,
    impossible_speed,
    machine_rhythm,
    no_digraph_coupling,
    scripted_focus,
)
from keytrail.provenance.rules.rhythm import Rhythm
from keytrail.provenance.wire.events import KeyDown, KeyUp
from tests.provenance.facts import human, rhythm_of, text_of
from tests.provenance.writer import ITEM, Writer

LIMITS = Limits()
TYPED = text_of((Origin.TYPED, 300))
WORDS = "the other reason is that they were here on time and then went there "


def typed_with(intervals: list[int], holds: list[int], **others: Any) -> Facts:
    return replace(TYPED, rhythm=rhythm_of(intervals, holds), **others)


def test_a_hand_trips_no_rule_of_mechanics() -> None:
    facts = typed_with(*human(300), fine_pointer=True, focus_by="gesture")
    rules = (ghost_keys, machine_rhythm, impossible_speed, capitals_without_shift, scripted_focus, automation)
    assert [rule(facts, LIMITS) for rule in rules] == [None] * len(rules)


def test_ghost_keys() -> None:
    intervals, _ = human(60)
    found = ghost_keys(typed_with(intervals, [2] * 30 + [25] * 30), LIMITS)
    assert found is not None
    assert found.severity is Severity.HIGH
    assert " The median of 60 keys was held for 13.5 ms" in found.explanation
    assert ghost_keys(typed_with(intervals, [39] * 60), LIMITS) is not None
    assert ghost_keys(typed_with(intervals, [40] * 60), LIMITS) is None
    assert ghost_keys(typed_with(intervals[:49], [2] * 49), LIMITS) is None


@pytest.mark.parametrize("others", [{"tick_ms": 16.7}, {"tick_ms": None}, {"touch": True}])
def test_holds_are_not_judged_by_a_coarse_timer_or_on_touch(others: dict[str, Any]) -> None:
    assert ghost_keys(typed_with([200] * 60, [2] * 60, **others), LIMITS) is None
    assert machine_rhythm(typed_with([200] * 60, [2] * 60, **others), LIMITS) is None


def test_intervals_that_hardly_vary() -> None:
    even = [100, 120, 140] * 50
    found = machine_rhythm(typed_with(even, human(150)[1]), LIMITS)
    assert found is not None
    assert "intervals" in found.explanation
    assert machine_rhythm(typed_with(even[:149], human(149)[1]), LIMITS) is None


def test_intervals_of_jitter_at_the_threshold() -> None:
    def spread(sd: float) -> list[int]:
        return [round(150 * exp(sd if number % 2 else -sd)) for number in range(200)]

    def severity(sd: float) -> Severity | None:
        found = machine_rhythm(typed_with(spread(sd), human(200)[1]), LIMITS)
        return None if found is None else found.severity

    assert [severity(sd) for sd in (0.29, 0.31, 0.34, 0.36)] == [Severity.HIGH, Severity.REVIEW, Severity.REVIEW, None]
    assert machine_rhythm(typed_with(spread(0.2), human(200)[1], touch=True), LIMITS) is None


def test_equal_holds() -> None:
    found = machine_rhythm(typed_with(human(60)[0], [80, 81] * 30), LIMITS)
    assert found is not None
    assert "held equally long" in found.explanation


def test_keys_that_follow_each_other_at_once() -> None:
    intervals = [100 + (number * 37) % 90 for number in range(60)]
    holds = [interval - 1 for interval in intervals[1:]] + [100]
    found = machine_rhythm(typed_with(intervals, holds), LIMITS)
    assert found is not None
    assert found.figures["handover_ms"] == 1


def test_impossible_speed() -> None:
    def at_wpm(wpm: float) -> Facts:
        return replace(TYPED, typed_ms=[round(number * 60_000 / 5 / wpm) for number in range(60)])

    assert impossible_speed(at_wpm(179), LIMITS) is None
    review, high = impossible_speed(at_wpm(185), LIMITS), impossible_speed(at_wpm(255), LIMITS)
    assert review is not None
    assert high is not None
    assert (review.severity, high.severity) == (Severity.REVIEW, Severity.HIGH)
    assert impossible_speed(replace(at_wpm(255), touch=True), LIMITS) is None
    assert impossible_speed(replace(TYPED, typed_ms=[0] * 49), LIMITS) is None


def test_a_phrase_that_an_expander_types_is_not_most_of_the_text() -> None:
    by_hand = [number * 250 for number in range(240)]
    phrase = [by_hand[-1] + 1_000 + number for number in range(60)]
    found = impossible_speed(replace(TYPED, typed_ms=by_hand + phrase), LIMITS)
    assert found is not None
    assert found.severity is Severity.REVIEW
    found = impossible_speed(replace(TYPED, typed_ms=by_hand[-150:] + phrase), LIMITS)
    assert found is not None
    assert found.severity is Severity.HIGH


def hidden(intervals: list[int], *, twice: bool = False) -> Facts:
    """Keys whose character the browser hides; some input methods report each twice."""
    times = list(accumulate(intervals))
    presses = [
        Down(at_ms, 0, KeyDown(0, "KeyA", "Process", 0)) for at in times for at_ms in ((at, at + 1) if twice else (at,))
    ]
    return replace(TYPED, rhythm=Rhythm(presses))


@pytest.mark.parametrize("twice", [False, True])
def test_hidden_keys_at_a_persons_pace_are_left_alone(twice: bool) -> None:  # noqa: FBT001 - a column
    facts = hidden(human(300)[0], twice=twice)
    assert impossible_speed(facts, LIMITS) is None
    assert machine_rhythm(facts, LIMITS) is None


def test_hidden_keys_faster_than_people_or_by_a_timer_are_for_review() -> None:
    fast, even = hidden([20 + number % 7 for number in range(60)]), hidden([150 + number % 20 for number in range(200)])
    for found in (impossible_speed(fast, LIMITS), machine_rhythm(even, LIMITS)):
        assert found is not None
        assert found.severity is Severity.REVIEW
    assert impossible_speed(replace(fast, touch=True), LIMITS) is None
    assert machine_rhythm(replace(even, touch=True), LIMITS) is None


def test_text_that_came_all_at_once_has_no_endless_speed() -> None:
    found = impossible_speed(replace(TYPED, typed_ms=[5] * 50), LIMITS)
    assert found is not None
    assert found.figures["words_per_minute"] == 9999


def test_capitals_without_shift() -> None:
    intervals, holds = human(9)

    def typed_as(text: str, flags: int = 0) -> Facts:
        return replace(TYPED, rhythm=rhythm_of(intervals, holds, text, flags), fine_pointer=True)

    found = capitals_without_shift(typed_as("aAb"), LIMITS)
    assert found is not None
    assert found.figures["capitals"] == 3
    for flag in (4, 128, 256):
        assert capitals_without_shift(typed_as("aAb", flag), LIMITS) is None
    assert capitals_without_shift(typed_as("abc"), LIMITS) is None
    assert capitals_without_shift(replace(typed_as("aAb"), fine_pointer=False), LIMITS) is None


@pytest.mark.parametrize(
    ("focus_by", "units", "found"),
    [("script", 20, True), ("script", 19, False), ("gesture", 99, False), ("", 99, False)],
)
def test_scripted_focus(focus_by: str, units: int, found: bool) -> None:  # noqa: FBT001 - a column of the table
    facts = text_of((Origin.TYPED, units), focus_by=focus_by)
    assert (scripted_focus(facts, LIMITS) is not None) is found


def test_automation_means_what_the_study_says() -> None:
    driven = replace(TYPED, webdriver=True)
    by_default, by_policy = automation(driven, LIMITS), automation(driven, Limits(automation_severity="high"))
    assert by_default is not None
    assert by_policy is not None
    assert (by_default.severity, by_policy.severity) == (Severity.INFO, Severity.HIGH)
    declared = automation(replace(TYPED, declared_agent="HeadlessChrome"), LIMITS)
    assert declared is not None
    assert declared.explanation.endswith(" The browser reported that it is HeadlessChrome.")


def coupled(
    population: dict[str, float], follow: float, base: int, hold_ms: int = 0, text: str = (WORDS * 6)[:400]
) -> Rhythm:
    """Typing whose letter pairs follow the population's so far (1 wholly, 0 not at all, -1 the other way)."""
    intervals = []
    for number, letter in enumerate(text):
        pair = text[number - 1 : number] + letter
        jitter = ((number * 7919) % 101 - 50) / 400
        word_begins = 1.5 if " " in pair else 0.0
        intervals.append(round(base * exp(follow * population.get(pair, 0.0) + jitter + word_begins)))
    return rhythm_of(intervals, [hold_ms] * len(text) if hold_ms else human(len(text))[1], text)


def test_no_digraph_coupling() -> None:
    pairs = sorted({WORDS[at : at + 2] for at in range(len(WORDS) - 1) if WORDS[at : at + 2].isalpha()})
    population = {pair: ((number * 31) % 17 - 8) / 12 for number, pair in enumerate(pairs)}
    known = replace(TYPED, population=population, language="en-GB")
    against = no_digraph_coupling(replace(known, rhythm=coupled(population, -1, 120)), LIMITS)
    assert against is not None
    assert against.severity is Severity.REVIEW
    assert no_digraph_coupling(replace(known, rhythm=coupled(population, 1, 120)), LIMITS) is None
    assert no_digraph_coupling(replace(known, rhythm=coupled(population, -1, 300)), LIMITS) is None
    assert no_digraph_coupling(replace(known, rhythm=coupled(population, -1, 120), language="de"), LIMITS) is None
    assert no_digraph_coupling(replace(known, rhythm=coupled(population, -1, 120), population={}), LIMITS) is None


def test_digraphs_weigh_more_beside_another_rhythm_finding() -> None:
    pairs = sorted({WORDS[at : at + 2] for at in range(len(WORDS) - 1) if WORDS[at : at + 2].isalpha()})
    population = {pair: ((number * 31) % 17 - 8) / 200 for number, pair in enumerate(pairs)}
    ghostly = replace(TYPED, population=population, language="en", rhythm=coupled(population, -1, 120, hold_ms=2))
    assert ghost_keys(ghostly, LIMITS) is not None
    found = no_digraph_coupling(ghostly, LIMITS)
    assert found is not None
    assert found.severity is Severity.HIGH


def test_the_innocent_reading_comes_before_what_was_seen() -> None:
    """A reviewer reads first what honest people have that does the same, whatever the severity."""
    even = typed_with([100, 120, 140] * 60, [2] * 180)
    fast = replace(TYPED, typed_ms=[number * 60 for number in range(60)])
    capitals = replace(TYPED, rhythm=rhythm_of(*human(9), "aAb"), fine_pointer=True)
    scripted = text_of((Origin.TYPED, 99), focus_by="script")
    uncoupled = replace(TYPED, text=ITEM, population=POPULATION, rhythm=coupled(dict(POPULATION), -1, 120))
    cases = (
        (ghost_keys, even, "Remote desktops, text expanders"),
        (machine_rhythm, even, "A few people type very evenly"),
        (no_digraph_coupling, uncoupled, "People who type with few fingers"),
        (impossible_speed, fast, "Text expanders, dictation programs"),
        (capitals_without_shift, capitals, "Sticky keys, on-screen keyboards"),
        (scripted_focus, scripted, "Accessibility tools"),
        (automation, replace(TYPED, webdriver=True), "Some accessibility"),
    )
    outcomes = [(rule(facts, LIMITS), first) for rule, facts, first in cases]
    assert [found is not None and found.explanation.startswith(first) for found, first in outcomes] == [True] * len(
        cases
    )


def test_two_windows_by_turns_are_not_typed_in_less_than_no_time() -> None:
    first, second = Writer(), Writer()
    for writer in (first, second):
        writer.type("the older people walked along the shaded street and ")
    epochs = [first.epoch(starts_ms=0, anomalies=["parallel"]), second.finish().epoch(starts_ms=5_000)]
    report = analyse(WritingLog(epochs, second.text, ITEM))
    assert all("in -" not in found.explanation for found in report.findings)
    assert "impossible_speed" not in {found.rule for found in report.findings}


def test_shuffled_intervals_of_real_pairs_are_seen_without_key_codes() -> None:
    """The shipped figures; a log of keys alone has no codes and no language, but English text."""
    facts = replace(TYPED, text=ITEM)
    followed = coupled(dict(POPULATION), 1, 120, text=ITEM * 4).presses
    plain = [p._replace(event=p.event._replace(code="")) for p in followed if type(p) is Down]
    assert no_digraph_coupling(replace(facts, rhythm=Rhythm(plain)), LIMITS) is None
    gaps = [two.at_ms - one.at_ms for one, two in pairwise(plain)]
    Random(15).shuffle(gaps)
    times = accumulate(gaps, initial=0)
    shuffled = [down._replace(at_ms=at_ms) for down, at_ms in zip(plain, times, strict=True)]
    found = no_digraph_coupling(replace(facts, rhythm=Rhythm(shuffled)), LIMITS)
    assert found is not None
    assert found.severity is Severity.REVIEW
    german = replace(facts, text="und der andere Grund ist dass sie hier waren " * 20, rhythm=Rhythm(shuffled))
    assert no_digraph_coupling(german, LIMITS) is None


def test_keys_that_an_input_method_injects_are_not_judged() -> None:
    """Accent tools hold Backspace and the letter they send for no time; the hand's own keys are what is judged."""
    rhythm = rhythm_of(*human(120), "the")
    injected: list[Press] = []
    for press in rhythm.presses[::2]:
        for code, key in (("Backspace", "Backspace"), ("", "\u1ea5")):
            injected += [Down(press.at_ms + 1, 0, KeyDown(0, code, key, 0)), Up(press.at_ms + 1, 0, KeyUp(0, code, 0))]
    both = Rhythm(sorted([*rhythm.presses, *injected], key=lambda press: press.at_ms))
    facts = replace(TYPED, rhythm=both)
    assert sorted(both.holds_ms) == sorted(rhythm.holds_ms)
    assert [rule(facts, LIMITS) for rule in (ghost_keys, machine_rhythm, no_digraph_coupling)] == [None] * 3
    assert "input method" in not_judged(facts, LIMITS)["machine_rhythm"]


def without_codes(rhythm: Rhythm) -> Rhythm:
    """The same keys as a remote desktop or a tool passes them on: by character alone."""
    return Rhythm([press._replace(event=press.event._replace(code="")) for press in rhythm.presses])  # type: ignore[arg-type]


def test_keys_without_a_code_count_if_they_were_held_as_hands_hold_them() -> None:
    """Rollover included: the key that went down first comes up first."""
    plain = replace(TYPED, rhythm=without_codes(rhythm_of([60, 90, 60] * 60, [80, 100, 85] * 60)))
    assert len(plain.rhythm.judged) == 180
    assert sorted(plain.rhythm.holds_ms) == [80] * 60 + [85] * 60 + [100] * 60
    assert ghost_keys(plain, LIMITS) is None
    assert machine_rhythm(plain, LIMITS) is not None
    assert machine_rhythm(replace(TYPED, rhythm=without_codes(rhythm_of(*human(180)))), LIMITS) is None
    injected = replace(TYPED, rhythm=without_codes(rhythm_of([60, 90, 60] * 60, [39] * 180)))
    assert [rule(injected, LIMITS) for rule in (ghost_keys, machine_rhythm)] == [None, None]
