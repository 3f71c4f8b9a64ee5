"""The copying exercise: asked once, before the task, and only where the study asks; only its figures are stored."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from keytrail.language import ENGLISH, language_named, languages
from keytrail.models import CopyingExercise, EventBatch, Study, WritingSession
from keytrail.sessions.copying_exercise import MOST_EVENTS, SENTENCES
from keytrail.sessions.lifecycle import withdraw_session
from keytrail.worker.exercise_figures import FIGURES
from tests.provenance.people import by_hand
from tests.provenance.writer import Writer
from tests.worker.visitor import Visitor

Visit = Callable[..., Visitor]
HEADLINE = "First, copy two sentences"
SHOWN = ENGLISH.text(SENTENCES)


@pytest.fixture
def asked(visit: Visit, server: FastAPI) -> Visitor:
    """A worker who agreed, in a study with the exercise."""
    with server.state.services.database.writing() as db:
        db.execute(update(Study).values(asks_copying_exercise=True))
    visitor = visit()
    visitor.open()
    assert "You are asked to copy two sentences" in visitor.page
    visitor.accept()
    return visitor


def stored(server: FastAPI) -> dict[str, Any] | None:
    with server.state.services.database.reading() as db:
        found = db.scalars(select(CopyingExercise)).one_or_none()
        return None if found is None else found.measures


def hand_in(visitor: Visitor, **fields: str) -> None:
    link = re.search(r'name="link" value="([^"]+)"', visitor.page)
    assert link
    answer = visitor.send("copying", link=unescape(link[1]), **fields)
    assert answer.status_code == 303
    assert visitor.open().status_code == 200
    assert 'id="answer-form"' in visitor.page


def test_its_figures_are_stored_and_nothing_else(asked: Visitor, server: FastAPI) -> None:
    assert HEADLINE in asked.page
    assert SHOWN in unescape(asked.page)
    hand_in(asked, text=SHOWN, events=json.dumps(by_hand(Writer(), SHOWN).checkpoint().finish().events))
    measures = stored(server)
    assert measures is not None
    assert measures["keys"] == len(SHOWN)
    assert measures["interval_log_sd"] > 0.2
    assert 0 <= measures["copying_likeness"] <= 1
    assert "Saturdays" not in json.dumps(measures)
    with server.state.services.database.reading() as db:
        assert db.scalars(select(EventBatch)).all() == []


def test_skipping_needs_one_button_and_is_not_asked_again(asked: Visitor, server: FastAPI) -> None:
    hand_in(asked, skip="1", text="On Sat")
    assert stored(server) == {}
    assert HEADLINE not in asked.page


@pytest.mark.parametrize(
    "events",
    [
        "",
        "no list",
        "{}",
        "[[1]]",
        "[" * 100_000,
        json.dumps([[0, "k", "KeyA", "a", 0]] * (MOST_EVENTS + 1)),
        "[1e999]",
    ],
)
def test_whatever_is_sent_leads_on_to_the_task(asked: Visitor, server: FastAPI, events: str) -> None:
    hand_in(asked, text=SHOWN, events=events)
    assert stored(server) == {}


def test_a_second_exercise_changes_nothing(asked: Visitor, server: FastAPI) -> None:
    page = asked.page
    hand_in(asked, skip="1")
    asked.page = page
    hand_in(asked, text=SHOWN, events=json.dumps(by_hand(Writer(), SHOWN).finish().events))
    assert stored(server) == {}


def test_a_study_that_does_not_ask_shows_the_task_at_once(visit: Visit, server: FastAPI) -> None:
    visitor = visit()
    visitor.open()
    assert "copy two sentences" not in visitor.page
    visitor.accept()
    assert HEADLINE not in visitor.page
    assert stored(server) is None


def test_withdrawing_deletes_it(asked: Visitor, server: FastAPI) -> None:
    hand_in(asked, text=SHOWN, events=json.dumps(by_hand(Writer(), SHOWN).finish().events))
    assert stored(server)
    with server.state.services.database.writing() as db:
        session = db.scalars(select(WritingSession)).one()
        withdraw_session(db, session, session.consented_at)
    assert stored(server) is None


def test_a_link_to_a_task_that_was_not_begun_is_refused(asked: Visitor, visit: Visit, server: FastAPI) -> None:
    link = re.search(r'name="link" value="([^"]+)"', asked.page)
    assert link
    with server.state.services.database.writing() as db:
        session = db.scalars(select(WritingSession)).one()
        withdraw_session(db, session, session.consented_at)
    assert asked.send("copying", link=unescape(link[1]), skip="1").status_code == 404


def exercise_on_the_copy(asked: Visitor, server: FastAPI, language: str = "en") -> str:
    """Submit a text, and return the words of the copy's part about the exercise."""
    with server.state.services.database.writing() as db:
        db.execute(update(Study).values(copy_days=30, language=language))
    url = asked.post_submission("three short words").json()["finish"]["copy"]
    part = re.search(r'<section[^>]* id="exercise">(.*?)</section>', asked.client.get(url).text, re.DOTALL)
    assert part
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", part[1])).split())


def test_the_workers_copy_shows_every_figure_that_is_stored(asked: Visitor, server: FastAPI) -> None:
    hand_in(asked, text=SHOWN, events=json.dumps(by_hand(Writer(), SHOWN).checkpoint().finish().events))
    measures = stored(server)
    assert measures is not None
    assert set(measures) == set(FIGURES)
    shown = exercise_on_the_copy(asked, server)
    assert f"Keys pressed {len(SHOWN)}" in shown
    assert f"Usual time from one key to the next {measures['interval_median_ms']:.0f} milliseconds" in shown
    assert f"(0 is perfectly even) {measures['interval_log_sd']:.2f}" in shown
    for name, (label, _) in FIGURES.items():
        assert (label.msgid in shown) == (measures[name] is not None), name
    assert shown.endswith("They decide nothing.")


@pytest.mark.parametrize("tag", [language.tag for language in languages()])
def test_the_figures_are_in_the_studys_language(asked: Visitor, server: FastAPI, tag: str) -> None:
    hand_in(asked, text=SHOWN, events=json.dumps(by_hand(Writer(), SHOWN).finish().events))
    shown = exercise_on_the_copy(asked, server, tag)
    language = language_named(tag)
    label, _ = FIGURES["words_per_minute"]
    assert language.text(label) in shown
    # 0.5 in English, 0,5 in German.
    separator = "," if tag in {"de", "es", "fr", "it", "pl", "pt"} else "."
    assert re.search(rf"\d{re.escape(separator)}\d\d\b", shown), shown
    assert tag == "en" or not re.search(r"\b(milli)?seconds?\b", shown)


def test_the_copy_says_that_it_was_skipped(asked: Visitor, server: FastAPI) -> None:
    hand_in(asked, skip="1")
    shown = exercise_on_the_copy(asked, server)
    assert "You skipped this" in shown
    assert "Keys pressed" not in shown


def test_a_copy_without_an_exercise_does_not_speak_of_one(visit: Visit, server: FastAPI) -> None:
    with server.state.services.database.writing() as db:
        db.execute(update(Study).values(copy_days=30))
    visitor = visit()
    visitor.accept()
    url = visitor.post_submission("three short words").json()["finish"]["copy"]
    assert 'id="exercise"' not in visitor.client.get(url).text
