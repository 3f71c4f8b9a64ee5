from dataclasses import replace

import numpy as np

from keytrail.text.cross_submission.shared_moment import SharedMoment, SubmissionMoment, shared_moments

HOUR = 3600.0
APART = [SubmissionMoment(number, f"worker {number}", 300.0 * number) for number in range(12)]
"""One submission in five minutes."""


def _together(seconds: list[float], *, first: int = 100) -> list[SubmissionMoment]:
    return [SubmissionMoment(first + place, f"guest {first + place}", 1000 + at) for place, at in enumerate(seconds)]


def test_what_the_pace_does_not_explain_is_one_group() -> None:
    guests = _together([0, 3, 5, 21, 25])
    workers = tuple(one.worker for one in guests)
    assert shared_moments([*APART, *guests]) == [SharedMoment((100, 101, 102, 103, 104), workers, 25, 12)]


def test_three_have_to_be_closer_than_five() -> None:
    assert shared_moments([*APART, *_together([0, 3, 25])]) == []
    assert [len(group.submissions) for group in shared_moments([*APART, *_together([0, 1, 2])])] == [3]


def test_the_same_seconds_are_nothing_in_a_busy_study() -> None:
    busy = [replace(one, at_s=one.at_s / 20) for one in APART] + [
        SubmissionMoment(number, f"worker {number}", 15.0 * number) for number in range(12, 120)
    ]
    assert shared_moments([*busy, *_together([0, 3, 5, 21, 25])]) == []


def test_two_are_a_coincidence() -> None:
    assert shared_moments([*APART, *_together([0, 1])]) == []


def test_minutes_apart_are_not_together() -> None:
    assert shared_moments([*APART, *_together([0, 31, 62])]) == []


def test_one_worker_is_not_with_himself() -> None:
    guests = [replace(one, worker="one") for one in _together([0, 3, 6])]
    assert shared_moments([*APART, *guests]) == []


def test_where_most_come_together_it_is_the_clock() -> None:
    assert shared_moments(_together([float(second) for second in range(20)])) == []


def test_submissions_that_were_imported_without_times_say_nothing() -> None:
    assert shared_moments([*APART, *_together([0, 0, 0, 0])]) == []


def test_groups_do_not_overlap_and_the_largest_comes_first() -> None:
    later = [replace(one, at_s=one.at_s + HOUR) for one in _together([0, 2, 4], first=200)]
    found = shared_moments([*APART, *_together([0, 2, 5, 9]), *later])
    assert [group.submissions for group in found] == [(100, 101, 102, 103), (200, 201, 202)]


def test_independent_workers_are_hardly_ever_a_group() -> None:
    """A study whose workers all begin with the first minute and take about nine: its pace changes by the minute."""
    random = np.random.default_rng(7)
    grouped = 0
    for _ in range(40):
        times = np.floor(random.lognormal(6.3, 0.6, 100))
        found = shared_moments([SubmissionMoment(number, f"{number}", float(at)) for number, at in enumerate(times)])
        grouped += sum(len(group.submissions) for group in found)
    assert grouped <= 40
    """One submission in a hundred."""


def test_an_empty_study_has_none() -> None:
    assert shared_moments([]) == []
