"""The texts that simulated sessions write: summaries of the demo studies' items, written for the demo."""

import json
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files


class WritingKind(StrEnum):
    """The style of a text. All are written for the demo."""

    HUMAN = "human"
    LLM = "llm"


@dataclass(frozen=True)
class SourceText:
    """One abstract of a demo study."""

    key: str
    text: str


@dataclass(frozen=True)
class Writing:
    """A summary of one item, 60-130 words. Texts of kind HUMAN need only the keys of their language's
    keyboard.
    """

    item: str
    kind: WritingKind
    text: str


def read_sources(file: str = "items.jsonl") -> tuple[SourceText, ...]:
    """Return a demo study's items, in the order of their file."""
    return tuple(SourceText(row["id"], row["text"]) for row in _rows(file))


def read_writings(file: str = "writings.jsonl") -> tuple[Writing, ...]:
    """Return all texts: in English at least eight of kind HUMAN and three of kind LLM per item."""
    return tuple(Writing(row["item"], WritingKind(row["kind"]), row["text"]) for row in _rows(file))


def _rows(name: str) -> list[dict[str, str]]:
    content = files("keytrail.demo").joinpath("content", name).read_text(encoding="utf-8")
    return [json.loads(line) for line in content.splitlines()]
