"""A study whose people and machine write like tests/text/toycorpus.py, with logs that match."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.imports.storing import ImportedSession, store_session
from keytrail.keyring import Keyring
from keytrail.models import KEYLOG, Study
from keytrail.review.analysis.bridge import analyse_submission, load_for_analysis
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study, study_by_slug
from tests.conftest import FakeClock
from tests.text import toycorpus

SLUG = "toys"


@dataclass
class ToyStudy:
    """The study, and actions in it."""

    database: Database
    clock: FakeClock
    keyring: Keyring
    folder: Path
    slug: str = SLUG

    def study(self, db: Session) -> Study:
        return study_by_slug(db, self.slug)

    def write_references(self, *, people: bool = True) -> Path:
        rows: list[dict[str, object]] = [
            {"item": item, "text": text, "model": "toy", "prompt": "task", "temperature": 0.7}
            for item, texts in toycorpus.generations().items()
            for text in texts
        ]
        if people:
            rows += [{"item": t.item_id, "text": t.text, "by": "human"} for t in toycorpus.people()]
        path = self.folder / "references.jsonl"
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        return path

    def submit(self, number: int, text: str, *, pasted: bool, name: str = "", logged: str | None = None) -> int:
        """Typed key by key, or pasted after copying the item out and coming back.

        With `logged` the log is of another text than the one that was handed in.
        """
        item = toycorpus.item_text(number)
        seen = text if logged is None else logged
        if pasted:
            entries: list[list[object]] = [["key", "x", 20_000], ["key", "Backspace", 20_400], ["copy", item]]
            entries.append(["paste", seen, 50_000])
        else:
            entries = [["key", character, at_ms] for character, at_ms in zip(seen, self._times(len(seen)), strict=True)]
        name = name or f"{number}-{len(text)}-{pasted}"
        imported = ImportedSession(
            session=name,
            worker=name,
            item_text=item,
            item_id=toycorpus.item_id(number),
            text=text,
            epochs=[entries],
            log_format=KEYLOG,
            submitted_at=self.clock(),
        )
        with self.database.writing() as db:
            submission = store_session(db, self.study(db), imported, self.keyring, self.clock())
            assert submission is not None
            loaded = load_for_analysis(db, submission.id)
            assert loaded is not None
            analyse_submission(db, loaded, self.clock())
            return submission.id

    @staticmethod
    def _times(count: int) -> list[int]:
        """Uneven typing with pauses to think, as people do who compose."""
        random = np.random.default_rng(count)
        gaps = random.lognormal(5.0, 0.5, count) + 6000 * (random.random(count) < 0.04)
        return [int(at) for at in 20_000 + np.cumsum(gaps)]


@pytest.fixture
def toys(sqlite_database_url: str, clock: FakeClock, keyring: Keyring, tmp_path: Path) -> Iterator[ToyStudy]:
    database = Database(sqlite_database_url)
    study = ToyStudy(database, clock, keyring, tmp_path)
    begin(study)
    yield study
    database.close()


def begin(toys: ToyStudy) -> None:
    """Create the study with its items."""
    with toys.database.writing() as db:
        definition = StudyDefinition(title="Toys", slug=toys.slug, instructions="Summarise the text.", minimum_words=1)
        study = create_study(db, definition, None, toys.clock())
        add_items(db, study, [ItemRow(key=key, text=text) for key, text in toycorpus.items().items()])
