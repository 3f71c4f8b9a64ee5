"""The logged entries of a key log: keys, pastes and copies, as recorded by the 2023 studies."""

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
    """A copy with its text. The logs of 2023 give copies no time, only their position among the other entries."""

    text: str
    at_ms: int | None = None


LoggedItem = LoggedKey | LoggedPaste | LoggedCopy


@dataclass(frozen=True, slots=True)
class KeyLog:
    """One submission with its entries in the order in which they were logged.

    `start_ms` is when the page was opened, by the clock of the entries, if known; otherwise times count from the first
    entry that has one.
    """

    items: Sequence[LoggedItem]
    final_text: str
    item_text: str
    instructions: str = ""
    start_ms: int | None = None
