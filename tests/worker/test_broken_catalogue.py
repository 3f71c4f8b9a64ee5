"""A catalogue that breaks while a study runs: its workers get English pages, and no worker an error."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from keytrail.models import Study
from tests.worker.visitor import Visitor


@pytest.mark.parametrize("tag", ["sv", "SV", "sv-FI", "", "xx", "../sv"])
def test_every_page_is_in_english(server: FastAPI, visit: Callable[..., Visitor], catalogues: Path, tag: str) -> None:
    """Also where the stored tag is that of no catalogue."""
    (catalogues / "sv.po").write_text("msgid Reward", "utf-8")
    with server.state.services.database.writing() as db:
        db.execute(update(Study).values(language=tag))
    visitor = visit()
    for answer in (visitor.open(), visitor.accept(), visitor.send("submission", text="three short words")):
        assert answer.status_code == 200
        assert '<html lang="en" dir="ltr">' in answer.text
    assert "Your text is in" in visitor.page
