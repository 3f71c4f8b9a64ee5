"""The texts that simulated sessions write: original summaries of the demo study's items."""

import json
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files


class WritingKind(StrEnum):
    """In whose manner a text is written. All are made up for the demo."""

    HUMAN = "human"
    LLM = "llm"


@dataclass(frozen=True)
class SourceText:
    """One abstract of the demo study."""

    key: str
    text: str


@dataclass(frozen=True)
class Writing:
    """A summary of one item, 60-130 words. Texts of kind HUMAN need only the keys of a US keyboard."""

    item: str
    kind: WritingKind
    text: str


def read_sources() -> tuple[SourceText, ...]:
    """The demo study's items, in the order of their file."""
    return tuple(SourceText(row["id"], row["text"]) for row in _rows("items.jsonl"))


def read_writings() -> tuple[Writing, ...]:
    """All writings: at least eight of kind HUMAN and three of kind LLM an item."""
    return tuple(Writing(row["item"], WritingKind(row["kind"]), row["text"]) for row in _rows("writings.jsonl"))


def _rows(name: str) -> list[dict[str, str]]:
    content = files("keytrail.demo").joinpath("content", name).read_text(encoding="utf-8")
    return [json.loads(line) for line in content.splitlines()]
