"""Read whole sessions in wire format 1, as JSON Lines (docs/wire-format.md)."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from keytrail.errors import ImportFailed
from keytrail.imports.recognising import refuse_other
from keytrail.imports.storing import ImportedSession
from keytrail.models import WIRE_1, PageRule
from keytrail.provenance import BadEvent, decode
from keytrail.provenance.formatting import count
from keytrail.text_files import not_json, open_text
from keytrail.validation import named_sentences

_GROUPS = ("first_language", "device", "layout", "input_method", "input_aids", "task")


class _Epoch(BaseModel):
    events: list[Any]


class _Line(BaseModel):
    """One finished session; unknown keys are ignored."""

    model_config = ConfigDict(extra="ignore")

    v: int = Field(ge=1, le=1)
    session: str | int | None = None
    item: str
    text: str
    events: list[Any] | None = None
    epochs: list[_Epoch] | None = None
    item_id: str | None = Field(None, max_length=128)
    worker: str | int | None = None
    instructions: str | None = None
    label: str | int | bool | None = None
    condition: str | None = Field(None, max_length=64)
    page_rules: list[PageRule] | None = Field(None, max_length=2)
    submitted_at: datetime | None = None
    first_language: str | None = Field(None, max_length=64)
    device: str | None = Field(None, max_length=64)
    layout: str | None = Field(None, max_length=64)
    input_method: str | None = Field(None, max_length=64)
    input_aids: str | None = Field(None, max_length=64)
    task: str | None = Field(None, max_length=64)
    masked: bool = False

    @model_validator(mode="after")
    def _one_log(self) -> "_Line":
        if (self.events is None) == (self.epochs is None):
            raise ValueError("give either 'events' or 'epochs'")
        return self

    @model_validator(mode="after")
    def _not_masked(self) -> "_Line":
        if self.masked:
            raise ValueError("the text of this log was masked, so it cannot be analysed again")
        return self


def read_wire(path: Path, now: datetime) -> list[ImportedSession]:
    """Return every session of a file (.jsonl or .jsonl.gz). Raises ImportFailed that lists every bad line."""
    refuse_other(path, "wire", "a file of sessions in wire format 1")
    sessions: list[ImportedSession] = []
    problems: list[str] = []
    for number, line in _lines(path):
        try:
            sessions.append(_session(line, number, now))
        except BadEvent as error:
            problems.append(f"line {number}: {error}")
        except ValidationError as error:
            problems += [f"line {number}: {problem}" for problem in named_sentences(error, "line")]
        except ValueError as error:
            problems.append(f"line {number}: {not_json(error)}")
        except RecursionError:
            problems.append(f"line {number}: its lists are nested too deeply")
    if not sessions and not problems:
        problems.append("line 1: the file holds no sessions")
    if problems:
        raise ImportFailed(f"Nothing was imported from {path}: {count(len(problems), 'problem')}.", problems)
    return sessions


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    with open_text(path) as file:
        yield from ((number, line) for number, line in enumerate(file, start=1) if line.strip())


def _session(line: str, number: int, now: datetime) -> ImportedSession:
    # json, not pydantic's parser: a lone surrogate is legal here.
    parsed = _Line.model_validate(json.loads(line))
    epochs = [parsed.events] if parsed.events is not None else [epoch.events for epoch in parsed.epochs or []]
    for events in epochs:
        for index, event in enumerate(events):
            decode(event, index)
    name = str(parsed.session if parsed.session is not None else f"line-{number}")
    submitted = parsed.submitted_at or now
    return ImportedSession(
        session=name,
        worker=str(parsed.worker if parsed.worker is not None else name),
        item_text=parsed.item,
        text=parsed.text,
        epochs=epochs,
        log_format=WIRE_1,
        submitted_at=submitted if submitted.tzinfo else submitted.astimezone(),
        item_id=parsed.item_id,
        label=None if parsed.label is None else str(parsed.label)[:200],
        condition=parsed.condition,
        page_rules=parsed.page_rules,
        groups={name: value for name in _GROUPS if (value := getattr(parsed, name))},
    )
