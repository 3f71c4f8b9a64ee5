"""Sessions whose batches arrive at times that a test chooses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import select

from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.models import Study
from keytrail.platforms import Assignment
from keytrail.provenance import Report, fnv1a32
from keytrail.review.analysis.background import analyse_stored
from keytrail.sessions.eventlog import Append, Batch, Chain, append_batch
from keytrail.sessions.lifecycle import open_epoch, open_session
from keytrail.sessions.submission import Answer, submit
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.conftest import FakeClock

BROWSER = {
    "v": "1.0", "ua": "Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0.0.0", "lang": "en", "tz": "UTC", "vw": 900,
    "vh": 700, "touch": 0, "pointer": "fine", "tick": 0.1, "visible": True, "focused": True, "framed": False,
}  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """Events as one batch, with the page's clocks (ms) and how many seconds after the one before it arrives."""

    events: Sequence[list[Any]]
    after_s: float
    perf_ms: int = 0
    wall_ms: int = 0


def typed(text: str, seed: int = 1) -> list[list[Any]]:
    """A page load from its first event to its last, typed by an uneven hand."""
    chance = Random(seed)
    events: list[list[Any]] = [[0, "E", BROWSER], [0, "i", "empty", 0, fnv1a32("")], [800, "a", "tab"]]
    for at, char in enumerate(text):
        code = f"Key{char.upper()}" if char.isalpha() else "Space"
        events.append([round(chance.lognormvariate(5, 0.5)), "k", code, char, 0])
        events += [[1, "e", at, 0, char, "insertText", 2], [round(chance.gauss(85, 15)), "u", code, 0]]
    return [*events, [900, "n", len(text), fnv1a32(text)]]


def lasting_s(events: Iterable[list[Any]]) -> float:
    return float(sum(event[0] for event in events)) / 1000


class Writers:
    """A study on a server whose clock the test sets."""

    def __init__(self, database: Database, keyring: Keyring, clock: FakeClock) -> None:
        self.database, self.keyring, self.clock = database, keyring, clock
        self.studies: set[str] = set()

    def hand_in(self, worker: str, text: str, batches: Sequence[Sent], study: str = "t") -> Report:
        """Open the task, let the batches arrive, submit, analyse."""
        with self.database.writing() as db:
            if study not in self.studies:
                definition = StudyDefinition(title="T", slug=study, instructions="I", minimum_words=1)
                add_items(db, create_study(db, definition, None, self.clock()), [ItemRow(key="a", text="A text")])
                self.studies.add(study)
            assignment = Assignment(worker_id=worker, assignment_id=worker)
            found = db.scalars(select(Study).where(Study.slug == study)).one()
            session = open_session(db, found, assignment, self.keyring, self.clock())
            epoch = open_epoch(db, session, self.clock())
            seq = 0
            for sent in batches:
                self.clock.advance(seconds=sent.after_s)
                batch = Batch.from_events(seq, sent.events, sent.perf_ms, sent.wall_ms)
                append_batch(db, Append(session.id, epoch.number, batch, self.clock()), Chain(self.keyring))
                seq += len(sent.events)
            submission = submit(db, session.id, Answer(text, epoch_number=epoch.number, events=seq), self.clock()).id
        report = analyse_stored(self.database, submission, self.clock)
        assert report is not None
        return report
