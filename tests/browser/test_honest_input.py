"""Honest input in a real browser (assistants, emoji panels, dictation) is not flagged; programs are."""

import time

import pytest

from keytrail.provenance import Verdict
from tests.browser.drivers.chromium import Chromium
from tests.browser.review_api import ReviewApi, explained
from tests.browser.test_paths import in_engines
from tests.browser.texts import FOREIGN, OWN
from tests.browser.worker_page import WorkerPage

WRONG = "peple wlk in the shde when its hto"
RIGHT = (("peple", "people"), ("wlk", "walk"), ("shde", "shade"), ("its", "it's"), ("hto", "hot"))
SENTENCES = ("Shade helps. ", "They walk further on hot days. ")
"""Fewer than fifty characters, as OWN is."""
REPHRASED = "Trees cool us. "
WAYS = {
    "value": "answer.value = whole;",
    "value and event": "answer.value = whole; answer.dispatchEvent(new Event('input', { bubbles: true }));",
    "setRangeText": "answer.setRangeText(to, at, at + from.length, 'preserve');",
    "command": "answer.setSelectionRange(at, at + from.length); document.execCommand('insertText', false, to);",
    "replacement": """answer.value = whole;
        const told = { bubbles: true, inputType: 'insertReplacementText', data: to };
        answer.dispatchEvent(new InputEvent('input', told));""",
}
CORRECT = """(from, to) => {
  const answer = document.querySelector('#answer'), at = answer.value.indexOf(from);
  const whole = answer.value.slice(0, at) + to + answer.value.slice(at + from.length);
  %s
}"""


@pytest.mark.parametrize("way", WAYS)
def test_words_that_an_assistant_corrects(anywhere: WorkerPage, review: ReviewApi, way: str) -> None:
    anywhere.accept().type(WRONG)
    for wrong, right in RIGHT:
        anywhere.driver.run(CORRECT % WAYS[way], wrong, right)
        anywhere.wait_until_recorded()
    submission = explained(review.submission(anywhere.submit()))
    assert submission.text == "people walk in the shade when it's hot"
    assert set(submission.origins) == {"typed", "assist"}
    assert submission.verdict == Verdict.CLEAR


@pytest.mark.parametrize("way", WAYS)
def test_a_sentence_that_an_assistant_rewrites(anywhere: WorkerPage, review: ReviewApi, way: str) -> None:
    anywhere.accept().type("".join(SENTENCES))
    anywhere.driver.run(CORRECT % WAYS[way], SENTENCES[0], REPHRASED)
    anywhere.wait_until_recorded()
    submission = explained(review.submission(anywhere.submit()))
    assert set(submission.origins) == {"typed", "rewritten"}
    assert "rewritten_text" in submission.findings
    assert submission.verdict == Verdict.REVIEW


@pytest.mark.parametrize("emoji", ["\N{DECIDUOUS TREE}", "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"])
def test_emoji_from_the_systems_panel(worker: WorkerPage, window: Chromium, review: ReviewApi, emoji: str) -> None:
    worker.accept()
    for words in ("People walk", " in the shade", " when it is"):
        worker.type(words)
        window.protocol.send("Input.insertText", {"text": emoji})
    submission = explained(review.submission(worker.submit()))
    assert not set(submission.findings) & {"untyped_text", "unusual_characters"}
    assert submission.verdict == Verdict.CLEAR


def test_a_dictated_sentence_in_a_typed_text(worker: WorkerPage, window: Chromium, review: ReviewApi) -> None:
    worker.accept().type("I think so. ")
    for phrase in ("people walk", " in the shade", " when it is hot", ". "):
        time.sleep(len(phrase) / 20)
        window.protocol.send("Input.insertText", {"text": phrase})
    submission = explained(review.submission(worker.submit()))
    assert submission.verdict == Verdict.REVIEW
    assert "untyped_text" in submission.findings


@in_engines("chromium", "firefox")
def test_a_draft_from_the_comment_field(anywhere: WorkerPage, review: ReviewApi) -> None:
    anywhere.accept().click("details.comment summary").click("#comment").type(OWN).press("Control+a", "Control+x")
    time.sleep(5)  # as long as a fast typist takes for it
    anywhere.click("#answer").press("Control+v").wait_for_text(OWN)
    submission = explained(review.submission(anywhere.submit()))
    assert submission.text == OWN
    assert submission.verdict == Verdict.REVIEW


@pytest.mark.parametrize("way", WAYS)
def test_the_whole_text_by_the_same_ways_is_strong(anywhere: WorkerPage, review: ReviewApi, way: str) -> None:
    anywhere.accept().type("asdf")
    anywhere.driver.run(CORRECT % WAYS[way], "asdf", FOREIGN)
    anywhere.wait_until_recorded()
    submission = explained(review.submission(anywhere.submit()))
    assert submission.verdict == Verdict.STRONG
