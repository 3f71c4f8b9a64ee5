from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from keytrail.main import create_app
from keytrail.settings import Settings


@pytest.mark.parametrize("path", ["/sign-in/", "/account/", "/studies/night/people/", "/task/night/?a=1"])
def test_whoever_is_redirected_stays_at_the_public_url(
    make_settings: Callable[..., Settings], sqlite_database_url: str, path: str
) -> None:
    settings = make_settings(database_url=sqlite_database_url, public_url="https://keytrail.example")
    app = create_app(settings)
    answer = TestClient(app, base_url="http://evil.example", follow_redirects=False).get(path)
    app.state.services.database.close()
    assert answer.status_code == 307
    where, _, query = path.partition("?")
    assert answer.headers["location"] == "https://keytrail.example" + where.rstrip("/") + (f"?{query}" if query else "")
