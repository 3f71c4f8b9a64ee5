"""A masked log shows how somebody wrote, and not what."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrail.provenance import decode, decode_all, encode
from keytrail.provenance.masking import Masker, mask_text
from keytrail.provenance.wire.events import Edit, KeyDown
from tests.provenance.strategies import raw_events
from tests.provenance.writer import Writer

WORDS = st.text("abcdefghijklmnopqrstuvwyzäöü", min_size=5, max_size=5)
CTRL, SHIFT, REPEAT = 8, 4, 2


def masked(events: list[list[Any]]) -> list[list[Any]]:
    masker = Masker()
    return [encode(masker.mask(event)) for event in decode_all(events)]


def written(typed: str, pasted: str) -> list[list[Any]]:
    """A session of every kind of event that holds text."""
    writer = Writer().type(typed + " ").backspace(3).paste(pasted).copy(0, 2).cut(0, 3).undo().drag(0, 2, 4)
    return writer.copy_item("The").checkpoint().finish().events


@settings(max_examples=50, deadline=None)
@given(WORDS, WORDS, WORDS, WORDS)
def test_sessions_that_differ_in_letters_alone_are_masked_alike(one: str, other: str, paste: str, another: str) -> None:
    assert masked(written(one, paste)) == masked(written(other, another))


@settings(max_examples=300, deadline=None)
@given(raw_events())
def test_everything_but_text_and_keys_stays(raw: list[Any]) -> None:
    event = decode(raw)
    after = Masker().mask(event)
    assert decode(encode(after)) == after
    changed = {name for name in event._fields if getattr(event, name) != getattr(after, name)}
    assert changed <= {"inserted", "text", "hash", "key", "code"}
    for name in changed & {"inserted", "text"}:
        assert len(getattr(after, name)) == len(getattr(event, name))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Anna, 34!", "xxxx, 00!"),
        ("“Größe”… 5 €\n", "“xxxxx”… 0 x\n"),
        ("茶を飲む。", "xxxx。"),
        ("\ud83d\ude00", "xx"),
        ("e\u0301", "xx"),
        ("\u0661\u00b2", "0x"),
        ("a+b=c", "x+x=x"),
    ],
)
def test_classes_of_characters(text: str, shown: str) -> None:
    assert mask_text(text) == shown


def codes(*events: tuple[str, str, str, int]) -> list[tuple[str, str]]:
    """What `k` and `u` events say after masking: type, code, key and flags in, code and key out."""
    raw = [[1, kind, code, *([key] if kind == "k" else []), flags] for kind, code, key, flags in events]
    return [(event[2], event[3] if event[1] == "k" else "") for event in masked(raw)]


def test_overlapping_presses_can_still_be_paired() -> None:
    assert codes(("k", "KeyA", "a", 0), ("k", "KeyB", "b", 0), ("u", "KeyA", "", 0), ("u", "KeyB", "", 0)) == [
        ("Masked1", "x"),
        ("Masked2", "x"),
        ("Masked1", ""),
        ("Masked2", ""),
    ]


def test_a_held_key_repeats_and_an_unknown_release_says_nothing() -> None:
    assert codes(("k", "KeyA", "a", 0), ("k", "KeyA", "a", REPEAT), ("u", "KeyA", "", 0), ("u", "KeyQ", "", 0)) == [
        ("Masked1", "x"),
        ("Masked1", "x"),
        ("Masked1", ""),
        ("Masked0", ""),
    ]


def test_keys_without_text_stay() -> None:
    unmasked = [
        ("k", "Backspace", "Backspace", 0),
        ("k", "KeyV", "v", CTRL),
        ("k", "Comma", ",", 0),
        ("u", "KeyV", "", 0),
    ]
    assert codes(*unmasked) == [("Backspace", "Backspace"), ("KeyV", "v"), ("Comma", ","), ("KeyV", "")]


@pytest.mark.parametrize("key", ["Process", "Unidentified", "Dead"])
def test_a_key_that_hides_its_letter_loses_its_place_on_the_keyboard(key: str) -> None:
    assert codes(("k", "KeyN", key, 0)) == [("Masked1", key)]


def test_an_input_method_that_injects_a_word_is_masked() -> None:
    assert codes(("k", "", "Hello", 0)) == [("", "xxxxx")]
    assert codes(("k", "KeyE", "€", 256 | CTRL | 16)) == [("Masked1", "x")]


def test_times_and_positions_stay() -> None:
    before = decode_all(Writer().type("Tea helps").backspace(2).finish().events)
    masker = Masker()
    after = [masker.mask(event) for event in before]
    assert [event.dt for event in before] == [event.dt for event in after]
    places = [(event.pos, event.deleted, len(event.inserted)) for event in before if type(event) is Edit]
    assert places == [(event.pos, event.deleted, len(event.inserted)) for event in after if type(event) is Edit]
    assert "Backspace" in {event.key for event in after if type(event) is KeyDown}
