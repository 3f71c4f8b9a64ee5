"""Cached estimates: pages show them with their time and have newer ones computed."""

import pytest

from keytrail.requester.synthetic.prevalence import PrevalencePage
from keytrail.studies import study_by_slug
from keytrail.studies.conditions import Condition
from keytrail.synthetic.prevalence.cache import refresh
from tests.requester.site import Site, words_of

ADDRESS = "/studies/night/prevalence"
TYPED = "Staff slept a bit longer under amber light."


def _write(site: Site) -> None:
    work = site.hand()
    work.hand.types(TYPED)
    work.submit()


@pytest.fixture
def stopped(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Whatever is begun never ends."""
    monkeypatch.setattr(refresh, "compute_in_child", lambda *_: None)
    return site


def test_the_first_look_says_that_figures_are_being_worked_out(stopped: Site) -> None:
    _write(stopped)
    olivia = stopped.visitor("olivia")
    for _ in range(2):
        page: PrevalencePage = olivia.context(ADDRESS)
        assert (page.found, page.plot, page.cached.coming) == (None, None, True)
    html = olivia.page(ADDRESS)
    assert "data-running" in html
    assert "Updating the estimates" in html
    assert "Nothing to count yet" not in html


def test_figures_stand_with_their_moment_until_newer_ones_are_there(site: Site) -> None:
    _write(site)
    olivia = site.visitor("olivia")
    page: PrevalencePage = olivia.settled(ADDRESS)
    assert page.cached.worked_out_at == site.clock()
    assert "Something has changed" not in olivia.page(ADDRESS)
    moment = site.clock()
    _write(site)
    assert site.clock() > moment
    with_old = olivia.page(ADDRESS)
    assert "data-running" in with_old
    assert "1 submission, 1 analysed" in words_of(with_old)
    with_new = olivia.page(ADDRESS)
    assert "data-running" not in with_new
    assert "2 submissions, 2 analysed" in words_of(with_new)


def test_a_change_within_a_minute_is_told(site: Site) -> None:
    olivia = site.visitor("olivia")
    olivia.settled(ADDRESS)
    with site.database.writing() as db:
        study_by_slug(db, "night").title = "Another title"
    html = olivia.page(ADDRESS)
    assert "The data have changed since. Reload the page in a minute." in words_of(html)
    assert "data-running" not in html


def test_what_could_not_be_worked_out_is_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "KINDS", {})
    olivia = site.visitor("olivia")
    page: PrevalencePage = olivia.settled(ADDRESS)
    assert (page.found, page.cached.failed) == (None, True)
    assert "Updating the estimates failed" in olivia.page(ADDRESS)


@pytest.mark.parametrize("address", [ADDRESS, "/studies/night/conditions"])
def test_the_number_of_statements_does_not_grow_with_the_submissions(site: Site, address: str) -> None:
    """Neither of a look at what is kept nor of working it out."""
    with site.database.writing() as db:
        study_by_slug(db, "night").conditions = [Condition(name="plain").as_json()]
    olivia = site.visitor("olivia")
    olivia.settled(address)
    counts = []
    for _ in range(2):
        _write(site)
        with site.counted_statements() as worked_out:
            olivia.page(address)
        with site.counted_statements() as looked:
            olivia.page(address)
        counts.append((len(worked_out), len(looked)))
    assert counts[0] == counts[1]
    assert counts[0][1] <= 10
