"""Each flood for a moment: everything that honest workers send is acknowledged and stored, and the server survives.

`make attack` does the same for longer and prints the times.
"""

import asyncio
from collections.abc import Iterator

import pytest

from keytrail.models import EventBatch
from tests.flood.attack import attack
from tests.flood.floods import FLOODS, Flood
from tests.flood.ground import MEMORY, Ground, flooded_server
from tests.flood.honest import begun

SECONDS = 1.5
BOUND_S = 20
"""Far more than is wanted: a machine that runs other tests is slow. `make attack` prints the figures that count."""


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def ground(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """One server for all floods: what one left behind must not harm the next."""
    folder = tmp_path_factory.mktemp("flood")
    if request.param == "sqlite":
        with flooded_server(folder) as found:
            yield found
        return
    with request.getfixturevalue("postgres_databases").lent() as url, flooded_server(folder, url) as found:
        yield found


@pytest.mark.xdist_group("flood")
@pytest.mark.parametrize("flood", FLOODS, ids=lambda flood: flood.__name__)
def test_honest_batches_are_acknowledged_during(flood: Flood, ground: Ground) -> None:
    tickets = [asyncio.run(begun(ground.port, f"{flood.__name__}{number}")) for number in range(8)]
    assert all(tickets)
    before = ground.rows(EventBatch)
    result = attack(ground, flood, tickets, SECONDS)
    assert result.honest.refused == []
    assert len(result.honest.seconds) >= 8
    assert result.honest.percentile(0.99) < BOUND_S
    assert {status for status in result.statuses if status >= 500} <= {503}
    assert ground.lives
    assert 0 < ground.memory_mb * 2**20 < MEMORY
    assert ground.rows(EventBatch) - before >= len(result.honest.seconds)
