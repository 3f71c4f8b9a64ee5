"""The comparison with a writer's own copying: figures side by side, and nothing where there is nothing to compare."""

from datetime import UTC, datetime

from keytrail.models import CopyingExercise
from keytrail.requester.submission.own_copying import own_copying_of
from keytrail.web.formatting import percent

DONE = datetime(2026, 3, 2, tzinfo=UTC)
OWN = {"keys": 140, "copying_likeness": 0.93, "hold_median_ms": 91.0, "interval_log_sd": 0.412, "pause_share": None}


def test_each_measure_of_the_exercise_stands_beside_that_of_the_text() -> None:
    exercise = CopyingExercise(session_id=1, measures=OWN, done_at=DONE)
    compared = own_copying_of(exercise, {"copying_likeness": None, "hold_median_ms": 88.4, "interval_log_sd": 0.61})
    assert compared is not None
    assert compared.rows == [
        ("likeness to copying out", percent(0.93), "not judged"),
        ("spread of the times between keys (sd of logs)", "0.41", "0.61"),
        ("usual time a key is held", "91 ms", "88 ms"),
    ]


def test_a_skipped_exercise_has_no_rows_and_a_study_without_one_has_no_comparison() -> None:
    skipped = own_copying_of(CopyingExercise(session_id=1, measures={}, done_at=DONE), {"hold_median_ms": 88.4})
    assert skipped is not None
    assert skipped.rows == []
    assert own_copying_of(None, {"hold_median_ms": 88.4}) is None
