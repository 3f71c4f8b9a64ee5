from datetime import timedelta

import pytest
from sqlalchemy import select, update

from keytrail.models import (
    ActionKind,
    ActionState,
    Objection,
    PlatformAction,
    SessionState,
    Study,
    Submission,
    WritingSession,
)
from keytrail.requester.platform.payments_page import PaymentsPage
from keytrail.requester.study.studies import StudiesPage, StudyCard
from tests.requester.site import Site

ELSEWHERE = "A long text that came from elsewhere. " * 5


def card(site: Site, name: str = "rafael") -> StudyCard:
    page: StudiesPage = site.visitor(name).context("/")
    return page.cards[0]


def waiting(site: Site) -> list[str]:
    return [link.label.replace("\u00a0", " ") for link in card(site).attention]


@pytest.fixture
def pasted(site: Site) -> list[str]:
    ids = []
    for _ in range(3):
        work = site.hand()
        work.hand.pastes(ELSEWHERE)
        ids.append(work.submit())
    return ids


def add_action(site: Site, kind: ActionKind, state: ActionState, cents: int) -> None:
    with site.database.writing() as db:
        study = db.scalars(select(Study)).one()
        db.add(
            PlatformAction(
                study_id=study.id,
                kind=kind,
                state=state,
                token=f"{kind}-{state}",
                amount_cents=cents,
                currency="USD",
                fee_cents=cents // 5,
                queued_at=site.clock(),
            )
        )


def test_nothing_waits_in_a_new_study(site: Site) -> None:
    assert waiting(site) == []
    assert "Workers start at" in site.visitor("vera").page("/")


def test_what_waits_is_named_until_it_is_done(site: Site, pasted: list[str]) -> None:
    assert waiting(site) == ["3 flagged and undecided"]
    rafael = site.visitor("rafael")
    rafael.post(f"/submissions/{pasted[0]}/decisions", kind="second_look")
    rafael.post(f"/submissions/{pasted[1]}/decisions", kind="accept")
    assert waiting(site) == ["1 flagged and undecided", "1 wants a second look"]
    site.visitor("olivia").post(f"/submissions/{pasted[0]}/decisions", kind="accept")
    rafael.post(f"/submissions/{pasted[2]}/decisions", kind="exclude")
    assert waiting(site) == []


def test_each_line_leads_to_what_it_counts(site: Site, pasted: list[str]) -> None:
    site.visitor("olivia").post(f"/submissions/{pasted[0]}/decisions", kind="second_look")
    site.hand().submit(analysed=False)
    rafael = site.visitor("rafael")
    for link in card(site).attention:
        assert len(rafael.context(link.url).rows) == int(link.label.split()[0])


def test_who_still_has_to_give_a_second_opinion(site: Site, pasted: list[str]) -> None:
    with site.database.writing() as db:
        db.execute(update(Study).values(reviews_per_submission=2))
    site.visitor("rafael").post(f"/submissions/{pasted[0]}/decisions", kind="accept")
    assert waiting(site) == ["2 flagged and undecided", "1 waits for another reviewer"]


def test_objections_come_first(site: Site, pasted: list[str]) -> None:
    site.visitor("rafael").post(f"/submissions/{pasted[0]}/decisions", kind="exclude")
    with site.database.writing() as db:
        submission = db.scalars(select(Submission).where(Submission.public_id == pasted[0])).one()
        submission.objected = True
        db.add(Objection(submission_id=submission.id, words="I wrote it.", made_at=site.clock()))
    assert waiting(site) == ["1 objection to answer", "2 flagged and undecided"]
    assert len(site.visitor("rafael").context(card(site).attention[0].url).objections) == 1


def test_money_counts_what_was_sent_with_its_fees(site: Site) -> None:
    add_action(site, ActionKind.APPROVE, ActionState.SENT, 100)
    add_action(site, ActionKind.BONUS, ActionState.QUEUED, 50)
    add_action(site, ActionKind.BONUS, ActionState.UNSURE, 10)
    add_action(site, ActionKind.BONUS, ActionState.CANCELLED, 7000)
    add_action(site, ActionKind.PUBLISH, ActionState.SENT, 9000)
    assert (card(site).paid, card(site).to_pay) == ("1.20 USD", "0.72 USD")


def test_home_counts_what_payments_lists(site: Site) -> None:
    add_action(site, ActionKind.BONUS, ActionState.UNSURE, 10)
    add_action(site, ActionKind.APPROVE, ActionState.FAILED, 100)
    add_action(site, ActionKind.REJECT, ActionState.QUEUED, 0)
    add_action(site, ActionKind.PUBLISH, ActionState.SENT, 9000)
    assert waiting(site) == ["1 action may or may not have been done", "2 actions to be sent"]
    listed: PaymentsPage = site.visitor("rafael").context("/studies/night/payments")
    assert [line.word for line in listed.waiting.lines] == ["Approve", "Bonus", "Reject"]


def test_places_being_written_on_count_as_taken_until_they_expire(site: Site) -> None:
    site.hand().submit()
    with site.database.writing() as db:
        db.execute(
            update(WritingSession).values(state=SessionState.OPEN, expires_at=site.clock() + timedelta(minutes=30))
        )
    assert card(site).writing == 1
    site.clock.advance(minutes=31)
    assert card(site).writing == 0
