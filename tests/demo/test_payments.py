"""From the demo's Payments page to the worker's account at the demo's marketplace."""

import re
import sqlite3
from contextlib import closing
from typing import Any

import httpx2
import pytest

from tests.demo.running import Demo
from tests.platform_actions.sending import confirmed

pytestmark = pytest.mark.xdist_group("demo")


def ask(demo: Demo, name: str, query: str, *values: Any) -> list[Any]:
    with closing(sqlite3.connect(demo.data / name)) as database:
        return [row[0] for row in database.execute(query, values)]


def test_what_waits_can_be_sent_and_arrives(demo: Demo) -> None:
    waiting, assignment = (
        ask(
            demo,
            "keytrail.sqlite3",
            f"SELECT {column} FROM platform_actions a JOIN submissions s ON s.id = a.submission_id"
            " JOIN assignment_identities i ON i.session_id = s.session_id JOIN studies ON studies.id = a.study_id"
            " WHERE a.kind = 'approve' AND a.state = 'queued' AND studies.slug = ? ORDER BY a.id LIMIT 1",
            demo.told["study"],
        )[0]
        for column in ("a.id", "i.assignment_id")
    )
    status = "SELECT status FROM assignments WHERE id = ?"
    assert ask(demo, "sandbox.sqlite3", status, assignment) == ["Submitted"]
    with httpx2.Client(base_url=demo.told["dashboard_url"], follow_redirects=True, timeout=60) as browser:
        browser.post("/sign-in", data={"email": demo.told["email"], "password": demo.told["password"]})
        page = browser.get(f"/studies/{demo.told['study']}/payments")
        assert re.search(rf'name="pick"[^>]*value="{waiting}"', page.text)
        shown = browser.post(f"/studies/{demo.told['study']}/payments/preview", data={"pick": waiting})
        assert re.search(r"Pay [0-9.]+ USD to 1 worker<", shown.text)
        sent = browser.post(f"/studies/{demo.told['study']}/payments/sending", data=confirmed(shown.text))
    assert "1 sent." in sent.text
    assert ask(demo, "sandbox.sqlite3", status, assignment) == ["Approved"]
    assert ask(demo, "keytrail.sqlite3", "SELECT state FROM platform_actions WHERE id = ?", waiting) == ["sent"]
