"""Words without keys, as a speaking board or an on-screen keyboard inserts them: what the worker and the reviewer see.

No board was tried: the browser inserts each word as a text without a key, or a script does, as a keyboard that an
extension draws. Time is simulated where a board's user would need minutes.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from keytrail.provenance import Verdict
from tests.browser.drivers.chromium import Chromium
from tests.browser.keytrail import STUDY, Keytrail
from tests.browser.marketplace import Marketplace
from tests.browser.requester_page import RequesterPage
from tests.browser.review_api import ReviewApi, Submission, explained
from tests.browser.worker_page import WorkerPage
from tests.cli.running import keytrail as command

FEW = "People like the shade"
ANSWER = (
    "People who walk on hot days like the shade of trees and go a longer way for it. Old people do so most. "
    "Towns should plant trees where people walk already."
)
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LETTERS_A_SECOND = 1
"""Twelve words a minute: faster than most who choose words by a switch or by their gaze."""
TICK = "I use assistive technology or dictation (optional; no reason needed)"
SAYS = "Assistive technology or dictation was used, says the worker."
INSERT = "(word) => { document.execCommand('insertText', false, word); }"
REPLACE = """(word) => {
  const box = document.querySelector('#answer'), data = word;
  box.setRangeText(word, box.selectionStart, box.selectionEnd, 'end');
  box.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertReplacementText', data }));
}"""
WAYS: dict[str, Callable[[Chromium, str], object]] = {
    "the system's": lambda window, word: window.commit(word),
    "an extension's, insertText": lambda window, word: window.run(INSERT, word),
    "an extension's, insertReplacementText": lambda window, word: window.run(REPLACE, word),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, market: Marketplace) -> Iterator[Keytrail]:
    """A study that asks about aids and shows its decisions."""
    folder = tmp_path_factory.mktemp("boards")
    found = Keytrail(folder, market.origin, asks_input_aids=True, copy_days=30, copy_shows_decision=True)
    yield found
    found.close()
    assert "Traceback" not in found.log, found.log


@pytest.fixture(scope="module")
def reviewer(chromium: Browser, server: Keytrail) -> Iterator[Page]:
    """The dashboard, signed in."""
    page = chromium.new_page()
    RequesterPage(page, server.url).sign_in()
    yield page
    page.close()


@pytest.fixture
def window(chromium: Browser) -> Iterator[Chromium]:
    """The page's clocks are ours."""
    found = Chromium(chromium)
    found.page.clock.install(time=MORNING)
    yield found
    found.close()
    assert found.failures == []


@dataclass
class Board:
    """One worker with a board."""

    window: Chromium
    worker: WorkerPage
    insert: Callable[[Chromium, str], object]

    def write(self, text: str, letters_a_second: float = LETTERS_A_SECOND) -> None:
        """Insert a text word by word, each after the time that choosing its letters takes."""
        words = [f"{word} " for word in text.split(" ")]
        for word in (*words[:-1], words[-1].strip()):
            self.window.page.clock.run_for(round(1000 * len(word) / letters_a_second))
            self.insert(self.window, word)
        self.worker.wait_for_text(text)

    def submit(self, *, ticked: bool) -> tuple[str, str]:
        """Submit; the receipt, and the address of the worker's copy."""
        page = self.window.page
        if ticked:
            page.get_by_label(TICK).check()
        expect(page.locator("#problem")).to_be_hidden()
        self.worker.after_simulated_time().click("#submit")
        copy = page.locator("#copy").get_attribute("href") or ""
        return self.worker.click("#finish").receipt(), copy


@pytest.fixture
def board(window: Chromium, server: Keytrail, market: Marketplace) -> Callable[[str], Board]:
    def begin(way: str) -> Board:
        worker = WorkerPage(window, server, market).alone().accept()
        window.page.clock.pause_at(MORNING + timedelta(minutes=5))
        return Board(window, worker, WAYS[way])

    return begin


@pytest.fixture
def look_up(server: Keytrail) -> Iterator[Callable[[str], Submission]]:
    review = ReviewApi(server.url, server.token)
    yield lambda receipt: explained(review.submission(receipt))
    review.close()


def findings_of(submission: Submission) -> set[str]:
    """All but the remark that a program controls this browser, which is true."""
    return set(submission.findings) - {"automation"}


@pytest.mark.parametrize("ticked", [True, False], ids=["says so", "says nothing"])
@pytest.mark.parametrize("way", WAYS)
def test_a_few_words_at_any_pace_never_make_a_strong_verdict(
    board: Callable[[str], Board],
    look_up: Callable[[str], Submission],
    server: Keytrail,
    reviewer: Page,
    way: str,
    *,
    ticked: bool,
) -> None:
    """What the worker's own page and copy say of them, and what the reviewer reads beside the findings."""
    writing = board(way)
    writing.write(FEW, letters_a_second=1000)
    expect(writing.window.page.locator("#count")).to_contain_text("4 words")
    receipt, copy = writing.submit(ticked=ticked)
    submission = look_up(receipt)
    assert submission.text == FEW
    assert findings_of(submission) == {"untyped_text"}
    assert submission.verdict != Verdict.STRONG
    reviewer.goto(f"{server.url}/submissions/{receipt}")
    findings = reviewer.get_by_role("region", name="Findings")
    expect(findings.get_by_role("heading", name="Text without typing")).to_be_visible()
    expect(findings.get_by_text(SAYS)).to_have_count(1 if ticked else 0)
    mine = writing.window.page
    mine.goto(f"{server.url}{copy}")
    expect(mine.locator("#text")).to_have_text(FEW)
    expect(mine.get_by_text("Nothing is decided yet")).to_be_visible()
    expect(mine.get_by_text("Used, as you said")).to_have_count(1 if ticked else 0)


@pytest.mark.parametrize("way", WAYS)
def test_a_whole_answer_at_a_boards_pace_is_worth_a_look_at_most(
    board: Callable[[str], Board], look_up: Callable[[str], Submission], server: Keytrail, reviewer: Page, way: str
) -> None:
    """And if it is excluded after all, the worker reads the innocent reasons, and can say what it was."""
    writing = board(way)
    writing.write(ANSWER)
    receipt, copy = writing.submit(ticked=True)
    submission = look_up(receipt)
    assert (submission.text, submission.verdict) == (ANSWER, Verdict.REVIEW)
    assert findings_of(submission) == {"untyped_text"}
    RequesterPage(reviewer, server.url).decide(receipt, "exclude", "no_typing")
    mine = writing.window.page
    mine.goto(f"{server.url}{copy}")
    decision = mine.get_by_role("region", name="Decision")
    expect(decision).to_contain_text("Dictation, text expanders and browser extensions do this too.")
    expect(mine.get_by_role("button", name="Send objection")).to_be_visible()


def test_those_who_say_so_are_a_group_of_their_own_in_the_false_alarm_figures(
    chromium: Browser, tmp_path: Path, market: Marketplace
) -> None:
    """From the tick in the page, through the export, to `keytrail evaluate`: ten workers with, one without."""
    server = Keytrail(tmp_path, market.origin, asks_input_aids=True)
    for ticked in [*[True] * 10, False]:
        window = Chromium(chromium)
        worker = WorkerPage(window, server, market).alone().accept()
        window.commit(FEW)
        if ticked:
            window.page.get_by_label(TICK).check()
        worker.submit()
        window.close()
    server.close()
    sessions, page = tmp_path / "boards.jsonl", tmp_path / "page.md"
    assert command("export", "wire", STUDY, str(sessions), data=tmp_path).returncode == 0
    said = [json.loads(line).get("input_aids") for line in sessions.read_text().splitlines()]
    assert sorted(said, key=str) == [None, *["Yes"] * 10]
    assert command("evaluate", str(sessions), "--out", str(page), data=tmp_path).returncode == 0
    assert "| input aids: Yes | 0 of 10 " in page.read_text()
