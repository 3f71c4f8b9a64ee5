"""Logs of keys, pastes and copies: attribution by alignment, without guessing."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrail.provenance import (
    KeyLog,
    LoggedCopy,
    LoggedItem,
    LoggedKey,
    LoggedPaste,
    Origin,
    Report,
    Severity,
    Verdict,
    analyse_keylog,
)
from tests.provenance.writer import ITEM

FOREIGN = "Pigeons returned sooner when the loft was painted white, which nobody had asked about."
OWN = "Old people who drink no tea after lunch sleep a little longer, says this study of tea and sleep."
TASK = "Instructions: read the text below carefully and write a summary of it in at least one hundred words.\n\n"


class Session:
    """Collects the entries of a key log; each key takes 180 ms, everything else a second."""

    def __init__(self) -> None:
        self.items: list[LoggedItem] = []
        self.now = 1_700_000_000_000

    def keys(self, *names: str) -> "Session":
        for name in names:
            self.now += 180
            self.items.append(LoggedKey(name, self.now))
        return self

    def type(self, text: str) -> "Session":
        for char in text:
            if char.isupper():
                self.keys("Shift")
            self.keys("Enter" if char == "\n" else char)
        return self

    def erase(self, times: int) -> "Session":
        return self.keys(*["Backspace"] * times)

    def paste(self, text: str) -> "Session":
        self.keys("Control", "v")
        self.now += 10
        self.items.append(LoggedPaste(text, self.now))
        return self

    def copy(self, text: str) -> "Session":
        self.keys("Control", "c")
        self.items.append(LoggedCopy(text))
        return self

    def wait(self, ms: int) -> "Session":
        self.now += ms
        return self

    def report(self, text: str, item: str = ITEM) -> Report:
        return analyse_keylog(KeyLog(self.items, text, item))


def labels(report: Report) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.origin.value) for span in report.spans]


def origins(report: Report) -> dict[str, int]:
    return {origin.value: units for origin, units in report.origins.items()}


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


def test_typing_with_corrections_is_typed() -> None:
    report = Session().type("Old peple").erase(3).type("ople who drink").type(OWN[20:]).report(OWN)
    assert origins(report) == {"typed": len(OWN)}
    assert report.verdict is Verdict.CLEAR
    assert report.integrity["by_alignment"] is True


def test_a_word_put_in_later_is_typed_too() -> None:
    before, word, after = OWN[:40], "probably ", OWN[40:]
    report = Session().type(before + after).keys(*["ArrowLeft"] * 30).type(word).report(before + word + after)
    assert origins(report) == {"typed": len(OWN) + len(word)}


def test_foreign_text_that_was_pasted_is_external() -> None:
    report = Session().paste(FOREIGN).type(" I agree.").report(FOREIGN + " I agree.")
    assert labels(report) == [(0, len(FOREIGN), "external"), (len(FOREIGN), len(FOREIGN) + 9, "typed")]
    assert report.verdict is Verdict.STRONG


def test_the_v_of_the_shortcut_is_no_text() -> None:
    session = Session().paste(FOREIGN).paste(FOREIGN)
    session.items.insert(-1, LoggedKey("v", session.now))
    assert session.report(FOREIGN * 2).measures["keys"] == 0


def test_passages_of_the_item_are_the_items_with_other_line_ends() -> None:
    pasted = ITEM[:160].replace(". ", ".\r\n")
    report = Session().copy(ITEM[:160]).paste(pasted).report(pasted.replace("\r\n", "\n"))
    assert origins(report) == {"source": 160}
    assert rules(report) == {"source_copied"}
    assert report.verdict is Verdict.REVIEW


def test_own_text_that_was_cut_and_pasted_is_moved() -> None:
    report = Session().type(OWN).keys("Control", "a", "Control", "x").paste(OWN).report(OWN)
    assert origins(report) == {"moved": len(OWN)}
    assert report.accounted_share == 1
    assert report.verdict is Verdict.CLEAR


def test_foreign_text_that_was_pasted_twice_stays_foreign() -> None:
    report = Session().paste(FOREIGN).keys("Control", "a").paste(FOREIGN).report(FOREIGN)
    assert report.arrived_share == 1


def test_a_corrected_word_is_assisted() -> None:
    typed = OWN.replace("people", "poeple")
    report = Session().type(typed).report(OWN)
    assert report.origins[Origin.TYPED] + report.origins[Origin.ASSIST] == len(OWN)


def test_case_and_typographic_quotes_do_not_hide_typing() -> None:
    report = (
        Session()
        .type('it\'s a "study" - so they say, and so they mean')
        .report("It\u2019s a \u201cstudy\u201d \u2013 so they say, AND so they mean")
    )
    assert origins(report) == {"typed": 46}


def test_text_by_somebody_else_is_not_explained_by_the_words_they_share() -> None:
    other = "This study of tea and sleep says that people who drink tea in the evening wake up more often, as we know."
    report = Session().type(OWN).report(other)
    assert report.origins.get(Origin.TYPED, 0) < 0.3 * len(other)
    assert report.verdict is Verdict.UNVERIFIABLE


def test_pasted_words_shorter_than_eight_units_are_not_looked_for() -> None:
    report = Session().paste("amount").report("amount")
    assert origins(report) == {"unknown": 6}


def test_an_empty_log_explains_nothing() -> None:
    report = Session().report(OWN)
    assert origins(report) == {"unknown": len(OWN)}
    assert report.verdict is Verdict.UNVERIFIABLE
    assert "key_deficit" not in rules(report)


def test_a_phones_hidden_keys_stand_for_its_text_with_the_words_it_completed() -> None:
    needed = -(-len(OWN) // 3)
    for keys in (len(OWN), needed):
        enough = Session().keys(*["Unidentified"] * keys).report(OWN)
        assert origins(enough) == {"ime": len(OWN)}
        assert enough.verdict is Verdict.CLEAR
    few = Session().keys(*["Unidentified"] * (needed - 1)).report(OWN)
    assert origins(few) == {"unknown": len(OWN)}


def test_the_task_copied_out() -> None:
    report = Session().copy(TASK + ITEM).wait(60_000).paste(FOREIGN).report(FOREIGN)
    assert {"task_copied_out", "round_trip"} <= rules(report)


@pytest.mark.parametrize("again", [False, True])
def test_a_copy_before_the_first_entry_with_a_time(again: bool) -> None:  # noqa: FBT001 - pasted over or not
    session = Session()
    session.items.append(LoggedCopy(ITEM))
    session.paste("So the study says that tea does something to the sleep of people." if again else FOREIGN)
    if again:
        session.wait(300_000).keys("Control", "a").paste(FOREIGN)
    found = [finding for finding in session.report(FOREIGN).findings if finding.rule == "round_trip"]
    assert "does not say how long before" in found[0].explanation
    assert found[0].severity is Severity.INFO


def test_typing_after_a_copy_at_an_unknown_time_says_nothing() -> None:
    session = Session()
    session.items.append(LoggedCopy(ITEM))
    assert "round_trip" not in rules(session.type(OWN * 5).report(OWN * 5))
    assert "round_trip" not in rules(session.wait(120_000).paste(FOREIGN).report(OWN * 5 + FOREIGN))


def test_copying_the_item_or_own_text_is_not_copying_the_task() -> None:
    session = Session().copy(ITEM).type(OWN).copy(OWN)
    assert "task_copied_out" not in rules(session.report(OWN))


def test_times_count_from_the_opening_of_the_page_if_it_is_known() -> None:
    session = Session().type(OWN)
    log = KeyLog(session.items, OWN, ITEM, start_ms=1_700_000_000_000 - 30_000)
    assert analyse_keylog(log).spans[0].at_ms == 30_000 + 2 * 180


def test_a_held_key_is_no_impossible_speed() -> None:
    session = Session().type(OWN)
    for _ in range(80):
        session.now += 30
        session.items.append(LoggedKey(".", session.now))
    assert "impossible_speed" not in rules(session.report(OWN + "." * 80))


def test_keys_faster_than_hands_are_told_from_the_keydowns_alone() -> None:
    session = Session()
    for char in OWN * 3:
        session.now += 40
        session.items.append(LoggedKey(char, session.now))
    severities = {finding.rule: finding.severity for finding in session.report(OWN * 3).findings}
    assert severities["impossible_speed"] is Severity.HIGH
    assert severities["machine_rhythm"] is Severity.HIGH
    assert "ghost_keys" not in severities


items = st.one_of(
    st.builds(
        LoggedKey,
        st.sampled_from(["a", "b", " ", "Enter", "Backspace", "Control", "v", "Unidentified", "é"]),
        st.integers(),
    ),
    st.builds(LoggedPaste, st.text(max_size=30), st.integers()),
    st.builds(LoggedCopy, st.text(max_size=30), st.none() | st.integers()),
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(items, max_size=30), st.text(st.sampled_from("ab \n\ud83d\u0130\u2019"), max_size=40), st.text(max_size=30)
)
def test_whatever_was_logged_every_unit_has_one_origin(logged: list[LoggedItem], text: str, item: str) -> None:
    report = analyse_keylog(KeyLog(logged, text, item))
    assert sum(report.origins.values()) == report.length
    assert [span.start for span in report.spans] == [0, *(span.end for span in report.spans)][:-1] or not report.spans
    assert Report.from_json(json.loads(json.dumps(report.as_json()))) == report


@pytest.mark.parametrize("text", ["", "good"])
def test_short_answers(text: str) -> None:
    assert origins(Session().type(text).report(text)) == ({"typed": 4} if text else {})
