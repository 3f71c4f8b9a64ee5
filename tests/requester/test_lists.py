from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text, update

from keytrail.models import AnalysisFailure, Submission
from keytrail.requester.queue import queue, submissions
from keytrail.requester.queue.queue import QueuePage
from keytrail.requester.queue.rows import QueueRow
from keytrail.requester.queue.submissions import SubmissionsPage
from keytrail.review.queue.queue import objected_lines
from tests.requester.listing import ELSEWHERE, listed, three
from tests.requester.site import Site

__all__ = ["three"]


@pytest.mark.parametrize("place", ["", "/queue"])
@pytest.mark.parametrize(
    ("column", "key"),
    [
        ("verdict", lambda row: row.line.attention),
        ("item", lambda row: row.line.item_title.lower()),
        ("arrived", lambda row: row.line.arrived_share),
        ("worker", lambda row: row.line.worker),
        ("words", lambda row: row.line.words),
        ("submitted", lambda row: row.line.number),
    ],
)
def test_each_column_sorts_the_whole_list_both_ways(
    site: Site, monkeypatch: pytest.MonkeyPatch, place: str, column: str, key: Callable[[QueueRow], Any]
) -> None:
    monkeypatch.setattr(submissions, "_PER_PAGE", 2)
    monkeypatch.setattr(queue, "_PER_PAGE", 2)
    for number in range(5):
        work = site.hand(worker=f"W{number % 3}")
        work.hand.types("Some words. " * (1 + number * 7 % 5))
        if number % 2:
            work.hand.pastes(ELSEWHERE[: 40 * number])
        work.submit()
    vera = site.visitor("vera")
    for order, backwards in ((column, False), (f"-{column}", True)):
        rows: list[QueueRow] = []
        url: str | None = f"/studies/night{place}?order={order}&worker="
        while url:
            page: SubmissionsPage | QueuePage = vera.context(url)
            assert page.columns[column].direction == ("descending" if backwards else "ascending")
            rows += page.rows
            url = page.next_url
        assert len({row.line.number for row in rows}) == 5
        keys = [key(row) for row in rows]
        assert keys == sorted(keys, reverse=backwards)
        assert len(set(keys)) > 1


@pytest.mark.parametrize(("filters", "order"), [("item=pain", "item"), ("worker=quiet-fern", "worker")])
def test_a_list_filtered_by_what_sorts_it(site: Site, three: dict[str, str], filters: str, order: str) -> None:
    assert listed(site, f"?{filters}&order={order}") == []


class TestFacets:
    def test_each_choice_is_counted_with_all_other_filters(self, site: Site, three: dict[str, str]) -> None:
        rafael = site.visitor("rafael")
        rafael.post(f"/submissions/{three['typed']}/decisions", kind="accept")
        every = rafael.get("/studies/night/facets").json()
        assert every["finding"]["external_text"] == 1
        assert (every["decision"]["accept"], every["decision"]["undecided"]) == (1, 2)
        assert sum(every["item"].values()) == 3
        assert list(every["reviewer"].values()) == [1]
        chosen = rafael.get("/studies/night/facets?finding=external_text&decision=accept").json()
        assert chosen["finding"] == {}  # of the accepted one
        assert (chosen["decision"]["accept"], chosen["decision"]["undecided"]) == (0, 1)

    def test_in_the_queue_only_what_waits_is_counted(self, site: Site, three: dict[str, str]) -> None:
        rafael = site.visitor("rafael")
        rafael.post(f"/submissions/{three['typed']}/decisions", kind="accept")
        facets = rafael.get("/studies/night/queue/facets").json()
        assert facets["decision"]["accept"] == 0
        assert sum(facets["item"].values()) == 1

    @pytest.mark.parametrize("place", ["", "/queue"])
    def test_the_number_of_statements_is_fixed(self, site: Site, place: str) -> None:
        rafael = site.visitor("rafael")
        seen = []
        for _ in range(2):
            work = site.hand()
            work.hand.pastes(ELSEWHERE)
            work.submit()
            with site.counted_statements() as sent:
                rafael.get(f"/studies/night{place}/facets?verdict=strong")
            seen.append(len(sent))
        assert seen[0] == seen[1] <= 9


@pytest.mark.parametrize("place", ["?verdict=waiting", "/workers/{worker}"])
def test_a_list_says_that_an_analysis_failed_for_good(site: Site, place: str) -> None:
    work = site.hand()
    work.hand.types("New.")
    public_id = work.submit(analysed=False)
    page: SubmissionsPage = site.visitor("vera").context("/studies/night")
    assert page.rows[0].verdict.label == "not analysed yet"
    address = f"/studies/night{place.format(worker=page.rows[0].line.worker)}"
    with site.database.writing() as db:
        number = db.scalars(select(Submission.id).where(Submission.public_id == public_id)).one()
        failure = AnalysisFailure(
            submission_id=number, attempts=1, reason="Memory.", failed_at=site.clock(), next_at=site.clock()
        )
        db.add(failure)
    assert "analysis failed" not in site.visitor("vera").page(address)
    with site.database.writing() as db:
        db.execute(update(AnalysisFailure).values(next_at=None))
    assert "analysis failed" in site.visitor("vera").page(address)


def test_looking_for_objections_reads_no_other_submission(site: Site) -> None:
    with site.database.reading() as db, site.counted_statements() as sent:
        objected_lines(db, 1, 50)
    with site.database.reading() as db:
        if db.get_bind().dialect.name == "sqlite":  # PostgreSQL reads small tables whole
            query = sent[0].replace("study_id = ?", "study_id = 1").replace("?", "50")
            plan = " ".join(str(row) for row in db.execute(text(f"EXPLAIN QUERY PLAN {query}")))
            assert "ix_submissions_objected" in plan
