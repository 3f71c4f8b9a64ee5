from urllib.parse import urlencode

import pytest
from sqlalchemy import select, update

from keytrail.models import AuditEntry, Exclusion, PlatformAction, User
from keytrail.requester.platform.payments_page import PaymentsPage
from keytrail.requester.workers.exclusions import ExclusionsPage
from tests.requester.site import Site


@pytest.fixture
def names(site: Site) -> list[str]:
    """Two workers, kept out by Olivia one after the other."""
    for worker in ("Ann", "Bob"):
        work = site.hand(worker=worker)
        work.hand.types("All of this was typed.")
        work.submit()
    rows = site.visitor("olivia").context("/studies/night").rows
    ann, bob = rows[1].line.worker, rows[0].line.worker
    site.exclude_worker(ann, "Two accounts")
    site.clock.advance(minutes=5)
    site.exclude_worker(bob, "Asked for it")
    return [ann, bob]


def shown(site: Site, query: str = "", name: str = "olivia") -> ExclusionsPage:
    page: ExclusionsPage = site.visitor(name).context(f"/excluded-workers{query}")
    return page


def workers(page: ExclusionsPage) -> list[str]:
    return [line.entry.studies[0].worker for line in page.lines]


def test_everybody_is_listed_newest_first_in_four_statements(site: Site, names: list[str]) -> None:
    olivia = site.visitor("olivia")
    with site.counted_statements() as sent:
        page: ExclusionsPage = olivia.context("/excluded-workers")
    assert len(sent) == 4
    assert workers(page) == names[::-1]
    first = page.lines[1].entry
    assert (first.reason, first.by, first.studies[0].title) == ("Two accounts", "Olivia", "Night light")
    assert page.lines[1].state.label == "waits to be sent"


def test_payments_names_whom_a_line_is_about(site: Site, names: list[str]) -> None:
    ann, bob = names
    olivia = site.visitor("olivia")
    listed: PaymentsPage = olivia.context("/studies/night/payments")
    assert [(line.word, line.about, line.link) for line in listed.waiting.lines] == [
        ("Exclude", ann, f"/studies/night/workers/{ann}"),
        ("Exclude", bob, f"/studies/night/workers/{bob}"),
    ]
    with site.database.writing() as db:
        db.execute(update(PlatformAction).where(PlatformAction.id == listed.waiting.lines[0].id).values(worker_id=None))
    listed = olivia.context("/studies/night/payments")
    assert [line.about for line in listed.waiting.lines] == ["a worker who was erased", bob]


def test_the_list_is_each_owners_own(site: Site, names: list[str]) -> None:
    assert names
    for name in ("rafael", "vera", "otto"):
        assert shown(site, name=name).lines == []
    assert "No excluded workers" in site.visitor("vera").page("/excluded-workers")


def test_search_in_names_reasons_and_titles(site: Site, names: list[str]) -> None:
    ann, bob = names
    found = {"two ACC": [ann], "night": [bob, ann], "%": [], "": [bob, ann], ann[:12]: [ann], ann[1:]: []}
    for words, wanted in found.items():
        assert workers(shown(site, f"?{urlencode({'words': words})}")) == wanted, words


def test_pages(site: Site, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keytrail.requester.workers.exclusions._PER_PAGE", 1)
    first = shown(site, "?words=night")
    second: ExclusionsPage = site.visitor("olivia").context(first.next_url or "")
    assert workers(first) + workers(second) == names[::-1]
    assert (second.next_url, second.first_url) == (None, "/excluded-workers?words=night")


def test_letting_in_leaves_a_trace_and_is_refused_to_others(site: Site, names: list[str]) -> None:
    number = str(shown(site).lines[1].entry.id)
    for name in ("rafael", "otto"):
        assert site.visitor(name).post("/excluded-workers/readmit", person=number).status_code == 404
    olivia = site.visitor("olivia")
    answer = olivia.post("/excluded-workers/readmit", person=number)
    assert workers(shown(site)) == names[1:]
    assert olivia.context(answer.headers["location"]).notice == "The worker is readmitted."
    assert olivia.post("/excluded-workers/readmit", person=number).status_code == 404
    with site.database.reading() as db:
        entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "let worker in")).one()
        assert len(db.scalars(select(Exclusion)).all()) == 1
    assert (entry.detail, entry.user_id) == ({"worker": names[0]}, site.people["olivia"])
    audit = olivia.page("/studies/night/audit")
    assert f'href="/studies/night/workers/{names[0]}"' in audit


def test_the_file_has_a_line_for_everybody(site: Site, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keytrail.requester.workers.exclusions._PER_PIECE", 1)
    head, *lines = site.visitor("olivia").page("/excluded-workers/file").splitlines()
    assert head == "workers,reason,excluded_by,excluded_at,platform,at_platform"
    assert [line.split(",")[0] for line in lines] == [f"night:{name}" for name in names[::-1]]


def test_the_file_holds_no_formula(site: Site, names: list[str]) -> None:
    with site.database.writing() as db:
        for one in db.scalars(select(Exclusion)):
            one.reason = "=1+1"
        db.get_one(User, site.people["olivia"]).name = "@SUM(1)"
    _, *lines = site.visitor("olivia").page("/excluded-workers/file").splitlines()
    assert [line.split(",")[1:3] for line in lines] == [["'=1+1", "'@SUM(1)"]] * len(names)


def test_owners_are_led_there(site: Site, names: list[str]) -> None:
    for path in ("/", "/studies/night/workers", f"/studies/night/workers/{names[0]}"):
        assert 'href="/excluded-workers' in site.visitor("olivia").page(path)
        assert 'href="/excluded-workers' not in site.visitor("rafael").page(path)
