"""The demo's two studies."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from keytrail.models import Study, User
from keytrail.studies import StudyDefinition, add_items, create_study, read_definition, read_items

CONTENT: Final = Path(__file__).parent / "content"
ITEMS: Final = CONTENT / "items.jsonl"


@dataclass(frozen=True)
class DemoStudy:
    """A study's name in its address, and the pattern of the files with its recorded sessions."""

    slug: str
    sessions: str

    @property
    def files(self) -> list[Path]:
        """Return recorded sessions, in wire format 1."""
        return sorted(CONTENT.glob(self.sessions))

    @property
    def definition(self) -> StudyDefinition:
        """Return the definition. The study that compares conditions differs from the other in a few keys only."""
        main = read_definition(CONTENT / "study.toml")
        if self.slug == main.slug:
            return main
        changed = tomllib.loads((CONTENT / f"{self.slug}.toml").read_text(encoding="utf-8"))
        return StudyDefinition.model_validate(main.model_dump(mode="json") | changed)

    def add(self, db: Session, owner: User, now: datetime) -> Study:
        """Store the study with its items; its pages say that it is a demonstration."""
        study = create_study(db, self.definition, owner, now, demo=True)
        add_items(db, study, read_items(ITEMS))
        return study


ABSTRACTS: Final = DemoStudy("abstracts", "sessions*.jsonl.gz")
COMPARED: Final = DemoStudy("three-pages", "three-pages*.jsonl.gz")
STUDIES: Final = (ABSTRACTS, COMPARED)
