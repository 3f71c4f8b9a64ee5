"""Reloads and several windows: the draft keeps its origins."""

from typing import Any

import pytest

from keytrail.provenance import EpochLog, Origin, Report, Verdict, WritingLog, analyse, fnv1a32, playback, restore
from tests.provenance.writer import ITEM, Writer

FOREIGN = "Pigeons returned sooner when the loft was painted white, which nobody had asked about."


def labels(report: Report) -> list[tuple[int, int, str, int]]:
    return [(span.start, span.end, span.origin.value, span.epoch) for span in report.spans]


def session(*epochs: EpochLog, text: str, **others: Any) -> WritingLog:
    return WritingLog(epochs, text, ITEM, **others)


def test_the_draft_has_text_origins_and_the_figures_of_the_next_initial_event() -> None:
    first = Writer().type("Mine. ").paste(FOREIGN)
    draft = restore([first.epoch()])
    assert draft.text == first.text
    assert [(span.start, span.end, span.origin) for span in draft.spans] == [
        (0, 6, Origin.TYPED),
        (6, 6 + len(FOREIGN), Origin.EXTERNAL),
    ]
    assert (draft.length, draft.hash) == (len(first.text), fnv1a32(first.text))


def test_a_draft_that_the_server_restored_keeps_its_origins() -> None:
    first = Writer().type("Mine. ").paste(FOREIGN)
    second = Writer(text=first.text, source="server").type(" The end.").finish()
    report = analyse(session(first.epoch(), second.epoch(), text=second.text))
    length = len(FOREIGN)
    assert labels(report) == [(0, 6, "typed", 0), (6, 6 + length, "external", 0), (6 + length, 15 + length, "typed", 1)]
    assert report.integrity["checkpoints_agreed"] == 1


@pytest.mark.parametrize("source", ["server", "browser"])
def test_a_draft_of_the_middle_of_an_epoch_is_found_too(source: str) -> None:
    first = Writer().type("The server had this")
    known = first.text
    first.type(" and then the tail came late")
    second = Writer(text=known, source=source).type(" only.").finish()
    report = analyse(session(first.epoch(), second.epoch(), text=second.text))
    assert labels(report) == [(0, 19, "typed", 0), (19, 25, "typed", 1)]


def test_windows_that_begin_with_the_same_text_all_have_its_origins() -> None:
    first = Writer().type("Mine. ").cut(0, 2).undo()
    others = [Writer(text=first.text, source="server").type(char).backspace().undo() for char in "abc"]
    others[-1].undo().redo().finish()
    report = analyse(session(first.epoch(), *(one.epoch() for one in others), text=others[-1].text))
    assert labels(report) == [(0, 6, "typed", 0), (6, 7, "typed", 3)]
    assert report.integrity["checkpoints_agreed"] == 1


def test_a_text_that_was_left_still_stands_when_another_window_had_its_units_meanwhile() -> None:
    first = Writer().type("abc").type("def")
    other = Writer(text="abc", source="server").finish()
    last = Writer(text="abcdef", source="server").edit(6, 0, "abc", "historyUndo").finish()
    report = analyse(session(first.epoch(), other.epoch(), last.epoch(), text=last.text))
    assert labels(report) == [(0, 6, "typed", 0), (6, 9, "moved", 2)]


def test_many_checkpoints_do_not_make_a_draft_unknown() -> None:
    first = Writer().paste("A long text of many words. " * 100)
    for _ in range(60):
        first.at(0).key("x").checkpoint()
    second = Writer(text=first.text, source="server").type("!").finish()
    report = analyse(session(first.epoch(), second.epoch(), text=second.text))
    assert report.integrity["checkpoints_by_length"]
    assert report.origins == {Origin.EXTERNAL: 2700, Origin.TYPED: 61}


def test_a_text_that_no_epoch_had_is_initial() -> None:
    first = Writer().type("Mine.")
    second = Writer(text="Something else", source="server").finish()
    report = analyse(session(first.epoch(), second.epoch(), text=second.text))
    assert labels(report) == [(0, 14, "initial", 1)]
    assert report.arrived_share == 1


def test_browser_text_that_equals_a_part_of_what_was_written_before_is_moved() -> None:
    first = Writer().type("One sentence. Another sentence.")
    second = Writer(text="Another sentence.", source="browser").finish()
    report = analyse(session(first.epoch(), second.epoch(), text=second.text))
    assert labels(report) == [(0, 17, "moved", 1)]
    assert report.accounted_share == 1


def test_own_text_pasted_from_another_window_is_moved() -> None:
    first = Writer().type("I wrote this in the first window.")
    second = Writer().paste("I wrote this in the first window.").finish()
    report = analyse(session(first.epoch(), second.epoch(), text=second.text))
    assert labels(report) == [(0, 33, "moved", 1)]
    assert report.spans[0].inherited is Origin.TYPED


def test_an_epoch_that_starts_anew_forgets_the_text_before() -> None:
    first, second = Writer().type("Old text."), Writer().type("New.").finish()
    report = analyse(session(first.epoch(), second.epoch(), text="New."))
    assert labels(report) == [(0, 4, "typed", 1)]


def test_two_windows_at_once_are_reported_and_cannot_be_verified() -> None:
    first, second = Writer().type("One."), Writer().type("Two.").finish()
    report = analyse(session(first.epoch(), second.epoch(anomalies=["parallel"]), text="Two."))
    assert [finding.rule for finding in report.findings if finding.family.value == "integrity"] == ["parallel_epochs"]
    assert report.verdict is Verdict.UNVERIFIABLE


@pytest.mark.parametrize("anomaly", ["overlap", "conflicting_batch"])
def test_two_stories_under_one_number_contradict_each_other(anomaly: str) -> None:
    writer = Writer().type("One.").finish()
    report = analyse(session(writer.epoch(anomalies=[anomaly]), text="One."))
    assert [finding.rule for finding in report.findings if finding.family.value == "integrity"] == ["log_inconsistent"]
    assert report.verdict is Verdict.UNVERIFIABLE


def test_times_run_on_over_the_epochs() -> None:
    first, second = Writer().type("abc"), Writer(text="abc", source="server").type("d").finish()
    placed = session(first.epoch(starts_ms=0), second.epoch(starts_ms=100_000), text="abcd")
    unplaced = session(first.epoch(), second.epoch(), text="abcd")
    assert analyse(placed).spans[1].at_ms > 100_000
    first_ms = sum(event[0] for event in first.events)
    assert first_ms < analyse(unplaced).spans[1].at_ms < first_ms + 5_000


def test_an_initial_event_in_the_middle_contradicts_the_log() -> None:
    writer = Writer().type("abc").log("i", "server", 3, fnv1a32("abc")).finish()
    report = analyse(writer.session())
    assert [finding.rule for finding in report.findings if finding.rule == "log_inconsistent"]
    assert report.integrity["replay_equals_text"]


def test_playback_shows_the_reload_with_the_restored_text() -> None:
    first = Writer().type("abc").type("d")
    second = Writer(text="abc", source="server").type("d").finish()
    steps = playback(session(first.epoch(), second.epoch(), text="abcd")).steps
    assert [(step.kind, step.epoch, step.deleted, step.inserted) for step in steps[-2:]] == [
        ("start", 1, 4, "abc"),
        ("type", 1, 0, "d"),
    ]
    assert [(span.origin, span.end) for span in steps[-2].spans] == [("typed", 3)]


def test_playback_does_not_repeat_a_text_that_goes_on_as_it_was() -> None:
    first = Writer().type("abc")
    second = Writer(text="abc", source="server").type("d").finish()
    played = playback(session(first.epoch(), second.epoch(), text="abcd"))
    assert [(step.kind, step.deleted, step.inserted) for step in played.steps[-2:]] == [
        ("start", 0, ""),
        ("type", 0, "d"),
    ]
    assert [mark.note for mark in played.marks if mark.kind == "start"] == ["The page was loaded anew."]


def test_the_restored_draft_of_a_log_with_a_gap_leaves_out_what_was_lost() -> None:
    first = Writer().type("before ").type("lost ").type("after").checkpoint()
    seqs = [seq for seq, event in enumerate(first.events) if event[1] in "keu"]
    gap = (seqs[3 * 7], seqs[3 * 12 - 1])
    draft = restore([first.epoch(gaps=[gap])])
    assert draft.text == "before after"
    second = Writer(text=draft.text, source="server").type("!").finish()
    report = analyse(session(first.epoch(gaps=[gap]), second.epoch(), text="before after!"))
    assert report.origins == {Origin.TYPED: 13}
