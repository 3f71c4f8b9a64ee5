"""Manual payments at platforms without an API: ids, lists, and actions marked as done."""

import csv
import io

import pytest
from httpx2 import Response
from openpyxl import load_workbook
from sqlalchemy import select

from keytrail.exports.formulas import not_a_formula
from keytrail.models import (
    ActionKind,
    AssignmentIdentity,
    AuditEntry,
    PlatformAction,
    Submission,
    WorkerIdentity,
    WritingSession,
)
from keytrail.platform_actions.outbox import Order, queue
from keytrail.requester.platform.identities import IdentitiesPage
from keytrail.studies import study_by_slug
from tests.requester.conftest import site
from tests.requester.site import ORIGIN, Site, Visitor, words_of

__all__ = ["site"]

PAYMENTS = "/studies/night/payments"


@pytest.fixture
def olivia(site: Site) -> Visitor:
    with site.database.writing() as db:
        study_by_slug(db, "night").platform = "connect"
    return site.visitor("olivia")


def work(site: Site, platform_id: str, *kinds: ActionKind) -> str:
    """A text by a worker with an id at the platform and queued actions; returns its receipt."""
    found = site.hand()
    found.hand.types("Some text.")
    public_id = found.submit()
    with site.database.writing() as db:
        submission = db.scalars(select(Submission).where(Submission.public_id == public_id)).one()
        identity = WorkerIdentity(worker_id=submission.worker_id, platform="connect", platform_worker_id=platform_id)
        db.merge(identity)
        db.add(AssignmentIdentity(session_id=submission.session_id, assignment_id=f"A-{platform_id}", task_id="T1"))
        for kind in kinds:
            order = Order(kind, submission_id=submission.id, amount_cents=150, reason="=Thanks")
            queue(db, study_by_slug(db, "night"), order, site.people["olivia"], site.clock())
    return public_id


def listed(olivia: Visitor, table: str) -> list[dict[str, str]]:
    answer = olivia.post(f"{PAYMENTS}/list", table=table)
    assert answer.headers["content-disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(answer.text)))


def upload(olivia: Visitor, content: str, name: str = "done.csv") -> Response:
    files = {"file": (name, content.encode())}
    return olivia.client.post(f"{PAYMENTS}/done-list", files=files, headers={"origin": ORIGIN})


def states(site: Site) -> list[str]:
    with site.database.reading() as db:
        return list(db.scalars(select(PlatformAction.state).order_by(PlatformAction.id)))


def test_the_list_of_what_waits_names_people_and_comes_back_as_it_is(site: Site, olivia: Visitor) -> None:
    receipt = work(site, "P1", ActionKind.APPROVE, ActionKind.BONUS)
    rows = listed(olivia, "waiting-actions")
    named = [(row["platform_id"], row["assignment_id"], row["action"], row["amount"], row["currency"]) for row in rows]
    assert named == [("P1", "A-P1", "approve", "1.50", "USD"), ("P1", "A-P1", "bonus", "1.50", "USD")]
    assert {row["receipt"] for row in rows} == {receipt}
    # A worker's text must not run as a spreadsheet formula.
    assert {row["message"] for row in rows} == {"'=Thanks"}
    whole = olivia.post(f"{PAYMENTS}/list", table="waiting-actions").text
    done = upload(olivia, whole)
    assert olivia.context(done.headers["location"]).notice == "2 actions marked as done."
    assert states(site) == ["sent", "sent"]


def test_the_workbook_and_prolifics_forms_hold_the_same(site: Site, olivia: Visitor) -> None:
    work(site, "P1", ActionKind.APPROVE, ActionKind.BONUS)
    book = olivia.post(f"{PAYMENTS}/list", table="waiting-actions", format="xlsx")
    rows = list(load_workbook(io.BytesIO(book.content)).active.values)
    assert [row[1] for row in rows] == ["platform_id", "P1", "P1"]
    assert olivia.post(f"{PAYMENTS}/list", table="bonuses").text == "P1,1.50\n"
    assert olivia.post(f"{PAYMENTS}/list", table="approvals").text == "P1\n"
    assert olivia.post(f"{PAYMENTS}/list", table="events").status_code == 400


def test_an_id_that_begins_like_a_formula_is_none_in_any_list(site: Site, olivia: Visitor) -> None:
    work(site, "=1+1", ActionKind.APPROVE, ActionKind.BONUS)
    assert {row["platform_id"] for table in ("waiting-actions", "links") for row in listed(olivia, table)} == {"'=1+1"}
    assert olivia.post(f"{PAYMENTS}/list", table="bonuses").text == "'=1+1,1.50\n"
    assert olivia.post(f"{PAYMENTS}/list", table="approvals").text == "'=1+1\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_what_begins_like_a_formula_gets_an_apostrophe(start: str) -> None:
    assert not_a_formula(f"{start}1+1") == f"'{start}1+1"
    assert not_a_formula(f"1{start}1") == f"1{start}1"


def test_prolifics_forms_are_csv_and_offered_as_nothing_else(site: Site, olivia: Visitor) -> None:
    with site.database.writing() as db:
        study_by_slug(db, "night").platform = "prolific"
    work(site, "P1", ActionKind.APPROVE)
    [form] = [one for one in olivia.page(PAYMENTS).split("<form")[1:] if 'value="bonuses"' in one]
    assert ('value="approvals"' in form, "xlsx" in form.partition("</form>")[0]) == (True, False)
    refused = olivia.post(f"{PAYMENTS}/list", table="approvals", format="xlsx")
    assert (refused.status_code, "bulk forms of Prolific are CSV" in words_of(refused.text)) == (400, True)


def test_what_takes_the_place_of_a_rejection_is_listed_and_comes_back(site: Site, olivia: Visitor) -> None:
    with site.database.writing() as db:
        study_by_slug(db, "night").platform = "prolific"
    instead = (ActionKind.RETURN, ActionKind.PART_PAY, ActionKind.SCREEN_OUT)
    for person, kind in zip(("P1", "P2", "P3"), instead, strict=True):
        work(site, person, kind)
    rows = listed(olivia, "waiting-actions")
    assert [(row["platform_id"], row["action"]) for row in rows] == [
        ("P1", "return"),
        ("P2", "part_pay"),
        ("P3", "screen_out"),
    ]
    assert upload(olivia, olivia.post(f"{PAYMENTS}/list", table="waiting-actions").text).is_redirect
    assert states(site) == ["sent"] * 3


def test_two_texts_under_one_id_are_shown_where_nothing_can_be_compared(site: Site, olivia: Visitor) -> None:
    with site.database.writing() as db:
        study_by_slug(db, "night").platform = "panel"
    first, second = work(site, "P1"), work(site, "P2")
    with site.database.writing() as db:
        texts = [db.scalars(select(Submission).where(Submission.public_id == one)).one() for one in (first, second)]
        assert texts[0].worker_id != texts[1].worker_id
        for text in texts:
            db.get_one(WritingSession, text.session_id).assignment_pseudonym = "shared"
            db.get_one(AssignmentIdentity, text.session_id).assignment_id = "A-1"
    for reader in ("olivia", "rafael", "vera"):
        page = site.visitor(reader).page(PAYMENTS)
        assert "Texts of several workers under one id" in page, reader
        assert f'<a href="/submissions/{first}">' in page
        assert ('id="show-ids"' in page, "Compare now" in page) == (reader == "olivia", False)


def test_the_link_table_joins_pseudonym_ids_and_receipt(site: Site, olivia: Visitor) -> None:
    receipts = [work(site, "P1"), work(site, "P2")]
    links = listed(olivia, "links")
    assert [(row["platform_id"], row["assignment_id"], row["task_id"], row["receipt"]) for row in links] == [
        ("P1", "A-P1", "T1", receipts[0]),
        ("P2", "A-P2", "T1", receipts[1]),
    ]
    assert links[0]["worker"] == olivia.context(f"/submissions/{receipts[0]}").worker


def test_an_owner_sees_a_workers_ids_and_the_audit_log_says_so(site: Site, olivia: Visitor) -> None:
    receipt = work(site, "P1")
    worker = olivia.context(f"/submissions/{receipt}").worker
    path = f"/studies/night/workers/{worker}/ids"
    assert site.visitor("rafael").post(path).status_code == 403
    assert "Show platform ids" not in site.visitor("rafael").page(f"/studies/night/workers/{worker}")
    assert "P1" in words_of(olivia.post(path).text)
    page = site.app.state.pages.last
    assert isinstance(page, IdentitiesPage)
    assert [(link.assignment_id, link.receipt) for link in page.links] == [("A-P1", receipt)]
    listed(olivia, "links")
    with site.database.reading() as db:
        entries = db.scalars(select(AuditEntry).where(AuditEntry.action == "read identities").order_by(AuditEntry.id))
        noted = [(entry.user_id, entry.detail) for entry in entries]
    owner = site.people["olivia"]
    assert noted == [(owner, {"worker": worker}), (owner, {"table": "links"})]
    assert "looked up platform ids" in olivia.page("/studies/night/audit")
