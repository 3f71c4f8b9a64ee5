"""A browser disconnects while sending a form."""

import pytest

from keytrail.sandbox import SandboxConfig, create_sandbox
from tests.disconnects import half_a_form


@pytest.mark.parametrize("path", ["/mturk/externalSubmit", "/sign-in", "/sign-up", "/"])
def test_is_no_failure_of_the_server(config: SandboxConfig, path: str) -> None:
    app = create_sandbox(config)
    try:
        assert 400 <= half_a_form(app, path) < 500
    finally:
        app.state.context.store.close()
