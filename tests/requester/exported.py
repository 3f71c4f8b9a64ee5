"""Four submissions to export, and what a reviewer gets."""

import csv
import io

import pytest

from tests.requester.site import Site, Visitor

ELSEWHERE = "A long text that came from elsewhere. " * 5
ODD = 'She said "no",\nthen \U0001f600 and half \ud83d of one; =1+1 \0 NA'


@pytest.fixture
def some(site: Site) -> dict[str, str]:
    typed = site.hand(worker="W1")
    typed.hand.types("All of this was typed, letter by letter.")
    pasted = site.hand(worker="W2")
    pasted.hand.types("ok ").pastes(ELSEWHERE)
    odd = site.hand(worker="W3")
    odd.hand.sets(ODD)
    fresh = site.hand(worker="W4")
    fresh.hand.types("New.")
    return {
        "typed": typed.submit(comment="Fine."),
        "pasted": pasted.submit(),
        "odd": odd.submit(),
        "fresh": fresh.submit(analysed=False),
    }


@pytest.fixture
def rafael(site: Site) -> Visitor:
    return site.visitor("rafael")


def fetch(visitor: Visitor, query: str) -> bytes:
    answer = visitor.get(f"/studies/night/export/file?{query}")
    assert answer.status_code == 200, answer.text
    return bytes(answer.content)


def rows(visitor: Visitor, query: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(fetch(visitor, f"format=csv&{query}").decode())))
