"""Hypothesis strategies: values that have the right shape, and logs that may contradict themselves."""

from typing import Any

from hypothesis import strategies as st

from keytrail.provenance import EpochLog, Gap, WritingLog, decode_all
from keytrail.provenance.wire.decoding import fields_of
from keytrail.provenance.wire.events import VOCABULARY
from keytrail.provenance.wire.shapes import Flag, ListOf, Number, ObjectOf, OneOf, Shape, Text, Whole

CHARS = st.sampled_from("ab \n\r.é😀\ud83d\ude00\u0000\uffff")
WORDS = st.text(CHARS, max_size=12)
CAUSES = st.sampled_from(
    [
        "insertText",
        "insertLineBreak",
        "insertFromPaste",
        "insertFromDrop",
        "insertReplacementText",
        "insertCompositionText",
        "deleteContentBackward",
        "deleteByCut",
        "historyUndo",
        "historyRedo",
        "silent",
        "",
    ]
)


def values_of(shape: Shape) -> st.SearchStrategy[Any]:
    """Values that the shape accepts, small ones preferred."""
    made: st.SearchStrategy[Any]
    match shape:
        case Whole(low, high):
            made = st.integers(max(low, -3), min(high, 40)) | st.integers(low, high)
        case Number(low, high):
            made = st.integers(low, high) | st.floats(low, high, allow_nan=False)
        case Text(most):
            made = st.text(CHARS, max_size=min(most, 8))
        case OneOf(words):
            made = st.sampled_from(sorted(words))
        case Flag():
            made = st.booleans()
        case ListOf(item, least, most):
            made = st.lists(values_of(item), min_size=least, max_size=min(most, least + 3))
        case ObjectOf(keys, required):
            parts = {key: values_of(part) for key, part in keys.items()}
            needed = {key: parts.pop(key) for key in required}
            made = st.fixed_dictionaries(needed, optional=parts)
        case _:
            raise AssertionError(shape)
    return made


def _tagged(tag: str) -> st.SearchStrategy[list[Any]]:
    fields = list(fields_of(VOCABULARY[tag]).values())
    least = sum(required for _, required in fields)
    full = st.tuples(*(values_of(shape) for shape, _ in fields))
    return st.builds(lambda values, size: [values[0], tag, *values[1:size]], full, st.integers(least, len(fields)))


def raw_events() -> st.SearchStrategy[list[Any]]:
    """Any event with the right shape, whatever it claims."""
    return st.one_of([_tagged(tag) for tag in sorted(VOCABULARY)])


edits = st.builds(
    lambda dt, pos, gone, came, cause, flags: [dt, "e", pos, gone, came, cause, flags],
    st.integers(0, 300),
    st.integers(0, 30),
    st.integers(0, 10),
    WORDS,
    CAUSES,
    st.integers(0, 15),
)
keys = st.builds(
    lambda dt, key, flags: [dt, "k", "KeyA", key, flags],
    st.integers(0, 90),
    st.sampled_from(["a", "b", " ", "Enter", "Dead", "Unidentified", "Process", "😀", "é"]),
    st.integers(0, 511),
)
initials = st.builds(
    lambda source, length, state: [0, "i", source, length, state],
    st.sampled_from(["empty", "server", "browser"]),
    st.integers(0, 20),
    st.integers(0, 2**32 - 1),
)
gaps = st.lists(
    st.builds(lambda first, size: Gap(first, first + size), st.integers(0, 40), st.integers(-3, 50)), max_size=3
)
epochs = st.builds(
    lambda raws, missing, anomalies, start: EpochLog(decode_all(raws), missing, anomalies, starts_ms=start),
    st.lists(raw_events() | edits | edits | keys | initials, max_size=40),
    gaps,
    st.lists(st.sampled_from(["clock", "overlap", "parallel", "conflicting_batch"]), max_size=2),
    st.none() | st.integers(-5, 10_000_000),
)
writing_logs = st.builds(
    WritingLog,
    st.lists(epochs, max_size=4),
    st.text(CHARS, max_size=60),
    st.text(CHARS, max_size=60),
    st.text(CHARS, max_size=20),
    st.booleans(),
)
