"""An owner's means against invented visits: releasing places, and signed links."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from keytrail.models import AuditEntry, PlatformAssignment, Submission, WritingSession
from keytrail.platforms import Assignment
from keytrail.requester.platform.page import PlatformPage
from keytrail.requester.submission.page import SubmissionPage
from keytrail.requester.workers.worker import WorkerPage
from keytrail.sessions.lifecycle import open_session
from keytrail.sessions.submission import Answer, submit
from keytrail.studies import study_by_slug
from tests.platform_actions.test_dashboard import PAYMENTS, PLATFORM, change
from tests.requester.conftest import site
from tests.requester.site import Site, words_of

__all__ = ["site"]


def begin(site: Site, name: str) -> int:
    with site.database.writing() as db:
        study = study_by_slug(db, "night")
        return open_session(db, study, Assignment(name, name), site.keyring, site.clock()).id


def noted(site: Site, action: str) -> list[dict[str, int]]:
    with site.database.reading() as db:
        return list(db.scalars(select(AuditEntry.detail).where(AuditEntry.action == action)))


class TestFreeingPlaces:
    def test_ends_the_time_of_those_who_began_long_ago_and_deletes_nothing(self, site: Site) -> None:
        long_ago = begin(site, "MADEUP")
        site.clock.advance(minutes=20)
        just_now = begin(site, "HONEST")
        answer = site.visitor("olivia").post(f"{PAYMENTS}/places", minutes="10")
        assert "notice=freed&done=1" in answer.headers["location"]
        with site.database.reading() as db:
            assert db.get_one(WritingSession, long_ago).expires_at == site.clock()
            assert db.get_one(WritingSession, just_now).expires_at > site.clock() + timedelta(minutes=30)
        assert noted(site, "free places") == [{"places": 1}]
        with site.database.writing() as db:
            submit(db, long_ago, Answer(" ".join(["word"] * 60)), site.clock())

    @pytest.mark.parametrize(("who", "status"), [("rafael", 403), ("vera", 403), ("otto", 404)])
    def test_is_for_owners(self, site: Site, who: str, status: int) -> None:
        begin(site, "MADEUP")
        assert site.visitor(who).post(f"{PAYMENTS}/places", minutes="0").status_code == status
        assert noted(site, "free places") == []


class TestSignedLinks:
    def test_are_made_for_owners_and_noted(self, site: Site) -> None:
        change(site, platform="panel")
        olivia = site.visitor("olivia")
        assert not olivia.context(PLATFORM).link_secret
        olivia.post(f"{PLATFORM}/options", signed_links="yes", worker_parameter="pid")
        page: PlatformPage = olivia.context(PLATFORM)
        assert len(page.link_secret) == 64
        answer = olivia.post(f"{PLATFORM}/links", ids="P1\nP2 =P3")
        rows = list(csv.reader(io.StringIO(answer.text)))
        assert [row[0] for row in rows] == ["participant", "P1", "P2", "'=P3"]
        assert rows[1][1].startswith("http://keytrail.test/task/night?pid=P1&signature=")
        assert noted(site, "make links") == [{"links": 3}]
        olivia.post(f"{PLATFORM}/options", worker_parameter="pid")
        assert not olivia.context(PLATFORM).link_secret, "an empty box switches it off"

    @pytest.mark.parametrize("ids", ["", " \n", "<b>"])
    def test_are_not_made_of_nothing(self, site: Site, ids: str) -> None:
        change(site, platform="direct", platform_options={"signed_links": "yes"})
        assert site.visitor("olivia").post(f"{PLATFORM}/links", ids=ids).status_code == 400

    @pytest.mark.parametrize("who", ["rafael", "vera", "otto"])
    def test_are_for_owners(self, site: Site, who: str) -> None:
        change(site, platform="direct", platform_options={"signed_links": "yes"})
        assert site.visitor(who).post(f"{PLATFORM}/links", ids="P1").status_code in {403, 404}
        if who != "otto":
            assert not site.visitor(who).context(PLATFORM).link_secret


def test_work_that_only_bears_a_workers_id_is_told_apart(site: Site) -> None:
    change(site, platform="prolific")
    with site.database.writing() as db:
        study = study_by_slug(db, "night")
        # Prolific listed an assignment, so it can be asked whose work is.
        db.add(
            PlatformAssignment(
                study_id=study.id, pseudonym="another", clear_id="S1", status="ACTIVE", heard_at=site.clock()
            )
        )
    session_id = begin(site, "VICTIM")
    with site.database.writing() as db:
        public_id = submit(db, session_id, Answer(" ".join(["word"] * 60)), site.clock()).public_id
    olivia = site.visitor("olivia")
    shown: SubmissionPage = olivia.context(f"/submissions/{public_id}")
    assert "unconfirmed" in shown.confirmation
    worker: WorkerPage = olivia.context(f"/studies/night/workers/{shown.worker}")
    assert ([row.line.public_id for row in worker.unconfirmed], list(worker.rows)) == ([public_id], [])
    assert (worker.worker.submitted, worker.worker.unconfirmed) == (0, 1)
    page = words_of(olivia.page(f"/studies/night/workers/{shown.worker}"))
    assert "do not count against the worker" in page
    for url in (f"{PAYMENTS}/exclusion", f"/studies/night/workers/{shown.worker}/exclude"):
        refused = olivia.post(url, submission=public_id, reason="It was pasted.")
        assert (refused.status_code, "has not confirmed" in refused.text) == (409, True)
    with site.database.writing() as db:
        db.get_one(WritingSession, session_id).confirmed_at = site.clock()
        assert db.scalars(select(Submission.public_id)).one() == public_id
    assert olivia.context(f"/submissions/{public_id}").confirmation == ""
    assert olivia.context(f"/studies/night/workers/{shown.worker}").worker.submitted == 1


def test_where_nothing_can_be_asked_the_workers_page_says_so(site: Site) -> None:
    change(site, platform="direct")
    begin(site, "P1")
    (row,) = site.visitor("olivia").context("/studies/night/workers").workers
    page = words_of(site.visitor("olivia").page(f"/studies/night/workers/{row.figures.pseudonym}"))
    assert "only the id in the link says who wrote it" in page
