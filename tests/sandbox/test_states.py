"""Any sequence of actions and times leaves every count and every state consistent."""

import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

from keytrail.errors import DomainError
from keytrail.sandbox import FeeRates
from keytrail.sandbox.market.account import balance, book
from keytrail.sandbox.market.decisions import approve, reject, require_approvable, require_rejectable
from keytrail.sandbox.market.hits import HitTypeValues, NewHit, dispose, extend, publish, register_type, set_expiration
from keytrail.sandbox.market.lifecycle import settle
from keytrail.sandbox.market.money import reward_fee
from keytrail.sandbox.market.places import places_of
from keytrail.sandbox.market.work import accept, give_back, submit
from keytrail.sandbox.store import Store
from keytrail.sandbox.tables import FINISHED, Assignment, AssignmentStatus, Entry, Hit, HitStatus, Worker

RATES = FeeRates()
REWARD, DEPOSIT = 50, 1_000_000
COST = REWARD + reward_fee(REWARD, large=False, rates=RATES)
WORKERS = [f"A{number}" for number in range(4)]
TYPE = HitTypeValues("t", "d", "", REWARD, 3600, 7200, [])
chosen = st.integers(0, 20)


class Marketplace(RuleBasedStateMachine):
    """Calls the rules directly; refused actions are skipped, like refused requests."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store(Path(self.folder.name) / "m.sqlite")
        self.now = datetime(2026, 3, 2, tzinfo=UTC)

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def do(self, action: Any) -> None:
        with suppress(DomainError), self.store.unit() as db:
            settle(db, self.now, RATES)
            action(db)

    def pick_hit(self, db: Any, number: int) -> Hit:
        hits: list[Hit] = db.scalars(select(Hit).order_by(Hit.created_at, Hit.id)).all()
        return hits[number % len(hits)]

    def pick_assignment(self, db: Any, number: int) -> Assignment | None:
        rows = db.scalars(select(Assignment).order_by(Assignment.accepted_at, Assignment.id)).all()
        return rows[number % len(rows)] if rows else None

    @initialize(places=st.integers(1, 3))
    def start(self, places: int) -> None:
        def begin(db: Any) -> None:
            book(db, "deposit", DEPOSIT, None, self.now)
            for worker in WORKERS:
                db.add(Worker(id=worker, email=worker, password_hash="", country="DE", created_at=self.now))

        self.do(begin)
        self.publish(places)

    @rule(places=st.integers(1, 3))
    def publish(self, places: int) -> None:
        new = NewHit("q", places, timedelta(hours=6), None, None)
        self.do(lambda db: publish(db, register_type(db, TYPE, self.now), new, self.now))

    @rule(hit=chosen, worker=st.sampled_from(WORKERS))
    def accept(self, hit: int, worker: str) -> None:
        self.do(lambda db: accept(db, self.pick_hit(db, hit), db.get(Worker, worker), self.now))

    @rule(number=chosen, how=st.sampled_from(["return", "submit", "submit", "approve", "override", "reject"]))
    def change(self, number: int, how: str) -> None:
        def act(db: Any) -> None:
            assignment = self.pick_assignment(db, number)
            if assignment is None:
                return
            hit = db.get(Hit, assignment.hit_id)
            if how == "return":
                give_back(db, hit, assignment, self.now)
            elif how == "submit":
                submit(db, hit, assignment, "<answer/>", self.now)
            elif how == "reject":
                require_rejectable(assignment)
                reject(db, hit, assignment, self.now)
            else:
                require_approvable(hit, assignment, self.now, override=how == "override")
                approve(db, hit, assignment, RATES, self.now)

        self.do(act)

    @rule(hit=chosen, more=st.integers(1, 2))
    def extend(self, hit: int, more: int) -> None:
        self.do(lambda db: extend(db, self.pick_hit(db, hit), more, self.now))

    @rule(hit=chosen, hours=st.integers(-1, 8))
    def expire(self, hit: int, hours: int) -> None:
        moment = self.now + timedelta(hours=hours)
        self.do(lambda db: set_expiration(db, self.pick_hit(db, hit), moment, self.now))

    @rule(hit=chosen)
    def dispose(self, hit: int) -> None:
        self.do(lambda db: dispose(db, self.pick_hit(db, hit), self.now))

    @rule(minutes=st.sampled_from([1, 59, 60, 119, 121, 60 * 24 * 40, 60 * 24 * 121]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def states_follow_from_places(self) -> None:
        with self.store.unit() as db:
            settle(db, self.now, RATES)
            hits = db.scalars(select(Hit)).unique().all()
            places = places_of(db, hits, self.now)
            for hit in hits:
                here = places[hit.id]
                assert 0 <= here.available + here.pending + here.submitted + here.completed <= hit.max_assignments
                assert hit.status == self.expected(hit, here)
                assert here.available == 0 or hit.expires_at > self.now

    @staticmethod
    def expected(hit: Hit, here: Any) -> str:
        if hit.status == HitStatus.DISPOSED:
            assert here.pending == here.submitted == here.available == 0
            return HitStatus.DISPOSED
        if here.available:
            return HitStatus.ASSIGNABLE
        return HitStatus.UNASSIGNABLE if here.pending else HitStatus.REVIEWABLE

    @invariant()
    def a_worker_does_a_hit_once(self) -> None:
        with self.store.unit() as db:
            pairs = select(func.count()).where(Assignment.status.in_([*FINISHED, AssignmentStatus.ACCEPTED]))
            per_pair = pairs.group_by(Assignment.hit_id, Assignment.worker_id)
            assert all(number == 1 for number in db.scalars(per_pair))

    @invariant()
    def money_is_paid_for_approved_work_and_held_for_open_work(self) -> None:
        with self.store.unit() as db:
            settle(db, self.now, RATES)
            approved = db.scalar(select(func.count()).where(Assignment.status == AssignmentStatus.APPROVED)) or 0
            rewards = db.scalar(select(func.count()).where(Entry.kind == "reward"))
            hits = db.scalars(select(Hit)).unique().all()
            places = places_of(db, hits, self.now).values()
            waiting = sum(here.available + here.pending + here.submitted for here in places)
            account = balance(db, self.now, RATES)
            assert rewards == approved
            assert account.held == waiting * COST
            assert account.available == DEPOSIT - (approved + waiting) * COST


Marketplace.TestCase.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
TestMarketplace = Marketplace.TestCase
