"""Every way by which text gets into the box: the stored events, and the origin in the report."""

import pytest

from keytrail.provenance import Verdict
from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.firefox import Firefox
from tests.browser.review_api import ReviewApi, explained
from tests.browser.texts import FOREIGN, ITEM, OWN
from tests.browser.worker_page import WorkerPage
from tests.waiting import until

PASSAGE = "Older adults made the largest detours."


def in_engines(*engines: str) -> pytest.MarkDecorator:
    """Only these engines have the path, or have it through their drivers; test_os_input.py has the others."""
    return pytest.mark.parametrize("engine", engines)


def test_typed_text_is_typed(anywhere: WorkerPage, review: ReviewApi) -> None:
    anywhere.accept().type(OWN)
    submission = explained(review.submission(anywhere.submit()))
    assert submission.text == OWN
    assert submission.origins == {"typed": len(OWN)}
    assert submission.causes == ["insertText"]
    assert submission.verdict == Verdict.CLEAR


def test_corrections_leave_typed_text(anywhere: WorkerPage, review: ReviewApi) -> None:
    anywhere.accept().type("Peple").press("ArrowLeft", "ArrowLeft", "ArrowLeft").type("o").press("End").type(" wlk")
    anywhere.press("Backspace", "Backspace").type("alk slowly").press("Control+Backspace").type("on")
    submission = explained(review.submission(anywhere.submit()))
    assert submission.text == "People walk on"
    assert submission.origins == {"typed": len(submission.text)}
    assert "deleteWordBackward" in submission.causes


def test_a_line_break_is_typed(anywhere: WorkerPage, review: ReviewApi) -> None:
    anywhere.accept().type("one").press("Enter").type("two")
    submission = explained(review.submission(anywhere.submit()))
    assert submission.text == "one\ntwo"
    assert submission.origins == {"typed": 7}
    assert "insertLineBreak" in submission.causes


def test_foreign_text_pasted_by_ctrl_v_is_external(anywhere: WorkerPage, review: ReviewApi) -> None:
    anywhere.accept().type("Well: ").paste(FOREIGN)
    submission = explained(review.submission(anywhere.submit()))
    assert submission.came_as("external") == FOREIGN
    assert submission.came_as("typed") == "Well: "
    (paste,) = submission.events_of("p")
    assert paste[2] == FOREIGN
    assert submission.verdict == Verdict.STRONG
    assert "external_text" in submission.findings


def test_foreign_text_pasted_as_plain_text_is_external(anywhere: WorkerPage, review: ReviewApi) -> None:
    anywhere.accept().driver.put_on_clipboard(FOREIGN)
    anywhere.press("Control+Shift+v")
    submission = explained(review.submission(anywhere.submit()))
    assert submission.origins == {"external": len(FOREIGN)}


@in_engines("chromium", "firefox")
def test_foreign_text_pasted_by_shift_insert_is_external(anywhere: WorkerPage, review: ReviewApi) -> None:
    anywhere.accept().driver.put_on_clipboard(FOREIGN)
    anywhere.press("Shift+Insert")
    submission = explained(review.submission(anywhere.submit()))
    assert submission.origins == {"external": len(FOREIGN)}


def test_a_passage_pasted_from_the_item_is_from_the_source(anywhere: WorkerPage, review: ReviewApi) -> None:
    anywhere.accept().type("They say: ").copy_from_item(PASSAGE).click("#answer").press("Control+End", "Control+v")
    submission = explained(review.submission(anywhere.submit()))
    assert submission.text == f"They say: {PASSAGE}"
    assert submission.came_as("source") == PASSAGE
    (copy,) = submission.events_of("c")
    assert copy[:3] == ["source", ITEM.index(PASSAGE), ITEM.index(PASSAGE) + len(PASSAGE)]
    assert "external_text" not in submission.findings


def test_own_text_cut_and_pasted_stays_typed(anywhere: WorkerPage, review: ReviewApi) -> None:
    anywhere.accept().type(OWN).select(0, 7).press("Control+x", "End").type(" ").press("Control+v")
    submission = explained(review.submission(anywhere.submit()))
    assert submission.text == f"{OWN[7:]} {OWN[:7]}"
    assert submission.origins == {"typed": len(OWN) - 6, "moved": 7}
    assert submission.came_as("typed") == submission.text
    assert {"deleteByCut", "insertFromPaste"} <= set(submission.causes)
    assert submission.verdict == Verdict.CLEAR


@in_engines("chromium")
def test_own_text_dragged_stays_typed(anywhere: WorkerPage, review: ReviewApi) -> None:
    anywhere.accept().type(OWN).drag(0, 7, len(OWN))
    assert anywhere.text == OWN[7:] + OWN[:7]
    submission = explained(review.submission(anywhere.submit()))
    assert submission.origins == {"typed": len(OWN) - 7, "moved": 7}
    assert submission.came_as("typed") == submission.text
    assert {"deleteByDrag", "insertFromDrop"} <= set(submission.causes)
    (drop,) = submission.events_of("d")
    assert drop[3] == 1


@in_engines("chromium")
def test_a_passage_dragged_from_the_item_is_from_the_source(anywhere: WorkerPage, review: ReviewApi) -> None:
    anywhere.accept().type("They say: ").drag_from_item(PASSAGE, len("They say: "))
    assert anywhere.text == f"They say: {PASSAGE}"
    submission = explained(review.submission(anywhere.submit()))
    assert submission.came_as("source") == PASSAGE
    assert submission.causes[-1] == "insertFromDrop"


@in_engines("chromium", "firefox")
def test_undo_and_redo_bring_back_what_was_typed(anywhere: WorkerPage, review: ReviewApi) -> None:
    anywhere.accept().type("Shade ").select(0, 6).press("Delete", "Control+z").type("Trees").press("Control+z")
    anywhere.press("Control+z", "Control+Shift+z", "Control+End").type(" help")
    submission = explained(review.submission(anywhere.submit()))
    assert "historyUndo" in submission.causes
    assert submission.came_as("typed") == submission.text
    assert submission.text.endswith(" help")


@in_engines("chromium", "firefox")
def test_undo_and_redo_bring_back_what_was_pasted(anywhere: WorkerPage, review: ReviewApi) -> None:
    anywhere.accept().paste(FOREIGN).press("Control+z")
    assert anywhere.text == ""
    anywhere.press("Control+Shift+z")
    assert anywhere.text == FOREIGN
    submission = explained(review.submission(anywhere.submit()))
    assert submission.origins == {"external": len(FOREIGN)}
    assert "historyRedo" in submission.causes


def test_undo_by_the_browsers_own_command_brings_back_what_was_typed(anywhere: WorkerPage, review: ReviewApi) -> None:
    """WebKitGTK has no undo key of its own: programs around it offer the command."""
    anywhere.accept().type("Shade helps").select(0, 6).press("Delete").run_script("document.execCommand('undo')")
    submission = explained(review.submission(anywhere.submit()))
    assert submission.text == "Shade helps"
    assert submission.origins == {"typed": 11}
    assert submission.causes[-1] == "historyUndo"


def test_text_from_exec_command_is_from_a_script(anywhere: WorkerPage, review: ReviewApi) -> None:
    anywhere.accept().run_script("document.execCommand('insertText', false, foreignText)")
    submission = explained(review.submission(anywhere.submit()))
    # WebKit announces it like an insertion of its own; no key made it all the same.
    origin = "nokey" if anywhere.driver.engine == "webkit" else "script"
    assert submission.origins == {origin: len(FOREIGN)}
    assert submission.verdict == Verdict.STRONG


def test_text_set_by_a_script_is_silent(anywhere: WorkerPage, review: ReviewApi) -> None:
    anywhere.accept().type("Mine. ").run_script("answer.value += foreignText")
    submission = explained(review.submission(anywhere.submit()))
    assert submission.came_as("silent") == FOREIGN
    assert submission.came_as("typed") == "Mine. "
    assert submission.verdict == Verdict.STRONG


def test_text_set_with_an_event_of_the_scripts_own_is_from_a_script(anywhere: WorkerPage, review: ReviewApi) -> None:
    anywhere.accept().run_script(
        "answer.value = foreignText; answer.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    submission = explained(review.submission(anywhere.submit()))
    assert submission.origins == {"script": len(FOREIGN)}


def test_a_forged_kind_of_input_does_not_help(anywhere: WorkerPage, review: ReviewApi) -> None:
    anywhere.accept().run_script("""
        for (const letter of foreignText) {
          const like = { bubbles: true, key: letter, code: "KeyA", data: letter, inputType: "insertText" };
          answer.dispatchEvent(new KeyboardEvent("keydown", like));
          answer.dispatchEvent(new InputEvent("beforeinput", like));
          answer.value += letter;
          answer.dispatchEvent(new InputEvent("input", like));
          answer.dispatchEvent(new KeyboardEvent("keyup", like));
        }""")
    submission = explained(review.submission(anywhere.submit()))
    assert submission.origins == {"script": len(FOREIGN)}
    assert submission.causes == ["insertText"]
    assert submission.verdict == Verdict.STRONG


def test_text_set_while_the_box_has_no_focus_is_silent(anywhere: WorkerPage, review: ReviewApi) -> None:
    anywhere.accept().type("Mine. ").click("#source")
    anywhere.run_script("answer.setRangeText(foreignText, answer.value.length, answer.value.length, 'preserve')")
    submission = explained(review.submission(anywhere.submit()))
    assert submission.text == f"Mine. {FOREIGN}"
    assert submission.came_as("silent") == FOREIGN


def test_a_paste_with_windows_line_ends_is_external_as_a_whole(anywhere: WorkerPage, review: ReviewApi) -> None:
    anywhere.accept().run_script("""
        const lines = "one line of it\\r\\nanother line of it\\r\\n\\r\\nthe last line of it";
        addEventListener("copy", (event) => {
          event.clipboardData.setData("text/plain", lines);
          event.preventDefault();
        }, { once: true });""")
    anywhere.click("#source").press("Control+a", "Control+c").click("#answer").press("Control+v")
    submission = explained(review.submission(anywhere.submit()))
    assert submission.text == "one line of it\nanother line of it\n\nthe last line of it"
    assert submission.origins == {"external": len(submission.text)}


def test_a_pasted_emoji_counts_two_units(anywhere: WorkerPage, review: ReviewApi) -> None:
    anywhere.accept().type("hot ").paste("🌳🌞").press("Backspace").type(" cold")
    submission = explained(review.submission(anywhere.submit()))
    assert submission.text == "hot 🌳 cold"
    assert submission.origins == {"typed": 9, "external": 2}


@in_engines("chromium", "firefox")
def test_a_composition_is_the_writers_own(anywhere: WorkerPage, review: ReviewApi) -> None:
    driver = anywhere.accept().type("to ").driver
    assert isinstance(driver, Chromium | Firefox)
    for text in ("に", "にほ", "にほん", "日本"):
        driver.compose(text)
    driver.commit("日本")
    # Firefox ends a composition in another process than the one that takes the next key.
    until(lambda: any(event[1:] == ["m", 0] for load in anywhere.stored() for event in load), "the composition's end")
    anywhere.type(" now")
    submission = explained(review.submission(anywhere.submit()))
    assert submission.text == "to 日本 now"
    assert submission.came_as("ime") == "日本"
    assert submission.came_as("typed") == "to  now"
    assert submission.events_of("m") == [[1], [0]]
    assert submission.verdict == Verdict.CLEAR


@in_engines("chromium")
def test_a_composition_given_up_leaves_nothing(anywhere: WorkerPage, review: ReviewApi) -> None:
    driver = anywhere.accept().type("to ").driver
    assert isinstance(driver, Chromium)
    driver.compose("に")
    driver.commit("")
    anywhere.type("go")
    submission = explained(review.submission(anywhere.submit()))
    assert submission.text == "to go"
    assert submission.origins == {"typed": 5}
