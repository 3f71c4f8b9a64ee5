from collections.abc import Callable, Iterator

import pytest

from keytrail.settings import Settings
from tests.conftest import FakeClock
from tests.requester.night_study import night_study
from tests.requester.site import Site


@pytest.fixture
def site(make_settings: Callable[..., Settings], database_url: str, clock: FakeClock) -> Iterator[Site]:
    """One study of three items with an owner, a reviewer and a viewer; Otto has no part in it."""
    found = night_study(make_settings(database_url=database_url), clock)
    yield found
    found.database.close()
