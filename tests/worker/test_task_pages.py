from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from keytrail.models import Epoch, Item, PlatformTask, SessionState, Study, StudyState, Submission, WritingSession
from keytrail.studies import ItemRow, add_items
from tests.conftest import FakeClock
from tests.worker.visitor import Visitor

Visit = Callable[..., Visitor]


def count(server: FastAPI, table: type) -> int:
    with server.state.services.database.reading() as db:
        return int(db.scalar(select(func.count()).select_from(table)))


def test_a_preview_shows_the_task_and_stores_nothing(visit: Visit, server: FastAPI) -> None:
    visitor = visit(assignment="ASSIGNMENT_ID_NOT_AVAILABLE")
    assert visitor.open().status_code == 200
    assert "This is a preview" in visitor.page
    assert "Nothing is recorded before you agree" in visitor.page
    assert visitor.text_of("source") == "A text\nabout <b>ants</b> & bees."
    assert "<textarea" not in visitor.page
    assert "<script" not in visitor.page
    assert count(server, WritingSession) == 0


def test_a_preview_of_a_published_task_shows_its_own_text(visit: Visit, server: FastAPI, clock: FakeClock) -> None:
    with server.state.services.database.writing() as db:
        study = db.scalars(select(Study).where(Study.platform == "mturk")).first()
        add_items(db, study, [ItemRow(key="second", text="Another <text>.")])
        item = db.scalars(select(Item).where(Item.key == "second")).one()
        known = {"status": "Assignable", "places": 1, "available": 1, "place_cents": 1}
        times = {"expires_at": clock(), "published_at": clock(), "synced_at": clock()}
        db.add(PlatformTask(study_id=study.id, item_id=item.id, external_id="HIT2", **known, **times))
    visitor = visit(assignment="ASSIGNMENT_ID_NOT_AVAILABLE", hitId="HIT2")
    visitor.open()
    assert visitor.text_of("source") == "Another <text>."
    assert ">The text</h2>" in visitor.page
    elsewhere = visit(assignment="ASSIGNMENT_ID_NOT_AVAILABLE", hitId="UNKNOWN")
    elsewhere.open()
    assert ">An example of a text</h2>" in elsewhere.page


def test_consent_comes_first_and_starts_the_session(visit: Visit, server: FastAPI) -> None:
    visitor = visit()
    visitor.open()
    assert 'id="consent"' in visitor.page
    assert "keys you press" in visitor.page
    assert 'id="source"' not in visitor.page
    assert count(server, WritingSession) == 0
    visitor.accept()
    assert 'id="answer"' in visitor.page
    assert count(server, WritingSession) == 1


def test_each_load_of_the_task_is_an_epoch_of_one_session(visit: Visit, server: FastAPI) -> None:
    visitor = visit()
    visitor.accept()
    visitor.open()
    assert (count(server, WritingSession), count(server, Epoch)) == (1, 2)


def test_a_returning_worker_finds_the_draft(visit: Visit) -> None:
    visitor = visit()
    visitor.accept()
    events = [[0, "i", "empty", 0, 2166136261], [5, "e", 0, 0, "\n<My> draft 🙂", "insertText", 2]]
    assert visitor.post_events(0, events).json() == {"committed": 1}
    visitor.open()
    # HTML drops the first line break of a textarea; the template puts one there to lose.
    assert visitor.text_of("answer") == "\n\n<My> draft 🙂"


def test_a_draft_with_a_lone_surrogate_is_still_served(visit: Visit) -> None:
    visitor = visit()
    visitor.accept()
    visitor.post_events(0, [[5, "e", 0, 0, "odd \ud83d end", "insertText", 2]])
    assert visitor.open().status_code == 200
    assert "odd" in visitor.text_of("answer")


def test_the_plain_form_submits_without_any_script(visit: Visit, server: FastAPI) -> None:
    visitor = visit()
    visitor.accept()
    assert visitor.send("submission", text="three short words", comment="hello").status_code == 200
    assert 'action="http://market.test/mturk/externalSubmit"' in visitor.page
    assert 'name="assignmentId" value="A1"' in visitor.page
    with server.state.services.database.reading() as db:
        submission = db.scalars(select(Submission)).one()
    assert (submission.text, submission.comment, submission.log_complete) == ("three short words", "hello", False)
    assert submission.public_id in visitor.page


def test_a_text_outside_the_limits_comes_back_with_a_reason(visit: Visit, server: FastAPI) -> None:
    visitor = visit()
    visitor.accept()
    assert visitor.send("submission", text="one").status_code == 400
    assert "Write at least 2" in visitor.text_of("problem")
    assert visitor.text_of("answer").strip() == "one"
    assert count(server, Submission) == 0


def test_a_finished_assignment_shows_how_to_hand_over_again(visit: Visit) -> None:
    visitor = visit()
    visitor.accept()
    visitor.send("submission", text="three short words")
    assert visitor.open().status_code == 200
    assert "Hand over to the marketplace" in visitor.page


def test_withdrawing_deletes_the_log_and_frees_the_place(visit: Visit, server: FastAPI) -> None:
    visitor = visit()
    visitor.accept()
    visitor.post_events(0, [[5, "e", 0, 0, "secret", "insertText", 2]])
    assert "deleted" in visitor.send("withdrawal").text
    assert count(server, Epoch) == 0
    with server.state.services.database.reading() as db:
        assert db.scalars(select(WritingSession.state)).one() == SessionState.RETURNED
    written_before = visitor.ticket
    assert visitor.open().status_code == 200
    assert 'id="consent"' in visitor.page
    visitor.ticket = written_before
    assert visitor.post_events(1, [[5, "e", 6, 0, "more", "insertText", 2]]).status_code in {403, 409}


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"turkSubmitTo": "https://evil.example"}, 403, "KEYTRAIL_SUBMIT_ORIGINS"),
        ({"turkSubmitTo": "javascript:alert(1)"}, 403, "not allowed"),
        ({"workerId": "<script>"}, 400, "not a valid id"),
        ({"workerId": ""}, 400, "lacks"),
        ({"assignment": "A" * 200}, 400, "not a valid id"),
        ({"extra": "x" * 10_000}, 400, "too long"),
    ],
)
def test_odd_links_get_a_clear_page(
    visit: Visit, server: FastAPI, changed: dict[str, str], status: int, words: str
) -> None:
    changed = {{"assignment": "assignmentId"}.get(name, name): value for name, value in changed.items()}
    visitor = visit(**changed)
    answer = visitor.open()
    assert answer.status_code == status
    assert words in answer.text
    assert "<script>" not in answer.text
    assert count(server, WritingSession) == 0


def test_a_trailing_slash_and_a_missing_turk_submit_to_are_fine(visit: Visit) -> None:
    visitor = visit(turkSubmitTo="http://market.test/")
    visitor.accept()
    assert 'id="answer"' in visitor.page
    plain = visit(worker="W2", assignment="A2", turkSubmitTo="")
    plain.accept()
    plain.send("submission", text="three short words")
    assert 'action="https://www.mturk.com/mturk/externalSubmit"' in plain.page


def test_an_unknown_study_gets_a_page_not_a_trace(client: TestClient) -> None:
    answer = client.get("/task/nothing")
    assert answer.status_code == 404
    assert "no study at this address" in answer.text


@pytest.mark.parametrize("how", ["consented", "withdrew", "handed in"])
def test_the_next_worker_under_an_id_starts_afresh(visit: Visit, server: FastAPI, how: str) -> None:
    """MTurk gives the id of a returned or abandoned assignment to whoever accepts the HIT next."""
    first, second = visit(), visit(worker="W2")
    first.accept()
    first.post_events(0, [[0, "i", "empty", 0, 2166136261], [5, "e", 0, 0, "somebody's words", "insertText", 16]])
    if how == "withdrew":
        first.send("withdrawal")
    if how == "handed in":
        first.send("submission", text="somebody's words")
    assert second.open().status_code == 200
    assert 'id="consent"' in second.page
    second.accept()
    assert second.text_of("answer").strip() == ""
    second.send("submission", text="two other words")
    with server.state.services.database.reading() as db:
        texts = db.scalars(select(Submission.text).order_by(Submission.id)).all()
    assert texts == [*(["somebody's words"] if how == "handed in" else []), "two other words"]


def test_an_id_that_passes_through_three_workers_has_three_drafts(visit: Visit, server: FastAPI) -> None:
    """Each goes on with the own words, whoever comes between, and hands in once; the last one withdraws."""
    people = ("W1", "W2", "W3")
    for person in people:
        visitor = visit(worker=person)
        visitor.accept()
        words = f"words of {person}"
        visitor.post_events(0, [[0, "i", "empty", 0, 2166136261], [5, "e", 0, 0, words, "insertText", 11]])
    for person in reversed(people):
        visitor = visit(worker=person)
        visitor.open()
        assert visitor.text_of("answer").strip() == f"words of {person}"
        if person == "W3":
            visitor.send("withdrawal")
        else:
            assert visitor.post_submission(f"text of {person}").status_code == 200
    late = visit(worker="W3")
    late.open()
    assert 'id="consent"' in late.page
    with server.state.services.database.reading() as db:
        texts = db.scalars(select(Submission.text).order_by(Submission.id)).all()
    assert texts == ["text of W2", "text of W1"]


def test_a_withdrawal_is_for_good_where_the_study_says_so(visit: Visit, server: FastAPI) -> None:
    with server.state.services.database.writing() as db:
        db.query(Study).update({"return_after_withdrawal": False})
    visitor = visit()
    visitor.accept()
    visitor.send("withdrawal")
    answer = visitor.open()
    assert ("cannot take you back" in answer.text, "does not count against you" in answer.text) == (True, True)
    assert 'id="consent"' not in answer.text
    somebody_else = visit(worker="W2")
    somebody_else.accept()


def test_whoever_comes_back_days_later_can_still_hand_in(visit: Visit, clock: FakeClock) -> None:
    visitor = visit()
    visitor.accept()
    clock.advance(days=3)
    visitor.open()
    assert visitor.send("submission", text="three short words").status_code == 200


def test_a_consent_ticket_cannot_write_and_a_forged_one_cannot_start(visit: Visit) -> None:
    visitor = visit()
    visitor.open()
    assert visitor.post_events(0, [[0, "m", 1]]).json()["error"]["code"] == "ticket_foreign"
    visitor.ticket = visitor.ticket[:-2] + "xx"
    assert visitor.send("consent").status_code == 401


def test_a_closed_study_takes_nobody_new_but_lets_workers_finish(visit: Visit, server: FastAPI) -> None:
    started = visit()
    started.accept()
    with server.state.services.database.writing() as db:
        db.query(Study).update({"state": StudyState.CLOSED})
    assert visit(worker="W2", assignment="A2").open().status_code == 409
    assert started.send("submission", text="three short words").status_code == 200


def test_a_platform_with_a_completion_code_redirects(client: TestClient) -> None:
    visitor = Visitor(client, "panel", {"PROLIFIC_PID": "P1", "SESSION_ID": "S1", "STUDY_ID": "X"})
    visitor.accept()
    answer = visitor.post_submission("three short words").json()
    assert answer["finish"]["kind"] == "redirect"
    assert answer["finish"]["url"] == "https://app.prolific.com/submissions/complete?cc=C0DE"


def test_task_pages_may_be_framed_by_marketplaces_only_and_load_nothing_foreign(visit: Visit) -> None:
    policy = visit().open().headers["content-security-policy"]
    directives = {name: rest for name, _, rest in (part.strip().partition(" ") for part in policy.split(";"))}
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == directives["connect-src"] == "'self'"
    assert "https://workersandbox.mturk.com" in directives["frame-ancestors"].split()
    assert "*" not in policy
    assert "unsafe" not in policy


def test_no_cookie_is_ever_set_for_a_worker(visit: Visit) -> None:
    visitor = visit()
    for answer in (visitor.open(), visitor.accept(), visitor.send("submission", text="three short words")):
        assert "set-cookie" not in answer.headers


def test_an_expired_ticket_says_so(visit: Visit, clock: FakeClock) -> None:
    visitor = visit()
    visitor.accept()
    clock.advance(hours=26)
    assert visitor.post_events(0, [[0, "m", 1]]).json()["error"]["code"] == "ticket_expired"
