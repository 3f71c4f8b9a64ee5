"""Figures of whole studies are read from indexes alone: a table's rows hold texts and reports."""

import re

import pytest
from sqlalchemy import select, text

from keytrail.models import StoredReport, Submission
from keytrail.review.figures.worker_orders import ordered_workers
from tests.requester.site import Site

ELSEWHERE = "A long text that came from elsewhere. " * 5
_READ = re.compile(r"(SEARCH|SCAN) (submissions|reports|report_findings|writing_sessions)\b(.*)")


def reads(site: Site, statements: list[str]) -> list[tuple[str, bool]]:
    """Each read of a large table in SQLite's plans, and whether an index answers it."""
    with site.database.reading() as db:
        plans = [db.execute(text(f"EXPLAIN QUERY PLAN {statement.replace('?', '1')}")) for statement in statements]
        found = [_READ.search(row.detail) for plan in plans for row in plan]
    return [(read[0], "COVERING INDEX" in read[3]) for read in found if read]


def one_database(site: Site) -> None:
    with site.database.reading() as db:
        if db.get_bind().dialect.name != "sqlite":
            pytest.skip("PostgreSQL reads small tables whole")


def test_the_overview_reads_no_row(site: Site) -> None:
    one_database(site)
    work = site.hand()
    work.hand.pastes(ELSEWHERE)
    work.submit()
    with site.counted_statements() as sent:
        site.visitor("vera").page("/studies/night/overview")
    found = reads(site, sent)
    assert len(found) > 30  # each bar is a range of an index
    assert [read for read, from_index in found if not from_index] == []


@pytest.mark.parametrize("order", ["-flagged", "-strong", "-submitted", "-decided", "-arrived"])
def test_workers_are_ordered_by_an_index(site: Site, order: str) -> None:
    one_database(site)
    with site.database.reading() as db, site.counted_statements() as sent:
        list(db.scalars(ordered_workers(1, order, confirmable=False).limit(51)))
    assert [from_index for _, from_index in reads(site, sent)] == [True]


@pytest.mark.parametrize("order", ["item", "-item"])
@pytest.mark.parametrize("filters", ["", "&finding=round_trip"])
def test_the_queue_in_the_order_of_items_does_not_sort_all_that_waits(site: Site, order: str, filters: str) -> None:
    """Items come in the order of an index, so that a page is full after the first of them."""
    one_database(site)
    with site.counted_statements() as sent:
        site.visitor("rafael").page(f"/studies/night/queue?order={order}{filters}")
    (page,) = [statement for statement in sent if "lower(coalesce(" in statement]
    with site.database.reading() as db:
        plan = [row.detail for row in db.execute(text(f"EXPLAIN QUERY PLAN {page.replace('?', '1')}"))]
    assert "SEARCH items USING INDEX ix_items_name (study_id=?)" in plan
    assert "SEARCH submissions USING INDEX ix_submissions_item (study_id=? AND item_id=? AND settled=?)" in plan


@pytest.mark.parametrize(("submitted", "share"), [(None, 1), ("Nobody knows how this came.", None)])
def test_a_submission_repeats_what_lists_need_of_its_report(
    site: Site, submitted: str | None, share: float | None
) -> None:
    work = site.hand()
    work.hand.pastes(ELSEWHERE).leaves(90_000)
    public_id = work.submit(text=submitted)
    with site.database.reading() as db:
        submission = db.scalars(select(Submission).where(Submission.public_id == public_id)).one()
        report = db.get_one(StoredReport, submission.id)
        assert submission.arrived_share == share
        assert (submission.verdict, submission.duration_ms) == (report.verdict, report.duration_ms)
