from pathlib import Path

import pytest

from keytrail.db import Database
from keytrail.errors import Conflict, ImportFailed
from keytrail.studies import StudyDefinition, create_study, read_definition
from tests.conftest import FakeClock

TOML = (
    'title = "My study"\ninstructions = "Do **this**."\nreward = 1.2\nminimum_words = 9\n[rules]\nuntyped_units = 50\n'
)
YAML = "title: My study\ninstructions: Do **this**.\nreward: 1.20\nminimum_words: 9\nrules: {untyped_units: 50}\n"


def test_toml_and_yaml_give_the_same_study(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(TOML)
    (tmp_path / "a.yaml").write_text(YAML)
    first, second = read_definition(tmp_path / "a.toml"), read_definition(tmp_path / "a.yaml")
    assert first == second
    assert (first.url_name, first.reward_cents, first.rules) == ("my-study", 120, {"untyped_units": 50})
    assert "keys you press" in first.consent


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('title = "x"', "instructions: Fill in this field"),
        (TOML.replace("title", "titel"), "titel: There is no such field"),
        (TOML.replace("minimum_words = 9", "minimum_words = 900"), "larger than maximum_words"),
        (TOML.replace("1.2", "-1"), "reward: Enter 0 or more"),
        (f'currency = "EUR"\n{TOML}', "currency: Mechanical Turk charges and pays in USD; enter USD"),
        (f'platform = "connect"\ncurrency = "EUR"\n{TOML}', "currency: CloudResearch Connect charges and pays in USD"),
        ("title = ", "is not TOML that can be read"),
        ('title = "x"\nreward = x', "is not TOML that can be read: the error is at line 2, column 10"),
    ],
)
def test_a_bad_definition_names_the_field(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(content)
    with pytest.raises(ImportFailed, match=words):
        read_definition(path)


def test_two_studies_cannot_share_an_address(database: Database, clock: FakeClock) -> None:
    with database.writing() as db:
        definition = StudyDefinition(title="T", instructions="I", slug="same")
        create_study(db, definition, None, clock())
        with pytest.raises(Conflict, match="already a study at the address"):
            create_study(db, definition, None, clock())


@pytest.mark.parametrize("rule", ["untyped_share = -1", 'automation_severity = "terrible"', 'untyped_units = "many"'])
def test_a_rule_with_a_bad_value_is_refused_when_the_study_is_defined(tmp_path: Path, rule: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(TOML.split("[rules]", maxsplit=1)[0] + f"[rules]\n{rule}\n")
    with pytest.raises(ImportFailed, match="rules"):
        read_definition(path)
