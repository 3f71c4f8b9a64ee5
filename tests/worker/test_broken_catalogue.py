"""A catalogue that breaks while a study runs: its workers get English pages, and no worker an error."""

from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import update

from keytrail.models import Study
from tests.worker.visitor import Visitor


def test_every_page_is_in_english(server: FastAPI, visit: Callable[..., Visitor], catalogues: Path) -> None:
    (catalogues / "sv.po").write_text("msgid Reward", "utf-8")
    with server.state.services.database.writing() as db:
        db.execute(update(Study).values(language="sv"))
    visitor = visit()
    for answer in (visitor.open(), visitor.accept(), visitor.send("submission", text="three short words")):
        assert answer.status_code == 200
        assert '<html lang="en" dir="ltr">' in answer.text
    assert "Your text is in" in visitor.page
