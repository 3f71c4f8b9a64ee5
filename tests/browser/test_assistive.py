"""The worker's pages with a screen reader, a keyboard or a single switch: roles, names, announcements and targets.

No screen reader runs here: what it reads is the browser's accessibility tree, and what it says by itself are changes of
live regions.
"""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, expect

from keytrail.language import language_named, message
from keytrail.studies.briefing import PASTING
from keytrail.worker.script_messages import _FIXED as SENTENCES
from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.phone import SCREEN
from tests.browser.keytrail import Keytrail
from tests.browser.marketplace import Marketplace
from tests.browser.test_narrow_pages import UNCHANGED, Stage, server, stages
from tests.browser.worker_page import WorkerPage
from tests.waiting import until

__all__ = ["server", "stages"]  # fixtures

TAGS: Final = ("en", "ar")
TARGET_PX: Final = 24
"""WCAG 2.2, success criterion 2.5.8."""

LISTEN = """() => {
  globalThis.heard = [];
  const spoken = (element) => {
    const region = element.closest('[aria-live], [role=alert], [role=status]');
    return region && region.getAttribute('aria-live') !== 'off' && !region.hidden;
  };
  new MutationObserver((changes) => {
    const elements = new Set(changes.map(({ target }) => target.nodeType === 1 ? target : target.parentElement));
    for (const element of elements) if (element.textContent && spoken(element)) heard.push(element.textContent);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
"""Note what live regions say."""

FOCUSED = """() => {
  const at = document.activeElement, root = document.documentElement, body = document.body;
  if (!at || at === body || at === root) return null;
  const boxes = [at, ...(at.labels ?? [])].map((element) => element.getBoundingClientRect());
  const footer = document.querySelector('.submit-line');
  const item = document.querySelector('[data-writing] > .reading');
  const { top, bottom, height } = at.getBoundingClientRect();
  const line = footer && !footer.contains(at) ? footer.getBoundingClientRect() : { top: 0, bottom: 0 };
  const sticky = item && getComputedStyle(item).position === 'sticky' && !item.contains(at);
  const over = sticky ? item.getBoundingClientRect().bottom : 0;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  at.dataset.reached = '1';
  return {
    what: at.id || at.name || at.outerHTML.slice(0, 80),
    target: [Math.max(...boxes.map((box) => box.width)), Math.max(...boxes.map((box) => box.height))],
    shown:
      Math.min(bottom, innerHeight) - Math.max(top, over) -
      Math.max(0, Math.min(bottom, line.bottom) - Math.max(top, line.top)),
    height,
    ring: outlineStyle === 'none' ? 0 : parseFloat(outlineWidth),
  };
}"""
"""What has the focus: how large it is to hit, how much of it is in sight, and the width of its outline."""

UNREACHED = """() => [...document.querySelectorAll('a[href], button, input, textarea, summary, [tabindex="0"]')]
  .filter((element) => element.type !== 'hidden' && element.checkVisibility() && !element.dataset.reached)
  .filter(({ type, name }) => type !== 'radio' || !document.querySelector(`[name="${name}"][data-reached]`))
  .map((element) => element.outerHTML.slice(0, 80))"""
"""Visible controls that Tab did not reach; of radio buttons one in a group is enough, arrow keys reach the others."""


@pytest.fixture(params=TAGS)
def tag(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Chromium]:
    window = Chromium(chromium, **SCREEN)
    yield window
    window.close()
    assert window.failures == []


def said(tag: str, sentence: str) -> str:
    return language_named(tag).text(message(sentence))


def controls(window: Chromium) -> list[dict[str, Any]]:
    """The nodes of the accessibility tree that take the focus."""
    nodes = window.protocol.send("Accessibility.getFullAXTree")["nodes"]
    found = [node for node in nodes if not node["ignored"] and node["role"]["value"] != "RootWebArea"]
    return [node for node in found if any(one["name"] == "focusable" for one in node.get("properties", ()))]


def test_every_control_has_a_name_a_way_by_one_key_and_a_size(
    phone: Chromium, server: Keytrail, stages: dict[str, Stage], tag: str
) -> None:
    """A switch that steps through a page needs what Tab and Enter need, and a target that can be hit."""
    found = []
    for name, stage in stages.items():
        server.change_study(**UNCHANGED | stage.study, language=tag)
        phone.open(f"{server.url}{stage.path}")
        phone.run("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found += [
            (name, "no role or name", node["role"]["value"])
            for node in controls(phone)
            if node["role"]["value"] == "generic" or not node.get("name", {}).get("value")
        ]
        for _ in range(40):
            phone.press("Tab")
            at = phone.run(FOCUSED)
            if at is None:
                break
            if min(at["target"]) < TARGET_PX:
                found.append((name, at["what"], f"{at['target']} pixels"))
            if at["shown"] < min(at["height"], TARGET_PX):
                found.append((name, at["what"], f"only {at['shown']} of {at['height']} pixels in sight"))
            if at["ring"] < 2:
                found.append((name, at["what"], "no visible focus"))
        found += [(name, element, "not reached by Tab") for element in phone.run(UNREACHED)]
    assert found == []


def test_what_a_screen_reader_hears_while_one_writes(
    phone: Chromium, server: Keytrail, market: Marketplace, tag: str
) -> None:
    """Names of the parts, then what is announced: crossing a limit, a refused paste, an error, a lost connection."""
    server.change_study(**UNCHANGED, language=tag, minimum_words=3, rules={"refuse_paste": 1.0})
    worker = WorkerPage(phone, server, market).alone().open().click("#consent").wait_for_recorder()
    main = phone.page.get_by_role("main")
    expect(main.get_by_role("heading", level=1)).to_be_visible()
    expect(main.get_by_role("region", name=said(tag, "Instructions"))).to_be_visible()
    expect(main.get_by_role("group", name=said(tag, "The text"), exact=True)).to_have_attribute("tabindex", "0")
    box = main.get_by_role("textbox", name=said(tag, "Your text"), exact=True)
    expect(box).to_have_accessible_description(phone.page.locator("#count").inner_text())
    expect(main.get_by_role("checkbox", name=said(tag, "My own notes"))).to_be_hidden()
    submit = main.get_by_role("button", name=said(tag, "Submit"), exact=True)

    phone.run(LISTEN)
    box.focus()
    worker.type("one two")
    submit.dispatch_event("click")
    problem = phone.page.get_by_role("alert")
    expect(problem).to_be_visible()
    expect(box).to_be_focused()
    expect(box).to_have_accessible_description(f"{problem.inner_text()} {phone.page.locator('#count').inner_text()}")
    assert heard(phone) == [problem.inner_text()]
    worker.type(" three four")
    (crossed,) = heard(phone)
    assert "3" in crossed
    worker.paste("a text from elsewhere").wait_for_text("one two three four")
    assert heard(phone) == [language_named(tag).text(PASTING)]
    phone.context.set_offline(True)
    worker.type(" five")
    until(lambda: phone.run("() => heard.length"), "the state of the connection")
    assert heard(phone) == [language_named(tag).text(SENTENCES["offline"])]
    phone.context.set_offline(False)
    phone.run("() => { dispatchEvent(new Event('online')); }")
    until(lambda: phone.run("() => heard.length"), "the connection to be back")
    assert heard(phone) == [language_named(tag).text(SENTENCES["saved"])]
    submit.dispatch_event("click")
    expect(phone.page.get_by_role("main", name=language_named(tag).text(SENTENCES["done"]))).to_be_focused()


def heard(window: Chromium) -> list[str]:
    """What live regions have said since the last call."""
    return list(window.run("() => heard.splice(0)"))
