"""Lists of several pages are sorted whole, in both directions, and keep their filters (docs/dashboard.md)."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import select, update

from keytrail.models import ActionKind, ActionState, AuditAction, Item, PlatformAction, Study, Submission
from keytrail.platform_actions.exclusion_states import PlatformExclusionState
from keytrail.platform_actions.outbox import Order, cancel, queue
from keytrail.requester.people import audit
from keytrail.requester.platform import action_lists
from keytrail.requester.queue import disagreements
from keytrail.requester.wording import done
from keytrail.requester.workers import exclusions
from keytrail.studies import study_by_slug
from keytrail.users.audit_log import record_action
from tests.requester.listing import ELSEWHERE
from tests.requester.site import Site

Key = Callable[[Any], Any]


def require_sorted(
    site: Site, url: str, column: str, key: Key, of: Callable[[Any], tuple[Any, Sequence[Any]]] | None = None
) -> None:
    """Read all pages of the list at `url` by this column both ways, as Olivia. `of` takes the list out of its page."""
    olivia = site.visitor("olivia")
    for direction, sign in (("ascending", ""), ("descending", "-")):
        rows: list[Any] = []
        following: str | None = f"{url}{'&' if '?' in url else '?'}order={sign}{column}"
        while following:
            page = olivia.context(following)
            shown, lines = of(page) if of else (page, page.lines)
            assert shown.columns[column].direction == direction
            assert f'aria-sort="{direction}"' in olivia.page(following)
            rows += lines
            following = shown.next_url
        keys = [key(row) for row in rows]
        assert keys == sorted(keys, reverse=bool(sign))
        assert len(set(keys)) > 1
        assert len(rows) == 5


@pytest.fixture
def five_entries(site: Site) -> None:
    """Entries of two people and of the server itself."""
    with site.database.writing() as db:
        study = study_by_slug(db, "night")
        for number, (name, action) in enumerate(
            [
                ("rafael", AuditAction.DECIDE),
                ("olivia", AuditAction.READMIT_WORKER),  # stored as "let worker in", shown as "readmitted a worker"
                (None, AuditAction.EXPORT),
                ("olivia", AuditAction.EXCLUDE_WORKER),
                ("rafael", AuditAction.EXPORT),
            ]
        ):
            record_action(
                db,
                action,
                site.clock(),
                user_id=site.people[name] if name else None,
                study_id=study.id,
                detail={"n": number},
            )
            site.clock.advance(minutes=1)


@pytest.mark.usefixtures("five_entries")
class TestAuditLog:
    @pytest.mark.parametrize(
        ("column", "key"),
        [
            ("when", lambda line: line.at),
            ("who", lambda line: (line.by or "").lower()),
            ("what", lambda line: done(line.action)),
        ],
    )
    def test_each_column_sorts_the_whole_log(
        self, site: Site, monkeypatch: pytest.MonkeyPatch, column: str, key: Key
    ) -> None:
        monkeypatch.setattr(audit, "_PER_PAGE", 2)
        require_sorted(site, "/studies/night/audit", column, key)

    def test_no_entry_is_read_twice_when_one_is_added_meanwhile(
        self, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(audit, "_PER_PAGE", 2)
        olivia = site.visitor("olivia")
        first = olivia.context("/studies/night/audit")
        olivia.post("/studies/night/state", state="paused")
        assert [line.detail["n"] for line in (*first.lines, *olivia.context(first.next_url).lines)] == [4, 3, 2, 1]

    @pytest.mark.parametrize("query", ["", "?order=what"])
    def test_costs_the_same_for_more_entries(self, site: Site, query: str) -> None:
        olivia, seen = site.visitor("olivia"), []
        for state in ("paused", "open"):
            olivia.post("/studies/night/state", state=state)
            with site.counted_statements() as sent:
                olivia.page(f"/studies/night/audit{query}")
            seen.append(len(sent))
        assert seen[0] == seen[1] <= 4

    def test_a_short_log_is_sorted_on_the_page(self, site: Site) -> None:
        page = site.visitor("olivia").page("/studies/night/audit?order=who")
        assert "data-sortable" in page
        assert 'class="sort"' not in page


@pytest.fixture
def five_disagreements(site: Site) -> None:
    with site.database.writing() as db:
        db.execute(update(Study).values(reviews_per_submission=2))
    for number in range(5):
        work = site.hand(worker=f"W{number % 3}")
        work.hand.types("Some words. " * (1 + number))
        if number % 2:
            work.hand.pastes(ELSEWHERE)
        submission = work.submit()
        for name, kind in (("olivia", "accept"), ("rafael", "exclude")):
            site.visitor(name).post(f"/submissions/{submission}/decisions", kind=kind, reason="off_task")


@pytest.mark.usefixtures("five_disagreements")
class TestDisagreements:
    @pytest.mark.parametrize(
        ("column", "key"),
        [
            ("verdict", lambda one: one.row.line.attention),
            ("item", lambda one: one.row.line.item_title.lower()),
            ("worker", lambda one: one.row.line.worker),
            ("submitted", lambda one: one.row.line.number),
        ],
    )
    def test_each_column_sorts_the_whole_list(
        self, site: Site, monkeypatch: pytest.MonkeyPatch, column: str, key: Key
    ) -> None:
        monkeypatch.setattr(disagreements, "_PER_PAGE", 2)
        require_sorted(site, "/studies/night/disagreements", column, key, lambda page: (page, page.rows))

    @pytest.mark.parametrize("query", ["", "?order=worker"])
    def test_costs_the_same_for_fewer_lines(self, site: Site, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
        olivia, seen = site.visitor("olivia"), []
        for size in (5, 2):
            monkeypatch.setattr(disagreements, "_PER_PAGE", size)
            with site.counted_statements() as sent:
                olivia.page(f"/studies/night/disagreements{query}")
            seen.append(len(sent))
        assert seen[0] == seen[1] <= 8


@pytest.fixture
def five_excluded(site: Site) -> None:
    """Five workers, excluded in another order than they came in; one was asked of the platform, one refused there."""
    names = []
    for number in range(5):
        work = site.hand(worker=f"X{number}")
        work.hand.types("Typed.")
        work.submit(analysed=False)
        names.append(site.visitor("olivia").context("/studies/night").rows[0].line.worker)
    for name, reason in zip((names[3], *names[:3], names[4]), ("b", "A", "c", "B", "a"), strict=True):
        site.exclude_worker(name, f"{reason} reason")
        site.clock.advance(minutes=1)
    with site.database.writing() as db:
        asked = db.scalars(select(PlatformAction).order_by(PlatformAction.id)).all()
        for action, state in zip(asked[:4], list(ActionState)[:4], strict=True):
            action.state = state


@pytest.mark.usefixtures("five_excluded")
class TestExclusions:
    @pytest.mark.parametrize(
        ("column", "key"),
        [
            ("excluded", lambda line: line.entry.since),
            ("worker", lambda line: line.entry.studies[0].worker),
            ("reason", lambda line: line.entry.reason.lower()),
            ("platform", lambda line: line.entry.platform.state.rank),
        ],
    )
    def test_each_column_sorts_the_whole_list(
        self, site: Site, monkeypatch: pytest.MonkeyPatch, column: str, key: Key
    ) -> None:
        monkeypatch.setattr(exclusions, "_PER_PAGE", 2)
        require_sorted(site, "/excluded-workers?words=night", column, key)

    def test_headers_and_search_keep_each_other(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(exclusions, "_PER_PAGE", 2)
        page = site.visitor("olivia").context("/excluded-workers?words=a&order=reason")
        assert page.columns["worker"].url == "/excluded-workers?words=a&order=worker"
        assert page.columns["reason"].url == "/excluded-workers?words=a&order=-reason"
        assert page.columns["excluded"].url == "/excluded-workers?words=a"
        assert 'name="order" value="reason"' in site.visitor("olivia").page("/excluded-workers?words=a&order=reason")

    def test_what_a_platform_cannot_do_ranks_with_what_it_was_not_asked(self) -> None:
        unable, not_asked, *others = (state.rank for state in PlatformExclusionState)
        assert unable == not_asked < min(others)
        assert others == sorted(set(others))


def act(site: Site, number: int, work: str) -> None:
    """Queue an action about a submission, or about an item or a worker alone."""
    kinds = (ActionKind.REJECT, ActionKind.APPROVE, ActionKind.BONUS, ActionKind.MESSAGE, ActionKind.EXTEND)
    with site.database.writing() as db:
        submission = db.scalars(select(Submission).where(Submission.public_id == work)).one()
        item = db.scalars(select(Item.id).where(Item.key != "").order_by(Item.id.desc())).first()
        about: dict[str, Any] = {"submission_id": submission.id}
        if kinds[number] == ActionKind.EXTEND:
            about = {"item_id": item}
        if kinds[number] == ActionKind.MESSAGE:
            about = {"worker_id": submission.worker_id}
        order = Order(kinds[number], **about, amount_cents=number * 7 % 5 * 10, fee_cents=number * 3 % 5)
        queue(db, study_by_slug(db, "night"), order, site.people["olivia"], site.clock())
    site.clock.advance(minutes=1)


@pytest.fixture
def five_actions(site: Site) -> None:
    for number in range(5):
        work = site.hand(worker=f"Y{number % 4}")
        work.hand.types("Typed.")
        act(site, number, work.submit(analysed=False))


ORDERS: list[tuple[str, Key]] = [
    ("action", lambda line: line.rank),
    ("item", lambda line: line.item.lower()),
    ("worker", lambda line: line.worker),
    ("amount", lambda line: float(line.amount.split()[0]) if line.amount else 0),
    ("fee", lambda line: float(line.fee.split()[0]) if line.fee else 0),
    ("state", lambda line: line.state),
]


@pytest.mark.usefixtures("five_actions")
class TestPayments:
    @pytest.fixture(autouse=True)
    def _short_pages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(action_lists, "WAITING_PER_PAGE", 2)
        monkeypatch.setattr(action_lists, "_ENDED_PER_PAGE", 2)

    @pytest.mark.parametrize(("column", "key"), ORDERS)
    def test_each_column_sorts_all_that_waits(self, site: Site, column: str, key: Key) -> None:
        with site.database.writing() as db:
            for action in db.scalars(select(PlatformAction).where(PlatformAction.id % 2 == 0)):
                action.state = ActionState.FAILED
        require_sorted(site, "/studies/night/payments", column, key, lambda page: (page.waiting, page.waiting.lines))

    @pytest.mark.parametrize(
        ("column", "key"), [*ORDERS, ("queued", lambda line: line.queued_at), ("ended", lambda line: line.ended_at)]
    )
    def test_each_column_sorts_all_that_has_ended(self, site: Site, column: str, key: Key) -> None:
        with site.database.writing() as db:
            for action in db.scalars(select(PlatformAction).order_by(PlatformAction.id.desc())):
                cancel(db, action, None, site.clock())
                action.state = ActionState.SENT if action.id % 2 else ActionState.CANCELLED
                site.clock.advance(minutes=1)
        olivia = site.visitor("olivia")
        for sign in ("", "-"):
            lines: list[Any] = []
            url: str | None = f"/studies/night/payments?past_order={sign}{column}"
            while url:
                page = olivia.context(url).ended
                lines, url = [*lines, *page.lines], page.next_url
            keys = [key(line) for line in lines]
            assert len(keys) == 5
            assert keys == sorted(keys, reverse=bool(sign))
            assert len(set(keys)) > 1

    def test_each_list_keeps_the_page_and_the_order_of_the_other(self, site: Site) -> None:
        with site.database.writing() as db:
            for action in db.scalars(select(PlatformAction).order_by(PlatformAction.id).limit(2)):
                cancel(db, action, None, site.clock())
        page = site.visitor("olivia").context("/studies/night/payments?order=item&past_order=-ended&page=2")
        assert page.waiting.columns["worker"].url == (
            "/studies/night/payments?order=worker&past_order=-ended#waiting-title"
        )
        assert page.waiting.previous_url == "/studies/night/payments?order=item&past_order=-ended#waiting-title"
        assert (page.ended.pages, page.ended.columns) == (1, {})

    @pytest.mark.parametrize("query", ["", "?order=item&past_order=worker"])
    def test_the_number_of_statements_is_fixed(self, site: Site, query: str) -> None:
        olivia, seen = site.visitor("olivia"), []
        for number in (1, 2):
            work = site.hand(worker=f"Z{number}")
            work.hand.types("Typed.")
            act(site, number, work.submit(analysed=False))
            with site.database.writing() as db:
                newest = db.scalars(select(PlatformAction).order_by(PlatformAction.id.desc()).limit(1)).one()
                cancel(db, newest, None, site.clock())
            with site.counted_statements() as sent:
                olivia.page(f"/studies/night/payments{query}")
            seen.append(len(sent))
        assert seen[0] == seen[1] <= 16
