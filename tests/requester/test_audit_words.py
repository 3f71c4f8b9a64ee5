"""What the audit log records is a closed vocabulary, written in one place and shown in words."""

import ast
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from keytrail.models import AuditAction, AuditEntry
from keytrail.requester.people.audit import AuditPage
from keytrail.requester.wording import DONE, done
from keytrail.users.audit_log import record_action
from tests.requester.site import Site

PACKAGE = Path(__file__).parents[2] / "app" / "keytrail"


def test_entries_are_made_in_one_place() -> None:
    making = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "AuditEntry"
    }
    assert making == {"users/audit_log.py"}


@pytest.mark.parametrize("action", AuditAction)
def test_every_action_is_recorded_somewhere_and_has_words(action: AuditAction) -> None:
    beside = {"models/accounts.py", "requester/wording.py"}
    sources = [path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).as_posix() not in beside]
    assert any(re.search(rf"\bAuditAction\.{action.name}\b", path.read_text(encoding="utf-8")) for path in sources)
    assert done(action.value) == DONE[action] != action.value


def test_an_action_of_an_older_version_is_shown_by_its_id() -> None:
    assert done("gave_away") == "gave away"


def test_stored_actions_are_the_plain_words_and_the_page_says_them(site: Site) -> None:
    with site.database.writing() as db:
        record_action(
            db, AuditAction.EXCLUDE_WORKER, site.clock(), user_id=site.people["olivia"], study_id=None, detail={"n": 1}
        )
    with site.database.reading() as db:
        entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "keep worker out")).one()
        assert (entry.at, entry.user_id, entry.detail) == (site.clock(), site.people["olivia"], {"n": 1})
    page: AuditPage = site.visitor("olivia").context("/studies/night/audit")
    assert page.done(entry.action) == "excluded a worker"
