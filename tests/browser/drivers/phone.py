"""The keyboard of a phone, emulated in Chromium: the events that Android's keyboards cause, not a phone.

Their keydowns name no key (code 229), and their text comes as compositions, or as a whole without any key.
What this does not show: whether every keyboard on every phone does so, and anything of iOS.
"""

from typing import Any, Final, Self

from tests.browser.drivers.chromium import Chromium

SCREEN: Final[dict[str, Any]] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
_HIDDEN: Final = {"windowsVirtualKeyCode": 229, "key": "Unidentified", "code": ""}


class PhoneKeys:
    """An on-screen keyboard in front of a window."""

    def __init__(self, window: Chromium) -> None:
        self._window = window

    def compose(self, word: str) -> Self:
        """Tap a word letter by letter; it stays a composition until something ends it."""
        for end in range(1, len(word) + 1):
            self._down()
            self._window.compose(word[:end])
            self._up()
        return self

    def take(self, word: str, then: str = " ") -> Self:
        """End the composition with a word, the one tapped or another, and go on with a blank."""
        self._down()
        self._window.commit(word)
        self._up()
        return self.tap(then)

    def swipe(self, word: str) -> Self:
        """A word in one stroke."""
        self._down()
        self._window.compose(word)
        self._up()
        return self

    def recompose(self, start: int, end: int, word: str) -> Self:
        """Take a word that stands there back into a composition and make another of it."""
        self._down()
        self._window.compose(word, over=(start, end))
        self._window.commit(word)
        self._up()
        return self

    def tap(self, text: str) -> Self:
        """Tap characters on a keyboard that composes nothing."""
        for character in text:
            self._down()
            self._window.commit(character)
            self._up()
        return self

    def insert(self, text: str) -> Self:
        """Insert a text as a whole and without a key: a suggestion, dictated words, the clipboard's chip."""
        self._window.commit(text)
        return self

    def _down(self) -> None:
        self._window.protocol.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **_HIDDEN})

    def _up(self) -> None:
        self._window.protocol.send("Input.dispatchKeyEvent", {"type": "keyUp", **_HIDDEN})
