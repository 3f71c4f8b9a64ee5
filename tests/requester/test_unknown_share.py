"""A text without a log has no known share without typing: the value is missing, not 1, wherever it is given out."""

import json

import pytest
from fastapi.testclient import TestClient

from keytrail.models import User
from keytrail.users.tokens import create_token
from tests.requester.exported import fetch, rows
from tests.requester.site import ORIGIN, Site


@pytest.fixture
def no_log(site: Site) -> str:
    return site.hand().submit(text="All of this was written without the recorder.")


def test_the_export_leaves_an_unknown_share_empty(site: Site, no_log: str) -> None:
    rafael = site.visitor("rafael")
    [row] = rows(rafael, "table=submissions")
    assert (row["submission"], row["verdict"], row["arrived_share"]) == (no_log, "unverifiable", "")
    [exact] = map(json.loads, fetch(rafael, "table=submissions&format=jsonl").splitlines())
    assert exact["arrived_share"] is None


def test_the_json_api_gives_null_for_an_unknown_share(site: Site, no_log: str) -> None:
    with site.database.writing() as db:
        token = create_token(db, db.get_one(User, site.people["rafael"]), "t", site.clock(), scopes=("submissions",))
    client = TestClient(site.app, base_url=ORIGIN, headers={"authorization": f"Bearer {token}"})
    [listed] = client.get("/api/v1/studies/night/submissions").json()["items"]
    whole = client.get(f"/api/v1/submissions/{no_log}").json()
    for shown in (listed, whole):
        assert (shown["verdict"], shown["arrived_share"]) == ("unverifiable", None)
