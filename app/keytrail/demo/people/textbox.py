"""A simulated text box: the effect of a plan's actions on the answer's text."""

import re

from keytrail.demo.people.actions import Action, CopyElsewhere, CopyText, Drag, Insert, PressKey, Script, SelectText


class TextBox:
    """Text, selection and clipboard, following Chromium on Linux for the keys that plans use.

    With `refuses_paste` pasting is prevented.

    Recording compares the model with the real box at the end of every session. Lengths are Python characters: plans
    keep to the basic multilingual plane, where they equal UTF-16 units.
    """

    def __init__(self) -> None:
        self.text = ""
        self.start = 0
        self.end = 0
        self.clipboard = ""
        self.refuses_paste = False
        self._past: list[tuple[str, int, int]] = []
        self._future: list[tuple[str, int, int]] = []
        self._typing_at: int | None = None

    def apply(self, action: Action) -> None:
        """Apply an action as the browser would. Raises ValueError for a range outside the text or an unknown key."""
        match action:
            case PressKey(ctrl=True):
                self._command(action)
            case PressKey(text=text) if text:
                self._write(text, typing=True)
            case PressKey():
                self._named_key(action)
            case SelectText(start=start, end=end):
                self._check(start, end)
                self._put_caret(start, end)
            case Drag():
                self._drag(action)
            case Insert(text=text) | Script(how="command", text=text):
                self._write(text)
            case Script(text=text):
                self.text, self._past, self._future = text, [], []
                self._put_caret(len(text))
            case CopyElsewhere(text=text) | CopyText(text=text):
                self.clipboard = text

    def _command(self, action: PressKey) -> None:
        match action.key.lower():
            case "a":
                self._put_caret(0, len(self.text))
            case "c":
                self.clipboard = self.text[self.start : self.end]
            case "x":
                self.clipboard = self.text[self.start : self.end]
                self._write("")
            case "v":
                if not self.refuses_paste:
                    self._write(re.sub("\r\n?", "\n", self.clipboard))
            case "z":
                self._restore(redo=action.shift)
            case "end":
                self._put_caret(len(self.text))
            case "home":
                self._put_caret(0)
            case "control" | "shift":
                pass
            case _:
                raise ValueError(f"Ctrl+{action.key} has no meaning in a plan")

    def _named_key(self, action: PressKey) -> None:
        match action.key:
            case "Backspace":
                if self.start == self.end:
                    self._delete_before(typing=True)
                else:
                    self._write("")
            case "ArrowLeft" if self.start == self.end:
                self._put_caret(max(self.start - 1, 0))
            case "ArrowRight" if self.start == self.end:
                self._put_caret(min(self.start + 1, len(self.text)))
            case "Shift" | "Control":
                pass
            case _:
                raise ValueError(f"{action.key} has no meaning in a plan")

    def _write(self, text: str, *, typing: bool = False) -> None:
        self._remember(typing=typing and self.start == self.end)
        self.text = self.text[: self.start] + text + self.text[self.end :]
        self.start = self.end = self.start + len(text)
        self._typing_at = self.start if typing else None

    def _delete_before(self, *, typing: bool) -> None:
        self._remember(typing=typing)
        before = max(self.start - 1, 0)
        self.text = self.text[:before] + self.text[self.start :]
        self.start = self.end = before
        self._typing_at = before

    def _drag(self, action: Drag) -> None:
        self._check(action.start, action.end)
        if action.start <= action.to <= action.end:
            raise ValueError("a drag that ends where it began moves nothing")
        self._remember()
        moved = self.text[action.start : action.end]
        rest = self.text[: action.start] + self.text[action.end :]
        to = action.to if action.to < action.start else action.to - len(moved)
        self.text = rest[:to] + moved + rest[to:]
        self._put_caret(to, to + len(moved))

    def _remember(self, *, typing: bool = False) -> None:
        """Add a step to the browser's undo list; keys without a caret move between them are one step."""
        if not (typing and self._typing_at == self.start):
            self._past.append((self.text, self.start, self.end))
        self._future.clear()

    def _restore(self, *, redo: bool) -> None:
        source, target = (self._future, self._past) if redo else (self._past, self._future)
        if source:
            target.append((self.text, self.start, self.end))
            self.text, self.start, self.end = source.pop()
        self._typing_at = None

    def _put_caret(self, start: int, end: int | None = None) -> None:
        self.start, self.end = start, start if end is None else end
        self._typing_at = None

    def _check(self, start: int, end: int) -> None:
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"{start}-{end} is outside a text of {len(self.text)} characters")
