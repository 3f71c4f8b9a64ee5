"""The actions of a simulated person at the page, each with the time before it."""

from dataclasses import dataclass, field
from typing import Literal

Place = Literal["instructions", "source", "answer"]


@dataclass(frozen=True, kw_only=True)
class Timed:
    """`wait_ms` passes between the previous action and this one."""

    wait_ms: int = 0


@dataclass(frozen=True)
class PressKey(Timed):
    """Press a key in the answer box. `text` is what it types, if anything; `repeat` if it is held."""

    code: str
    key: str
    text: str = ""
    shift: bool = False
    ctrl: bool = False
    repeat: bool = False


@dataclass(frozen=True)
class ReleaseKey(Timed):
    """Release a key. `shift` and `ctrl` say whether those are still down."""

    code: str
    key: str
    shift: bool = False
    ctrl: bool = False


@dataclass(frozen=True)
class SelectText(Timed):
    """Select this range of the answer with the pointer, or place the caret if start and end are equal."""

    start: int
    end: int


@dataclass(frozen=True)
class Drag(Timed):
    """Select a range of the answer and drag it to `to` (an offset before the move, outside the range)."""

    start: int
    end: int
    to: int


@dataclass(frozen=True)
class CopyText(Timed):
    """Select this text in the page with the pointer, and copy it with Ctrl+C. An empty text is all of that place."""

    place: Place
    text: str = ""


@dataclass(frozen=True)
class Leave(Timed):
    """Turn to another window."""


@dataclass(frozen=True)
class CopyElsewhere(Timed):
    """Copy this text in the other window."""

    text: str


@dataclass(frozen=True)
class Return(Timed):
    """Return to the page after an absence."""


@dataclass(frozen=True)
class Scroll(Timed):
    """Scroll a place by so many CSS pixels (down is positive)."""

    place: Place
    pixels: int


@dataclass(frozen=True)
class Point(Timed):
    """Move the pointer to a spot in a place; across and down are shares of its width and height."""

    place: Place
    across: float
    down: float


@dataclass(frozen=True)
class Insert(Timed):
    """Insert trusted text without a key at the caret, as dictation and input panels do."""

    text: str


@dataclass(frozen=True)
class Script(Timed):
    """Let a script in the page write: by assigning the box's value, or by the editing command at the caret."""

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
    """One session: who writes what, how, and the expected text at the end."""

    label: str
    person: str
    item: str
    text: str
    actions: tuple[Action, ...] = field(repr=False)

    @property
    def duration_ms(self) -> int:
        """Time from opening the task to the last action."""
        return sum(action.wait_ms for action in self.actions)
