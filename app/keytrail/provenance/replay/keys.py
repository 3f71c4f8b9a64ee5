"""Match keydowns with the text that they make: each may explain one insertion, once."""

from keytrail.provenance.wire.events import KeyFlag

_SHORTCUT = KeyFlag.CTRL | KeyFlag.META
_THIRD_LEVEL = KeyFlag.CTRL | KeyFlag.ALT
_COMBINING = frozenset({"Dead", "Compose"})
HIDDEN_KEYS = frozenset({"Process", "Unidentified"})
_KEPT = 8


def is_shortcut(flags: int) -> bool:
    """Return whether a key was pressed with Ctrl or Meta. Ctrl and Alt together are AltGr on Windows."""
    return bool(flags & _SHORTCUT) and not (flags & KeyFlag.ALT_GRAPH or flags & _THIRD_LEVEL == _THIRD_LEVEL)


def made_by(key: str, flags: int) -> str | None:
    """Return the text that a keydown makes, or None for a shortcut, a modifier or another key without text.

    Named keys are ASCII words with a capital; other keys are the text that they make, which may be several letters
    where an input method injects a syllable.
    """
    if is_shortcut(flags):
        return None
    if len(key) == 1 or not key.isascii() or key.islower():
        return key
    return "\n" if key == "Enter" else None


def makes_text(key: str, flags: int) -> bool:
    """Return whether a keydown can make text, also through an input method that hides which key it was."""
    return key in HIDDEN_KEYS or made_by(key, flags) is not None


class KeyQueue:
    """The last trusted keydowns that no text has used yet."""

    __slots__ = ("_combining", "_hidden_at", "_patience", "_waiting", "_window")

    def __init__(self, window_ms: int, patience_ms: int) -> None:
        self._window = window_ms
        self._patience = patience_ms
        self._waiting: list[tuple[int, str, int]] = []
        self._combining = False
        self._hidden_at: int | None = None

    def press(self, at_ms: int, key: str, flags: int, number: int) -> None:
        """Add a trusted keydown; `number` identifies it."""
        text = key if len(key) == 1 and not flags & _SHORTCUT else made_by(key, flags)
        if text is None:
            if key in HIDDEN_KEYS:
                self._hidden_at = at_ms
            elif key in _COMBINING:
                self._combining = True
            return
        waiting = self._waiting
        waiting.append((at_ms, text, number))
        if len(waiting) > _KEPT:
            del waiting[0]

    def clear(self) -> None:
        """Forget all keys: a new page load, or events are missing."""
        self._waiting.clear()
        self._combining = False
        self._hidden_at = None

    def take(self, text: str, at_ms: int) -> int | None:
        """Use up the keydown that made `text`, and all older ones; None if there is none.

        The newest key may be a while ago: on a busy machine its input event comes late, but no other key comes between.
        A key that makes several units (an astral character) may give them one by one.
        """
        waiting = self._waiting
        earliest = at_ms - self._patience
        for at in range(len(waiting) - 1, -1, -1):
            pressed, made, number = waiting[at]
            if pressed < earliest:
                del waiting[: at + 1]
                return None
            if made.startswith(text):
                del waiting[: at + 1]
                if len(made) > len(text):
                    waiting.insert(0, (pressed, made[len(text) :], number))
                self._combining = False
                return number
            earliest = at_ms - self._window
        return None

    def explain(self, text: str, at_ms: int) -> list[int] | None:
        """Return keydown numbers for each unit of an insertion; None (and nothing used) unless keys explain
        all of it.
        """
        if len(text) > 2 * _KEPT:
            return None
        number = self.take(text, at_ms)
        if number is None:
            return self._in_order(text, at_ms) or self._combined(text, at_ms)
        return [number] * len(text)

    def _in_order(self, text: str, at_ms: int) -> list[int] | None:
        numbers: list[int] = []
        for pressed, made, number in self._waiting:
            if pressed >= at_ms - self._window and text.startswith(made, len(numbers)):
                numbers += [number] * len(made)
        if len(numbers) < len(text):
            return None
        self._waiting = [entry for entry in self._waiting if entry[2] > numbers[-1]]
        return numbers

    def _combined(self, text: str, at_ms: int) -> list[int] | None:
        """Return the keydown after a dead or compose key, whose text differs from the key's own."""
        if not self._combining or not self._waiting or self._waiting[-1][0] < at_ms - self._window or len(text) > 2:  # noqa: PLR2004 - one character
            return None
        self._combining = False
        number = self._waiting[-1][2]
        self._waiting.clear()
        return [number] * len(text)

    def take_hidden(self, at_ms: int) -> bool:
        """Return whether a key whose text the browser hides (code 229) came just before; it is used up."""
        hidden, self._hidden_at = self._hidden_at, None
        return hidden is not None and hidden >= at_ms - self._patience
