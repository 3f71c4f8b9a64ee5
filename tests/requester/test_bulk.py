import pytest
from sqlalchemy import func, select

from keytrail.models import Decision
from keytrail.requester.queue.queue import QueuePage
from tests.requester.site import Site, Visitor, words_of


@pytest.fixture
def picks(site: Site) -> list[str]:
    ids = []
    for n in range(3):
        work = site.hand()
        work.hand.types(f"Text number {n}.")
        ids.append(work.submit())
    return ids


@pytest.fixture
def rafael(site: Site) -> Visitor:
    return site.visitor("rafael")


def decided(site: Site) -> int:
    with site.database.reading() as db:
        return db.scalar(select(func.count(Decision.id))) or 0


class TestBulk:
    def test_the_preview_changes_nothing_and_shows_everything(
        self, site: Site, rafael: Visitor, picks: list[str]
    ) -> None:
        answer = rafael.post("/studies/night/queue/bulk?verdict=clear", pick=picks, kind="accept", note="Fine.")
        assert answer.status_code == 200
        page = site.app.state.pages.last
        assert [row.line.public_id for row in page.rows] == picks[::-1]
        assert (page.word.label, page.note, page.query) == ("Accept", "Fine.", "verdict=clear")
        assert decided(site) == 0

    def test_one_is_told_as_one(self, rafael: Visitor, picks: list[str]) -> None:
        rafael.post(f"/submissions/{picks[0]}/decisions", kind="second_look")
        for number, question in ((1, "Accept: 1 submission? "), (3, "Accept: 3 submissions? ")):
            page = words_of(rafael.post("/studies/night/queue/bulk", pick=picks[:number], kind="accept").text)
            assert question in page
            assert "1 of them already has a decision." in page

    def test_what_was_previewed_is_done(self, site: Site, rafael: Visitor, picks: list[str]) -> None:
        answer = rafael.post("/studies/night/queue/bulk/confirm?verdict=clear", pick=picks[:2], kind="accept")
        assert answer.headers["location"] == f"/studies/night/queue?verdict=clear&decided={picks[0]}.{picks[1]}"
        with site.database.reading() as db:
            decisions = db.scalars(select(Decision)).all()
        assert [(d.kind, d.verdict_seen, d.analysis_version_seen is not None) for d in decisions] == [
            ("accept", "clear", True)
        ] * 2

    def test_what_was_done_is_taken_back_together(self, site: Site, rafael: Visitor, picks: list[str]) -> None:
        answer = rafael.post("/studies/night/queue/bulk/confirm?verdict=clear", pick=picks[:2], kind="accept")
        page: QueuePage = rafael.context(answer.headers["location"])
        assert (list(page.decided), len(page.rows)) == (picks[:2], 1)
        answer = rafael.post("/studies/night/queue/bulk/undo?verdict=clear", pick=list(page.decided))
        page = rafael.context(answer.headers["location"])
        assert (list(page.decided), len(page.rows)) == ([], 3)

    def test_only_own_decisions_are_taken_back(self, site: Site, rafael: Visitor, picks: list[str]) -> None:
        rafael.post("/studies/night/queue/bulk/confirm", pick=picks[:2], kind="accept")
        olivia = site.visitor("olivia")
        olivia.post("/studies/night/queue/bulk/confirm", pick=picks[1:], kind="accept")
        before = decided(site)
        assert olivia.post("/studies/night/queue/bulk/undo", pick=picks).status_code == 409
        assert site.visitor("vera").post("/studies/night/queue/bulk/undo", pick=picks).status_code == 403
        assert decided(site) == before

    @pytest.mark.parametrize(
        "fields", [{"kind": "accept"}, {"kind": "withdrawn"}, {"kind": ""}, {"kind": "propose_rejection"}]
    )
    def test_a_choice_that_cannot_be_made_is_refused(
        self, site: Site, rafael: Visitor, picks: list[str], fields: dict[str, str]
    ) -> None:
        chosen = [] if fields == {"kind": "accept"} else picks
        assert rafael.post("/studies/night/queue/bulk", pick=chosen, **fields).status_code == 400
        if chosen:
            assert rafael.post("/studies/night/queue/bulk/confirm", pick=chosen, **fields).status_code == 400
        assert decided(site) == 0

    def test_a_viewer_may_not(self, site: Site, picks: list[str]) -> None:
        vera = site.visitor("vera")
        for path in ("", "/confirm"):
            assert vera.post(f"/studies/night/queue/bulk{path}", pick=picks, kind="accept").status_code == 403

    def test_submissions_of_other_studies_stay_out_of_it(self, site: Site, rafael: Visitor, picks: list[str]) -> None:
        answer = rafael.post("/studies/night/queue/bulk", pick=["0123456789abcdef"], kind="accept")
        assert answer.status_code == 400
