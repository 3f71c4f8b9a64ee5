"""`keytrail study items` reads every kind of table, with its options."""

from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from keytrail.cli import app
from keytrail.cli.installation import open_installation
from keytrail.models import Item
from tests.studies.item_kinds import EXPECTED, KINDS

OPTIONS = {"text": "--text", "item_id": "--id", "title": "--title", "encoding": "--encoding", "sheet": "--sheet"}


@pytest.fixture
def _study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYTRAIL_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "study.toml").write_text('title = "Night"\ninstructions = "Write."\n')
    for words in (["user", "add", "ann@example.org", "--name", "Ann"], ["study", "create", "study.toml"]):
        done = CliRunner().invoke(app, [*words, *(["--owner", "ann@example.org"] if words[0] == "study" else [])])
        assert done.exit_code == 0, done.output


def stored() -> list[tuple[str, str, str]]:
    with open_installation() as at, at.database.reading() as db:
        return [(item.key, item.title, item.text) for item in db.scalars(select(Item).order_by(Item.id))]


@pytest.mark.usefixtures("_study")
@pytest.mark.parametrize("kind", KINDS)
def test_the_command_imports_every_kind_of_table(tmp_path: Path, kind: str) -> None:
    file = KINDS[kind]
    (tmp_path / file.name).write_bytes(file.content)
    chosen = [word for name, value in (file.columns | file.choices).items() for word in (OPTIONS[name], value)]
    command = ["study", "items", "night", file.name, *chosen]
    shown = CliRunner().invoke(app, [*command, "--preview"])
    assert shown.exit_code == 0, shown.output
    assert "d1: Café: " in shown.output
    assert stored() == []
    added = CliRunner().invoke(app, command)
    assert "Added 2 items to 'night'." in added.output, added.output
    assert stored() == EXPECTED
