"""Predict typical strokes of keys, so that form 2 stores only the difference."""

from typing import Any, Final, NamedTuple

from keytrail.sessions.codec.layout import CODE_OF, MODIFIERS

REPEAT: Final = 2
_NOT_REPEAT: Final = ~REPEAT
_BEFOREINPUT: Final = 2


class Stroke(NamedTuple):
    """A key that changes the text: its keydown, and the edit that follows at the caret. `char` is its symbol.

    `tail` is the edit without time, type and position. The edit's position is `before` units from the caret; the new
    caret is `after` units from the edit's position.
    """

    char: str
    code: str
    key: str
    tail: list[Any]
    before: int
    after: int


def _typed(char: str, code: str) -> Stroke:
    return Stroke(char, code, char, [0, char, "insertText", _BEFOREINPUT], 0, 1)


STROKES: Final = {
    **{char: _typed(char, code) for char, code in CODE_OF.items()},
    "\n": Stroke("\n", "Enter", "Enter", [0, "\n", "insertLineBreak", _BEFOREINPUT], 0, 1),
    "\b": Stroke("\b", "Backspace", "Backspace", [1, "", "deleteContentBackward", _BEFOREINPUT], -1, 0),
}
"""Strokes by the character that they make; newline and backspace stand for their keys."""

STROKE_OF_KEY: Final = {(stroke.code, stroke.key): stroke for stroke in STROKES.values()}


class Hands:
    """The state that writer and reader share within a batch: held keys, flags in force, the caret."""

    def __init__(self) -> None:
        self.held: list[str] = []
        self.flags = 0
        self.caret = 0

    def down(self, code: str, given: int | None) -> int:
        """Record a keydown with the given flags, or with the predicted ones, which are returned."""
        if code in self.held:
            predicted = self.flags | REPEAT
        else:
            self.held.append(code)
            predicted = self.flags | MODIFIERS.get(code, 0)
        self.flags = (predicted if given is None else given) & _NOT_REPEAT
        return predicted

    def up(self, code: str, given: int | None) -> int:
        """Record a keyup with the given flags, or with the predicted ones, which are returned."""
        predicted = self.flags & ~MODIFIERS.get(code, 0)
        if code in self.held:
            self.held.remove(code)
        self.flags = (predicted if given is None else given) & _NOT_REPEAT
        return predicted
