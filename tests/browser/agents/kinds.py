"""What shipped agents and typing tools do with an answer box: a catalogue, each kind with its constants' source.

Kinds marked `emulated` send the events that the tool sends, with its constants, through Chromium's protocol; the tool
itself does not run. Naive kinds make no attempt to look like a person; humanised ones do.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from tests.browser.agents import streams
from tests.browser.agents.puppet import Puppet

_NATIVE_SETTER: Final = (
    "Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(answer, answer.value + text);"
    " answer.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: text }));"
)
_PASTE_EVENT: Final = (
    "const data = new DataTransfer(); data.setData('text/plain', text); "
    "answer.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data })); "
    "answer.value += text; "
    "answer.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));"
)
DIGRAPHS: Final = "a person's intervals by digraph"
_COMMAND: Final = "answer.focus(); document.execCommand('insertText', false, text);"
_PHONE: Final[dict[str, Any]] = {"has_touch": True, "is_mobile": True}


@dataclass(frozen=True)
class Kind:
    """One kind of writing. `write` plays it; `browser` are options of the browser's context."""

    name: str
    source: str
    write: Callable[[Puppet], None]
    humanised: bool = False
    browser: dict[str, Any] = field(default_factory=dict)


def _words(text: str) -> list[str]:
    return re.findall(r"\S+\s*", text)


def _phrases(text: str, words: int = 5) -> list[str]:
    found = _words(text)
    return ["".join(found[at : at + words]) for at in range(0, len(found), words)]


def _keys(stream: streams.Stream, *, shift: bool = False, **others: str) -> Callable[[Puppet], None]:
    return lambda puppet: puppet.type(stream, shift=shift, **others)


_INSERTED: Final = (
    Kind("fill", "Playwright `locator.fill`", Puppet.fill),
    Kind("insertText, whole", "protocol's `Input.insertText`", lambda p: p.insert([p.text], (500, 900))),
    Kind(
        "insertText, character by character", "agents' `insert_text` loops, 20 ms", lambda p: p.insert(p.text, (20, 24))
    ),
    Kind("insertText, word by word, even", "150 ms a word", lambda p: p.insert(_words(p.text), (148, 152))),
    Kind(
        "insertText, phrase by phrase, even",
        "as dictation looks, 2 s a phrase",
        lambda p: p.insert(_phrases(p.text), (1990, 2010)),
    ),
    Kind(
        "insertText, streamed tokens",
        "a model's own pace, 15 to 60 ms a word",
        lambda p: p.insert(_words(p.text), (15, 60)),
    ),
    Kind(
        "compositions, word by word",
        "`Input.imeSetComposition`, 120 ms",
        lambda p: p.compose(_words(p.text), (115, 125)),
    ),
    Kind(
        "compositions, phrase by phrase, with Shift",
        "the same, 1.5 to 5 s a phrase, a press of Shift before each",
        lambda p: p.compose(_phrases(p.text), (1500, 5000), "Shift"),
    ),
    Kind("value set", "an extension's `box.value = text`", lambda p: p.script("answer.value = text;")),
    Kind("native setter and event", "what extensions do for React", lambda p: p.script(_NATIVE_SETTER)),
    Kind(
        "native setter, word by word",
        "the same, 80 to 200 ms a word",
        lambda p: p.script(_NATIVE_SETTER, _words(p.text), (80, 200)),
    ),
    Kind("setRangeText", "an extension's", lambda p: p.script("answer.setRangeText(text);")),
    Kind("execCommand, whole", "an extension's", lambda p: p.script(_COMMAND)),
    Kind(
        "execCommand, phrase by phrase",
        "an extension's, 0.4 to 1.5 s",
        lambda p: p.script(_COMMAND, _phrases(p.text), (400, 1500)),
    ),
    Kind(
        "actor, beyond 200 characters",
        "a browser's built-in actor: a simulated paste",
        lambda p: p.script(_PASTE_EVENT),
    ),
    Kind("paste", "Ctrl+V of a text from elsewhere", Puppet.paste),
    Kind(
        "phone: insertText, word by word",
        "a claimed touch screen, 100 ms a word",
        lambda p: p.insert(_words(p.text), (95, 105)),
        browser=_PHONE,
    ),
    Kind(
        "phone: value set, word by word",
        "a claimed touch screen",
        lambda p: p.script("answer.value += text;", _words(p.text), (300, 900)),
        browser=_PHONE,
    ),
)
_KEYED: Final = (
    Kind(
        "actor, up to 45 characters",
        "a browser's built-in actor, sentence by sentence: holds and gaps of 25 ms (emulated)",
        _keys(streams.in_pieces(streams.even(25, 25), 45, 2500)),
    ),
    Kind(
        "actor, up to 200 characters",
        "the same: 5 ms (emulated)",
        _keys(streams.in_pieces(streams.even(5, 5), 200, 2500)),
    ),
    Kind("keyboard.type", "Playwright, no delay (emulated)", _keys(streams.even(1.9, 0.6))),
    Kind("keyboard.type, delay 100", "Playwright `delay=100` (emulated)", _keys(streams.even(1.9, 98))),
    Kind("page.type, delay 50", "Puppeteer holds the key for its delay (emulated)", _keys(streams.even(50, 1))),
    Kind(
        "press_key",
        "one call of a debugger's tool a key, 30 to 60 ms (emulated)",
        _keys(streams.uniform((0.8, 2), (30, 60))),
    ),
    Kind("send_keys", "chromedriver: holds of 0.7 ms (emulated)", _keys(streams.even(0.7, 1.2), shift=True)),
    Kind("performActions", "WebDriver BiDi, pauses of 30 ms (emulated)", _keys(streams.even(30, 30), shift=True)),
    Kind("xdotool type", "12 ms a key by default, holds of 6 ms (emulated)", _keys(streams.even(6, 6, 2), shift=True)),
    Kind("xdotool type --delay 100", "the same, 100 ms (emulated)", _keys(streams.even(50, 50, 2), shift=True)),
    Kind("typewrite, interval 0.05", "PyAutoGUI (emulated)", _keys(streams.even(1.5, 50), shift=True)),
    Kind("SendInput, unicode", "keys without a code, 20 ms (emulated)", _keys(streams.even(3, 17), code="")),
    Kind("SendInput, unicode, slow", "the same, 100 ms (emulated)", _keys(streams.even(3, 97, 5), code="")),
    Kind(
        "keys that hide which they are",
        "a debugger's keys named `Unidentified`, 40 to 60 ms (emulated)",
        _keys(streams.uniform((0.8, 2), (40, 60)), key="Unidentified", code=""),
    ),
)
_HUMANISED: Final = (
    Kind(
        "puppeteer-humanize",
        "npm @forad/puppeteer-humanize 1.1.8, its defaults (emulated)",
        _keys(streams.puppeteer_humanize),
        humanised=True,
    ),
    Kind(
        "emunium",
        "PyPI emunium 3.0.0: 280 characters a minute, within 20 ms (emulated)",
        _keys(streams.uniform((1, 3), (194, 234)), shift=True),
        humanised=True,
    ),
    Kind("humantyping", "PyPI humantyping 1.0.3, its defaults (emulated)", _keys(streams.markov), humanised=True),
    Kind(
        "random delay, 30 to 120 ms",
        "the usual advice for Playwright and Selenium",
        _keys(streams.uniform((1, 3), (30, 120))),
        humanised=True,
    ),
    Kind(
        "uniform holds and intervals",
        "50 to 100 and 80 to 200 ms",
        _keys(streams.uniform((50, 100), (80, 200)), shift=True),
        humanised=True,
    ),
    Kind(
        "normal holds and intervals",
        "80 (15) and 140 (35) ms",
        _keys(streams.normal((80, 15), (140, 35)), shift=True),
        humanised=True,
    ),
    Kind("bursts", "words in runs of 40 to 80 ms, pauses between", _keys(streams.bursts, shift=True), humanised=True),
    Kind(
        "log-normal typist",
        "human holds, long pauses before sentences",
        _keys(streams.typist(), shift=True),
        humanised=True,
    ),
    Kind(
        "log-normal typist with slips",
        "the same, 3 % of letters mistaken and erased",
        _keys(streams.typist(0.03), shift=True),
        humanised=True,
    ),
    Kind(
        "log-normal typist without codes",
        "the same, by unicode input",
        _keys(streams.typist(), code=""),
        humanised=True,
    ),
    Kind(
        "a person's intervals in order",
        "a simulated person's, of another text",
        _keys(streams.persons_order, shift=True),
        humanised=True,
    ),
    Kind(
        "a person's intervals shuffled",
        "the same, in any order",
        _keys(streams.persons_shuffled, shift=True),
        humanised=True,
    ),
    Kind(
        DIGRAPHS,
        "the same, pair by pair",
        _keys(streams.persons_digraphs, shift=True),
        humanised=True,
    ),
)
KINDS: Final = (*_INSERTED, *_KEYED, *_HUMANISED)
