import pytest
from sqlalchemy import select

from keytrail.models import AuditEntry, Decision, Submission
from keytrail.requester.submission.page import SubmissionPage
from tests.requester.site import Site, Visitor

CHOICE = {
    "kind": "propose_rejection",
    "reason": "text_from_elsewhere",
    "note": "Pasted at 00:51.",
    "verdict_seen": "strong",
    "analysis_version_seen": "1",
}


@pytest.fixture
def submitted(site: Site) -> str:
    work = site.hand()
    work.hand.types("ok ").leaves(9000).pastes(
        "A text that came from somewhere else, and quite a long one at that. " * 3
    )
    return work.submit()


@pytest.fixture
def rafael(site: Site) -> Visitor:
    return site.visitor("rafael")


class TestDeciding:
    def test_a_decision_is_kept_with_who_when_and_what_was_seen(
        self, site: Site, rafael: Visitor, submitted: str
    ) -> None:
        answer = rafael.post(f"/submissions/{submitted}/decisions", **CHOICE)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/submissions/{submitted}#decision")
        with site.database.reading() as db:
            decision = db.scalars(select(Decision)).one()
            assert decision.user_id == site.people["rafael"]
            assert decision.decided_at == site.clock()
            assert (decision.kind, decision.reason, decision.note) == (
                "propose_rejection",
                "text_from_elsewhere",
                "Pasted at 00:51.",
            )
            assert (decision.verdict_seen, decision.analysis_version_seen) == ("strong", "1")
            assert db.scalars(select(Submission.decision)).one() == "propose_rejection"
            assert db.scalars(select(AuditEntry.action)).one() == "decide"

    def test_a_later_decision_replaces_it_and_the_history_keeps_both(self, rafael: Visitor, submitted: str) -> None:
        rafael.post(f"/submissions/{submitted}/decisions", **CHOICE)
        rafael.post(f"/submissions/{submitted}/decisions", kind="accept")
        page: SubmissionPage = rafael.context(f"/submissions/{submitted}")
        assert page.decision.latest is not None
        assert page.decision.latest.kind == "accept"
        assert [past.kind for past in page.decision.history] == ["accept", "propose_rejection"]

    def test_a_decision_taken_back_leaves_the_submission_undecided(
        self, site: Site, rafael: Visitor, submitted: str
    ) -> None:
        rafael.post(f"/submissions/{submitted}/decisions", kind="accept")
        rafael.post(f"/submissions/{submitted}/decisions", kind="withdrawn")
        assert rafael.context(f"/submissions/{submitted}").decision.latest is None
        with site.database.reading() as db:
            assert db.scalars(select(Submission.decision)).one() is None
            assert len(db.scalars(select(Decision)).all()) == 2

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"kind": ""}, "Choose what to do"),
            ({"kind": "fire them"}, "Choose what to do"),
            ({"kind": "propose_rejection"}, "needs a reason"),
            ({"kind": "accept", "reason": "made up"}, "not on the list"),
            ({"kind": "accept", "reason": "other"}, "the other reason"),
        ],
    )
    def test_a_form_that_cannot_be_taken_comes_back_with_what_was_written(
        self, site: Site, rafael: Visitor, submitted: str, fields: dict[str, str], words: str
    ) -> None:
        answer = rafael.post(f"/submissions/{submitted}/decisions", **(fields | {"note": ""}))
        assert answer.status_code == 400
        assert words in answer.text
        with site.database.reading() as db:
            assert db.scalars(select(Decision)).all() == []

    def test_nothing_to_take_back_is_a_conflict(self, rafael: Visitor, submitted: str) -> None:
        assert rafael.post(f"/submissions/{submitted}/decisions", kind="withdrawn").status_code == 409

    def test_a_viewer_may_look_but_not_decide(self, site: Site, submitted: str) -> None:
        vera = site.visitor("vera")
        assert vera.context(f"/submissions/{submitted}").decision.allowed is False
        assert vera.post(f"/submissions/{submitted}/decisions", kind="accept").status_code == 403
        with site.database.reading() as db:
            assert db.scalars(select(Decision)).all() == []

    def test_a_form_of_another_site_is_refused(self, site: Site, rafael: Visitor, submitted: str) -> None:
        answer = rafael.client.post(
            f"/submissions/{submitted}/decisions", data={"kind": "accept"}, headers={"sec-fetch-site": "cross-site"}
        )
        assert answer.status_code == 403
