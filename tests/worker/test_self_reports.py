"""The question after submission: asked once the text is stored, and easy to skip."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from keytrail.models import ModelUse, SelfReport, Study, Submission
from tests.worker.visitor import Visitor

TEXT = "three short words"
QUESTION = "One question is left"
Visit = Callable[..., Visitor]


@pytest.fixture
def asked(visit: Visit, server: FastAPI) -> Visitor:
    """A worker on the task page of a study that asks."""
    with server.state.services.database.writing() as db:
        db.execute(update(Study).values(asks_model_use=True))
    visitor = visit()
    visitor.accept()
    return visitor


def reported_use(server: FastAPI) -> ModelUse | None:
    with server.state.services.database.reading() as db:
        report = db.scalars(select(SelfReport)).one_or_none()
        return None if report is None else report.model_use


def test_comes_after_the_text_and_leads_to_the_marketplace(asked: Visitor, server: FastAPI) -> None:
    asked.send("submission", text=TEXT)
    assert QUESTION in asked.page
    assert "externalSubmit" not in asked.page
    with server.state.services.database.reading() as db:
        assert db.scalars(select(Submission.text)).all() == [TEXT]
    asked.send("afterwards", model_use="partly")
    assert 'action="http://market.test/mturk/externalSubmit"' in asked.page
    assert "onward" in asked.page
    assert reported_use(server) == ModelUse.PARTLY


def test_the_script_is_sent_to_the_question_and_then_not_again(asked: Visitor) -> None:
    step = asked.post_submission(TEXT).json()["finish"]
    assert step == {"kind": "ask", "url": "/task/short/afterwards", "fields": {"ticket": asked.ticket}}
    asked.send("afterwards")
    assert QUESTION in asked.page
    asked.send("afterwards", model_use="no")
    assert asked.post_submission(TEXT).json()["finish"]["kind"] == "post"
    asked.open()
    assert QUESTION not in asked.page


def test_may_be_passed_over(asked: Visitor, server: FastAPI) -> None:
    asked.send("submission", text=TEXT)
    asked.send("afterwards", model_use="unanswered")
    assert "externalSubmit" in asked.page
    assert reported_use(server) == ModelUse.UNANSWERED


def test_whoever_left_at_the_question_finds_it_again(asked: Visitor, server: FastAPI) -> None:
    asked.send("submission", text=TEXT)
    asked.open()
    assert QUESTION in asked.page
    asked.send("afterwards", model_use="mostly")
    assert reported_use(server) == ModelUse.MOSTLY


def test_the_last_word_counts(asked: Visitor, server: FastAPI) -> None:
    asked.send("submission", text=TEXT)
    asked.send("afterwards", model_use="no")
    asked.send("afterwards", model_use="partly")
    assert reported_use(server) == ModelUse.PARTLY


def test_an_answer_without_a_text_is_refused(asked: Visitor, server: FastAPI) -> None:
    assert asked.send("afterwards", model_use="no").status_code == 409
    assert reported_use(server) is None


def test_an_answer_that_was_not_offered_is_refused(asked: Visitor, server: FastAPI) -> None:
    asked.send("submission", text=TEXT)
    assert asked.send("afterwards", model_use="perhaps").status_code == 422
    assert reported_use(server) is None


def test_a_study_that_does_not_ask_stores_no_answer(visit: Visit, server: FastAPI) -> None:
    visitor = visit()
    visitor.accept()
    visitor.send("submission", text=TEXT)
    assert QUESTION not in visitor.page
    visitor.send("afterwards", model_use="no")
    assert "externalSubmit" in visitor.page
    assert reported_use(server) is None
