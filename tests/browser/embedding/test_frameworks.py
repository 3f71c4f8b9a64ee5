"""Forms that a framework creates late and whose text is the framework's state."""

import json

import pytest

from tests.browser.embedding.host_page import ChromiumHostPage
from tests.browser.review_api import ReviewApi, explained
from tests.browser.texts import OWN
from tests.waiting import until


@pytest.mark.parametrize("framework", ["react", "vue"])
def test_the_box_is_waited_for_and_a_reload_brings_the_draft_back(
    host_page: ChromiumHostPage, reviewed: ReviewApi, framework: str
) -> None:
    window = host_page.window

    def start() -> None:
        host_page.open(f"{framework}.html").window.click("#start")
        host_page.begin()

    def length() -> int:
        return int(window.run("() => document.querySelector('#length').textContent"))

    start()
    host_page.type(OWN)
    until(lambda: host_page.stored() == 1, "the first page load's events")
    start()
    host_page.wait_for_text(OWN)
    assert length() == len(OWN)
    window.press("Control+End")
    host_page.type(" now")
    assert length() == len(f"{OWN} now")
    form = host_page.send().form()
    submission = explained(reviewed.submission(form["receipt"]))
    assert form["answer"] == submission.text == f"{OWN} now"
    assert submission.verdict == "clear"
    assert submission.origins == {"typed": len(f"{OWN} now")}


def test_a_box_in_a_shadow_root_is_refused_with_a_sentence(host_page: ChromiumHostPage) -> None:
    host_page.window.page.clock.install()
    host_page.open("vue.html")
    host_page.window.run("""() => {
      const root = document.getElementById("page").attachShadow({ mode: "open" });
      root.innerHTML = "<textarea id=answer></textarea>";
    }""")
    host_page.window.page.clock.fast_forward(10_000)
    host_page.wait_for_complaint("shadow root")


BOX = "<div id=answer contenteditable=true{}></div>"
UNTRIED = {
    "Lexical": BOX.format(" data-lexical-editor=true"),
    "CodeMirror 6": f"<div class=cm-editor>{BOX.format('')}</div>",
    "CodeMirror 5": f"<div class=CodeMirror>{BOX.format('')}</div>",
    "Monaco": f"<div class=monaco-editor>{BOX.format('')}</div>",
    "Ace": f"<div class=ace_editor>{BOX.format('')}</div>",
    "CKEditor": BOX.format(" class=ck-editor__editable"),
    "Slate": BOX.format(" data-slate-editor=true"),
    "Draft.js": BOX.format(" class=public-DraftEditor-content"),
    "Trix": "<trix-editor id=answer contenteditable=true></trix-editor>",
}
"""As each editor marks its box, or what stands around it."""


@pytest.mark.parametrize("editor", UNTRIED)
def test_an_editor_that_was_not_tried_is_refused_with_a_sentence(host_page: ChromiumHostPage, editor: str) -> None:
    host_page.open("vue.html").window.run(
        "() => { document.getElementById('page').innerHTML = " + json.dumps(UNTRIED[editor]) + "; }"
    )
    host_page.wait_for_complaint("editor cannot be recorded")


def test_a_box_that_never_comes_is_named(host_page: ChromiumHostPage) -> None:
    host_page.window.page.clock.install()
    host_page.open("vue.html").window.page.clock.fast_forward(10_000)
    host_page.wait_for_complaint("no #answer on this page")
