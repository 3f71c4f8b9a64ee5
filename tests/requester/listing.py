"""Three submissions of different kinds, and what the list of submissions shows."""

import pytest

from keytrail.requester.queue.submissions import SubmissionsPage
from tests.requester.site import Site

ELSEWHERE = "A long text that came from elsewhere. " * 5


@pytest.fixture
def three(site: Site) -> dict[str, str]:
    """One typed, one pasted, one not analysed yet; ids by name."""
    typed = site.hand(worker="Wtyped")
    typed.hand.types("All of this was typed by hand.")
    pasted = site.hand(worker="Wpasted")
    pasted.hand.types("ok ").pastes(ELSEWHERE)
    fresh = site.hand(worker="Wfresh")
    fresh.hand.types("This is new.")
    return {"typed": typed.submit(), "pasted": pasted.submit(), "fresh": fresh.submit(analysed=False)}


def listed(site: Site, query: str = "") -> list[str]:
    page: SubmissionsPage = site.visitor("vera").context(f"/studies/night{query}")
    return [row.line.public_id for row in page.rows]
