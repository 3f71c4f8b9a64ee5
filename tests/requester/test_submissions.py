import pytest
from sqlalchemy import select, update

from keytrail.models import ReportFinding, Study, Submission
from keytrail.requester.queue import submissions
from keytrail.requester.queue.submissions import SubmissionsPage
from tests.requester.listing import ELSEWHERE, listed, three
from tests.requester.site import Site

__all__ = ["three"]


def test_a_long_list_is_turned_round(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "_PER_PAGE", 2)
    ids = []
    for _ in range(3):
        work = site.hand()
        work.hand.types("Typed.")
        ids.append(work.submit())
    vera = site.visitor("vera")
    page: SubmissionsPage = vera.context("/studies/night")
    assert [row.line.public_id for row in page.rows] == [ids[2], ids[1]]
    turned: SubmissionsPage = vera.context(page.columns["submitted"].url)
    assert [row.line.public_id for row in turned.rows] == ids[:2]
    assert turned.next_url is not None
    last: SubmissionsPage = vera.context(turned.next_url)
    assert [row.line.public_id for row in last.rows] == ids[2:]
    assert last.first_url == page.columns["submitted"].url
    assert 'aria-sort="ascending"' in vera.page(turned.next_url)


class TestSubmissions:
    def test_newest_first(self, site: Site, three: dict[str, str]) -> None:
        assert listed(site) == [three["fresh"], three["pasted"], three["typed"]]

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("?verdict=strong", ["pasted"]),
            ("?verdict=clear", ["typed"]),
            ("?verdict=waiting", ["fresh"]),
            ("?finding=external_text", ["pasted"]),
            ("?finding=ghost_keys", []),
            ("?item=b", ["pasted"]),
            ("?decision=undecided", ["fresh", "pasted", "typed"]),
            ("?decision=accept", []),
            ("?verdict=strong&item=a", []),
            ("?worker=nobody", []),
        ],
    )
    def test_filters(self, site: Site, three: dict[str, str], query: str, names: list[str]) -> None:
        assert listed(site, query) == [three[name] for name in names]

    def test_the_weightiest_finding_comes_first(self, site: Site, three: dict[str, str]) -> None:
        with site.database.writing() as db:
            typed = db.scalars(select(Submission).where(Submission.public_id == three["typed"])).one()
            for rule, severity in (
                ("held_keys", "info"),
                ("linear", "review"),
                ("ghost_keys", "high"),
                ("few_keys", "high"),
            ):
                db.add(ReportFinding(submission_id=typed.id, study_id=typed.study_id, rule=rule, severity=severity))
        page: SubmissionsPage = site.visitor("vera").context("/studies/night")
        assert [finding.rule for finding in page.rows[2].line.findings] == [
            *("few_keys", "ghost_keys", "linear", "held_keys"),
        ]

    def test_conditions_of_the_study_may_be_chosen(self, site: Site, three: dict[str, str]) -> None:
        vera = site.visitor("vera")
        assert vera.context("/studies/night").form.conditions == []
        with site.database.writing() as db:
            db.execute(update(Study).values(conditions=[{"name": "plain"}, {"name": "asked"}]))
            db.execute(update(Submission).where(Submission.id == 1).values(condition="asked"))
        page: SubmissionsPage = vera.context("/studies/night?condition=asked")
        assert [(choice.value, choice.chosen) for choice in page.form.conditions] == [("plain", False), ("asked", True)]
        assert len(page.rows) == 1
        gone = vera.context("/studies/night?condition=gone")
        assert [choice.value for choice in gone.form.conditions] == ["plain", "asked", "gone"]

    def test_a_worker_by_pseudonym(self, site: Site, three: dict[str, str]) -> None:
        page: SubmissionsPage = site.visitor("vera").context("/studies/night?verdict=strong")
        assert listed(site, f"?worker={page.rows[0].line.worker}") == [three["pasted"]]

    def test_counts_are_of_the_whole_study_whatever_the_filter(self, site: Site, three: dict[str, str]) -> None:
        page: SubmissionsPage = site.visitor("vera").context("/studies/night?verdict=strong")
        assert {key: count for key, _, count in page.verdict_links} == {
            "": 3,
            "strong": 1,
            "review": 0,
            "unverifiable": 0,
            "clear": 1,
            "waiting": 1,
        }

    def test_a_decision_is_shown_and_found(self, site: Site, three: dict[str, str]) -> None:
        site.visitor("rafael").post(f"/submissions/{three['typed']}/decisions", kind="accept")
        assert listed(site, "?decision=accept") == [three["typed"]]
        assert listed(site, "?decision=undecided&verdict=clear") == []

    def test_pages_go_on_where_the_last_one_ended(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(submissions, "_PER_PAGE", 2)
        ids = []
        for n in range(5):
            work = site.hand()
            work.hand.types(f"Text {n}")
            ids.append(work.submit(analysed=False))
        seen, url = [], "/studies/night?verdict=waiting"
        while url:
            page: SubmissionsPage = site.visitor("vera").context(url)
            seen += [row.line.public_id for row in page.rows]
            url = page.next_url or ""
        assert seen == ids[::-1]

    @pytest.mark.parametrize("cursor", ["x", "-1", "1e3", "\u0663"])
    def test_a_cursor_of_somebody_else_is_refused(self, site: Site, cursor: str) -> None:
        assert site.visitor("vera").get(f"/studies/night?cursor={cursor}").status_code == 400


class TestStatements:
    """A list page costs the same number of SQL statements whatever it shows."""

    @pytest.mark.parametrize(("address", "statements"), [("/", 9), ("/studies/night", 7)])
    def test_of_a_list_page_are_few_and_fixed(self, site: Site, address: str, statements: int) -> None:
        olivia = site.visitor("olivia")
        seen = []
        for _ in range(2):
            work = site.hand()
            work.hand.pastes(ELSEWHERE)
            work.submit()
            with site.counted_statements() as sent:
                olivia.page(address)
            seen.append(len(sent))
        assert seen == [statements, statements]

    def test_of_a_submission_are_fixed(self, site: Site) -> None:
        work = site.hand()
        work.hand.pastes(ELSEWHERE)
        public_id = work.submit()
        rafael = site.visitor("rafael")
        rafael.post(f"/submissions/{public_id}/decisions", kind="accept")
        rafael.post(f"/submissions/{public_id}/decisions", kind="exclude")
        with site.counted_statements() as sent:
            rafael.page(f"/submissions/{public_id}")
        assert len(sent) == 14
