"""The items of a log of keys, pastes and copies, as the 2023 studies kept it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LoggedKey:
    """A keydown: `KeyboardEvent.key` and its time in ms on any fixed clock."""

    key: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class LoggedPaste:
    """A paste with its whole text."""

    text: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class LoggedCopy:
    """A copy with its text. The logs of 2023 give copies no time, only their place among the other items."""

    text: str
    at_ms: int | None = None


LoggedItem = LoggedKey | LoggedPaste | LoggedCopy


@dataclass(frozen=True, slots=True)
class KeyLog:
    """One submission with its items in the order they were logged.

    `start_ms` is when the page was opened, by the clock of the items, if that is known; else times count from the first
    item that has one.
    """

    items: Sequence[LoggedItem]
    final_text: str
    item_text: str
    instructions: str = ""
    start_ms: int | None = None
