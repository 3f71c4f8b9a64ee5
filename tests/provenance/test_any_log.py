"""The analysis answers for any log whose events have the right shape, whatever it claims."""

import json
from typing import Any

from hypothesis import HealthCheck, example, given, settings

from keytrail.provenance import Limits, Report, WritingLog, analyse, from_units, playback, restore, to_units
from keytrail.provenance.units import line_ends
from tests.provenance.strategies import writing_logs
from tests.provenance.writer import Writer

anything = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@anything
@given(writing_logs)
def test_every_unit_has_exactly_one_origin_and_spans_cover_the_text(log: WritingLog) -> None:
    report = analyse(log)
    edges = [0, *(span.end for span in report.spans)]
    assert [span.start for span in report.spans] == edges[:-1]
    assert edges[-1] == report.length == len(to_units(line_ends(log.final_text)))
    assert all(span.start < span.end for span in report.spans)
    assert sum(report.origins.values()) == report.length
    assert 0 <= report.accounted_share + report.arrived_share + report.source_share <= 1.00001


@anything
@given(writing_logs)
@example(Writer().type("Typed.").copy_item("An item.").away(9_000).paste("Pasted.").finish().session())
def test_thresholds_of_nothing_are_survived(log: WritingLog) -> None:
    nothing: dict[str, Any] = {name: 0 for name in Limits.__dataclass_fields__ if name != "automation_severity"}
    report = analyse(log, Limits(**nothing))
    assert sum(report.origins.values()) == report.length


@anything
@given(writing_logs)
@example(Writer().edit(0, 0, "a", "😀").session())
def test_the_same_log_gives_the_same_report_and_the_report_survives_json(log: WritingLog) -> None:
    report = analyse(log)
    assert analyse(log) == report
    assert Report.from_json(json.loads(json.dumps(report.as_json()))) == report


@anything
@given(writing_logs)
def test_playing_back_always_ends_with_the_submitted_text(log: WritingLog) -> None:
    text = ""
    for step in playback(log).steps:
        inserted = to_units(step.inserted)
        assert step.pos + step.deleted <= len(text)
        assert [span.start for span in step.spans] == [0, *(span.end for span in step.spans)][:-1] or not step.spans
        text = text[: step.pos] + inserted + text[step.pos + step.deleted :]
    assert text == to_units(line_ends(log.final_text))


@anything
@given(writing_logs)
def test_restoring_never_fails_and_its_spans_cover_the_draft(log: WritingLog) -> None:
    draft = restore(log.epochs)
    assert draft.length == len(to_units(draft.text)) == (draft.spans[-1].end if draft.spans else 0)
    assert from_units(to_units(draft.text)) == draft.text
    json.dumps(playback(log).as_json())
