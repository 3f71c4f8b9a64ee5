"""The search box: what it finds, in whose studies."""

import pytest
from sqlalchemy import select

from keytrail.models import AssignmentIdentity, AuditEntry, Submission, Worker, WritingSession
from keytrail.requester.queue.find import FindPage
from keytrail.sessions.names import assignment_pseudonym, worker_pseudonym
from keytrail.studies import study_by_slug
from tests.requester.site import Site, words_of


@pytest.fixture
def text(site: Site) -> str:
    """A text by the worker whom the platform calls ANNA-1, for its assignment A-77."""
    work = site.hand()
    work.hand.types("A nightingale sang.")
    public_id = work.submit()
    with site.database.writing() as db:
        study = study_by_slug(db, "night")
        found = db.scalars(select(Submission).where(Submission.public_id == public_id)).one()
        session = db.get_one(WritingSession, found.session_id)
        session.assignment_pseudonym = assignment_pseudonym(study, "A-77", site.keyring)
        db.get_one(Worker, session.worker_id).pseudonym = worker_pseudonym(study, "ANNA-1", site.keyring)
        db.add(AssignmentIdentity(session_id=session.id, assignment_id="A-77"))
    return public_id


def search(site: Site, name: str, words: str) -> FindPage:
    page = site.visitor(name).context(f"/search?q={words}")
    assert isinstance(page, FindPage)
    return page


def test_a_receipt_a_pseudonym_and_words_lead_to_the_text(site: Site, text: str) -> None:
    page = search(site, "vera", text)
    assert [one.public_id for one in page.found.submissions] == [text]
    worker = page.found.submissions[0].worker
    assert [one.pseudonym for one in search(site, "vera", worker[:5].upper()).found.workers] == [worker]
    assert [one.public_id for one in search(site, "vera", "sang+NIGHTINGALE").found.texts] == [text]
    assert not search(site, "vera", worker[:3]).found.workers


def test_platform_ids_are_found_by_owners_and_recorded(site: Site, text: str) -> None:
    for name in ("vera", "rafael"):
        assert not search(site, name, "ANNA-1").found.workers
        assert not search(site, name, "A-77").found.submissions
    [worker] = search(site, "olivia", "ANNA-1").found.workers
    assert worker.submissions == 1
    assert [one.public_id for one in search(site, "olivia", "A-77").found.submissions] == [text]
    with site.database.reading() as db:
        entries = db.scalars(select(AuditEntry).where(AuditEntry.action == "read identities").order_by(AuditEntry.id))
        assert [entry.detail for entry in entries] == [{"worker": worker.pseudonym}, {"submission": text}]


def test_nothing_is_found_in_studies_of_others(site: Site, text: str) -> None:
    for words in (text, "nightingale", "ANNA-1", "A-77"):
        found = search(site, "otto", words).found
        assert [*found.submissions, *found.workers, *found.texts] == []


@pytest.mark.parametrize("words", ["", "+", "%25", "%27+OR+1%3D1", "%22", "_" * 10, "*", "x" * 300])
def test_any_words_are_answered(site: Site, text: str, words: str) -> None:
    page = words_of(site.visitor("olivia").page(f"/search?q={words}"))
    assert "Nothing found" in page or "Enter a receipt" in page


def test_a_search_takes_a_fixed_number_of_statements(site: Site, text: str) -> None:
    def statements() -> int:
        with site.counted_statements() as seen:
            site.visitor("vera").page("/search?q=sang")
        return len(seen)

    first = statements()
    for _ in range(4):
        work = site.hand()
        work.hand.types("Somebody sang.")
        work.submit(analysed=False)
    assert statements() == first
