"""A study that is recruited for at the double of Connect, and short words for what people do."""

from collections.abc import Callable, Iterator

import pytest

from keytrail.settings import Settings
from tests.conftest import FakeClock
from tests.platform_actions.connect_double import KEY, PROJECT, ConnectDouble, connect_double
from tests.platform_actions.installation import Installation

OFFER = {
    "title": "Read and write",
    "description": "A short text.",
    "places": "2",
    "minutes": "10",
    "hide_from_excluded": "on",
}


@pytest.fixture
def double() -> Iterator[ConnectDouble]:
    with connect_double() as found:
        yield found


@pytest.fixture
def at(
    double: ConnectDouble, make_settings: Callable[..., Settings], sqlite_database_url: str, clock: FakeClock
) -> Iterator[Installation]:
    settings = make_settings(
        database_url=sqlite_database_url,
        public_url="https://keytrail.test",
        connect_url=double.url,
        connect_key=KEY,
        session_hours=48,
    )
    found = Installation(settings, clock)
    found.set_up("connect", currency="USD")
    yield found
    found.close()


def published(at: Installation) -> None:
    at.do("platform/draft", **OFFER)
    at.do("platform/launch")


def work(at: Installation, double: ConnectDouble, number: int) -> str:
    """A participant takes part and hands in; the receipt."""
    visit = at.worker({"participantId": f"P{number}", "assignmentId": f"A{number}", "projectId": PROJECT})
    visit.accept()
    answer = visit.post_submission(f"Words by P{number}.").json()
    code = double.projects[PROJECT]["completionSettings"]["value"]
    assert (answer["finish"]["kind"], answer["finish"]["code"]) == ("code", code)
    double.hand_in(f"A{number}", f"P{number}")
    return str(answer["receipt"])
