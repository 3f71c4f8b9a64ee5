"""Missing events: text that came in the gap is unknown, and nothing else is."""

import pytest

from keytrail.provenance import Finding, Gap, Origin, Report, Verdict, WritingLog, analyse, fnv1a32
from keytrail.provenance.wire.events import Edit
from tests.provenance.writer import ITEM, Writer

FOREIGN = "Pigeons returned sooner when the loft was painted white, which nobody had asked about."


def acts(writer: Writer) -> list[int]:
    """Sequence numbers of the edits."""
    return [seq for seq, event in enumerate(writer.events) if event[1] == "e"]


def analyse_with(writer: Writer, *gaps: tuple[int, int], complete: bool = True) -> Report:
    return analyse(WritingLog([writer.epoch(gaps)], writer.text, ITEM, complete=complete))


def labels(report: Report) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.origin.value) for span in report.spans]


def finding(report: Report, rule: str) -> Finding:
    return next(found for found in report.findings if found.rule == rule)


def test_typing_that_was_lost_is_unknown_and_the_rest_is_typed() -> None:
    writer = Writer().type("kept one lost two kept three").checkpoint().finish()
    edits = acts(writer)
    report = analyse_with(writer, (edits[9] - 1, edits[17] + 1))
    assert labels(report) == [(0, 9, "typed"), (9, 18, "unknown"), (18, 28, "typed")]
    assert report.verdict is Verdict.UNVERIFIABLE
    missing = finding(report, "log_incomplete")
    assert missing.figures["unknown_units"] == 9
    assert report.integrity["gaps"][0]["first_seq"] == edits[9] - 1
    assert "log_inconsistent" not in {found.rule for found in report.findings}


def test_a_gap_in_the_middle_of_the_text_is_placed_by_the_next_edit() -> None:
    writer = Writer().type("start end").at(6).type("lost kept ").checkpoint().finish()
    edits = acts(writer)
    report = analyse_with(writer, (edits[9] - 1, edits[13] + 1))
    assert labels(report) == [(0, 6, "typed"), (6, 11, "unknown"), (11, 19, "typed")]


def test_a_gap_at_the_end_is_measured_by_the_final_text() -> None:
    writer = Writer().type("kept lost").finish()
    edits = acts(writer)
    report = analyse_with(writer, (edits[5] - 1, len(writer.events) - 1))
    assert labels(report) == [(0, 5, "typed"), (5, 9, "unknown")]


def test_deletions_that_were_lost() -> None:
    writer = Writer().type("keep this away").backspace(5).type(" too").checkpoint().finish()
    edits = acts(writer)
    report = analyse_with(writer, (edits[14] - 1, edits[18] + 1))
    assert labels(report) == [(0, 13, "typed")]
    assert report.verdict is Verdict.UNVERIFIABLE


def test_a_gap_without_any_change_of_the_text_leaves_no_unknown() -> None:
    writer = Writer().type("one ").away(3000).type("two").checkpoint().finish()
    away = next(seq for seq, event in enumerate(writer.events) if event[1] == "f")
    report = analyse_with(writer, (away, away + 1))
    assert labels(report) == [(0, 7, "typed")]
    assert report.verdict is Verdict.UNVERIFIABLE


def test_a_key_that_was_lost_does_not_make_its_text_an_insertion() -> None:
    writer = Writer().type("abc").checkpoint().finish()
    edits = acts(writer)
    assert labels(analyse_with(writer, (edits[1] - 1, edits[1] - 1)))[1] == (1, 2, "unknown")


def test_all_of_the_log_lost() -> None:
    report = analyse(WritingLog([], "Some text that nobody saw.", ITEM, complete=False))
    assert labels(report) == [(0, 26, "unknown")]
    assert report.verdict is Verdict.UNVERIFIABLE
    assert "Nothing was recorded" in finding(report, "log_incomplete").explanation


def test_a_lost_beginning() -> None:
    writer = Writer().type("lost kept").checkpoint().finish()
    edits = acts(writer)
    assert labels(analyse_with(writer, (0, edits[4] + 1))) == [(0, 5, "unknown"), (5, 9, "typed")]


def test_pasted_text_stands_as_evidence_beside_a_gap() -> None:
    writer = Writer().type("lost ").paste(FOREIGN).checkpoint().finish()
    edits = acts(writer)
    report = analyse_with(writer, (edits[0] - 1, edits[4] + 1))
    assert labels(report) == [(0, 5, "unknown"), (5, 5 + len(FOREIGN), "external")]
    assert report.verdict is Verdict.STRONG


def test_an_end_that_did_not_arrive_makes_the_log_incomplete() -> None:
    report = analyse_with(Writer().type("all of it"), complete=False)
    assert labels(report) == [(0, 9, "typed")]
    assert report.verdict is Verdict.UNVERIFIABLE
    assert report.integrity["complete"] is False


def test_a_text_that_differs_from_the_log_is_unknown_where_it_differs() -> None:
    writer = Writer().type("The log says one thing here.").finish()
    report = analyse(WritingLog([writer.epoch()], "The log says another thing here.", ITEM))
    assert labels(report) == [(0, 13, "typed"), (13, 20, "unknown"), (20, 32, "typed")]
    assert report.verdict is Verdict.UNVERIFIABLE
    assert finding(report, "log_inconsistent").figures["differing_units"] == 7


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([[1, "e", 500, 0, "x", "insertText", 2]], "outside the text"),
        ([[1, "e", 0, 900, "", "deleteContentBackward", 2]], "outside the text"),
        ([[1, "n", 3, 1]], "checkpoint"),
        ([[1, "n", 4, fnv1a32("abc")]], "checkpoint"),
        ([[1, "z", 99, 3, fnv1a32("abc"), 1, 1]], "number of events"),
    ],
)
def test_a_log_that_contradicts_itself_is_inconsistent(events: list[list[object]], words: str) -> None:
    writer = Writer().type("abc")
    writer.events += events
    report = analyse(writer.session())
    assert words in finding(report, "log_inconsistent").explanation
    assert report.verdict is Verdict.UNVERIFIABLE


@pytest.mark.parametrize("dt", [-1, -(2**53) + 1, 2**53 - 1, 8 * 24 * 3_600_000])
def test_times_that_cannot_be_are_a_clock_anomaly(dt: int) -> None:
    writer = Writer().type("abc").log("m", 1, dt=dt).type("d")
    report = analyse(writer.session())
    assert finding(report, "clock_anomaly").figures["in_log"] == 1
    assert all(0 <= span.at_ms < 10_000 for span in report.spans)
    assert report.verdict is Verdict.UNVERIFIABLE


def test_clocks_that_the_server_found_wrong_are_reported() -> None:
    writer = Writer().type("abc").finish()
    report = analyse(WritingLog([writer.epoch(anomalies=["clock"])], "abc", ITEM))
    assert finding(report, "clock_anomaly").figures["at_server"] == 1


@pytest.mark.parametrize(
    ("perf", "wall", "expected"),
    [(0, 0, set()), (9_000, 9_000, {"clock_anomaly"}), (0, 60_000, set()), (0, -9_000, {"clock_set"})],
)
def test_clocks_at_the_end(perf: int, wall: int, expected: set[str]) -> None:
    writer = Writer().type("abc")
    elapsed = sum(event[0] for event in writer.events) + 1
    writer.log("z", len(writer.events), 3, fnv1a32("abc"), elapsed + perf, elapsed + wall)
    report = analyse(writer.session())
    assert {found.rule for found in report.findings} & {"clock_anomaly", "clock_set"} == expected
    assert (report.verdict is Verdict.UNVERIFIABLE) is ("clock_anomaly" in expected)


def test_gaps_that_overlap_or_run_backward_are_survived() -> None:
    epoch = Writer().type("abc").epoch()
    strange = [Gap(5, 2), Gap(0, 2**53), Gap(1, 1), Gap(3, 4)]
    report = analyse(WritingLog([type(epoch)(epoch.events, strange)], "abc", ITEM))
    assert sum(report.origins.values()) == 3
    assert report.verdict is Verdict.UNVERIFIABLE


def test_a_log_whose_edits_claim_more_than_can_be_is_survived() -> None:
    writer = Writer().log("i", "browser", 2**53 - 1, 0)
    report = analyse(writer.session())
    assert finding(report, "log_inconsistent")
    assert isinstance(writer.epoch().events[0], object)
    assert not any(isinstance(event, Edit) for event in writer.epoch().events)


def test_unknown_text_counts_as_arrived_without_typing() -> None:
    report = analyse(WritingLog([], "abc", ITEM, complete=False))
    assert report.arrived_share == 1
    assert report.origins == {Origin.UNKNOWN: 3}


def test_the_end_may_be_followed_by_leaving_the_page() -> None:
    writer = Writer().type("abc").finish().log("f", 0, "window", 0).log("v", "pagehide")
    report = analyse(writer.session())
    assert report.integrity["ended"] is True
    assert not [found for found in report.findings if found.family.value == "integrity"]
