import pytest

from keytrail.db import Database
from keytrail.errors import BadRequest, Conflict
from keytrail.sessions.lifecycle import open_epoch, return_session
from keytrail.sessions.submission import Answer, submit
from keytrail.text.length import count_words
from tests.conftest import FakeClock
from tests.sessions.conftest import AppendOne, Open
from tests.sessions.test_eventlog import batch


def test_a_second_submission_gets_the_first_receipt(database: Database, clock: FakeClock, accept: Open) -> None:
    with database.writing() as db:
        session = accept(db, "W1", "A1", clock())
        first = submit(db, session.id, Answer("three short words"), clock())
        again = submit(db, session.id, Answer("quite another text"), clock())
        assert again.public_id == first.public_id
        assert again.text == "three short words"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" \n\u00a0 ", "too_short"),
        ("one", "too_short"),
        ("one two three four five six seven eight nine ten", "too_long"),
    ],
)
def test_word_limits_are_checked(database: Database, clock: FakeClock, accept: Open, text: str, code: str) -> None:
    with database.writing() as db:
        session = accept(db, "W1", "A1", clock())
        with pytest.raises(BadRequest) as refused:
            submit(db, session.id, Answer(text), clock())
        assert refused.value.error_code == code


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("one", "Your text has 1 word. Write at least 2 words,"),
        ("one two three four five six seven eight nine ten", "Your text has 10 words. Shorten it to at most 9 words,"),
        ("two " + "x" * 199_997, "Your text has 200001 characters. Shorten it to at most 200000 characters,"),
    ],
    ids=("words missing", "words over", "characters over"),
)
def test_a_refusal_names_the_limit_that_was_passed(
    database: Database, clock: FakeClock, accept: Open, text: str, sentence: str
) -> None:
    with database.writing() as db:
        session = accept(db, "W1", "A1", clock())
        with pytest.raises(BadRequest) as refused:
            submit(db, session.id, Answer(text), clock())
        assert refused.value.message.startswith(sentence)
        longest = Answer("two " + "x" * 199_996)
        assert submit(db, session.id, longest, clock()).words == 2


def test_a_submission_does_not_need_a_log_but_says_so(
    database: Database, clock: FakeClock, accept: Open, append: AppendOne
) -> None:
    with database.writing() as db:
        session = accept(db, "W1", "A1", clock())
        open_epoch(db, session, clock())
        append(db, session.id, 0, batch(0, "a"), clock())
        assert not submit(db, session.id, Answer("three short words", epoch_number=0, events=2), clock()).log_complete


def test_a_delivered_log_is_complete(database: Database, clock: FakeClock, accept: Open, append: AppendOne) -> None:
    with database.writing() as db:
        session = accept(db, "W1", "A1", clock())
        open_epoch(db, session, clock())
        append(db, session.id, 0, batch(0, "a", "b"), clock())
        assert submit(db, session.id, Answer("three short words", epoch_number=0, events=2), clock()).log_complete


def test_browser_text_survives(database: Database, clock: FakeClock, accept: Open) -> None:
    text = "nul \0 and \ud83d lone \udc00 \U0010fff0 🙂\r\nend"
    with database.writing() as db:
        submission = submit(db, accept(db, "W1", "A1", clock()).id, Answer(text), clock())
        db.flush()
        db.expire(submission)
        assert submission.text == text.replace("\r\n", "\n")


def test_a_returned_task_cannot_be_submitted(database: Database, clock: FakeClock, accept: Open) -> None:
    with database.writing() as db:
        session = accept(db, "W1", "A1", clock())
        return_session(db, session, clock())
        with pytest.raises(Conflict):
            submit(db, session.id, Answer("three short words"), clock())


def test_words_are_counted_as_the_page_counts_them() -> None:
    # \x1c-\x1f and \x85 are white space to Python but not to JavaScript, U+FEFF the other way round.
    assert count_words(" one two\nthree\u3000four\ufefffive six\x1cseven ") == 6
