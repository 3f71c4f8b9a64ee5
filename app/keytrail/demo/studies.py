"""The demo's studies: three with recorded work, one of them in German, and a German draft."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from keytrail.models import Study, StudyState, User
from keytrail.studies import StudyDefinition, add_items, create_study, read_definition, read_items

CONTENT: Final = Path(__file__).parent / "content"


@dataclass(frozen=True)
class DemoStudy:
    """A study's name in its address, and its files: recorded sessions (a pattern), items, and what simulated people
    write. `base` is the definition from which its own differs in a few keys.
    """

    slug: str
    sessions: str
    base: str = "study.toml"
    items: str = "items.jsonl"
    writings: str = "writings.jsonl"

    @property
    def files(self) -> list[Path]:
        """Return recorded sessions, in wire format 1."""
        return sorted(CONTENT.glob(self.sessions))

    @property
    def definition(self) -> StudyDefinition:
        """Read the definition from the study's file; a variant's file changes fields of the main study's."""
        main = read_definition(CONTENT / self.base)
        if self.slug == main.slug:
            return main
        changed = tomllib.loads((CONTENT / f"{self.slug}.toml").read_text(encoding="utf-8"))
        return StudyDefinition.model_validate(main.model_dump(mode="json") | changed)

    def add(self, db: Session, owner: User, now: datetime) -> Study:
        """Store the study with its items; its pages say that it is a demonstration."""
        study = create_study(db, self.definition, owner, now, demo=True)
        add_items(db, study, read_items(CONTENT / self.items))
        return study


ABSTRACTS: Final = DemoStudy("abstracts", "sessions*.jsonl.gz")
COMPARED: Final = DemoStudy("three-pages", "three-pages*.jsonl.gz")
GERMAN: Final = DemoStudy(
    "kurzfassungen",
    "kurzfassungen*.jsonl.gz",
    base="zusammenfassungen.toml",
    items="zusammenfassungen.jsonl",
    writings="kurzfassungen-writings.jsonl",
)
STUDIES: Final = (ABSTRACTS, COMPARED)
"""Studies with a classifier."""
RECORDED: Final = (*STUDIES, GERMAN)


def add_draft(db: Session, owner: User, now: datetime) -> Study:
    """Store a German study that nobody has published yet."""
    definition = read_definition(CONTENT / "zusammenfassungen.toml")
    study = create_study(db, definition, owner, now, demo=True, state=StudyState.DRAFT)
    add_items(db, study, read_items(CONTENT / "zusammenfassungen.jsonl"))
    return study
