"""The worker's copy: access, contents, and objections to a decision."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from keytrail.models import (
    ActionState,
    AuditEntry,
    DecisionKind,
    Objection,
    PlatformAction,
    Study,
    Submission,
    User,
    Worker,
)
from keytrail.review.analysis.bridge import analyse_submission, load_for_analysis
from keytrail.review.judging.decisions import DecisionInput, decide
from keytrail.review.judging.objections import answer_objection
from keytrail.review.retention.erasure import erase_worker
from tests.conftest import FakeClock
from tests.worker.posting import FIRST
from tests.worker.visitor import Visitor

TEXT = "three short words"
FOREIGN = "The study examined how the light of street lamps changes the way that older people walk at night."
WITH_STUDY = select(Submission).options(joinedload(Submission.study))
Visit = Callable[..., Visitor]


def offer_copies(server: FastAPI, **values: Any) -> None:
    with server.state.services.database.writing() as db:
        db.execute(update(Study).values({"copy_days": 30, "copy_shows_decision": True} | values))


@pytest.fixture
def submitted(visit: Visit, server: FastAPI) -> str:
    """Return the address of a worker's copy in a study that shows decisions."""
    offer_copies(server)
    visitor = visit()
    visitor.accept()
    return str(visitor.post_submission(TEXT, comment="From my notes.").json()["finish"]["copy"])


def reject(server: FastAPI, clock: FakeClock) -> None:
    with server.state.services.database.writing() as db:
        user = User(email="r@example.org", name="Rafael", password_hash="!", created_at=clock())
        db.add(user)
        db.flush()
        submission = db.scalars(WITH_STUDY).one()
        decide(db, submission, user, DecisionInput(DecisionKind.PROPOSE_REJECTION, "no_typing"), clock())


def analyse(server: FastAPI, clock: FakeClock) -> None:
    with server.state.services.database.writing() as db:
        submission = load_for_analysis(db, db.scalars(select(Submission.id)).one())
        assert submission is not None
        analyse_submission(db, submission, clock())


def answer(server: FastAPI, clock: FakeClock, words: str) -> None:
    with server.state.services.database.writing() as db:
        answer_objection(db, db.scalars(WITH_STUDY).one(), db.scalars(select(User)).one(), words, clock())


def send_objection(client: TestClient, url: str, words: str) -> Any:
    path, _, key = url.partition("?key=")
    return client.post(path.replace("/copy", "/objection"), data={"key": key, "words": words})


def test_the_finish_page_offers_it_only_where_the_study_does(visit: Visit, server: FastAPI) -> None:
    first = visit()
    first.accept()
    first.send("submission", text=TEXT)
    assert "/copy?key=" not in first.page
    offer_copies(server)
    second = visit("W2", "A2")
    second.accept()
    second.send("submission", text=TEXT)
    assert 'id="copy" href="/task/short/copy?key=' in second.page


def test_it_has_the_text_the_figures_and_no_decision_before_there_is_one(client: TestClient, submitted: str) -> None:
    page = client.get(submitted).text
    for part in (TEXT, "From my notes.", "3 words", "Recorded steps", "Nothing is decided yet", "UTC"):
        assert part in page, part
    assert "Send objection" not in page


def test_it_repeats_what_the_worker_said_of_the_text(
    visit: Visit, server: FastAPI, client: TestClient, submitted: str
) -> None:
    assert "as you said" not in client.get(submitted).text
    offer_copies(server, asks_text_origin=True, asks_input_aids=True, language="de")
    visitor = visit("W2", "A2")
    visitor.accept()
    said = {"text_origins": ["translation", "notes"], "input_aids": True}
    page = client.get(visitor.post_submission(TEXT, **said).json()["finish"]["copy"]).text
    assert "<dt>Woher eingefügter Text stammt, nach Ihrer Angabe</dt>" in page
    assert "<bdi>Meine eigenen Notizen; Ein Übersetzungsprogramm</bdi>" in page
    assert "<dt>Bedienungshilfen oder Diktat</dt><dd><bdi>Benutzt, nach Ihrer Angabe</bdi></dd>" in page


@pytest.mark.parametrize(
    "change", ["tampered", "expired", "of another kind", "none", "of another study", "with NUL", "too long"]
)
def test_any_other_link_shows_nothing(
    change: str, visit: Visit, client: TestClient, submitted: str, clock: FakeClock
) -> None:
    url = submitted
    if change == "tampered":
        # Not the last letter: two of its bits mean nothing in base64.
        url = submitted[:-9] + ("a" if submitted[-9] != "a" else "b") + submitted[-8:]
    elif change == "expired":
        clock.advance(days=31)
    elif change == "of another kind":
        other = visit("W9", "A9")
        other.accept()
        url = f"/task/short/copy?key={other.ticket}"
    elif change == "none":
        url = "/task/short/copy"
    elif change == "with NUL":
        url = f"{submitted}%00"
    elif change == "too long":
        url = submitted + "x" * 50_000
    else:
        url = submitted.replace("/short/", "/panel/")
    found = client.get(url)
    refusals = {400, 403, 404}
    assert found.status_code in refusals
    assert TEXT not in found.text
    assert send_objection(client, url, "But I wrote it.").status_code in refusals


def test_a_link_shows_its_own_worker_and_nobody_else(visit: Visit, client: TestClient, submitted: str) -> None:
    other = visit("W2", "A2")
    other.accept()
    url = other.post_submission("my other words").json()["finish"]["copy"]
    assert "my other words" in client.get(url).text
    assert TEXT not in client.get(url).text
    assert "my other words" not in client.get(submitted).text


def test_a_decision_is_shown_objected_to_once_and_answered(
    server: FastAPI, client: TestClient, submitted: str, clock: FakeClock
) -> None:
    reject(server, clock)
    page = client.get(submitted).text
    assert "A rejection is proposed" in page
    assert "Text arrived without typing" in page
    assert send_objection(client, submitted, "I pasted\r\nmy notes.").status_code == 303
    assert "I pasted\nmy notes." in client.get(submitted).text
    again = send_objection(client, submitted, "And another thing.")
    assert again.status_code == 409
    assert "You have objected already" in again.text
    answer(server, clock, "Thank you, we see it now.")
    assert "Thank you, we see it now." in client.get(submitted).text
    with server.state.services.database.reading() as db:
        assert db.scalars(select(Objection.words)).all() == ["I pasted\nmy notes."]
        actions = db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        assert [one for one in actions if "object" in one] == ["object", "answer objection"]
        assert not db.scalars(select(Submission.objected)).one()


def test_the_decision_and_its_evidence_are_in_the_language_of_the_study(
    visit: Visit, server: FastAPI, client: TestClient, clock: FakeClock
) -> None:
    offer_copies(server, language="de", maximum_words=500)
    visitor = visit()
    visitor.accept()
    visitor.post_events(0, [*FIRST, [5, "e", 0, 0, FOREIGN, "insertText", 3]])
    copy = str(visitor.post_submission(FOREIGN).json()["finish"]["copy"])
    analyse(server, clock)
    reject(server, clock)
    page = client.get(copy).text
    assert f"({len(FOREIGN)} von {len(FOREIGN)} Zeichen)" in page
    assert f'<blockquote dir="auto">{FOREIGN}</blockquote>' in page
    assert "Ein Mensch hat es zusammen mit allem Aufgezeichneten angesehen" in page
    assert "appeared" not in page


def test_once_a_rejection_is_sent_nothing_is_promised_any_more(
    server: FastAPI, client: TestClient, submitted: str, clock: FakeClock
) -> None:
    reject(server, clock)
    assert "No rejection is sent before that." in client.get(submitted).text
    with server.state.services.database.writing() as db:
        db.execute(update(PlatformAction).values(state=ActionState.SENT))
    page = client.get(submitted).text
    assert "<strong>Rejected</strong>" in page
    assert "No rejection is sent before that." not in page
    assert send_objection(client, submitted, "These were my notes.").status_code == 303


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("x" * 100_000, "Your objection has 100000 characters. Please shorten it to at most 2000."),
        (" \n ", "Your objection is still empty"),
        ("\U0001f333" * 2_001, "Your objection has 2001 characters. Please shorten it to at most 2000."),
    ],
    ids=["too long", "empty", "one emoji too many"],
)
def test_an_objection_that_cannot_be_taken_comes_back_with_a_reason(
    server: FastAPI, client: TestClient, submitted: str, clock: FakeClock, words: str, sentence: str
) -> None:
    reject(server, clock)
    found = send_objection(client, submitted, words)
    assert found.status_code == 400
    assert sentence in found.text
    assert "Send objection" in found.text
    with server.state.services.database.reading() as db:
        assert not db.scalars(select(Objection)).all()


def test_an_objection_with_any_characters_is_shown_as_it_was_written(
    server: FastAPI, client: TestClient, submitted: str, clock: FakeClock
) -> None:
    reject(server, clock)
    assert send_objection(client, submitted, "كتبتُ <b>هذا</b>\x00 \U0001f333 %(most)s").status_code == 303
    page = client.get(submitted).text
    assert "كتبتُ &lt;b&gt;هذا&lt;/b&gt;" in page
    assert "\U0001f333 %(most)s" in page


def test_nobody_objects_in_place_of_another_worker(
    visit: Visit, server: FastAPI, client: TestClient, submitted: str, clock: FakeClock
) -> None:
    reject(server, clock)
    other = visit("W2", "A2")
    other.accept()
    url = other.post_submission("my other words").json()["finish"]["copy"]
    assert send_objection(client, url, "This text is mine.").status_code == 409
    assert "This text is mine." not in client.get(submitted).text
    with server.state.services.database.reading() as db:
        assert not db.scalars(select(Objection)).all()


def test_without_a_decision_or_where_none_is_shown_nobody_objects(
    server: FastAPI, client: TestClient, submitted: str, clock: FakeClock
) -> None:
    assert send_objection(client, submitted, "Why?").status_code == 409
    reject(server, clock)
    offer_copies(server, copy_shows_decision=False)
    page = client.get(submitted).text
    assert "rejection" not in page
    assert "Text arrived without typing" not in page
    assert send_objection(client, submitted, "Why?").status_code == 409


def test_erasing_the_worker_ends_the_link_and_removes_what_was_said(
    server: FastAPI, client: TestClient, submitted: str, clock: FakeClock
) -> None:
    reject(server, clock)
    send_objection(client, submitted, "These were my notes.")
    answer(server, clock, "Thank you.")
    with server.state.services.database.writing() as db:
        db.execute(update(PlatformAction).values(state=ActionState.CANCELLED))
        gone = erase_worker(db, db.scalars(select(Worker.id)).all(), clock())
        assert (gone.objections, gone.answers_to_objections) == (1, 1)
    found = client.get(submitted)
    assert found.status_code == 404
    assert TEXT not in found.text
    assert send_objection(client, submitted, "And again.").status_code == 404
    with server.state.services.database.reading() as db:
        assert not db.scalars(select(Objection)).all()


def test_the_link_ends_when_the_study_offers_no_copies_any_more(
    server: FastAPI, client: TestClient, submitted: str
) -> None:
    offer_copies(server, copy_days=0)
    found = client.get(submitted)
    assert found.status_code == 404
    assert TEXT not in found.text
