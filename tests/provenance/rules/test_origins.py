from dataclasses import replace
from typing import Any

import pytest

from keytrail.provenance import Family, Limits, Origin, Severity, Span, to_units
from keytrail.provenance.replay.trace import Missing
from keytrail.provenance.rules.facts import Clip, Facts, Integrity
from keytrail.provenance.rules.origins import (
    external_text,
    initial_text,
    key_deficit,
    retyped_paste,
    source_copied,
    untyped_text,
)
from tests.provenance.facts import human, rhythm_of, text_of

LIMITS = Limits()


@pytest.mark.parametrize(
    ("external", "typed", "severity"),
    [
        (50, 50, Severity.HIGH),
        (49, 51, Severity.REVIEW),
        (39, 0, Severity.REVIEW),
        (40, 960, Severity.REVIEW),
        (39, 961, None),
        (10, 90, Severity.REVIEW),
        (9, 91, None),
        (0, 100, None),
    ],
)
def test_external_text(external: int, typed: int, severity: Severity | None) -> None:
    found = external_text(text_of((Origin.TYPED, typed), (Origin.EXTERNAL, external)), LIMITS)
    assert (found and found.severity) == severity


def test_external_text_says_how_much_when_and_after_what() -> None:
    facts = text_of((Origin.TYPED, 328), (Origin.EXTERNAL, 612), pastes=[Clip(1000, "paste", "", 612, away_ms=41_000)])
    found = external_text(facts, LIMITS)
    assert found is not None
    assert found.explanation == (
        "612 of 940 characters were pasted from outside this page, the first at 00:01 after 41 s away. "
        "Text that the writer wrote or dictated in another program, or had translated, arrives in the same way."
    )
    assert found.spans == ((328, 940),)
    assert found.times_ms == (1000,)
    assert found.figures["share"] == pytest.approx(0.6511)


def test_external_text_that_moved_is_external() -> None:
    facts = text_of((Origin.TYPED, 10), (Origin.MOVED, 90), inherited=Origin.EXTERNAL)
    assert external_text(facts, LIMITS) is not None


@pytest.mark.parametrize("origin", [Origin.NOKEY, Origin.SCRIPT, Origin.SILENT])
@pytest.mark.parametrize(("units", "found"), [(40, True), (39, False)])
def test_untyped_text_by_amount(origin: Origin, units: int, found: bool) -> None:  # noqa: FBT001 - a column of the table
    assert (untyped_text(text_of((Origin.TYPED, 970), (origin, units)), LIMITS) is not None) is found


@pytest.mark.parametrize(("units", "found"), [(12, True), (11, False)])
def test_untyped_text_by_share(units: int, found: bool) -> None:  # noqa: FBT001 - a column of the table
    assert (untyped_text(text_of((Origin.TYPED, 100 - units), (Origin.NOKEY, units)), LIMITS) is not None) is found


def test_on_touch_only_a_single_large_insertion_counts() -> None:
    words = [(Origin.NOKEY, 50), (Origin.IME, 5)] * 6
    assert untyped_text(text_of(*words, touch=True), LIMITS) is None
    assert untyped_text(text_of((Origin.IME, 5), (Origin.NOKEY, 79), touch=True), LIMITS) is None
    found = untyped_text(
        text_of((Origin.IME, 5), (Origin.NOKEY, 80), (Origin.IME, 1), (Origin.NOKEY, 3), touch=True), LIMITS
    )
    assert found is not None
    assert found.spans == ((5, 85),)


def test_untyped_text_names_the_ways() -> None:
    found = untyped_text(text_of((Origin.SILENT, 40), (Origin.SCRIPT, 60)), LIMITS)
    assert found is not None
    assert found.explanation == (
        "100 of 100 characters appeared without typing: 60 inserted by a script, 40 set without any input event. "
        "Writing assistants and other browser extensions insert text without typing, too."
    )


def test_what_honest_people_do_as_well_is_said() -> None:
    dictated = untyped_text(text_of((Origin.NOKEY, 300)), LIMITS)
    assert dictated is not None
    assert dictated.explanation.endswith(
        " Dictation, speaking boards, word suggestions and text expanders insert text without typing, too."
    )


def spoken(pieces: list[int], ms_a_unit: float = 60, *, even: bool = False, **others: Any) -> Facts:
    """Pieces of text without keys, each after the time that it takes to say, or at even times."""
    facts = text_of(*[(Origin.NOKEY, units) for units in pieces], **others)
    spans = []
    for number, span in enumerate(facts.spans):
        until = span.end + (7 * number) % 11
        spans.append(replace(span, at_ms=2_000 * (1 + number) if even else round(ms_a_unit * until)))
    return replace(facts, spans=spans, text=("word " * facts.length)[: facts.length])


@pytest.mark.parametrize(
    ("facts", "severity"),
    [
        (spoken([25] * 12), Severity.REVIEW),
        (spoken([60]), Severity.REVIEW),
        (spoken([25, 60]), Severity.REVIEW),
        (spoken([300]), Severity.REVIEW),
        (spoken([5] * 60, even=True), Severity.REVIEW),
        (spoken([1] * 60), Severity.HIGH),
        (spoken([25] * 12, ms_a_unit=30), Severity.HIGH),
        (spoken([1_260]), Severity.REVIEW),
        (spoken([1_300]), Severity.HIGH),
        (spoken([27] * 12), Severity.HIGH),
        (spoken([25, 45] * 5, even=True), Severity.HIGH),
        (spoken([60], focused_ms=[2_000]), Severity.HIGH),
        (spoken([60], composed_ms=[2_000]), Severity.HIGH),
    ],
    ids=[
        "phrases",
        "one utterance",
        "two",
        "a long sentence",
        "a recording of a minute",
        "word by word",
        "characters",
        "faster than speech",
        "a page",
        "cut within words",
        "phrases by a timer",
        "at once when the box is entered",
        "at once after a word",
    ],
)
def test_what_may_have_been_dictated_is_worth_a_look_and_no_more(facts: Facts, severity: Severity) -> None:
    found = untyped_text(facts, LIMITS)
    assert found is not None
    assert found.severity is severity
    assert ("as dictated text does" in found.explanation) is (severity is Severity.REVIEW)
    assert (key_deficit(facts, LIMITS) is None) is (severity is Severity.REVIEW)


@pytest.mark.parametrize(("units", "severity"), [(40, Severity.REVIEW), (300, Severity.HIGH)])
def test_a_script_beside_dictation_counts_by_its_amount(units: int, severity: Severity) -> None:
    facts = spoken([20] * 9)
    at = facts.length
    script = Span(at, at + units, Origin.SCRIPT, 90_000, "", 0)
    found = untyped_text(replace(facts, text=("word " * 200)[: at + units], spans=[*facts.spans, script]), LIMITS)
    assert found is not None
    assert found.severity is severity


@pytest.mark.parametrize(
    "text", ["\N{DECIDUOUS TREE}", "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466", "\u00e9", "\u2192"]
)
@pytest.mark.parametrize("origin", [Origin.NOKEY, Origin.EXTERNAL])
def test_single_characters_are_no_finding_however_short_the_text(text: str, origin: Origin) -> None:
    words = ""
    spans: list[Span] = []
    for _ in range(6):
        for part, how in (("word", Origin.TYPED), (to_units(text), origin)):
            spans.append(Span(len(words), len(words) + len(part), how, 1000 * len(spans), "", 0))
            words += part
    facts = replace(text_of((Origin.TYPED, 1)), text=words, spans=spans)
    assert untyped_text(facts, LIMITS) is None
    assert external_text(facts, LIMITS) is None
    pressed = rhythm_of(*human(24), text="word")
    assert key_deficit(replace(facts, rhythm=pressed, text=words), replace(LIMITS, deficit_units=4)) is None


def test_letters_in_a_row_are_no_single_characters() -> None:
    text = "\u0434\u0435\u0440\u0435\u0432\u044c\u044f"
    slow = replace(text_of(*[(Origin.NOKEY, 1)] * 70), text=text * 10)
    fast = replace(slow, spans=[replace(span, at_ms=span.at_ms // 10) for span in slow.spans])
    for facts, severity in ((fast, Severity.HIGH), (slow, Severity.REVIEW)):
        found = untyped_text(facts, LIMITS)
        assert found is not None
        assert found.severity is severity


@pytest.mark.parametrize(
    ("initial", "typed", "found"), [(40, 960, True), (39, 961, False), (10, 90, True), (9, 91, False)]
)
def test_initial_text(initial: int, typed: int, found: bool) -> None:  # noqa: FBT001 - a column of the table
    finding = initial_text(text_of((Origin.INITIAL, initial), (Origin.TYPED, typed)), LIMITS)
    assert (finding is not None) is found
    assert finding is None or finding.severity is Severity.REVIEW
    assert finding is None or finding.explanation.startswith("An earlier page load whose log was lost")


def test_text_typed_as_it_stands_in_a_foreign_paste() -> None:
    foreign = (
        "The Study Found That People Who Stopped Drinking Tea At Noon Slept Longer, and that their mood was the same."
    )
    typed = "I think. " + foreign.lower() + " So it is."
    facts = replace(text_of((Origin.TYPED, len(typed))), text=typed, foreign=["other words", foreign])
    found = retyped_paste(facts, LIMITS)
    assert found is not None
    assert found.severity is Severity.REVIEW
    assert found.spans == ((9, 9 + len(foreign)),)
    assert found.explanation.startswith("Some people type out their own notes.")
    assert retyped_paste(replace(facts, foreign=[foreign[:99]]), LIMITS) is None
    assert retyped_paste(replace(facts, foreign=[]), LIMITS) is None
    pasted = replace(text_of((Origin.EXTERNAL, len(typed))), text=typed, foreign=[foreign])
    assert retyped_paste(pasted, LIMITS) is None


def test_source_copied_is_a_matter_of_the_task() -> None:
    found = source_copied(text_of((Origin.SOURCE, 50), (Origin.TYPED, 50)), LIMITS)
    assert found is not None
    assert (found.family, found.severity) == (Family.TASK, Severity.REVIEW)
    assert found.explanation.startswith("People quote")
    assert source_copied(text_of((Origin.SOURCE, 49), (Origin.TYPED, 51)), LIMITS) is None
    assert source_copied(text_of(), LIMITS) is None


def test_key_deficit() -> None:
    def with_keys(count: int) -> Facts:
        return text_of((Origin.TYPED, 100), rhythm=rhythm_of(*human(count)))

    assert key_deficit(with_keys(50), LIMITS) is None
    found = key_deficit(with_keys(49), LIMITS)
    assert found is not None
    assert found.severity is Severity.HIGH
    assert found.figures == {"keys": 49, "units": 100, "ratio": 0.49}


@pytest.mark.parametrize(
    "facts",
    [
        text_of((Origin.TYPED, 100), touch=True),
        text_of((Origin.TYPED, 60), (Origin.IME, 40)),
        text_of((Origin.TYPED, 39)),
        text_of((Origin.SOURCE, 500), (Origin.TYPED, 39)),
        text_of((Origin.MOVED, 500), (Origin.TYPED, 39)),
        text_of((Origin.UNKNOWN, 500), (Origin.TYPED, 39)),
        text_of((Origin.INITIAL, 500), (Origin.TYPED, 39)),
        text_of((Origin.TYPED, 100), integrity=Integrity(missing=[Missing(0, 1, 2, 0, 0)])),
    ],
    ids=["touch", "composition", "short", "item", "moved", "unknown", "initial", "gap"],
)
def test_key_deficit_does_not_apply(facts: Facts) -> None:
    assert key_deficit(facts, LIMITS) is None
