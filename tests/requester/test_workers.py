from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from keytrail.models import ActionKind, ActionState, PlatformAction, Study, Submission
from keytrail.requester.workers import listing
from keytrail.requester.workers.listing import WorkersPage
from keytrail.requester.workers.worker import WorkerPage
from keytrail.review.figures.workers import WorkerFigures
from tests.requester.site import Site

ELSEWHERE = "A long text that came from elsewhere. " * 5


@pytest.fixture
def three(site: Site) -> None:
    """Ann wrote twice by hand and pasted once; Bob wrote twice by hand."""
    for worker, pasted in (("Ann", False), ("Bob", False), ("Ann", True), ("Ann", False), ("Bob", False)):
        work = site.hand(worker=worker)
        if pasted:
            work.hand.pastes(ELSEWHERE)
        else:
            work.hand.types("All of this was typed, letter by letter.")
        work.submit()


def workers(site: Site, order: str = "") -> WorkersPage:
    page: WorkersPage = site.visitor("vera").context(f"/studies/night/workers?order={order}")
    return page


@pytest.mark.usefixtures("three")
class TestWorkers:
    def test_figures_of_each(self, site: Site) -> None:
        ann, bob = (row.figures for row in workers(site).workers)
        assert (ann.sessions, ann.submitted, ann.strong, ann.flagged) == (3, 3, 1, 1)
        assert ann.mean_arrived == pytest.approx(1 / 3)
        assert (bob.submitted, bob.flagged, bob.mean_arrived) == (2, 0, 0)

    @pytest.mark.parametrize(("order", "first"), [("-flagged", 3), ("submitted", 2), ("-seen", 2), ("odd", 3)])
    def test_orders(self, site: Site, order: str, first: int) -> None:
        assert workers(site, order).workers[0].figures.submitted == first

    def test_pages(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("keytrail.requester.workers.listing._PER_PAGE", 1)
        first = workers(site)
        assert first.next_url is not None
        second: WorkersPage = site.visitor("vera").context(first.next_url)
        assert [w.figures.submitted for w in (*first.workers, *second.workers)] == [3, 2]
        assert second.next_url is None

    def test_a_workers_page(self, site: Site) -> None:
        ann = workers(site).workers[0].figures.pseudonym
        rafael = site.visitor("rafael")
        page: WorkerPage = rafael.context(f"/studies/night/workers/{ann}")
        rafael.post(f"/submissions/{page.rows[0].line.public_id}/decisions", kind="accept")
        page = rafael.context(f"/studies/night/workers/{ann}")
        assert [row.verdict_key for row in page.rows] == ["clear", "strong", "clear"]
        assert [bar.segments[0].look for bar in page.chart.bars] == ["v-clear", "v-strong", "v-clear"]
        assert (page.worker.decided, page.worker.accepted) == (1, 1)
        assert ("external_text", "Text from elsewhere", 1) in page.findings
        assert page.may_exclude is False

    def test_what_others_are_still_to_judge_is_not_counted_as_decided(self, site: Site) -> None:
        with site.database.writing() as db:
            db.execute(update(Study).values(reviews_per_submission=2))
        ann = workers(site).workers[0].figures.pseudonym
        for name, settled in (("rafael", 0), ("olivia", 1)):
            visitor = site.visitor(name)
            page: WorkerPage = visitor.context(f"/studies/night/workers/{ann}")
            visitor.post(f"/submissions/{page.rows[0].line.public_id}/decisions", kind="accept")
            page = visitor.context(f"/studies/night/workers/{ann}")
            assert (page.worker.decided, page.worker.accepted) == (settled, settled)

    @pytest.mark.parametrize(
        ("column", "key"),
        [
            ("worker", lambda figures: figures.pseudonym),
            ("sessions", lambda figures: figures.sessions),
            ("submitted", lambda figures: figures.submitted),
            ("strong", lambda figures: figures.strong),
            ("flagged", lambda figures: (figures.strong, figures.flagged)),
            ("arrived", lambda figures: figures.mean_arrived),
            ("decided", lambda figures: figures.decided),
            ("seen", lambda figures: figures.first_seen_at),
        ],
    )
    def test_each_column_sorts_the_whole_list_both_ways(
        self, site: Site, monkeypatch: pytest.MonkeyPatch, column: str, key: Callable[[WorkerFigures], Any]
    ) -> None:
        monkeypatch.setattr(listing, "_PER_PAGE", 1)
        for order, backwards in ((column, False), (f"-{column}", True)):
            found: list[WorkerFigures] = []
            url: str | None = f"/studies/night/workers?order={order}"
            while url:
                page: WorkersPage = site.visitor("vera").context(url)
                assert page.columns[column].direction == ("descending" if backwards else "ascending")
                found += [row.figures for row in page.workers]
                url = page.next_url
            assert len(found) == 2
            assert [key(one) for one in found] == sorted([key(one) for one in found], reverse=backwards)

    def test_one_is_found_by_the_beginning_of_the_name(self, site: Site) -> None:
        ann, bob = (row.figures.pseudonym for row in workers(site).workers)
        found: WorkersPage = site.visitor("vera").context(f"/studies/night/workers?name={bob[:8]}")
        assert [row.figures.pseudonym for row in found.workers] == [bob]
        assert ann not in site.visitor("vera").page(f"/studies/night/workers?name={bob[:8]}")
        assert "No worker has this name" in site.visitor("vera").page("/studies/night/workers?name=%25")

    def test_what_was_sent_is_paid_bonuses_included_and_what_waits_is_not(self, site: Site) -> None:
        ann = workers(site).workers[0].figures
        vera = site.visitor("vera")
        page: WorkerPage = vera.context(f"/studies/night/workers/{ann.pseudonym}")
        with site.database.writing() as db:
            submission = db.scalars(select(Submission).where(Submission.public_id == page.rows[0].line.public_id)).one()
            for number, (kind, state) in enumerate(
                [
                    (ActionKind.APPROVE, ActionState.SENT),
                    (ActionKind.BONUS, ActionState.SENT),
                    (ActionKind.BONUS, ActionState.QUEUED),
                ]
            ):
                db.add(
                    PlatformAction(
                        study_id=submission.study_id,
                        submission_id=submission.id,
                        kind=kind,
                        state=state,
                        token=str(number),
                        amount_cents=100,
                        currency="USD",
                        fee_cents=20,
                        queued_at=site.clock(),
                    )
                )
        assert [row.paid for row in workers(site).workers] == ["2.00 USD", "0.00 USD"]
        assert vera.context(f"/studies/night/workers/{ann.pseudonym}").paid == "2.00 USD"

    def test_the_list_costs_six_statements(self, site: Site) -> None:
        vera = site.visitor("vera")
        with site.counted_statements() as sent:
            vera.page("/studies/night/workers")
        assert len(sent) == 6

    def test_who_is_kept_out_is_marked_for_the_owner_alone(self, site: Site) -> None:
        ann = workers(site).workers[0].figures
        site.exclude_worker(ann.pseudonym, "Several accounts")
        page: WorkersPage = site.visitor("olivia").context("/studies/night/workers")
        assert [row.excluded for row in page.workers] == [True, False]
        assert [row.excluded for row in workers(site).workers] == [False, False]

    def test_nobody_is_not_found(self, site: Site) -> None:
        assert site.visitor("vera").get("/studies/night/workers/nobody").status_code == 404

    @pytest.mark.parametrize("name", ["rafael", "vera"])
    @pytest.mark.parametrize("action", ["exclude", "readmit"])
    def test_only_owners_keep_workers_out(self, site: Site, name: str, action: str) -> None:
        ann = workers(site).workers[0].figures.pseudonym
        assert site.visitor(name).post(f"/studies/night/workers/{ann}/{action}", reason="x").status_code == 403

    def test_a_worker_without_a_known_person_cannot_be_kept_out(self, site: Site) -> None:
        ann = workers(site).workers[0].figures.pseudonym
        olivia = site.visitor("olivia")
        assert olivia.context(f"/studies/night/workers/{ann}").known is False
        assert "cannot be recognised" in olivia.page(f"/studies/night/workers/{ann}")
        answer = olivia.post(f"/studies/night/workers/{ann}/exclude", reason="Several accounts")
        assert answer.status_code == 404
        assert "cannot be excluded" in answer.text
