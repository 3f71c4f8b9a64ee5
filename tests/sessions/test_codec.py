import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keytrail.provenance import decode as decode_event
from keytrail.sessions.codec import decode, encode, pack
from keytrail.sessions.codec.bits import Alphabet, Numbers, from_bytes, leb128, read_leb128, to_bytes
from keytrail.sessions.codec.layout import KEYS
from keytrail.sessions.codec.strokes import STROKES


def as_parsed(value: Any) -> Any:
    """What a JSON parser makes of a value: two halves of an astral character side by side become one."""
    return json.loads(json.dumps(value))


any_text = st.text(st.characters(codec=None, categories=None), max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=20,
)

# Events as they usually are, and almost so: any field may be of another type or size than it looks.
small = st.integers(0, 400) | st.sampled_from(
    [0, 1, 2, 4, 2**31 - 1, 2**31, -1, True, False, 1.0, 0.0, -0.0, None, "1"]
)
keys = st.sampled_from(KEYS) | st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)).map(lambda p: (p[0][0], p[1][1]))
flags = st.sampled_from([0, 0, 0, 2, 4, 6, 8, 128, 511, 512, -1, True, 0.0])
tails = st.sampled_from([stroke.tail for stroke in STROKES.values()])
usual = st.one_of(
    st.tuples(small, keys, flags).map(lambda f: [f[0], "k", *f[1], f[2]]),
    st.tuples(small, keys, flags).map(lambda f: [f[0], "u", f[1][0], f[2]]),
    st.tuples(small, small, tails).map(lambda f: [f[0], "e", f[1], *f[2]]),
    st.tuples(small, small, tails, small).map(lambda f: [f[0], "e", f[1], *f[2][:-1], f[3]]),
    st.tuples(small, small, small).map(lambda f: [f[0], "s", f[1], f[2]]),
    small.map(lambda place: [1, "s", place, place]),
    st.tuples(small, small, st.integers(-1, 2**32)).map(lambda f: [f[0], "n", f[1], f[2]]),
)


@st.composite
def strokes(draw: st.DrawFn) -> list[Any]:
    """A keydown with an edit that may or may not be its own."""
    stroke = STROKES[draw(st.sampled_from(sorted(STROKES)))]
    key = [draw(small), "k", stroke.code, stroke.key, draw(flags)]
    like = [bool(stroke.tail[0]), *stroke.tail[1:]], [*stroke.tail[:3], float(stroke.tail[3])]
    tail = draw(
        st.sampled_from(
            [stroke.tail, stroke.tail, stroke.tail, *like, [*stroke.tail, [0, 1]], [0, "x", "insertText", 2]]
        )
    )
    return [key, [draw(small), "e", draw(small), *tail]]


batches = st.lists(st.one_of(json_values.map(lambda v: [v]), usual.map(lambda e: [e]), strokes()), max_size=30).map(
    lambda parts: as_parsed([event for part in parts for event in part])
)


def exact(events: list[Any]) -> str:
    """JSON tells true from 1, 1 from 1.0 and 0.0 from -0.0, which == does not."""
    return json.dumps(events)


@given(batches)
def test_the_stored_form_gives_back_exactly_what_came(events: list[Any]) -> None:
    assert exact(decode(encode(events))) == exact(events)


@given(batches)
def test_what_is_predicted_has_the_shape_of_the_wire_format(events: list[Any]) -> None:
    odd = {index for index, _ in pack(events).odd}
    for index, event in enumerate(events):
        if index not in odd:
            decode_event(event, index)


@given(batches)
def test_what_is_not_predicted_is_told_with_its_place(events: list[Any]) -> None:
    for index, event in pack(events).odd:
        assert exact(events[index]) == exact(event)


def test_the_first_byte_names_the_form() -> None:
    body = encode(TYPED)
    assert body[:1] == b"\x02"
    for other in (b"", b"\x00", b"\x01", b"\x03"):
        with pytest.raises(ValueError, match="unknown form"):
            decode(other + body[1:])


def test_form_2_never_changes() -> None:
    """Stored batches must stay readable: if this fails, add a new form instead."""
    assert decode(bytes.fromhex(FIRST_OF_FORM_2)) == TYPED
    assert encode(TYPED).hex() == FIRST_OF_FORM_2


def test_each_field_may_be_of_a_type_that_looks_alike() -> None:
    for index, event in enumerate(TYPED):
        for place, value in enumerate(event):
            for other in _alike(value):
                changed = [*TYPED[:index], [*event[:place], other, *event[place + 1 :]], *TYPED[index + 1 :]]
                assert exact(decode(encode(changed))) == exact(changed)


def _alike(value: Any) -> list[Any]:
    if isinstance(value, int):
        return [bool(value), float(value), value + 0.5, str(value), None, [value], -value - 1, value + 2**40]
    return [value + " ", value.lower(), [value], {value: 1}, None, 0]


def test_usual_typing_is_predicted_whole() -> None:
    packed = pack(TYPED)
    assert [event[1] for _, event in packed.odd] == ["f"]


@pytest.mark.parametrize("damage", [b"", b"\x00", b"\x09abc", b"\x02", b"\x02\x00", b"\x02\xff", b"\x02\x01\xff"])
def test_damage_is_a_value_error(damage: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        decode(damage)


@given(st.binary(max_size=60))
def test_no_damage_is_anything_else(noise: bytes) -> None:
    with suppress(ValueError):
        decode(b"\x02" + noise)


@given(st.integers(0, 2**40), st.integers(0, 12))
def test_numbers_are_read_back(number: int, order: int) -> None:
    numbers = Numbers(order)
    assert numbers.read("01" + numbers[number] + "01", 2) == (number, 2 + len(numbers[number]))


@given(st.text("01"))
def test_bits_keep_their_zeros(bits: str) -> None:
    assert from_bytes(to_bytes(bits)) == bits


@given(st.integers(0, 2**40))
def test_lengths_are_read_back(number: int) -> None:
    assert read_leb128(leb128(number) + b"\xff") == (number, len(leb128(number)))


def test_an_alphabet_must_be_complete() -> None:
    with pytest.raises(ValueError, match="complete"):
        Alphabet({1: "a", 2: "b"})
    with pytest.raises(ValueError, match="complete"):
        Alphabet({1: "ab", 2: "c"})


TYPED = [
    [950, "f", 1, "answer", 1],
    [1203, "k", "ShiftLeft", "Shift", 4],
    [80, "k", "KeyO", "O", 4],
    [2, "e", 22, 0, "O", "insertText", 2],
    [73, "u", "KeyO", 4],
    [20, "u", "ShiftLeft", 0],
    [46, "k", "KeyU", "u", 0],
    [3, "e", 23, 0, "u", "insertText", 2],
    [60, "k", "KeyT", "t", 0],
    [1, "e", 24, 0, "t", "insertText", 2],
    [30, "u", "KeyU", 0],
    [31, "u", "KeyT", 0],
    [400, "k", "Enter", "Enter", 0],
    [1, "e", 25, 0, "\n", "insertLineBreak", 2],
    [81, "u", "Enter", 0],
    [300, "k", "Backspace", "Backspace", 0],
    [2, "e", 25, 1, "", "deleteContentBackward", 2],
    [500, "k", "Backspace", "Backspace", 2],
    [2, "e", 24, 1, "", "deleteContentBackward", 2],
    [90, "u", "Backspace", 0],
    [700, "k", "ArrowLeft", "ArrowLeft", 0],
    [1, "s", 23, 23],
    [88, "u", "ArrowLeft", 0],
    [0, "n", 24, 2166136261],
]
FIRST_OF_FORM_2 = (
    "022b1deadc299b45bf26822a24a9dab96979978bff010862460d62409d104d5590cf2d18b898da118811c9dc578b8eb634859b85b0201600"
)
