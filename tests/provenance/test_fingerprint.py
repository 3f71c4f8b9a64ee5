"""The same rhythm is recognised; another one is not."""

from dataclasses import replace
from random import Random
from typing import Any

from keytrail.provenance import EpochLog, WritingLog, decode_all, fingerprint
from keytrail.provenance.fingerprint import SIZE


def log_of(intervals: list[int], key: str = "a", *, tick: float = 0.1, live: bool = True) -> WritingLog:
    events: list[list[Any]] = [[0, "E", {"v": "1.0", "tick": tick}]]
    for at, interval in enumerate(intervals):
        events += [[interval, "k", "KeyA", key, 0], [0, "e", at, 0, key, "insertText", 2]]
    return WritingLog([EpochLog(decode_all(events), live=live)], key * len(intervals), "")


def hand(seed: int, keys: int = 300) -> list[int]:
    chance = Random(seed)
    return [round(chance.lognormvariate(4.9, 0.5)) for _ in range(keys)]


def shared(one: WritingLog, two: WritingLog) -> int:
    return len(set(fingerprint(one)) & set(fingerprint(two)))


def test_a_log_with_another_text_has_the_same_fingerprint() -> None:
    assert len(fingerprint(log_of(hand(1)))) == SIZE
    assert fingerprint(log_of(hand(1), "a")) == fingerprint(log_of(hand(1), "b"))


def test_a_log_that_was_cut_and_added_to_shares_most() -> None:
    assert shared(log_of(hand(1)), log_of([500, *hand(1)[40:], *hand(2, 30)])) >= SIZE // 2


def test_other_writers_share_nothing() -> None:
    assert all(shared(log_of(hand(1)), log_of(hand(seed))) == 0 for seed in range(2, 40))


def test_what_comes_again_by_itself_has_no_fingerprint() -> None:
    assert fingerprint(log_of([50, 51] * 200)) == ()  # a tool
    assert fingerprint(log_of(hand(1), tick=16.7)) == ()  # a coarse timer
    assert fingerprint(log_of(hand(1, 24))) == ()  # too few keys
    assert fingerprint(log_of(hand(1), live=False)) == ()  # a file that may be imported twice


def test_every_page_load_counts() -> None:
    log = log_of(hand(1))
    two = replace(log, epochs=[*log_of(hand(2, 40)).epochs, *log.epochs])
    assert shared(log, two) >= SIZE // 2
