from pathlib import Path

import pytest

from keytrail.db import Database
from keytrail.errors import Conflict, ImportFailed
from keytrail.keyring import Keyring
from keytrail.models import User, WritingSession
from keytrail.platforms import Assignment
from keytrail.sessions.lifecycle import open_session
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study, read_definition
from keytrail.studies.conditions import Condition, Measure, conditions_of, measures_on_page, reference_of
from keytrail.studies.editing import update_study
from tests.conftest import FakeClock

HEAD = 'title = "My study"\ninstructions = "Write."\n'
TWO = """
[[conditions]]
name = "plea"
measures = ["direct_request"]

[[conditions]]
name = "as it was"
"""


def _read(tmp_path: Path, content: str) -> StudyDefinition:
    path = tmp_path / "a.toml"
    path.write_text(HEAD + content)
    return read_definition(path)


def test_conditions_without_probabilities_are_equally_likely(tmp_path: Path) -> None:
    plea, plain = _read(tmp_path, TWO).conditions
    assert (plea.name, plea.probability, plea.measures) == ("plea", 0.5, frozenset({Measure.DIRECT_REQUEST}))
    assert (plain.name, plain.probability, plain.measures) == ("as it was", 0.5, frozenset())
    assert reference_of([plea, plain]) == plain


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('[[conditions]]\nname = "alone"\n', "compares nothing"),
        (TWO.replace("as it was", "Plea"), "same name"),
        (TWO + 'measures = ["direct_request"]\n', "same measures"),
        (TWO + "probability = 0.5\n", "every condition, or of none"),
        (TWO.replace('"plea"', '"plea"\nprobability = 0.6') + "probability = 0.5\n", "add up to 110 %"),
        (TWO.replace("direct_request", "shouting"), "measures"),
        (TWO.replace('"plea"', '" "'), "name"),
        (TWO.replace('"plea"', '"plea"\nprobability = 0'), "probability"),
    ],
)
def test_conditions_that_cannot_be_compared_are_refused(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(ImportFailed, match=words):
        _read(tmp_path, content)


def test_a_stored_study_knows_its_conditions(database: Database, tmp_path: Path, clock: FakeClock) -> None:
    definition = _read(tmp_path, "[rules]\nrefuse_copy = 1.0\n" + TWO)
    with database.writing() as db:
        create_study(db, definition, None, clock())
    with database.reading() as db:
        study = create_study(db, definition.model_copy(update={"slug": "again"}), None, clock())
        assert conditions_of(study) == definition.conditions
        for condition, own in {"plea": {Measure.DIRECT_REQUEST}, "as it was": set(), "unheard of": set()}.items():
            session = WritingSession(condition=condition, page_rules=study.page_rules)
            assert measures_on_page(study, session) == own | {Measure.REFUSE_COPY}
            session.page_rules = []
            assert measures_on_page(study, session) == own


def test_conditions_stay_once_somebody_has_begun(
    database: Database, tmp_path: Path, keyring: Keyring, clock: FakeClock
) -> None:
    definition = _read(tmp_path, TWO)
    changed = definition.model_copy(
        update={"conditions": [Condition(name="plea", probability=1.0, measures=frozenset(Measure))]}
    )
    with database.writing() as db:
        user = User(email="o@keytrail.test", name="O", password_hash="-", created_at=clock())
        db.add(user)
        study = create_study(db, definition, None, clock())
        add_items(db, study, [ItemRow(key="a", text="A")])
        db.flush()
        assert update_study(db, study, changed, user, clock()) == ["conditions"]
        assert update_study(db, study, definition, user, clock()) == ["conditions"]
        open_session(db, study, Assignment(worker_id="w", assignment_id="a"), keyring, clock())
        assert update_study(db, study, definition, user, clock()) == []
        with pytest.raises(Conflict, match="another study") as refused:
            update_study(db, study, changed, user, clock())
    assert refused.value.error_code == "conditions_fixed"
