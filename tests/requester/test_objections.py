"""Workers' objections in the dashboard: first in the queue, shown beside the findings, answered on the same page."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select, update

from keytrail.exports.logs import sessions_in_wire
from keytrail.exports.selection import Selection
from keytrail.imports.wire import read_wire
from keytrail.models import StatedOrigin, Study, Submission, WorkerStatement
from keytrail.requester.submission.page import SubmissionPage
from keytrail.review.judging.objections import make_objection
from tests.requester.site import Site

PASTED = "A text that came from somewhere else, and quite a long one at that. " * 3
REJECTION = {"kind": "propose_rejection", "reason": "text_from_elsewhere"}


@pytest.fixture
def objected(site: Site) -> str:
    """A submission whose rejection its worker objects to."""
    work = site.hand()
    work.hand.types("ok ").leaves(9000).pastes(PASTED)
    public_id = work.submit()
    site.visitor("rafael").post(f"/submissions/{public_id}/decisions", **REJECTION)
    with site.database.writing() as db:
        db.execute(update(Study).values(copy_days=30, copy_shows_decision=True))
        submission = db.scalars(select(Submission)).one()
        study = db.get_one(Study, submission.study_id)
        make_objection(db, study, submission, "<b>These</b> were my own notes.", site.clock())
    return public_id


def test_it_comes_first_in_the_queue_though_the_text_was_decided(site: Site, objected: str) -> None:
    waiting = site.hand()
    waiting.hand.types("A text that nobody looked at so far.")
    waiting.submit()
    rafael = site.visitor("rafael")
    page = rafael.context(f"/studies/{site.slug}/queue")
    assert [row.line.public_id for row in page.objections] == [objected]
    assert "1\u00a0objection" in rafael.page(f"/studies/{site.slug}/queue")
    assert rafael.post(f"/studies/{site.slug}/queue/next").headers["location"].startswith(f"/submissions/{objected}")


def test_it_is_read_and_answered_on_the_submission_s_page(site: Site, objected: str) -> None:
    rafael, url = site.visitor("rafael"), f"/submissions/{objected}"
    assert "&lt;b&gt;These&lt;/b&gt; were my own notes." in rafael.page(url)
    empty = rafael.post(f"{url}/objection", answer=" ")
    assert empty.status_code == 400
    assert "Write an answer first" in empty.text
    assert rafael.post(f"{url}/objection", answer="You are right.").status_code == 303
    page: SubmissionPage = rafael.context(url)
    assert page.objection is not None
    assert (page.objection.answer, page.objection.answered_by, page.objection.waits) == (
        "You are right.",
        "Rafael",
        False,
    )
    assert rafael.post(f"{url}/objection", answer="And more.").status_code == 409
    assert not rafael.context(f"/studies/{site.slug}/queue").objections


def test_whoever_only_views_reads_it_and_cannot_answer(site: Site, objected: str) -> None:
    vera = site.visitor("vera")
    page = vera.context(f"/submissions/{objected}")
    assert page.objection.words.startswith("<b>")
    assert not page.objection.may_answer


def test_what_the_worker_says_stands_beside_the_findings_and_changes_none(site: Site) -> None:
    work = site.hand()
    work.hand.types("ok ").leaves(9000).pastes(PASTED)
    public_id = work.submit()
    rafael = site.visitor("rafael")
    before = rafael.context(f"/submissions/{public_id}")
    with site.database.writing() as db:
        number = db.scalars(select(Submission.id)).one()
        said = [StatedOrigin.NOTES, StatedOrigin.TRANSLATION]
        db.add(WorkerStatement(submission_id=number, text_origins=said, input_aids=True))
    site.analyse(number)
    page = rafael.page(f"/submissions/{public_id}")
    assert "says the worker: <strong>my own notes; a translation tool</strong>" in page
    assert "Assistive technology or dictation was used, says the worker." in page
    after = rafael.context(f"/submissions/{public_id}")
    assert after.evidence.verdict == before.evidence.verdict
    assert after.evidence.findings == before.evidence.findings


def test_the_prevalence_page_compares_what_workers_say_with_the_log(site: Site) -> None:
    said: list[list[str]] = [["notes"], ["notes", "translation"], [], []]
    for number, origins in enumerate(said):
        work = site.hand()
        work.hand.types("Staff slept a bit longer under amber light.")
        if number in {0, 2}:
            work.hand.leaves(9000).pastes(PASTED)
        public_id = work.submit()
        if origins:
            with site.database.writing() as db:
                submission = db.scalars(select(Submission).where(Submission.public_id == public_id)).one()
                db.add(WorkerStatement(submission_id=submission.id, text_origins=origins, input_aids=False))
    page = site.visitor("vera").settled("/studies/night/prevalence")
    rows = {row.name: (row.arrived, row.typed, row.unknown) for row in page.statements}
    assert rows == {"My own notes": (1, 1, 0), "A translation tool": (0, 1, 0), "Named nothing": (1, 1, 0)}


def test_exported_logs_name_the_group_of_those_who_use_input_aids(site: Site, tmp_path: Path) -> None:
    for input_aids in (True, False):
        work = site.hand()
        work.hand.types("Staff slept a bit longer under amber light.")
        public_id = work.submit()
        with site.database.writing() as db:
            number = db.scalars(select(Submission.id).where(Submission.public_id == public_id)).one()
            db.add(WorkerStatement(submission_id=number, text_origins=["notes"], input_aids=input_aids))
    with site.database.reading() as db:
        study_id = db.scalars(select(Study.id).where(Study.slug == site.slug)).one()
        sessions = list(sessions_in_wire(db, Selection(study_id, site.slug)))
    file = tmp_path / "sessions.jsonl"
    file.write_text("\n".join(map(json.dumps, sessions)))
    assert [one.groups for one in read_wire(file, site.clock())] == [{"input_aids": "Yes"}, {}]
