"""Every way by which text gets into the box: what is stored of it and where the text is said to come from."""

from app.provenance import Verdict
from tests.browser.review_api import ReviewApi, Submission
from tests.browser.texts import FOREIGN, ITEM, OWN
from tests.browser.worker_page import WorkerPage

PASSAGE = "Older adults made the largest detours."


def explained(submission: Submission) -> Submission:
    """The log tells the whole story of this text: nothing is missing, nothing contradicts."""
    assert submission.log_complete
    assert submission.replayed_text == submission.text
    assert submission.integrity["replay_equals_text"]
    assert submission.integrity["complete"]
    assert submission.integrity["checkpoints_failed"] == 0
    assert submission.integrity["checkpoints"] > 0
    assert submission.integrity["edits_outside"] == 0
    assert sum(submission.origins.values()) == len(submission.text.encode("utf-16-le")) // 2
    return submission


def test_typed_text_is_typed(worker: WorkerPage, review: ReviewApi) -> None:
    worker.accept().type(OWN)
    submission = explained(review.submission(worker.submit()))
    assert submission.text == OWN
    assert submission.origins == {"typed": len(OWN)}
    assert submission.causes == ["insertText"]
    assert submission.verdict == Verdict.CLEAR


def test_corrections_leave_typed_text(worker: WorkerPage, review: ReviewApi) -> None:
    worker.accept().type("Peple").press("ArrowLeft", "ArrowLeft", "ArrowLeft").type("o").press("End").type(" wlk")
    worker.press("Backspace", "Backspace").type("alk slowly").press("Control+Backspace").type("on")
    submission = explained(review.submission(worker.submit()))
    assert submission.text == "People walk on"
    assert submission.origins == {"typed": len(submission.text)}
    assert "deleteWordBackward" in submission.causes


def test_a_line_break_is_typed(worker: WorkerPage, review: ReviewApi) -> None:
    worker.accept().type("one").press("Enter").type("two")
    submission = explained(review.submission(worker.submit()))
    assert submission.text == "one\ntwo"
    assert submission.origins == {"typed": 7}
    assert "insertLineBreak" in submission.causes


def test_foreign_text_pasted_by_ctrl_v_is_external(worker: WorkerPage, review: ReviewApi) -> None:
    worker.accept().type("Well: ").paste(FOREIGN)
    submission = explained(review.submission(worker.submit()))
    assert submission.came_as("external") == FOREIGN
    assert submission.came_as("typed") == "Well: "
    (paste,) = submission.events_of("p")
    assert paste[2] == FOREIGN
    assert submission.verdict == Verdict.STRONG
    assert "external_text" in submission.findings


def test_foreign_text_pasted_as_plain_text_is_external(worker: WorkerPage, review: ReviewApi) -> None:
    worker.accept().driver.put_on_clipboard(FOREIGN)
    worker.press("Control+Shift+v")
    submission = explained(review.submission(worker.submit()))
    assert submission.origins == {"external": len(FOREIGN)}


def test_foreign_text_pasted_by_shift_insert_is_external(worker: WorkerPage, review: ReviewApi) -> None:
    worker.accept().driver.put_on_clipboard(FOREIGN)
    worker.press("Shift+Insert")
    submission = explained(review.submission(worker.submit()))
    assert submission.origins == {"external": len(FOREIGN)}


def test_a_passage_pasted_from_the_item_is_from_the_source(worker: WorkerPage, review: ReviewApi) -> None:
    worker.accept().type("They say: ").copy_from_item(PASSAGE).click("#answer").press("Control+End", "Control+v")
    submission = explained(review.submission(worker.submit()))
    assert submission.text == f"They say: {PASSAGE}"
    assert submission.came_as("source") == PASSAGE
    (copy,) = submission.events_of("c")
    assert copy[:3] == ["source", ITEM.index(PASSAGE), ITEM.index(PASSAGE) + len(PASSAGE)]
    assert "external_text" not in submission.findings


def test_own_text_cut_and_pasted_stays_typed(worker: WorkerPage, review: ReviewApi) -> None:
    worker.accept().type(OWN).select(0, 7).press("Control+x", "End").type(" ").press("Control+v")
    submission = explained(review.submission(worker.submit()))
    assert submission.text == f"{OWN[7:]} {OWN[:7]}"
    assert submission.origins == {"typed": len(OWN) - 6, "moved": 7}
    assert submission.came_as("typed") == submission.text
    assert {"deleteByCut", "insertFromPaste"} <= set(submission.causes)
    assert submission.verdict == Verdict.CLEAR


def test_own_text_dragged_stays_typed(worker: WorkerPage, review: ReviewApi) -> None:
    worker.accept().type(OWN).drag(0, 7, len(OWN))
    assert worker.text == OWN[7:] + OWN[:7]
    submission = explained(review.submission(worker.submit()))
    assert submission.origins == {"typed": len(OWN) - 7, "moved": 7}
    assert submission.came_as("typed") == submission.text
    assert {"deleteByDrag", "insertFromDrop"} <= set(submission.causes)
    (drop,) = submission.events_of("d")
    assert drop[3] == 1


def test_a_passage_dragged_from_the_item_is_from_the_source(worker: WorkerPage, review: ReviewApi) -> None:
    worker.accept().type("They say: ").drag_from_item(PASSAGE, len("They say: "))
    assert worker.text == f"They say: {PASSAGE}"
    submission = explained(review.submission(worker.submit()))
    assert submission.came_as("source") == PASSAGE
    assert submission.causes[-1] == "insertFromDrop"


def test_undo_and_redo_bring_back_what_was_typed(worker: WorkerPage, review: ReviewApi) -> None:
    worker.accept().type("Shade ").select(0, 6).press("Delete", "Control+z").type("Trees").press("Control+z")
    worker.press("Control+z", "Control+Shift+z", "Control+End").type(" help")
    submission = explained(review.submission(worker.submit()))
    assert "historyUndo" in submission.causes
    assert submission.came_as("typed") == submission.text
    assert submission.text.endswith(" help")


def test_undo_and_redo_bring_back_what_was_pasted(worker: WorkerPage, review: ReviewApi) -> None:
    worker.accept().paste(FOREIGN).press("Control+z")
    assert worker.text == ""
    worker.press("Control+Shift+z")
    assert worker.text == FOREIGN
    submission = explained(review.submission(worker.submit()))
    assert submission.origins == {"external": len(FOREIGN)}
    assert "historyRedo" in submission.causes


def test_text_from_exec_command_is_from_a_script(worker: WorkerPage, review: ReviewApi) -> None:
    worker.accept().run_script("document.execCommand('insertText', false, foreignText)")
    submission = explained(review.submission(worker.submit()))
    assert submission.origins == {"script": len(FOREIGN)}
    assert submission.verdict == Verdict.STRONG


def test_text_set_by_a_script_is_silent(worker: WorkerPage, review: ReviewApi) -> None:
    worker.accept().type("Mine. ").run_script("answer.value += foreignText")
    submission = explained(review.submission(worker.submit()))
    assert submission.came_as("silent") == FOREIGN
    assert submission.came_as("typed") == "Mine. "
    assert submission.verdict == Verdict.STRONG


def test_text_set_with_an_event_of_the_scripts_own_is_from_a_script(worker: WorkerPage, review: ReviewApi) -> None:
    worker.accept().run_script("answer.value = foreignText; answer.dispatchEvent(new Event('input', {bubbles: true}))")
    submission = explained(review.submission(worker.submit()))
    assert submission.origins == {"script": len(FOREIGN)}


def test_a_forged_kind_of_input_does_not_help(worker: WorkerPage, review: ReviewApi) -> None:
    worker.accept().run_script("""
        for (const letter of foreignText) {
          const like = { bubbles: true, key: letter, code: "KeyA", data: letter, inputType: "insertText" };
          answer.dispatchEvent(new KeyboardEvent("keydown", like));
          answer.dispatchEvent(new InputEvent("beforeinput", like));
          answer.value += letter;
          answer.dispatchEvent(new InputEvent("input", like));
          answer.dispatchEvent(new KeyboardEvent("keyup", like));
        }""")
    submission = explained(review.submission(worker.submit()))
    assert submission.origins == {"script": len(FOREIGN)}
    assert submission.causes == ["insertText"]
    assert submission.verdict == Verdict.STRONG


def test_text_set_while_the_box_has_no_focus_is_silent(worker: WorkerPage, review: ReviewApi) -> None:
    worker.accept().type("Mine. ").click("#source")
    worker.run_script("answer.setRangeText(foreignText, answer.value.length, answer.value.length, 'preserve')")
    submission = explained(review.submission(worker.submit()))
    assert submission.text == f"Mine. {FOREIGN}"
    assert submission.came_as("silent") == FOREIGN


def test_a_paste_with_windows_line_ends_is_external_as_a_whole(worker: WorkerPage, review: ReviewApi) -> None:
    worker.accept().run_script("""
        const lines = "one line of it\\r\\nanother line of it\\r\\n\\r\\nthe last line of it";
        addEventListener("copy", (event) => {
          event.clipboardData.setData("text/plain", lines);
          event.preventDefault();
        }, { once: true });""")
    worker.click("#source").press("Control+a", "Control+c").click("#answer").press("Control+v")
    submission = explained(review.submission(worker.submit()))
    assert submission.text == "one line of it\nanother line of it\n\nthe last line of it"
    assert submission.origins == {"external": len(submission.text)}


def test_a_pasted_emoji_counts_two_units(worker: WorkerPage, review: ReviewApi) -> None:
    worker.accept().type("hot ").paste("🌳🌞").press("Backspace").type(" cold")
    submission = explained(review.submission(worker.submit()))
    assert submission.text == "hot 🌳 cold"
    assert submission.origins == {"typed": 9, "external": 2}
