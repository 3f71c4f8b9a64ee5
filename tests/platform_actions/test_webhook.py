"""Subscribing to Prolific's messages in one step, as often as one likes."""

import pytest
from typer.testing import CliRunner, Result

from keytrail.cli import app
from keytrail.errors import DomainError
from tests.platform_actions.installation import Installation
from tests.platform_actions.prolific_double import HOOK_SECRET, WORKSPACE, ProlificDouble
from tests.platform_actions.recruiting import at, double

__all__ = ["at", "double"]

URL = "https://keytrail.test/api/hooks/prolific/panel"


def subscribe(at: Installation, **environment: str) -> Result:
    settings = at.settings
    usual = {
        "KEYTRAIL_DATA_DIR": str(settings.data_dir),
        "KEYTRAIL_DATABASE_URL": str(settings.database_url),
        "KEYTRAIL_PUBLIC_URL": settings.public_url,
        "KEYTRAIL_PROLIFIC_URL": settings.prolific_url,
        "KEYTRAIL_PROLIFIC_TOKEN": "a token for tests",
    }
    return CliRunner().invoke(app, ["prolific", "subscribe", "panel", "--by", "o@example.org"], env=usual | environment)


def test_subscribes_once_and_the_running_server_takes_messages(at: Installation, double: ProlificDouble) -> None:
    assert at.push("e1", "S1", "ACTIVE", HOOK_SECRET) == 404
    assert f"now sends messages to {URL}" in subscribe(at).output
    assert f"already sends messages to {URL}" in subscribe(at).output
    (subscription,) = double.subscriptions.values()
    wanted = {"workspace_id": f"{WORKSPACE[:-1]}0", "event_type": "submission.status.change", "target_url": URL}
    assert subscription == wanted | {"id": "sub0", "is_enabled": True}
    assert at.push("e1", "S1", "ACTIVE", HOOK_SECRET) == 200
    assert at.push("e2", "S1", "ACTIVE", "a guess") == 403
    (stored,) = at.settings.data_dir.glob("prolific-webhook*")
    assert stored.stat().st_mode & 0o077 == 0


def test_the_workspaces_secret_stays_for_its_other_studies(at: Installation, double: ProlificDouble) -> None:
    double.secrets.append("made before")
    subscribe(at)
    assert double.secrets == ["made before"]
    assert at.push("e1", "S1", "ACTIVE", "made before") == 200


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"KEYTRAIL_PUBLIC_URL": "http://keytrail.test"}, "https addresses only"),
        ({"KEYTRAIL_PROLIFIC_WEBHOOK_SECRET": "another secret"}, "is not the secret of your workspace"),
        ({"KEYTRAIL_PROLIFIC_TOKEN": "wrong"}, "refused the key in KEYTRAIL_PROLIFIC_TOKEN"),
    ],
)
def test_says_what_is_missing(
    at: Installation, double: ProlificDouble, environment: dict[str, str], sentence: str
) -> None:
    refused = subscribe(at, **environment).exception
    assert isinstance(refused, DomainError)
    assert sentence in refused.message
    assert double.subscriptions == {}
