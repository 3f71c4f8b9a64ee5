"""The platform's ids of work that differs: shown when an owner asks for them, and each access is in the audit log."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from keytrail.models import AuditEntry, Membership, Role, Study
from tests.platform_actions.at_connect import at, double, published, work
from tests.platform_actions.commands import keytrail
from tests.platform_actions.connect_double import ConnectDouble
from tests.platform_actions.installation import HOME, Installation

__all__ = ["at", "double"]

IDS = f"{HOME}/payments/ids"


def accesses(at: Installation) -> Sequence[Any]:
    with at.database.reading() as db:
        entries = db.scalars(select(AuditEntry).where(AuditEntry.action == "read identities").order_by(AuditEntry.id))
        return [(entry.user_id, entry.detail) for entry in entries]


@pytest.fixture
def receipt(at: Installation, double: ConnectDouble) -> str:
    """One assignment without a text here, and one text whose assignment nobody submitted there."""
    published(at)
    receipt = work(at, double, 1)
    del double.assignments["A1"]
    double.hand_in("A9", "P9")
    at.clock.advance(minutes=1)
    at.do("payments/comparison")
    return receipt


def test_the_page_shows_ids_only_to_an_owner_who_asks(at: Installation, receipt: str) -> None:
    page = at.owner.page(f"{HOME}/payments")
    assert "Work number 1" in page
    assert ("A9" in page, "A1<" in page, accesses(at)) == (False, False, [])
    shown = at.owner.post(IDS).text
    assert "<code>A9</code>" in shown
    assert f'<code>A1</code></th><td><a href="/submissions/{receipt}">' in shown
    assert accesses(at) == [(1, {"table": "differences"})]
    assert "looked up platform ids" in at.owner.page(f"{HOME}/audit")


def test_nothing_is_recorded_where_no_id_is_shown(at: Installation) -> None:
    published(at)
    assert 'id="show-ids"' not in at.owner.page(f"{HOME}/payments")
    assert "No differing work" in at.owner.post(IDS).text
    keytrail(at, "connect", "sync")
    assert accesses(at) == []


@pytest.mark.parametrize("command", ["sync", "status"])
def test_a_command_that_prints_ids_is_recorded(at: Installation, receipt: str, command: str) -> None:
    assert "number 1, A9" in keytrail(at, "connect", command)
    assert accesses(at) == [(1, {"table": "differences"})]


def test_a_reviewer_reads_no_ids(at: Installation, receipt: str) -> None:
    with at.database.writing() as db:
        study = db.scalars(select(Study)).one()
        db.get_one(Membership, (1, study.id)).role = Role.REVIEWER
    assert 'id="show-ids"' not in at.owner.page(f"{HOME}/payments")
    assert at.owner.post(IDS).status_code == 403
    output = keytrail(at, "connect", "status")
    assert f"Text here, not submitted there: {receipt}\n" in output
    assert ("A9" in output, accesses(at)) == (False, [])
