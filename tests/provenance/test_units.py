from hypothesis import given
from hypothesis import strategies as st

from keytrail.provenance import fnv1a32, from_units, to_units
from keytrail.provenance.units import line_ends

texts = st.text(st.characters() | st.sampled_from("😀\ud83d\ude00"))


@given(texts)
def test_units_are_those_of_javascript(text: str) -> None:
    encoded = text.encode("utf-16-le", "surrogatepass")
    assert [ord(unit) for unit in to_units(text)] == [
        int.from_bytes(encoded[at : at + 2], "little") for at in range(0, len(encoded), 2)
    ]


@given(texts)
def test_units_and_characters_go_both_ways(text: str) -> None:
    assert to_units(from_units(to_units(text))) == to_units(text)
    assert to_units(to_units(text)) == to_units(text)


def test_a_pair_becomes_one_character_again_and_a_lone_half_stays() -> None:
    assert from_units("\ud83d\ude00 \ud83d") == "😀 \ud83d"


def test_hashes_are_those_of_the_recorder() -> None:
    # From the definition in docs/wire-format.md, worked out in JavaScript with Math.imul.
    assert fnv1a32("") == 2166136261
    assert fnv1a32("a") == 3826002220
    assert fnv1a32("héllo\n") == 563901647
    assert fnv1a32(to_units("😀")) == 3409036472


@given(texts, st.integers(0, 20))
def test_a_hash_can_be_taken_in_pieces(text: str, at: int) -> None:
    units = to_units(text)
    assert fnv1a32(units[at:], fnv1a32(units[:at])) == fnv1a32(units)


def test_line_ends_become_those_of_a_textarea() -> None:
    assert line_ends("a\r\nb\rc\nd") == "a\nb\nc\nd"
