import json

from keytrail.provenance import ANALYSIS_VERSION, Limits, Origin, Report, Severity, Verdict, WritingLog, analyse
from keytrail.provenance.rules.origins import external_text
from tests.provenance.writer import ITEM, Writer

FOREIGN = "Pigeons returned sooner when the loft was painted white, which nobody had asked about."


def honest() -> Writer:
    return (
        Writer()
        .wait(60_000)
        .type("People who stopped drinking tea at noon slept longer. It did not change their mood.\n")
    )


def test_honest_typing_is_clear() -> None:
    report = analyse(honest().checkpoint().finish().session())
    assert report.verdict is Verdict.CLEAR
    assert report.findings == ()
    assert report.score == 0
    assert (report.accounted_share, report.arrived_share, report.source_share) == (1, 0, 0)
    assert report.analysis_version == ANALYSIS_VERSION


def test_a_foreign_paste_is_strong_and_told_with_its_evidence() -> None:
    report = analyse(honest().away(41_000).paste(FOREIGN * 2).finish().session())
    assert report.verdict is Verdict.STRONG
    found = report.findings[0]
    assert found.rule == "external_text"
    assert found.spans == ((84, 84 + 2 * len(FOREIGN)),)
    assert "after 41 s away." in found.explanation


def test_the_whole_item_pasted_is_for_review_and_neither_strong_nor_clear() -> None:
    report = analyse(Writer().wait(30_000).copy_item(ITEM).paste(ITEM).finish().session())
    assert report.verdict is Verdict.REVIEW
    assert [(found.rule, found.severity) for found in report.findings] == [("source_copied", Severity.REVIEW)]
    assert report.source_share == 1


def test_a_few_foreign_words_are_no_finding() -> None:
    assert (
        analyse(honest().type("More of my own words stand here. ").paste("amoxicillin").finish().session()).findings
        == ()
    )


def test_keys_of_a_driver_trip_two_rules_of_mechanics() -> None:
    writer = Writer(webdriver=True).wait(60_000).log("a", "script")
    for char in "Driven Text Without Any Hands " * 6:
        writer.log("k", f"Key{char.upper()}", char, 0, dt=1).edit(writer.caret, 0, char, "insertText").log(
            "u", f"Key{char.upper()}", 0
        )
    report = analyse(writer.finish().session())
    assert {
        "ghost_keys",
        "machine_rhythm",
        "impossible_speed",
        "capitals_without_shift",
        "scripted_focus",
        "automation",
    } <= {found.rule for found in report.findings}
    assert report.verdict is Verdict.STRONG


def test_typing_out_a_text_whose_paste_was_prevented_is_for_review() -> None:
    foreign = "Pigeons returned sooner when the loft was painted white, which nobody had asked about, said the old man."
    writer = Writer().wait(60_000).log("p", len(foreign), 1, foreign, ["text/plain"], 2).type(foreign)
    report = analyse(writer.finish().session())
    assert "retyped_paste" in {found.rule for found in report.findings}
    assert report.verdict is Verdict.REVIEW
    item = Writer().wait(60_000).log("p", 120, 1, ITEM[:120], ["text/plain"], 2).type(ITEM[:120])
    assert "retyped_paste" not in {found.rule for found in analyse(item.finish().session()).findings}


def test_retyping_after_deleting_the_paste() -> None:
    foreign = "Pigeons returned sooner when the loft was painted white, which nobody had asked about, said the old man."
    writer = Writer().wait(60_000).paste(foreign).edit(0, len(foreign), "", "deleteContentBackward").type(foreign)
    assert "retyped_paste" in {found.rule for found in analyse(writer.finish().session()).findings}


def test_an_empty_text_has_no_spans_and_no_findings() -> None:
    report = analyse(Writer().finish().session())
    assert (report.length, report.spans, report.findings, report.verdict) == (0, (), (), Verdict.CLEAR)


def test_the_public_shape_of_a_finding() -> None:
    report = analyse(honest().paste(FOREIGN * 2).finish().session())
    plain = report.as_json()["findings"][0]
    assert list(plain) == ["id", "family", "severity", "explanation", "evidence", "false_alarm"]
    assert list(plain["evidence"]) == ["spans", "times_ms", "figures"]
    assert plain["false_alarm"] == external_text.false_alarm
    json.dumps(report.as_json(), allow_nan=False)


def test_moved_spans_tell_what_they_were() -> None:
    report = analyse(Writer().type("abc def ").cut(0, 4).paste("abc ").finish().session())
    assert {span["origin"]: span.get("inherited") for span in report.as_json()["spans"]} == {
        "moved": "typed",
        "typed": None,
    }
    assert Report.from_json(report.as_json()) == report
    assert report.measures["units_by_origin_before_moving"] == {"typed": 8}


def test_thresholds_are_settings() -> None:
    log = honest().type("More of my own words stand here. ").paste("amoxicillin").finish().session()
    report = analyse(log, Limits(external_review_units=5))
    assert [found.rule for found in report.findings] == ["external_text"]


def test_line_ends_of_the_submitted_form_do_not_matter() -> None:
    writer = Writer().type("one\ntwo").finish()
    report = analyse(WritingLog([writer.epoch()], "one\r\ntwo", ITEM))
    assert report.integrity["replay_equals_text"]
    assert report.origins == {Origin.TYPED: 7}


def test_positions_count_utf_16_units() -> None:
    report = analyse(Writer().type("a").paste("😀😀😀").type("b").finish().session())
    assert [(span.start, span.end) for span in report.spans] == [(0, 1), (1, 7), (7, 8)]


def test_a_report_of_the_first_version_of_the_analysis_stays_readable() -> None:
    plain = analyse(Writer().paste(FOREIGN).finish().session()).as_json()
    plain["analysis_version"] = "1"
    assert all("rewrites" not in finding["evidence"] for finding in plain["findings"])
    assert Report.from_json(plain).as_json() == plain
