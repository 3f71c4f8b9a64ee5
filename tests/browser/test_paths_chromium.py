"""Ways into the box that only Chromium's protocol can simulate: input tools, held keys, text from other windows."""

from keytrail.provenance import Verdict
from tests.browser.drivers.chromium import Chromium
from tests.browser.review_api import ReviewApi, explained
from tests.browser.texts import FOREIGN, OWN
from tests.browser.worker_page import WorkerPage


def test_text_from_an_input_tool_comes_without_keys(worker: WorkerPage, window: Chromium, review: ReviewApi) -> None:
    worker.accept()
    window.protocol.send("Input.insertText", {"text": FOREIGN})
    submission = explained(review.submission(worker.submit()))
    assert submission.origins == {"nokey": len(FOREIGN)}
    assert submission.verdict == Verdict.STRONG


def test_a_filled_box_is_found_out(worker: WorkerPage, window: Chromium, review: ReviewApi) -> None:
    worker.accept()
    window.frame.locator("#answer").fill(FOREIGN)
    submission = explained(review.submission(worker.submit()))
    assert submission.origins == {"nokey": len(FOREIGN)}
    assert submission.verdict == Verdict.STRONG


def test_a_character_that_no_key_has_comes_without_keys(worker: WorkerPage, review: ReviewApi) -> None:
    worker.accept().type("five \N{EN DASH} six")
    submission = explained(review.submission(worker.submit()))
    assert submission.came_as("nokey") == "\N{EN DASH}"
    assert submission.origins["typed"] == 9


def test_a_held_key_repeats_and_every_letter_is_typed(worker: WorkerPage, window: Chromium, review: ReviewApi) -> None:
    worker.accept()
    for _ in range(6):
        window.page.keyboard.down("o")
    window.page.keyboard.up("o")
    submission = explained(review.submission(worker.submit()))
    assert submission.text == "oooooo"
    assert submission.origins == {"typed": 6}
    assert [key[2] & 2 for key in submission.events_of("k")] == [0, 2, 2, 2, 2, 2]


def test_text_dragged_from_another_window_is_external(worker: WorkerPage, window: Chromium, review: ReviewApi) -> None:
    worker.accept().type(OWN)
    ((x, y),) = worker.points(len(OWN))
    area = window.frame.frame_element().bounding_box()
    assert area is not None
    data = {"items": [{"mimeType": "text/plain", "data": FOREIGN}], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        place = {"x": x + area["x"], "y": y + area["y"]}
        window.protocol.send("Input.dispatchDragEvent", {"type": kind, "data": data, **place})
    submission = explained(review.submission(worker.submit()))
    assert submission.came_as("external") == FOREIGN
    (drop,) = submission.events_of("d")
    assert drop[2:] == [FOREIGN, 0]
