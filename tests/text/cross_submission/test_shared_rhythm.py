from keytrail.text.cross_submission.shared_rhythm import SharedLag, shared_lags

USUAL = {f"usual {number}": [number * 4, 9] for number in range(8)}
ODD = {"a": [329], "b": [300, 310], "c": [251, 302, 260]}


def test_workers_with_one_odd_constant_are_one_group() -> None:
    assert shared_lags(USUAL | ODD) == [SharedLag(("a", "b", "c"), 260.0, 329.0, 8)]


def test_two_slow_workers_are_a_coincidence() -> None:
    assert shared_lags(USUAL | {"a": [300], "b": [310]}) == []


def test_lags_that_differ_have_nothing_in_common() -> None:
    assert shared_lags(USUAL | {"a": [200], "b": [420], "c": [700]}) == []


def test_where_most_are_slow_nobody_is_odd() -> None:
    assert shared_lags({"usual": [5]} | ODD) == []


def test_usual_lags_and_no_lags_say_nothing() -> None:
    assert shared_lags({"a": [], "b": [4], "c": [104]}) == []
