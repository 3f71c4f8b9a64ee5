"""What a page says after a form (`?done=…`, `?notice=…`) is chosen by its address, and never written by it."""

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest

import keytrail.requester
from tests.requester.site import Site
from tests.requester.test_access import audience, filled, routes, uploaded

SENT = re.compile(r"\?([a-z_]+)=|urlencode\(\{'([a-z_]+)'")
# They choose what is listed, or where signing in leads to, and the page's own form has them again.
CHOICES = {"wanted", "verdict", "decision", "keep", "study"}
FOREIGN = "Congratulations, send your password to evil.example"


def names() -> list[str]:
    """The parameters with which forms of the dashboard lead to a page."""
    sources = Path(keytrail.requester.__path__[0]).rglob("*.py")
    found = {name for path in sources for pair in SENT.findall(path.read_text("utf-8")) for name in pair if name}
    return sorted(found - CHOICES)


def test_the_parameters_are_found() -> None:
    assert {"done", "notice", "saved", "changed", "added", "deleted", "erased"} <= set(names())


@pytest.mark.parametrize("name", names())
def test_no_page_shows_words_of_its_address(site: Site, name: str) -> None:
    work = site.hand(worker="W1")
    work.hand.types("Somebody's text.")
    submission = work.submit()
    olivia = site.visitor("olivia")
    upload = uploaded(olivia)
    shown, repeated = 0, []
    for method, path in routes(site.app):
        if method != "GET" or audience(path) != "requester" or path == "/live":
            continue
        address = filled(path, submission, upload=upload)
        answer = olivia.get(f"{address}?{urlencode({name: FOREIGN})}")
        assert answer.status_code < 500, address
        shown += answer.status_code == 200
        if FOREIGN in answer.text or "evil.example" in answer.text:
            repeated.append(address)
    assert repeated == []
    assert shown >= 25
