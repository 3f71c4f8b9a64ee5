"""Four submissions of different kinds in the review queue, and ways through it."""

import pytest

from keytrail.requester.queue.queue import QueuePage
from tests.requester.site import Site, Visitor

ELSEWHERE = "A long text that came from elsewhere. " * 5


@pytest.fixture
def four(site: Site) -> dict[str, str]:
    """One clear, one to review, one strong, and one that is not analysed yet; ids by name."""
    names = {}
    clear = site.hand(worker="W1")
    clear.hand.types("All of this was typed by hand, letter by letter.")
    names["clear"] = clear.submit()
    strong = site.hand(worker="W2")
    strong.hand.types("ok ").pastes(ELSEWHERE)
    names["strong"] = strong.submit()
    some = site.hand(worker="W3")
    some.hand.types("This is mostly typed by hand and goes on for quite some time, so that a share stays small. " * 3)
    some.hand.pastes("But these words were not typed here at all, no.")
    names["review"] = some.submit()
    fresh = site.hand(worker="W4")
    fresh.hand.types("New.")
    names["fresh"] = fresh.submit(analysed=False)
    return names


def listed(site: Site, name: str = "rafael", query: str = "") -> list[str]:
    page: QueuePage = site.visitor(name).context(f"/studies/night/queue{query}")
    return [row.line.public_id for row in page.rows]


def following(visitor: Visitor, **fields: str) -> str:
    """The address that 'next' leads to."""
    answer = visitor.post("/studies/night/queue/next", **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def reviewer(public_id: str, **more: str) -> str:
    return f"/submissions/{public_id}?queue=1" + "".join(f"&{k}={v}" for k, v in more.items())
