from collections.abc import Callable, Iterator

import pytest

from keytrail.requester.synthetic import training_jobs
from keytrail.settings import Settings
from keytrail.synthetic.prevalence.cache import refresh
from tests.conftest import FakeClock
from tests.requester.night_study import night_study
from tests.requester.site import Site


@pytest.fixture(autouse=True)
def _no_child_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Estimates are computed here, and nothing is trained: a fuzz is about what requests carry."""
    monkeypatch.setattr(refresh, "compute_in_child", refresh.compute)
    monkeypatch.setattr(training_jobs, "run_job_in_child", lambda *_args, **_more: None)


@pytest.fixture
def site(make_settings: Callable[..., Settings], database_url: str, clock: FakeClock) -> Iterator[Site]:
    """The study `night` on its own server, which takes Prolific's messages and may be embedded."""
    settings = make_settings(
        database_url=database_url,
        prolific_webhook_secret="a secret of the tests",
        embed_origins=("http://keytrail.test",),
    )
    found = night_study(settings, clock)
    yield found
    found.database.close()
