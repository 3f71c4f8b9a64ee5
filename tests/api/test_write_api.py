"""The whole loop by programs: decide, preview, send, export; each with a scope of its own."""

import csv
import io
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from keytrail.models import AssignmentIdentity, Submission, User
from keytrail.studies import study_by_slug
from keytrail.users.tokens import create_token
from tests.requester.conftest import site
from tests.requester.site import ORIGIN, Site

__all__ = ["site"]

NIGHT = "/api/v1/studies/night"


@pytest.fixture
def text(site: Site) -> str:
    """A submission that the marketplace holds, in a study that pays."""
    work = site.hand()
    work.hand.types("Some text.")
    public_id = work.submit()
    with site.database.writing() as db:
        study_by_slug(db, "night").reward_cents = 100
        session_id = db.scalars(select(Submission.session_id).where(Submission.public_id == public_id)).one()
        db.add(AssignmentIdentity(session_id=session_id, assignment_id="A1"))
    return public_id


def program(site: Site, name: str, *scopes: str) -> TestClient:
    with site.database.writing() as db:
        token = create_token(db, db.get_one(User, site.people[name]), "t", site.clock(), scopes=scopes)
    return TestClient(site.app, base_url=ORIGIN, headers={"authorization": f"Bearer {token}"})


def test_a_decision_queues_and_a_preview_confirms_what_is_sent(site: Site, text: str) -> None:
    reviewer = program(site, "rafael", "decisions")
    made = reviewer.post(f"/api/v1/submissions/{text}/decisions", json={"kind": "accept", "note": "Fine."})
    assert (made.status_code, made.json()["by"]) == (201, "rafael@example.org")
    late = program(site, "olivia", "decisions").post(
        f"/api/v1/submissions/{text}/decisions", json={"kind": "exclude", "decisions_seen": 0}
    )
    assert late.status_code == 409
    owner = program(site, "olivia", "payments")
    [action] = owner.get(f"{NIGHT}/payments").json()
    assert (action["kind"], action["state"], action["submission"]) == ("approve", "queued", text)
    chosen: dict[str, Any] = {"actions": [action["action"]]}
    refused = owner.post(f"{NIGHT}/payments/sending", json=chosen)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_confirmed")
    shown = owner.post(f"{NIGHT}/payments/preview", json=chosen).json()
    assert (shown["summary"], shown["total"]) == ("Pay 1.00 USD to 1 worker", "1.40 USD")
    [sent] = owner.post(f"{NIGHT}/payments/sending", json=chosen | {"fingerprint": shown["fingerprint"]}).json()
    assert (sent["state"], sent["sent_elsewhere"]) == ("failed", False)
    assert "No marketplace is configured" in sent["outcome"]
    stale = owner.post(f"{NIGHT}/payments/sending", json=chosen | {"fingerprint": shown["fingerprint"]})
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "changed_meanwhile")


def test_tables_leave_with_their_own_scope(site: Site, text: str) -> None:
    assert program(site, "rafael", "submissions").get(f"{NIGHT}/export/submissions").status_code == 403
    exported = program(site, "rafael", "exports").get(f"{NIGHT}/export/submissions")
    assert [row["submission"] for row in csv.DictReader(io.StringIO(exported.text))] == [text]
    assert program(site, "olivia", "exports").get(f"{NIGHT}/export/links").status_code == 404


def test_a_token_reads_unless_more_is_chosen(site: Site, text: str) -> None:
    with site.database.writing() as db:
        token = create_token(db, db.get_one(User, site.people["olivia"]), "t", site.clock())
    client = TestClient(site.app, base_url=ORIGIN, headers={"authorization": f"Bearer {token}"})
    assert client.get(f"/api/v1/submissions/{text}").status_code == 200
    for path, body in (
        (f"/api/v1/submissions/{text}/decisions", {"kind": "accept"}),
        (f"{NIGHT}/payments/preview", {}),
    ):
        assert client.post(path, json=body).status_code == 403
