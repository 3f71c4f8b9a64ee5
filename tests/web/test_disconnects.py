from collections.abc import Callable

import pytest

from keytrail.main import create_app
from keytrail.settings import Settings
from tests.disconnects import half_a_form


@pytest.mark.parametrize("path", ["/api/worker/events", "/api/worker/submission", "/new-study", "/sign-in"])
def test_a_browser_that_goes_away_in_the_middle_of_a_body_is_no_failure(
    make_settings: Callable[..., Settings], sqlite_database_url: str, path: str
) -> None:
    app = create_app(make_settings(database_url=sqlite_database_url))
    try:
        assert 400 <= half_a_form(app, path) < 500
    finally:
        app.state.services.database.close()
