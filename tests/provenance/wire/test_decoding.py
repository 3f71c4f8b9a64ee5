import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from keytrail.provenance import BadEvent, decode, decode_all, encode
from keytrail.provenance.wire.events import VOCABULARY, Edit, KeyDown, Start
from tests.provenance.strategies import CHARS, raw_events

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "wire-format-1.schema.json").read_text())
EVENTS = Draft202012Validator(SCHEMA)

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(CHARS, max_size=5)
anything = st.recursive(
    scalars, lambda parts: st.lists(parts, max_size=4) | st.dictionaries(st.text(max_size=3), parts, max_size=3)
)


@st.composite
def nearly_events(draw: st.DrawFn) -> list[Any]:
    """An event with one thing wrong with it, perhaps."""
    event = draw(raw_events())
    place = draw(st.integers(0, len(event)))
    match draw(st.sampled_from(["keep", "replace", "drop", "add", "float"])):
        case "replace" if place < len(event):
            event[place] = draw(anything)
        case "drop" if place < len(event):
            del event[place]
        case "add":
            event.insert(place, draw(anything))
        case "float":
            event = [float(part) if type(part) is int and abs(part) < 2**53 else part for part in event]
    return event


def accepted(raw: object) -> bool:
    try:
        decode(raw)
    except BadEvent:
        return False
    return True


@settings(max_examples=150, deadline=None)
@given(nearly_events() | anything)
def test_decode_accepts_exactly_what_the_published_schema_accepts(raw: object) -> None:
    assert accepted(raw) == EVENTS.is_valid([raw])


@settings(max_examples=200, deadline=None)
@given(raw_events())
def test_an_event_survives_writing_and_reading(raw: list[Any]) -> None:
    event = decode(raw)
    assert decode(encode(event)) == event
    assert EVENTS.is_valid([encode(event)])


def test_every_type_of_the_vocabulary_is_in_the_schema() -> None:
    tags = {SCHEMA["$defs"][kind.__name__]["prefixItems"][1]["const"] for kind in VOCABULARY.values()}
    assert tags == set(VOCABULARY)


@pytest.mark.parametrize(
    ("raw", "field", "words"),
    [
        ("k", "the event", "must be an array"),
        ([1], "the event", "must be an array"),
        ([1, "?"], "type", "not one of wire format 1"),
        ([1, ["k"]], "type", "not one of wire format 1"),
        ([1, "k", "KeyA", "a"], "the event", "must have 5 to 5 elements, not 4"),
        ([True, "m", 1], "dt", "must be a whole number"),
        ([1.5, "m", 1], "dt", "must be a whole number"),
        ([1, "k", "KeyA", "a", 512], "flags", "must be a whole number from 0 to 511"),
        ([1, "k", "KeyA", "a" * 129, 0], "key", "must be text of at most 128 characters"),
        ([1, "e", -1, 0, "a", "insertText", 2], "pos", "must be a whole number"),
        ([1, "e", 0, 0, "a", "insertText", 2, [1]], "selection", "must be a list of 2 to 2 values"),
        ([1, "f", 1, "body", 1], "target", "must be one of answer, window"),
        ([1, "p", 1, 1, "a", "text/plain", 0], "types", "must be a list"),
        ([1, "E", {}], "environment", "must have the key v"),
        ([1, "E", {"v": "1", "fonts": []}], "environment", "does not know: 'fonts'"),
        ([1, "E", {"v": "1", "webdriver": 1}], "environment", "key webdriver must be true or false"),
        ([1, "z", 1, 1, 1, float("nan"), 1], "perf_ms", "must be a number"),
        ([1, "z", 1, 1, 1, float("inf"), 1], "perf_ms", "must be a number"),
    ],
)
def test_a_wrong_shape_is_refused_with_its_place_and_reason(raw: object, field: str, words: str) -> None:
    with pytest.raises(BadEvent, match=r"event 7: ") as caught:
        decode(raw, 7)
    assert (caught.value.index, caught.value.field) == (7, field)
    assert words in str(caught.value)


def test_the_first_wrong_event_of_a_batch_is_named() -> None:
    with pytest.raises(BadEvent) as caught:
        decode_all([[0, "m", 1], [0, "m", 2], [0, "m", 3]])
    assert caught.value.index == 1


def test_text_is_held_as_units_and_written_back_as_characters() -> None:
    event = decode([0, "e", 0, 0, "a😀", "insertText", 2])
    assert isinstance(event, Edit)
    assert event.inserted == "a\ud83d\ude00"
    assert encode(event)[4] == "a😀"


def test_a_lone_surrogate_is_kept() -> None:
    event = decode(json.loads('[0, "e", 0, 0, "\\ud83d", "insertText", 2]'))
    assert isinstance(event, Edit)
    assert event.inserted == "\ud83d"


def test_a_number_without_a_fraction_is_whole_however_it_was_written() -> None:
    event = decode([1.0, "k", "KeyA", "a", 4.0])
    assert event == KeyDown(1, "KeyA", "a", 4)
    assert type(event.dt) is int


def test_the_environment_keeps_its_wire_keys() -> None:
    event = decode([0, "E", {"v": "1.0", "touch": 0, "tick": 0.1, "webdriver": False}])
    assert isinstance(event, Start)
    assert event.environment == {"v": "1.0", "touch": 0, "tick": 0.1, "webdriver": False}


def test_times_and_positions_that_cannot_be_true_still_have_the_right_shape() -> None:
    assert accepted([-(2**53) + 1, "e", 2**53 - 1, 2**53 - 1, "", "", 0])
    assert not accepted([2**53, "m", 1])
