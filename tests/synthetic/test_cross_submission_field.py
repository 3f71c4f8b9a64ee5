"""Cross-submission findings on the submissions of 2023: the false-alarm figures that the findings state."""

from pathlib import Path

import pytest

from keytrail.imports.keylog import read_keylog
from keytrail.provenance import LoggedCopy
from keytrail.synthetic.cross_submission.cohort import FEWEST_KEYS
from keytrail.text.cross_submission.cohort import SHARES, TIMES, LowEnd, low_end
from keytrail.text.cross_submission.shared_moment import SubmissionMoment, shared_moments
from tests.fielddata import field_data
from tests.provenance.field import Submission, mturk, prolific

pytestmark = [pytest.mark.field, pytest.mark.xdist_group("cross-submission")]


@pytest.fixture(scope="module")
def folder() -> Path:
    return field_data()


def _submission_moments(path: Path) -> list[SubmissionMoment]:
    sessions = read_keylog(path)
    return [SubmissionMoment(row, one.worker, one.submitted_at.timestamp()) for row, one in enumerate(sessions)]


def test_no_prolific_workers_came_together_though_112_came_in_an_hour(folder: Path) -> None:
    came = _submission_moments(folder / "crowdwork" / "prolific_study1.csv.gz")
    assert len(came) >= 100
    assert shared_moments(came) == []


def test_five_mturk_workers_came_together_and_share_a_lag_too(folder: Path) -> None:
    (found,) = shared_moments(_submission_moments(folder / "gpturk" / "mturk_batch_results.csv"))
    assert (len(found.workers), found.seconds) == (5, 25)
    reports = [mturk(folder)[row].report for row in found.submissions]
    assert all(250 <= lag <= 330 for report in reports for lag in report.measures["paste_lags_ms"])
    assert all(report.verdict == "strong" for report in reports)


def test_low_ends_name_hardly_any_typed_session(folder: Path) -> None:
    """All items taken together as one: none has thirty submissions."""
    everybody = dict(enumerate(prolific(folder)))
    honest = {row for row, one in everybody.items() if one.typed and one.judged == "real"}
    times = low_end({row: ms for row, one in everybody.items() if (ms := _lasted_ms(one)) is not None}, TIMES)
    pauses = {row: one.report.measures for row, one in everybody.items()}
    even = low_end(
        {
            row: measures["pause_share"]
            for row, measures in pauses.items()
            if measures["pause_share"] is not None and measures["keys"] >= FEWEST_KEYS
        },
        SHARES,
    )
    assert _named(times, honest) == 0
    assert _named(even, honest) <= 3


def _named(end: LowEnd | None, honest: set[int]) -> int:
    assert end is not None
    assert end.members >= 50
    return len(end.low & honest)


def _lasted_ms(one: Submission) -> int | None:
    times = [item.at_ms for item in one.log.items if not isinstance(item, LoggedCopy)]
    return max(times) - min(times) if times else None
