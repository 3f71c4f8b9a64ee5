"""What a simulated person does at the page, action by action, with the time that passes before each."""

from dataclasses import dataclass, field
from typing import Literal

Place = Literal["instructions", "source", "answer"]


@dataclass(frozen=True, kw_only=True)
class Timed:
    """`wait_ms` passes between the previous action and this one."""

    wait_ms: int = 0


@dataclass(frozen=True)
class PressKey(Timed):
    """A key goes down in the answer box. `text` is what it types, if anything; `repeat` if it is held."""

    code: str
    key: str
    text: str = ""
    shift: bool = False
    ctrl: bool = False
    repeat: bool = False


@dataclass(frozen=True)
class ReleaseKey(Timed):
    """A key is released. `shift` and `ctrl` tell whether those are still down."""

    code: str
    key: str
    shift: bool = False
    ctrl: bool = False


@dataclass(frozen=True)
class SelectText(Timed):
    """The pointer selects this range of the answer, or places the caret if start and end are equal."""

    start: int
    end: int


@dataclass(frozen=True)
class Drag(Timed):
    """The pointer selects a range of the answer and drags it to `to` (an offset before the move, outside the range)."""

    start: int
    end: int
    to: int


@dataclass(frozen=True)
class CopyText(Timed):
    """The pointer marks this text in the page, and Ctrl+C copies it. An empty text is all of that place."""

    place: Place
    text: str = ""


@dataclass(frozen=True)
class Leave(Timed):
    """The person turns to another window."""


@dataclass(frozen=True)
class CopyElsewhere(Timed):
    """In that other window, this text is put on the clipboard."""

    text: str


@dataclass(frozen=True)
class Return(Timed):
    """The person comes back to the page."""


@dataclass(frozen=True)
class Scroll(Timed):
    """The wheel turns over a place, by so many CSS pixels (down is positive)."""

    place: Place
    pixels: int


@dataclass(frozen=True)
class Point(Timed):
    """The pointer moves to a spot in a place; across and down are shares of its width and height."""

    place: Place
    across: float
    down: float


@dataclass(frozen=True)
class Insert(Timed):
    """Trusted text without a key at the caret, as dictation and input panels make it."""

    text: str


@dataclass(frozen=True)
class Script(Timed):
    """A script in the page writes: by assigning the box's value, or by the editing command at the caret."""

    how: Literal["value", "command"]
    text: str


Action = (
    PressKey
    | ReleaseKey
    | SelectText
    | Drag
    | CopyText
    | Leave
    | CopyElsewhere
    | Return
    | Scroll
    | Point
    | Insert
    | Script
)


@dataclass(frozen=True)
class SessionPlan:
    """One session: who writes what, how, and the text that must stand in the box at the end."""

    label: str
    person: str
    item: str
    text: str
    actions: tuple[Action, ...] = field(repr=False)

    @property
    def duration_ms(self) -> int:
        """Time from the first look at the task to the last action."""
        return sum(action.wait_ms for action in self.actions)
