"""Reconstruct the stream of typed keys from a log of keydowns only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from keytrail.provenance.keylogs.logged import LoggedCopy, LoggedItem, LoggedKey, LoggedPaste
from keytrail.provenance.replay.keys import HIDDEN_KEYS
from keytrail.provenance.replay.trace import Down, Press
from keytrail.provenance.wire.events import KeyDown, KeyFlag

_HOLDING = frozenset({"Control", "Meta", "OS"})
_REPEAT_MS = 55
"""The same key again within this time is a held key: systems repeat every 30 to 50 ms, fingers take longer."""


@dataclass(slots=True)
class KeyStream:
    """Keys that make text, in order, and which of them remain if everything was typed and erased at the end of the
    text.
    """

    chars: list[str] = field(default_factory=list)
    times_ms: list[int] = field(default_factory=list)
    remaining: list[int] = field(default_factory=list)
    """Numbers of the keys that no Backspace erased."""
    fresh_ms: list[int] = field(default_factory=list)
    """Times of the keys that were pressed, not held."""
    paste_lags_ms: list[int] = field(default_factory=list)
    """From the V of a shortcut to the paste that follows it."""
    hidden: int = 0
    """Keydowns whose character the browser hides: phones and input methods."""
    presses: list[Press] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All typed text, erased or not."""
        return "".join(self.chars)

    @property
    def remaining_text(self) -> str:
        """The remaining text if everything happened at the end of the text."""
        return "".join(map(self.chars.__getitem__, self.remaining))


def read_keys(items: Sequence[LoggedItem], start_ms: int) -> KeyStream:
    """Return the keys of a log; times count from `start_ms`."""
    stream = KeyStream()
    previous: LoggedKey | None = None
    for item, following in zip_longest(items, items[1:]):
        if isinstance(item, LoggedKey):
            _press(stream, item, _flags(item, previous, following), start_ms)
            previous = item
            if isinstance(following, LoggedPaste) and item.key in {"v", "V"}:
                stream.paste_lags_ms.append(following.at_ms - item.at_ms)
    return stream


def _flags(item: LoggedKey, previous: LoggedKey | None, following: LoggedItem | None) -> int:
    """Mark shortcuts (after Control, or right before their paste or copy) and repeats (fast)."""
    letter = item.key.lower()
    pasted = letter == "v" and isinstance(following, LoggedPaste)
    copied = letter in {"c", "x"} and isinstance(following, LoggedCopy)
    held = previous is not None and previous.key in _HOLDING and letter in "acvxzysbiuf"
    flags = KeyFlag.CTRL if pasted or copied or held else 0
    if previous is not None and previous.key == item.key and item.at_ms - previous.at_ms < _REPEAT_MS:
        flags |= KeyFlag.REPEAT
    return flags


def _press(stream: KeyStream, item: LoggedKey, flags: int, start_ms: int) -> None:
    at_ms = max(0, item.at_ms - start_ms)
    stream.presses.append(Down(at_ms, 0, KeyDown(0, "", item.key, flags)))
    text = "\n" if item.key == "Enter" else item.key
    if item.key == "Backspace":
        if stream.remaining:
            stream.remaining.pop()
    elif item.key in HIDDEN_KEYS:
        stream.hidden += 1
    elif len(text) == 1 and not flags & KeyFlag.CTRL:
        stream.remaining.append(len(stream.chars))
        stream.chars.append(text)
        stream.times_ms.append(at_ms)
        if not flags & KeyFlag.REPEAT:
            stream.fresh_ms.append(at_ms)
