"""Workers' statements on how a text was written: accepted only if the study asks, and only the offered answers."""

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from keytrail.models import Study, WorkerStatement
from tests.worker.visitor import Visitor

TEXT = "three short words"
Visit = Callable[..., Visitor]


@pytest.fixture
def asked(visit: Visit, server: FastAPI) -> Visitor:
    """A worker on the task page of a study that asks both questions."""
    with server.state.services.database.writing() as db:
        db.execute(update(Study).values(asks_text_origin=True, asks_input_aids=True))
    visitor = visit()
    visitor.accept()
    return visitor


def stated(server: FastAPI) -> tuple[list[str], bool] | None:
    with server.state.services.database.reading() as db:
        found = db.scalars(select(WorkerStatement)).one_or_none()
        return None if found is None else (found.text_origins, found.input_aids)


def test_the_page_asks_and_its_script_sends_the_answer(asked: Visitor, server: FastAPI) -> None:
    assert "Where is pasted text from?" in asked.page
    assert "I use assistive technology or dictation" in asked.page
    sent = ["reference", "notes", "notes", "made up"]
    assert asked.post_submission(TEXT, text_origins=sent, input_aids=True).status_code == 200
    assert stated(server) == (["notes", "reference"], True)


def test_the_plain_form_sends_it_too(asked: Visitor, server: FastAPI) -> None:
    asked.send("submission", text=TEXT, text_origins="language_model")
    assert stated(server) == (["language_model"], False)


def ticked(page: str) -> list[str]:
    """The names and values of the page's ticked boxes."""
    return re.findall(r'<input type="checkbox"[^>]* value="(\w+)" checked>', page)


def test_a_refused_plain_form_keeps_what_the_worker_said(asked: Visitor, server: FastAPI) -> None:
    assert ticked(asked.page) == []
    assert '<details class="statement" id="text-origin">' in asked.page
    origins: list[str] = ["other", "notes"]
    said: dict[str, str | list[str]] = {"comment": "Ünder <b>way</b>", "text_origins": origins, "input_aids": "1"}
    assert asked.send("submission", text="one", **said).status_code == 400
    assert ticked(asked.page) == ["notes", "other", "1"]
    assert '<details class="statement" id="text-origin" open>' in asked.page
    assert asked.text_of("comment") == said["comment"]
    asked.send("submission", text=TEXT, text_origins=["other", "notes"], input_aids="1")
    assert stated(server) == (["notes", "other"], True)


def test_a_refused_plain_form_shows_no_question_that_the_study_does_not_ask(visit: Visit) -> None:
    visitor = visit()
    visitor.accept()
    assert visitor.send("submission", text="one", text_origins="notes", input_aids="1").status_code == 400
    assert ticked(visitor.page) == []


def test_whoever_says_nothing_states_nothing(asked: Visitor, server: FastAPI) -> None:
    asked.send("submission", text=TEXT)
    assert stated(server) is None


def test_a_study_that_does_not_ask_stores_nothing(visit: Visit, server: FastAPI) -> None:
    visitor = visit()
    visitor.accept()
    assert "Where is pasted text from?" not in visitor.page
    assert "assistive technology" not in visitor.page
    visitor.post_submission(TEXT, text_origins=["notes"], input_aids=True)
    assert stated(server) is None
