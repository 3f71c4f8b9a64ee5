"""Own text keeps its origin: cut and paste, drag, undo and redo, another editor and back."""

import pytest

from keytrail.provenance import Origin, Report, analyse
from keytrail.provenance.kinds import ACCOUNTED
from tests.provenance.writer import Writer

FOREIGN = "Pigeons returned sooner when the loft was painted white, which nobody had asked about."
OWN = "I think that the older people slept better because they were less worried."


def report(writer: Writer) -> Report:
    made = analyse(writer.checkpoint().finish().session())
    assert made.integrity["replay_equals_text"]
    assert made.integrity["checkpoints_failed"] == 0
    return made


def labels(made: Report) -> list[tuple[int, int, str, str | None]]:
    return [(span.start, span.end, span.origin.value, span.inherited and span.inherited.value) for span in made.spans]


def test_cut_and_pasted_own_text_is_moved_and_counts_as_typed() -> None:
    made = report(Writer().type("Second. First. ").cut(8, 15).at(0).paste("First. "))
    assert labels(made) == [(0, 7, "moved", "typed"), (7, 15, "typed", None)]
    assert made.accounted_share == 1
    assert made.origins == {Origin.MOVED: 7, Origin.TYPED: 8}


def test_a_copy_of_own_text_is_moved() -> None:
    made = report(Writer().type("again and ").copy(0, 10).paste("again and "))
    assert labels(made) == [(0, 10, "typed", None), (10, 20, "moved", "typed")]


def test_dragged_own_text_is_moved() -> None:
    assert labels(report(Writer().type("one two three ").drag(0, 4, 14))) == [
        (0, 10, "typed", None),
        (10, 14, "moved", "typed"),
    ]


def test_moving_foreign_text_about_does_not_make_it_own() -> None:
    made = report(Writer().type("So: ").paste(FOREIGN).cut(4, 4 + len(FOREIGN)).paste(FOREIGN))
    assert made.spans[1].inherited is Origin.EXTERNAL
    assert made.arrived_share == pytest.approx(len(FOREIGN) / made.length, abs=1e-6)


def test_moving_twice_still_tells_the_first_origin() -> None:
    made = report(Writer().type("abcdef ").cut(0, 7).paste("abcdef ").cut(0, 7).paste("abcdef "))
    assert labels(made) == [(0, 7, "moved", "typed")]


PARTS = (
    "I think that the older people slept better. ",
    "They were less worried, and they had more time. ",
    "Nobody asked them about their tea in the morning, which may matter. ",
)


@pytest.mark.parametrize("order", [(1, 0, 2), (2, 1, 0), (1, 2, 0)])
@pytest.mark.parametrize("apart", [False, True])
def test_own_passages_that_come_back_in_another_order_are_own(order: tuple[int, ...], *, apart: bool) -> None:
    """From another editor, or from a clipboard manager that joins what was cut; a word at a seam may be lost."""
    writer = Writer().type("".join(PARTS))
    for part in PARTS if apart else ["".join(PARTS)]:
        writer.cut(0, len(part))
    made = report(writer.away(40_000).paste("".join(PARTS[number] for number in order)))
    assert made.origins[Origin.MOVED] >= made.length - len("They")


def test_an_answer_corrected_in_another_editor_is_foreign_only_where_it_changed() -> None:
    corrected = OWN.replace("less worried", "calmer at night")
    made = report(Writer().type(OWN).cut(0, len(OWN)).away(40_000).paste(corrected))
    start = OWN.index("less")
    assert labels(made)[0] == (0, start, "moved", "typed")
    assert made.origins[Origin.EXTERNAL] == made.length - start


def test_two_letters_are_too_few_to_be_called_moved() -> None:
    assert report(Writer().type("to be or not to").copy(0, 2).paste("to")).origins[Origin.EXTERNAL] == 2


def test_a_script_that_writes_the_same_text_again_only_moves_it() -> None:
    made = report(Writer().type("keep this").edit(0, 9, "", "silent", 0).edit(0, 0, "keep this", "silent", 0))
    assert labels(made) == [(0, 9, "moved", "typed")]


def test_undo_and_redo_bring_back_exact_origins() -> None:
    writer = Writer().type("typed ").paste(FOREIGN).type(" more")
    before = labels(analyse(writer.session()))
    for _ in range(6):
        writer.undo()
    for _ in range(6):
        writer.redo()
    assert labels(report(writer)) == before


def test_undo_of_a_run_of_typing_and_its_redo() -> None:
    writer = Writer().type("hello")
    writer.edit(0, 5, "", "historyUndo").edit(0, 0, "hello", "historyRedo")
    assert labels(report(writer)) == [(0, 5, "typed", None)]


def test_undo_of_backspaces_in_one_step() -> None:
    writer = Writer().type("hello you").backspace(4).edit(5, 0, " you", "historyUndo")
    assert labels(report(writer)) == [(0, 9, "typed", None)]


def test_undo_of_backspaces_one_by_one_brings_back_each_letter() -> None:
    writer = Writer().type("ban").paste("ana").backspace(6)
    for at, letter in enumerate("banana"):
        writer.edit(at, 0, letter, "historyUndo")
    assert labels(report(writer)) == [(0, 3, "typed", None), (3, 6, "external", None)]


def test_undo_of_forward_deletions_one_by_one() -> None:
    writer = Writer().paste("xyx").type("yxy").at(0)
    for _ in range(6):
        writer.edit(0, 1, "", "deleteContentForward")
    for letter in reversed("xyxyxy"):
        writer.edit(0, 0, letter, "historyUndo")
    assert labels(report(writer)) == [(0, 3, "external", None), (3, 6, "typed", None)]


def test_undo_of_a_replaced_selection() -> None:
    writer = Writer().type("a good word").log("k", "KeyX", "x", 0).edit(2, 4, "x", "insertText")
    writer.edit(2, 1, "good", "historyUndo")
    assert labels(report(writer)) == [(0, 11, "typed", None)]


def test_an_undo_that_brings_foreign_text_is_not_believed() -> None:
    assert report(Writer().type("a").edit(1, 0, FOREIGN, "historyUndo")).origins[Origin.NOKEY] == len(FOREIGN)


def test_undoing_the_same_deletion_twice_does_not_double_the_keys() -> None:
    writer = Writer().type("typed").backspace(5)
    writer.edit(0, 0, "typed", "historyUndo").edit(5, 0, "typed", "historyUndo")
    assert labels(report(writer)) == [(0, 5, "typed", None), (5, 10, "moved", "typed")]


def test_undo_of_a_paste_that_began_and_ended_like_what_it_replaced() -> None:
    writer = Writer().type("hello world").at(6).paste("wonderland", gone=5)
    pasted = labels(analyse(writer.session()))
    assert pasted == [(0, 6, "typed", None), (6, 16, "external", None)]
    writer.undo()
    assert writer.events[-1][2:5] == [8, 7, "rl"]
    assert labels(analyse(writer.session())) == [(0, 11, "typed", None)]
    writer.redo()
    assert labels(report(writer)) == pasted


def test_undo_of_typing_over_a_selection_in_one_step() -> None:
    writer = Writer().paste(FOREIGN).log("k", "KeyP", "P", 4).edit(0, 7, "P", "insertText").at(1).type("igs")
    writer.edit(3, 0, "eon", "historyUndo")
    assert labels(report(writer)) == [(0, len(FOREIGN), "external", None)]


def test_undo_after_the_server_restored_a_draft_takes_nothing_back_from_before() -> None:
    writer = Writer(text="restored", source="server").type("x").undo()
    assert labels(report(writer)) == [(0, 8, "initial", None)]


def test_a_storm_of_undo_and_redo_changes_nothing() -> None:
    writer = Writer().type("some own words ").paste(FOREIGN)
    before = labels(analyse(writer.session()))
    for _ in range(200):
        writer.undo().redo()
    assert labels(report(writer)) == before


def test_moved_text_counts_as_accounted_only_if_it_was() -> None:
    made = report(Writer().type(OWN).paste(FOREIGN).cut(0, len(OWN)).at(len(FOREIGN)).paste(OWN))
    accounted = sum(span.end - span.start for span in made.spans if span.counts_as in ACCOUNTED)
    assert made.accounted_share == pytest.approx(accounted / made.length, abs=1e-6)
    assert accounted == len(OWN)
