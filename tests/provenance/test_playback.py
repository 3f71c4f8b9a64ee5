import json

from keytrail.provenance import Playback, WritingLog, playback
from tests.provenance.writer import ITEM, Writer

FOREIGN = "Pigeons returned sooner when the loft was painted white, which nobody had asked about."


def play(writer: Writer) -> Playback:
    return playback(writer.session())


def test_steps_say_what_was_done() -> None:
    writer = Writer().type("ab").backspace().paste(FOREIGN).cut(0, 5).undo().redo()
    writer.edit(0, 0, "x", "silent", 0).edit(0, 0, "y", "insertText", 0).finish()
    kinds = [step.kind for step in play(writer).steps]
    assert kinds == ["type", "type", "delete", "paste", "cut", "undo", "redo", "silent", "edit"]


def test_a_paste_is_told_in_words() -> None:
    played = play(Writer().type("My words. ").away(41_000).paste(FOREIGN).finish())
    assert played.steps[-1].note == f"{len(FOREIGN)} characters from outside this page, after 41 s away."
    assert [(span.origin, span.counts_as) for span in played.steps[-1].spans] == [("external", "external")]
    marks = [(mark.kind, mark.note) for mark in played.marks]
    assert ("away", "Away from the page for 41 s.") in marks
    assert ("paste", played.steps[-1].note) in marks
    assert marks[-1] == ("submit", "Submitted.")


def test_marks_are_in_order_and_within_the_session() -> None:
    played = play(Writer().copy_item(ITEM).type("ab").copy(0, 2).paste("ab").away(5_000).type("c").finish())
    times = [mark.t_ms for mark in played.marks]
    assert times == sorted(times)
    assert all(0 <= mark.t_ms <= mark.until_ms <= played.duration_ms for mark in played.marks)
    assert [mark.note for mark in played.marks if mark.kind == "copy"] == [
        f"Copied {len(ITEM)} characters from the item.",
        "Copied 2 characters from the answer.",
    ]


def test_a_paste_that_was_prevented_is_marked_though_nothing_came() -> None:
    writer = Writer().log("p", 20, 1, "x" * 20, ["text/plain"], 2).type("a").finish()
    assert [mark.note for mark in play(writer).marks if mark.kind == "refused"] == [
        "A paste of 20 characters was not let through."
    ]


def test_a_copy_that_was_prevented_is_marked_though_nothing_was_taken() -> None:
    writer = Writer().type("a").copy_item(ITEM).copy(0, 1).finish()
    marks = playback(writer.session(copies_prevented=True)).marks
    assert [(mark.kind, mark.note) for mark in marks if mark.kind in {"refused", "copy"}] == [
        ("refused", f"A copy of {len(ITEM)} characters from the item was not let through."),
        ("copy", "Copied 1 character from the answer."),
    ]


def test_text_that_the_log_does_not_tell_is_filled_in_where_the_end_shows_it() -> None:
    writer = Writer(text="was here", source="browser").backspace(3).finish()
    assert play(writer).steps[0].inserted == "was h\u25a1\u25a1\u25a1"


def test_a_text_that_differs_from_the_log_ends_with_a_final_step() -> None:
    writer = Writer().type("abc").finish()
    played = playback(WritingLog([writer.epoch()], "abd", ITEM))
    assert (played.steps[-1].kind, played.steps[-1].inserted) == ("final", "abd")
    assert [span.origin for span in played.steps[-1].spans] == ["typed", "unknown"]


def test_a_cause_that_calls_itself_a_page_load_is_an_edit() -> None:
    writer = Writer().type("abc").edit(3, 0, "d", "server", 1).finish()
    assert [(step.kind, step.deleted) for step in play(writer).steps][-1] == ("edit", 0)


def test_a_playback_is_plain_json_even_with_half_a_character() -> None:
    writer = Writer().edit(0, 0, "\ud83d", "insertText").finish()
    plain = json.loads(json.dumps(play(writer).as_json()))
    assert plain["steps"][0]["inserted"] == "\ud83d"
    assert plain["steps"][0]["spans"] == [{"start": 0, "end": 1, "origin": "nokey", "counts_as": "nokey"}]
