"""What the tools of honest writers do to the answer box, as event sequences (docs/findings.md names the sources).

Each function is one tool acting once or for one sentence; tests put them together to sessions.
"""

from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from keytrail.provenance import to_units
from keytrail.provenance.matching.tiling import common
from tests.provenance.writer import SHIFT, Writer

ALT = 16
OWN = "People walk further in the shade when it is hot. Older people take the longest way around. "
SENTENCE = "So a town should plant its trees where people already walk. "


def entered(**environment: Any) -> Writer:
    """A writer who has read for a while and clicked into the box."""
    writer = Writer(**environment)
    writer.log("q", 9, 900, 1, 0, 0, 80, dt=24_000).log("f", 1, "answer", 1, dt=10)
    return writer.log("a", "touch" if environment.get("pointer") == "coarse" else "pointer", dt=0)


def set_value(writer: Writer, text: str, cause: str = "silent", flags: int = 0, dt: int = 400) -> Writer:
    """The whole value is set; the recorder logs the one stretch that differs."""
    old, new = writer.text, to_units(text)
    head = common(old, 0, new, 0)
    tail = common(old[head:][::-1], 0, new[head:][::-1], 0)
    writer.wait(dt)
    return writer.edit(head, len(old) - head - tail, text[head : len(text) - tail], cause, flags)


def correct(writer: Writer, wrong: str, right: str, cause: str = "silent", flags: int = 0) -> Writer:
    """An assistant replaces a word or phrase where it stands."""
    return set_value(writer, writer.text.replace(wrong, right, 1), cause, flags)


def say(writer: Writer, sentence: str, cause: str = "insertText", words: int = 1, ms: int = 380) -> Writer:
    """Dictation that hands over so many words at a time, as they are said."""
    parts = sentence.split(" ")
    for at in range(0, len(parts), words):
        phrase = " ".join(parts[at : at + words])
        spoken = ("" if at == 0 else " ") + phrase
        writer.wait(ms * len(phrase.split()) + 37 * (at % 3))
        writer.edit(writer.caret, 0, spoken, cause)
    return writer


def say_and_settle(writer: Writer, sentence: str, ms: int = 380) -> Writer:
    """Safari's dictation: words come as they are heard, then the sentence is set anew as it is understood."""
    start = writer.caret
    for at, word in enumerate(sentence.lower().rstrip(". ").split()):
        writer.wait(ms).edit(
            writer.caret, 0, f" {word}" if at else word, "insertReplacementText" if at else "insertText"
        )
    return writer.wait(600).edit(start, writer.caret - start, sentence, "insertReplacementText")


def say_at_once(writer: Writer, sentence: str, cause: str = "insertText", flags: int = 2) -> Writer:
    """Dictation that hands over an utterance when it is over."""
    writer.wait(70 * len(sentence))
    return writer.edit(writer.caret, 0, sentence, cause, flags)


def press(writer: Writer, code: str, key: str, flags: int = 0) -> Writer:
    """A key that makes no text by itself, in the uneven rhythm of a hand."""
    chance = Random(len(writer.events))
    gap, hold = round(min(1_500, chance.lognormvariate(5, 0.6))), round(max(45, chance.gauss(85, 15)))
    return writer.log("k", code, key, flags, dt=gap).log("u", code, flags, dt=hold)


def by_hand(writer: Writer, text: str) -> Writer:
    """Typed in the rhythm of a hand."""
    for char in text:
        code = f"Key{char.upper()}" if char.isalpha() else "Space"
        press(writer, code, char, SHIFT if char.isupper() else 0)
        up = writer.events.pop()
        writer.edit(writer.caret, 0, char, "insertText").events.append(up)
    return writer


def swallowed(writer: Writer, keys: str, text: str, cause: str = "insertText", flags: int = 2) -> Writer:
    """Keys that an input method takes, and the text that it puts in."""
    for key in keys:
        press(writer, f"Key{key.upper()}", key)
    return writer.edit(writer.caret, 0, text, cause, flags)


def injected(writer: Writer, text: str, gone: int = 0) -> Writer:
    """Backspaces and characters that a program injects as key presses of no length, without a place on the keyboard."""
    for _ in range(gone):
        writer.log("k", "Backspace", "Backspace", 0, dt=1)
        writer.edit(writer.caret - 1, 1, "", "deleteContentBackward").log("u", "Backspace", 0, dt=0)
    for char in text:
        writer.log("k", "", char, 0, dt=1).edit(writer.caret, 0, char, "insertText").log("u", "", 0, dt=0)
    return writer


def alt_code(writer: Writer, digits: str, text: str) -> Writer:
    """Windows: digits on the number pad while Alt is down."""
    writer.log("k", "AltLeft", "Alt", ALT, dt=200)
    for digit in digits:
        writer.log("k", f"Numpad{digit}", digit, ALT, dt=160).log("u", f"Numpad{digit}", ALT, dt=70)
    return writer.log("u", "AltLeft", 0, dt=60).edit(writer.caret, 0, text, "insertText")


def take_in_turns(writer: Writer, words: Iterable[str], act: Callable[[Writer], object]) -> Writer:
    """Typed words with an act after each."""
    for word in words:
        writer.type(word)
        act(writer.wait(300))
    return writer
