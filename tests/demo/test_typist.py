"""Plans of simulated sessions give the intended text with keys that hands could have pressed."""

from itertools import pairwise
from random import Random
from statistics import fmean, median, stdev

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrail.demo.people.actions import Action, Drag, Insert, Leave, PressKey, ReleaseKey, Return, Script, SessionPlan
from keytrail.demo.people.composing import compose
from keytrail.demo.people.drafting import draft, sentences
from keytrail.demo.people.key_timing import pair_offset
from keytrail.demo.people.keyboard import layout, neighbours, typeable
from keytrail.demo.people.profiles import TEMPERS, Person, person
from keytrail.demo.people.styles import STYLES, Task, plan
from keytrail.demo.people.textbox import TextBox
from keytrail.demo.people.typist import Typist
from keytrail.demo.people.writings import WritingKind, read_sources, read_writings

KEYS = "".join(sorted(layout()))
SOURCES = {source.key: source.text for source in read_sources()}
COPIED_VERBATIM = {"source", "reworked", "edited"}
REFUSED = {"refused", "refused, typed"}

texts = st.text(alphabet=KEYS, max_size=200) | st.text(alphabet="abcde .,\nA", max_size=400)
people = st.builds(person, st.sampled_from(sorted(TEMPERS)), st.integers(0, 50))


def task(number: int) -> Task:
    item = list(SOURCES)[number % len(SOURCES)]
    own = [w.text for w in read_writings() if (w.item, w.kind) == (item, WritingKind.HUMAN)]
    foreign = [w.text for w in read_writings() if (w.item, w.kind) == (item, WritingKind.LLM)]
    return Task(item, SOURCES[item], own[number % len(own)], foreign[number % len(foreign)])


def a_plan(style: str, number: int) -> SessionPlan:
    tempers = sorted(TEMPERS)
    return plan(style, person(tempers[number % len(tempers)], number), task(number), number)


def replay(actions: tuple[Action, ...], *, refuses_paste: bool = False) -> str:
    box = TextBox()
    box.refuses_paste = refuses_paste
    for action in actions:
        box.apply(action)
    return box.text


def times(actions: tuple[Action, ...]) -> np.ndarray:
    return np.cumsum([action.wait_ms for action in actions])


def intervals(plan: SessionPlan) -> list[int]:
    """Milliseconds between keys that type or delete."""
    clock = times(plan.actions)
    keys = [
        int(at)
        for at, action in zip(clock, plan.actions, strict=True)
        if isinstance(action, PressKey) and (action.text or action.key == "Backspace")
    ]
    return [after - before for before, after in pairwise(keys)]


def long_pauses(plan: SessionPlan) -> float:
    """Share of the time between keys in pauses over two seconds."""
    gaps = intervals(plan)
    return sum(gap for gap in gaps if gap > 2000) / sum(gaps)


@given(text=texts, writer=people, seed=st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_whatever_is_composed_stands_there_in_the_end(text: str, writer: Person, seed: int) -> None:
    typist = Typist(writer, Random(seed))
    compose(typist, text)
    assert replay(typist.actions()) == text


@given(text=texts, writer=people, seed=st.integers(0, 10_000))
@settings(max_examples=100, deadline=None)
def test_first_versions_can_be_repaired(text: str, writer: Person, seed: int) -> None:
    pieces = sentences(text)
    assert "".join(pieces) == text
    for piece in pieces:
        assert draft(piece, writer, Random(seed)).final == piece


@pytest.mark.parametrize("style", sorted(STYLES))
@pytest.mark.parametrize("number", range(4))
def test_every_style_ends_with_its_text(style: str, number: int) -> None:
    session = a_plan(style, number)
    assert replay(session.actions, refuses_paste=style in REFUSED) == session.text
    assert 60 <= len(session.text.split()) <= 200
    if STYLES[style].honest and style not in COPIED_VERBATIM:
        assert session.text == task(number).own


@pytest.mark.parametrize("style", sorted(STYLES))
def test_the_same_seed_gives_the_same_plan(style: str) -> None:
    assert a_plan(style, 3) == a_plan(style, 3)
    assert a_plan(style, 3).actions != a_plan(style, 11).actions


@pytest.mark.parametrize("style", sorted(STYLES))
@pytest.mark.parametrize("number", range(4))
def test_keys_go_down_and_come_up_as_hands_can(style: str, number: int) -> None:
    session = a_plan(style, number)
    down: dict[str, int] = {}
    clock = times(session.actions)
    for at, action in zip(clock.tolist(), session.actions, strict=True):
        assert action.wait_ms >= 0
        if isinstance(action, PressKey):
            assert action.repeat == (action.code in down)
            down.setdefault(action.code, at)
            assert not action.text.isupper() or action.shift
            assert action.ctrl == ("ControlLeft" in down)
        elif isinstance(action, ReleaseKey):
            assert at - down.pop(action.code) >= 20
        elif isinstance(action, Leave | Return | Drag):
            assert not down
    assert not down


@pytest.mark.parametrize("temper", sorted(TEMPERS))
def test_composing_has_the_pauses_of_composing(temper: str) -> None:
    """Percentiles 5 and 95 of composed essays in ANALYSIS, over what a temper's people do."""
    sessions = [plan("typed", person(temper, seed), task(seed), seed) for seed in range(12)]
    assert 0.40 <= fmean(long_pauses(session) for session in sessions) <= 0.77
    for session in sessions:
        gaps = intervals(session)
        assert stdev(np.log([gap for gap in gaps if 10 <= gap <= 1000])) >= 0.4
        assert fmean(gap for gap in gaps if gap > 200) > 720
        produced = sum(bool(action.text) for action in session.actions if isinstance(action, PressKey))
        assert 0.6 <= len(session.text) / produced <= 1


def test_copying_out_has_few_long_pauses() -> None:
    assert fmean(long_pauses(a_plan("transcribed", number)) for number in range(8)) < 0.29


def test_holds_overlap_the_next_key_sometimes() -> None:
    session = a_plan("typed", 2)
    down: dict[str, int] = {}
    holds, overlaps = [], 0
    for at, action in zip(times(session.actions).tolist(), session.actions, strict=True):
        if isinstance(action, PressKey):
            overlaps += bool(action.text and any(code.startswith("Key") for code in down))
            down.setdefault(action.code, at)
        elif isinstance(action, ReleaseKey):
            holds.append(at - down.pop(action.code))
    assert 60 <= median(holds) <= 130
    assert overlaps > 10


def test_letter_pairs_differ_as_hands_do() -> None:
    keys = layout()
    assert pair_offset(keys["t"], keys["h"]) < pair_offset(keys["e"], keys["x"]) < pair_offset(keys["c"], keys["e"])


def test_only_scripts_and_dictation_write_without_keys() -> None:
    for name in STYLES:
        wordless = {type(action) for action in a_plan(name, 1).actions} & {Script, Insert}
        assert wordless == {"value": {Script}, "command": {Script}, "dictated": {Insert}}.get(name, set())


def test_neighbours_are_letters_beside() -> None:
    assert neighbours("g") == "bfhnrtvy"
    assert neighbours("A") == neighbours("1") == neighbours(" ") == ""


def test_the_keyboard_types_ascii_and_nothing_else() -> None:
    assert typeable("".join(map(chr, range(32, 127))) + "\n")
    assert not typeable("\u2014")


def test_a_german_keyboard_has_other_letters_in_the_same_places() -> None:
    german = layout("de")
    assert {char: german[char].code for char in "yzäöüß-"} == {
        "y": "KeyZ",
        "z": "KeyY",
        "ä": "Quote",
        "ö": "Semicolon",
        "ü": "BracketLeft",
        "ß": "Minus",
        "-": "Slash",
    }
    assert german["Ä"].shift
    assert german["("].code == "Digit8"
    assert neighbours("y", "de") == "asx"
