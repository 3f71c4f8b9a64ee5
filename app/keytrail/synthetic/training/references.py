"""Store and load a study's reference texts."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.errors import ImportFailed
from keytrail.models import Item, ReferenceText, Study
from keytrail.provenance.formatting import count
from keytrail.studies import study_by_slug
from keytrail.studies.item_files import SheetTable, read_table
from keytrail.text.classifier.corpus import Label, ReferenceOrigin, TrainingText, text_key
from keytrail.text_files import not_json, unreadable
from keytrail.validation import named_sentences

UNKNOWN_TEMPERATURE = -1
_HUNDREDTHS = 100

TableOf = Callable[[bytes, str], SheetTable]
"""How a file is read: `read_table`, or in a child process."""


class ReferenceRow(BaseModel):
    """One line of a JSON Lines file of imported texts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    item: str = Field(min_length=1, max_length=128)
    text: str = Field(min_length=1, max_length=100_000)
    by: str = Field("model", pattern="^(model|human)$")
    model: str = Field("unknown", min_length=1, max_length=200)
    prompt: str = Field("unknown", min_length=1, max_length=64)
    temperature: float | None = Field(None, ge=0, le=2)


@dataclass(frozen=True)
class StudyMaterial:
    """A study's training material."""

    items: Mapping[str, str]
    generated: Mapping[str, Sequence[str]]
    human: Sequence[TrainingText]
    origins: Sequence[ReferenceOrigin]


@dataclass(frozen=True)
class ImportedReferences:
    """Counts of the texts of a file: stored; left out because the study has them, or the file again."""

    stored: int
    known: int
    repeated: int

    @property
    def left_out(self) -> str:
        """Why texts of the file were not stored, in a sentence; empty if all were."""
        reasons = (
            (self.known, "that the study has already"),
            (self.repeated, "that stand in the file more than once"),
        )
        parts = [f"{count(number, 'text')} {why}" for number, why in reasons if number]
        return f"Left out: {' and '.join(parts)} (the same words about the same item)." if parts else ""


def import_references(database: Database, slug: str, path: Path, now: datetime) -> ImportedReferences:
    """Store the texts of a file on this machine. Raises ImportFailed that lists every bad row, NotFound."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from None
    with database.reading() as db:
        keys = item_keys(db, study_by_slug(db, slug))
    rows = read_references(content, path.name, keys)
    with database.writing() as db:
        return store_references(db, study_by_slug(db, slug), rows, path.name, now)


def item_keys(db: Session, study: Study) -> frozenset[str]:
    """Return the items that references may be about."""
    return frozenset(db.scalars(select(Item.key).where(Item.study_id == study.id)))


def read_references(
    content: bytes, name: str, items: frozenset[str], table_of: TableOf = read_table
) -> Sequence[ReferenceRow]:
    """Read texts that were made elsewhere: JSON Lines, or a table (CSV, TSV, xlsx) with the same names as columns.

    Done outside a transaction, because a large file takes seconds. Raises ImportFailed that lists every bad row.
    """
    rows: list[ReferenceRow] = []
    problems: list[str] = []
    for number, read in _raw_rows(content, name, table_of):
        try:
            row = ReferenceRow.model_validate(read())
        except ValidationError as error:
            problems.append(f"line {number}: {' '.join(named_sentences(error, 'row'))}")
        except ValueError as error:
            problems.append(f"line {number}: {not_json(error)}")
        except RecursionError:
            problems.append(f"line {number}: its lists are nested too deeply")
        else:
            if row.item not in items:
                problems.append(f"line {number}: the study has no item {row.item!r}")
            rows.append(row)
    if not rows and not problems:
        problems.append("line 1: the file holds no texts")
    if problems:
        raise ImportFailed(f"Nothing was imported from {name}: {count(len(problems), 'bad row')}.", problems)
    return rows


def store_references(
    db: Session, study: Study, rows: Sequence[ReferenceRow], name: str, now: datetime
) -> ImportedReferences:
    """Store texts, except those with the words of another one about the same item.

    Raises ImportFailed if an item was deleted since the rows were read.
    """
    items = {item.key: item.id for item in db.scalars(select(Item).where(Item.study_id == study.id))}
    if gone := sorted({row.item for row in rows} - items.keys()):
        problems = [f"the study has no item {key!r} any more" for key in gone]
        raise ImportFailed(f"Nothing was imported from {name}: {count(len(gone), 'item')} missing.", problems)
    known, numbers = _stored(db, study)
    seen: set[tuple[int, str]] = set()
    again = repeated = 0
    for row in rows:
        item_id = items[row.item]
        text = item_id, text_key(row.text)
        if text in known:
            again += 1
            continue
        if text in seen:
            repeated += 1
            continue
        seen.add(text)
        cell = (item_id, row.model if row.by == "model" else "", row.prompt, hundredths(row.temperature))
        db.add(
            ReferenceText(
                study_id=study.id,
                item_id=item_id,
                by_model=row.by == "model",
                model=cell[1],
                prompt=row.prompt,
                temperature=cell[3],
                number=numbers[cell],
                key=text[1],
                text=row.text,
                made_at=now,
            )
        )
        numbers[cell] += 1
    db.flush()
    return ImportedReferences(len(seen), again, repeated)


def study_material(db: Session, study: Study) -> StudyMaterial:
    """Return every item with its texts, by the items' keys."""
    items = {item.id: item for item in db.scalars(select(Item).where(Item.study_id == study.id))}
    generated: dict[str, list[str]] = defaultdict(list)
    human: list[TrainingText] = []
    made: dict[tuple[str, int, str], list[str]] = defaultdict(list)
    query = select(ReferenceText).where(ReferenceText.study_id == study.id).order_by(ReferenceText.id)
    for row in db.scalars(query):
        key = items[row.item_id].key
        if row.by_model:
            generated[key].append(row.text)
            made[row.model, row.temperature, row.made_at.date().isoformat()].append(row.prompt)
        else:
            human.append(TrainingText(key, row.text, Label.HUMAN))
    origins = [
        ReferenceOrigin(model, len(set(prompts)), None if warmth < 0 else warmth / _HUNDREDTHS, made_on, len(prompts))
        for (model, warmth, made_on), prompts in sorted(made.items())
    ]
    return StudyMaterial({item.key: item.text for item in items.values()}, dict(generated), human, origins)


def hundredths(temperature: float | None) -> int:
    """Return a temperature as it is stored."""
    return UNKNOWN_TEMPERATURE if temperature is None else round(temperature * _HUNDREDTHS)


def _stored(db: Session, study: Study) -> tuple[set[tuple[int, str]], Counter[tuple[int, str, str, int]]]:
    known: set[tuple[int, str]] = set()
    numbers: Counter[tuple[int, str, str, int]] = Counter()
    for row in db.scalars(select(ReferenceText).where(ReferenceText.study_id == study.id)):
        known.add((row.item_id, row.key))
        cell = (row.item_id, row.model, row.prompt, row.temperature)
        numbers[cell] = max(numbers[cell], row.number + 1)
    return known, numbers


def _raw_rows(content: bytes, name: str, table_of: TableOf) -> Iterator[tuple[int, Callable[[], Any]]]:
    """Each row's line, and how to read it."""
    if not content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        table = table_of(content, name)
        columns = [column.lower() for column in table.columns]
        for number, cells in table.rows:
            yield number, partial(dict, {column: cell for column, cell in zip(columns, cells, strict=True) if cell})
        return
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ImportFailed(f"{name} is not UTF-8 text. Save it as UTF-8.", []) from None
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield number, partial(json.loads, line)
