"""The narrative says what the log says, and nothing else."""

from keytrail.provenance import fnv1a32, playback
from keytrail.review.replay.narrative import narrative_of
from tests.provenance.writer import Writer

NOTE = "A note that was drafted in the comment field of this very page, and cut from there."


def sentences(writer: Writer) -> list[str]:
    return [line.description for line in narrative_of(playback(writer.finish().session()))]


def test_undo_and_redo_are_not_typing() -> None:
    writer = Writer().type("one two")
    for _ in range(3):
        writer.undo()
    for _ in range(3):
        writer.redo()
    assert sentences(writer)[0].startswith("Typed 7 characters and used undo or redo 6 times")


def test_what_was_cut_from_the_page_is_not_said_to_come_from_outside_it() -> None:
    writer = Writer().log("x", "other", -1, -1, len(NOTE), fnv1a32(NOTE), dt=500).paste(NOTE)
    lines = sentences(writer)
    assert lines[0] == f"Cut {len(NOTE)} characters from the page."
    assert lines[1] == f"Pasted {len(NOTE)} characters from elsewhere on this page."


def test_another_paste_still_comes_from_outside() -> None:
    writer = Writer().log("x", "other", -1, -1, len(NOTE), fnv1a32(NOTE), dt=500).paste(NOTE)
    writer.paste("And this came from somewhere else altogether.")
    assert any("from outside this page" in line for line in sentences(writer))


def test_composed_text_is_told_as_composed() -> None:
    writer = Writer().type("tea ")
    writer.edit(4, 0, "茶", "insertCompositionText", 2 | 4)
    assert sentences(writer)[0].startswith("Typed 4 characters and composed 1 character")
