from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from keytrail.main import create_app
from keytrail.settings import Settings


def asked(settings: Settings, host: str, path: str) -> tuple[int, str]:
    """Status and address of the answer to a request that names a host."""
    app = create_app(settings)
    answer = TestClient(app, base_url=f"http://{host}", follow_redirects=False).get(path)
    app.state.services.database.close()
    return answer.status_code, answer.headers.get("location", "")


@pytest.mark.parametrize("path", ["/sign-in/", "/account/", "/studies/night/people/", "/task/night/?a=1"])
def test_a_redirect_names_no_host_and_another_host_gets_none(
    make_settings: Callable[..., Settings], sqlite_database_url: str, path: str
) -> None:
    settings = make_settings(database_url=sqlite_database_url, public_url="https://keytrail.example")
    where, _, query = path.partition("?")
    wanted = where.rstrip("/") + (f"?{query}" if query else "")
    assert asked(settings, "keytrail.example", path) == (307, wanted)
    assert asked(settings, "evil.example", path) == (400, "")
