from collections.abc import Callable, Iterator

import pytest

from keytrail.settings import Settings
from keytrail.synthetic.prevalence.cache import refresh
from tests.conftest import FakeClock
from tests.requester.night_study import night_study
from tests.requester.site import Site


@pytest.fixture(autouse=True)
def _no_child_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures of a study are worked out in the tests' own process (tests/synthetic/prevalence/cache has the other)."""
    monkeypatch.setattr(refresh, "compute_in_child", refresh.compute)


@pytest.fixture
def site(make_settings: Callable[..., Settings], database_url: str, clock: FakeClock) -> Iterator[Site]:
    """One study of three items with an owner, a reviewer and a viewer; Otto has no part in it."""
    found = night_study(make_settings(database_url=database_url), clock)
    yield found
    found.database.close()
