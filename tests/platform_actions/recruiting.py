"""A study that is recruited for at the double of Prolific, and short words for what people do."""

from collections.abc import Callable, Iterator

import pytest

from keytrail.settings import Settings
from tests.conftest import FakeClock
from tests.platform_actions.installation import Installation
from tests.platform_actions.prolific_double import STUDY, TOKEN, ProlificDouble, prolific_double

OFFER = {
    "title": "Read and write",
    "description": "A short text.",
    "places": "3",
    "minutes": "10",
    "hide_from_excluded": "on",
}


@pytest.fixture
def double() -> Iterator[ProlificDouble]:
    with prolific_double() as found:
        yield found


@pytest.fixture
def at(
    double: ProlificDouble, make_settings: Callable[..., Settings], sqlite_database_url: str, clock: FakeClock
) -> Iterator[Installation]:
    settings = make_settings(
        database_url=sqlite_database_url,
        public_url="https://keytrail.test",
        prolific_url=double.url,
        prolific_token=TOKEN,
    )
    found = Installation(settings, clock)
    found.set_up("prolific")
    yield found
    found.close()


def work(at: Installation, double: ProlificDouble, number: int) -> str:
    """A participant takes part and hands in; the receipt."""
    submission = f"S{number}"
    ids = {"PROLIFIC_PID": f"P{number}", "SESSION_ID": submission, "STUDY_ID": STUDY}
    visit = at.worker(ids)
    visit.accept()
    answer = visit.post_submission(f"Words by P{number}.").json()
    code = double.studies[STUDY]["completion_codes"][0]["code"]
    assert answer["finish"]["url"] == f"https://app.prolific.com/submissions/complete?cc={code}"
    double.statuses[submission] = "AWAITING REVIEW"
    return str(answer["receipt"])


def published(at: Installation, **more: str) -> None:
    at.do("platform/draft", **OFFER, **more)
    at.do("platform/launch")
