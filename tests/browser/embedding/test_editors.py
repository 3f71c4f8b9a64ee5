"""Editors whose text is no form's field: recorded as plain text, with the origins that a textarea would give."""

from collections.abc import Iterator

import pytest

from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.firefox import Firefox
from tests.browser.embedding.host_page import HostPage
from tests.browser.embedding.host_site import HostSite
from tests.browser.keytrail import Keytrail
from tests.browser.review_api import ReviewApi, explained
from tests.browser.texts import FOREIGN, OWN
from tests.waiting import until

_EDITABLE = "#answer[contenteditable=true], #answer [contenteditable=true]"
_THERE = f"() => !!document.querySelector('{_EDITABLE}')"
_TEXT = "() => document.querySelector('#answer').innerText.trim()"
EDITORS = ("plain", "tiptap", "quill")


@pytest.fixture
def writer(engine: str, request: pytest.FixtureRequest, embedded: Keytrail, site: HostSite) -> Iterator[HostPage]:
    """A participant in each engine."""
    site.received.clear()
    driver = {"chromium": Chromium, "firefox": Firefox}[engine](request.getfixturevalue(engine))
    yield HostPage(driver, site, embedded)
    driver.close()


def open_editor(writer: HostPage, editor: str) -> HostPage:
    writer.open("editor.html", editor=editor)
    until(lambda: writer.window.look(_THERE), "the editor")
    writer.window.click(_EDITABLE)
    return writer


@pytest.mark.parametrize("engine", ["chromium", "firefox"])
@pytest.mark.parametrize("editor", EDITORS)
def test_typed_and_pasted_text_have_their_origins(writer: HostPage, reviewed: ReviewApi, editor: str) -> None:
    open_editor(writer, editor).type(OWN)
    writer.window.press("Enter")
    writer.type("and  dryx")
    writer.window.press("Backspace")
    writer.paste(FOREIGN)
    text = f"{OWN}\nand  dry{FOREIGN}"
    submission = explained(reviewed.submission(writer.send().form()["receipt"]))
    assert submission.text == text
    assert submission.origins == {"typed": len(OWN) + len("\nand  dry"), "external": len(FOREIGN)}
    assert submission.verdict == "strong"


@pytest.mark.parametrize("engine", ["chromium"])
@pytest.mark.parametrize("editor", EDITORS)
def test_a_reload_brings_the_draft_back(writer: HostPage, reviewed: ReviewApi, editor: str) -> None:
    open_editor(writer, editor).type(OWN)
    writer.window.press("Enter")
    writer.type("and dry")
    until(lambda: writer.stored() == 1, "the first page load's events")
    open_editor(writer, editor)
    until(lambda: "and dry" in writer.window.run(_TEXT), "the draft")
    writer.window.press("Control+End")
    submission = explained(reviewed.submission(writer.type("!").send().form()["receipt"]))
    assert submission.text == f"{OWN}\nand dry!"
    assert submission.verdict == "clear"
    assert submission.origins == {"typed": len(submission.text)}
