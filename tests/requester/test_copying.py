from typing import Any

from keytrail.requester.submission.copying import copying_of, not_judged

MEASURES: dict[str, Any] = {
    "copying_likeness": 0.8123,
    "pause_share": 0.25,
    "mean_pause_ms": 660.0,
    "sentence_pause_ms": None,
    "words_per_minute": 19.4,
    "not_judged": {"ghost_keys": "the log has no key releases that belong to typed letters"},
}


def test_the_likeness_stands_beside_its_measures() -> None:
    shown = copying_of(MEASURES)
    assert shown is not None
    assert shown.likeness.startswith("81")
    assert dict(shown.measures) == {
        "time in pauses over 2 s": "25\u00a0%",
        "mean pause over 0.2 s": "0.7 s",
        "words a minute, pauses included": "19",
    }
    assert shown.threshold.startswith("60")
    assert [reason for _, reason in not_judged(MEASURES)] == [MEASURES["not_judged"]["ghost_keys"]]


def test_where_it_is_not_judged_the_reason_stands_there() -> None:
    reason = "only 12 words were typed; 80 are needed"
    shown = copying_of(MEASURES | {"copying_likeness": None, "not_judged": {"linear_production": reason}})
    assert shown is not None
    assert (shown.likeness, shown.reason) == ("", reason)
    assert not_judged({"not_judged": {"linear_production": reason}}) == []


def test_the_likeness_of_another_version_is_not_compared_with_the_present_threshold() -> None:
    shown = copying_of(MEASURES, "5")
    assert shown is not None
    assert (shown.likeness[:2], shown.threshold) == ("81", "")


def test_a_report_of_an_early_version_has_none() -> None:
    assert copying_of({"pause_share": 0.2}) is None
    assert not_judged({}) == []
