"""Cross-submission findings from the measures of submissions, without a stored study."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from keytrail.provenance import Finding, Verdict
from keytrail.provenance.rules.verdict import verdict_of
from keytrail.synthetic.cross_submission.cohort import FEWEST_KEYS, cohort_outliers
from keytrail.synthetic.cross_submission.operators import shared_rhythms
from keytrail.synthetic.cross_submission.submissions import ComparedSubmission

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE_MS = 60_000


def _submission(number: int) -> ComparedSubmission:
    """Eight to eleven minutes, half of the typing time in pauses, one submission in a quarter of an hour."""
    return ComparedSubmission(
        public_id=f"public {number}",
        item_id=1,
        worker=f"worker {number}",
        text="",
        submitted_at=NOON + timedelta(minutes=15 * number),
        duration_ms=(8 + number % 4) * MINUTE_MS,
        lags_ms=(7,),
        keys=FEWEST_KEYS + number,
        pause_share=0.5 + number % 5 / 50,
    )


@pytest.fixture
def compared() -> dict[int, ComparedSubmission]:
    return {number: _submission(number) for number in range(36)}


class TestCohortOutlier:
    def only(self, compared: dict[int, ComparedSubmission]) -> Finding:
        ((number, finding),) = cohort_outliers(compared)
        assert number == 0
        return finding

    def test_of_time_is_told_beside_the_others_and_changes_no_verdict(
        self, compared: dict[int, ComparedSubmission]
    ) -> None:
        compared[0] = replace(compared[0], duration_ms=90_000)
        finding = self.only(compared)
        assert finding.explanation.startswith("It took 90 s; half of 36 submissions about this item took over 9 min")
        assert finding.figures["duration_ms"] == 90_000
        assert verdict_of([finding]) is Verdict.CLEAR

    def test_of_pauses_is_told_beside_the_others(self, compared: dict[int, ComparedSubmission]) -> None:
        compared[0] = replace(compared[0], pause_share=0.1)
        assert self.only(compared).explanation.startswith(
            "10 % of its typing time is pauses; half of 36 typed submissions"
        )

    def test_of_both_is_one_finding(self, compared: dict[int, ComparedSubmission]) -> None:
        compared[0] = replace(compared[0], duration_ms=90_000, pause_share=0.1)
        assert {"duration_ms", "pause_share"} <= self.only(compared).figures.keys()

    def test_is_not_looked_for_among_few_about_an_item(self, compared: dict[int, ComparedSubmission]) -> None:
        compared[0] = replace(compared[0], duration_ms=90_000)
        for number in range(7):
            compared[number] = replace(compared[number], item_id=2)
        assert cohort_outliers(compared) == []

    def test_of_pauses_needs_typing(self, compared: dict[int, ComparedSubmission]) -> None:
        compared[0] = replace(compared[0], pause_share=0.1, keys=FEWEST_KEYS - 1)
        assert cohort_outliers(compared) == []

    def test_is_nobody_where_all_are_alike(self, compared: dict[int, ComparedSubmission]) -> None:
        assert cohort_outliers(compared) == []


class TestSharedRhythm:
    def groups(self, compared: dict[int, ComparedSubmission]) -> Iterator[tuple[int, object]]:
        return ((number, finding.figures["group"]) for number, finding in shared_rhythms(compared))

    def lag(self, compared: dict[int, ComparedSubmission], *numbers: int) -> None:
        for number in numbers:
            compared[number] = replace(compared[number], lags_ms=(300,))

    def together(self, compared: dict[int, ComparedSubmission], *numbers: int) -> None:
        for place, number in enumerate(numbers):
            compared[number] = replace(compared[number], submitted_at=NOON + timedelta(minutes=98, seconds=place))

    def test_groups_with_a_worker_in_common_are_one_operator(self, compared: dict[int, ComparedSubmission]) -> None:
        self.lag(compared, 1, 2, 3)
        self.together(compared, 3, 4, 5)
        assert dict(self.groups(compared)) == dict.fromkeys([1, 2, 3, 4, 5], 1)
        both = dict(shared_rhythms(compared))[3]
        assert {"low_ms", "together"} <= both.figures.keys()
        assert "low_ms" not in dict(shared_rhythms(compared))[4].figures

    def test_groups_apart_are_two_operators(self, compared: dict[int, ComparedSubmission]) -> None:
        self.lag(compared, 1, 2, 3)
        self.together(compared, 4, 5, 6)
        assert dict(self.groups(compared)) == dict.fromkeys([1, 2, 3], 1) | dict.fromkeys([4, 5, 6], 2)

    def test_a_worker_who_came_with_others_once_is_not_told_of_other_times(
        self, compared: dict[int, ComparedSubmission]
    ) -> None:
        self.together(compared, 4, 5, 6)
        compared[20] = replace(compared[20], worker=compared[4].worker)
        assert {number for number, _ in self.groups(compared)} == {4, 5, 6}
