from dataclasses import replace
from typing import Any

import pytest

from keytrail.provenance import Limits, Origin, Severity, analyse
from keytrail.provenance.rules.copied_out import round_trip, task_copied_out
from keytrail.provenance.rules.facts import Absence, Clip, Facts, Integrity
from tests.provenance.facts import text_of
from tests.provenance.writer import ITEM, Writer

LIMITS = Limits()
COPIED = Clip(10_000, "copy", "source", 900, item_share=0.9)


def with_trip(**others: Any) -> Facts:
    facts = text_of(
        (Origin.TYPED, 10),
        (Origin.EXTERNAL, 20),
        copies=[COPIED],
        absences=[Absence(12_000, 40_000)],
    )
    late = [replace(span, at_ms=60_000 if span.origin is Origin.EXTERNAL else 0) for span in facts.spans]
    return replace(facts, spans=late, **others)


def test_a_round_trip_that_brings_text() -> None:
    found = round_trip(with_trip(), LIMITS)
    assert found is not None
    assert found.severity is Severity.INFO
    assert found.explanation == (
        "90 % of the item was copied at 00:10. Then the page was left for 28 s, "
        "and within a minute text arrived without typing."
    )


@pytest.mark.parametrize(
    "others",
    [
        {"copies": []},
        {"copies": [replace(COPIED, item_share=0.44)]},
        {"copies": [replace(COPIED, at_ms=13_000)]},
        {"absences": [Absence(12_000, 16_999)]},
        {"absences": [Absence(12_000, 61_000)]},
        {"absences": []},
    ],
    ids=["nothing copied", "a little copied", "copied later", "hardly away", "text came while away", "not away"],
)
def test_no_round_trip(others: dict[str, Any]) -> None:
    assert round_trip(with_trip(**others), LIMITS) is None


def test_a_copy_that_the_study_prevented_is_no_round_trip() -> None:
    writer = Writer().copy_item(ITEM).away(30_000).paste("This came from elsewhere, and all of it at once.").finish()
    found = [
        {finding.rule for finding in analyse(writer.session(copies_prevented=prevented)).findings}
        for prevented in (False, True)
    ]
    assert found[0] - found[1] == {"round_trip"}
    assert "external_text" in found[1]


def test_a_round_trip_that_ends_in_a_burst_of_typing() -> None:
    typed = [50_000 + 200 * number for number in range(400)]
    facts = text_of((Origin.TYPED, 400), copies=[COPIED], absences=[Absence(12_000, 40_000)], typed_ms=typed)
    found = round_trip(facts, LIMITS)
    assert found is not None
    assert found.figures["burst_words"] == 66
    slow = [at_ms + 11_000 * (number // 100) for number, at_ms in enumerate(typed)]
    assert round_trip(replace(facts, typed_ms=slow), LIMITS) is None


def test_the_task_copied_out() -> None:
    copied = Clip(10_000, "copy", "instructions", 500)
    facts = text_of((Origin.TYPED, 100), copies=[copied], absences=[Absence(11_000, 31_000)])
    found = task_copied_out(facts, LIMITS)
    assert found is not None
    assert found.severity is Severity.REVIEW
    assert found.explanation.startswith("Some people copy the task and still write the text themselves.")
    assert "(500 characters), and the page was left for 20 s" in found.explanation
    assert task_copied_out(replace(facts, absences=[]), LIMITS) is None
    assert task_copied_out(replace(facts, absences=[Absence(1_000, 9_000)]), LIMITS) is None
    of_item = replace(copied, where="source")
    assert task_copied_out(replace(facts, copies=[of_item]), LIMITS) is None
    assert task_copied_out(replace(facts, copies=[of_item, copied]), LIMITS) is not None


def test_a_log_without_focus_events_cannot_tell_whether_the_page_was_left() -> None:
    copied = Clip(10_000, "copy", "instructions", 500)
    facts = text_of((Origin.TYPED, 100), copies=[copied], integrity=Integrity(by_alignment=True))
    found = task_copied_out(facts, LIMITS)
    assert found is not None
    assert "page was left" not in found.explanation
