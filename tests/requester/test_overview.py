import pytest
from sqlalchemy import select

from keytrail.models import Study, Submission
from keytrail.requester.overview.charts import Chart
from keytrail.requester.overview.overview import OverviewPage
from keytrail.requester.overview.overview_charts import minutes_chart
from keytrail.requester.queue.submissions import SubmissionsPage
from keytrail.requester.workers.listing import WorkersPage
from tests.requester.site import Site

ELSEWHERE = "A long text that came from elsewhere. " * 5


def overview(site: Site) -> OverviewPage:
    page: OverviewPage = site.visitor("vera").context("/studies/night/overview")
    return page


def chart(page: OverviewPage, name: str) -> Chart:
    return next(chart for chart in [*page.charts, page.findings] if chart.id == name)


@pytest.fixture
def some(site: Site) -> list[str]:
    ids = []
    for n in range(3):
        work = site.hand()
        if n:
            work.hand.types("All of this was typed.").leaves(200_000 * n)
        else:
            work.hand.pastes(ELSEWHERE)
        ids.append(work.submit())
        site.clock.advance(days=1)
    return ids


class TestOverview:
    def test_days_are_those_of_the_readers_zone(self, site: Site, some: list[str]) -> None:
        vera = site.visitor("vera")
        assert "(UTC)" in chart(overview(site), "progress").explanation
        vera.client.cookies.set("keytrail_zone", "Pacific/Honolulu")
        page: OverviewPage = vera.context("/studies/night/overview")
        shown = chart(page, "progress")
        assert "(Pacific/Honolulu)" in shown.explanation
        for bar in shown.bars:
            found: SubmissionsPage = vera.context(bar.url)
            assert bar.description == f"{len(found.rows)}\u00a0submission" + ("" if len(found.rows) == 1 else "s")
        assert sum(bar.description.startswith("1") for bar in shown.bars) == len(some)

    def test_each_bar_leads_to_the_submissions_in_it(self, site: Site, some: list[str]) -> None:
        vera = site.visitor("vera")
        page = overview(site)
        for name in ("progress", "arrived", "minutes", "findings"):
            for bar in chart(page, name).bars:
                listed: SubmissionsPage = vera.context(bar.url)
                assert bar.description.startswith(f"{len(listed.rows)}"), (name, bar.label, bar.description)

    def test_the_table_behind_a_chart_has_its_figures(self, site: Site, some: list[str]) -> None:
        arrived = chart(overview(site), "arrived")
        assert [row[1] for row in arrived.rows] == ["2", *["0"] * 10, "1"]
        assert len(arrived.rows) == len(arrived.bars)

    def test_a_text_without_a_log_counts_neither_as_typed_nor_as_arrived(self, site: Site, some: list[str]) -> None:
        before = chart(overview(site), "arrived").rows
        site.hand(worker="Bare").submit(text="Nobody knows how this came.")
        assert chart(overview(site), "arrived").rows == before
        workers: WorkersPage = site.visitor("vera").context("/studies/night/workers?order=-seen")
        assert [row.figures.mean_arrived for row in workers.workers].count(None) == 1

    def test_periods_without_submissions_have_their_place(self, site: Site, some: list[str]) -> None:
        site.clock.advance(days=80)
        late = site.hand()
        late.hand.types("Late.")
        late.submit()
        progress = chart(overview(site), "progress")
        # Weeks from Monday on: the first of the three came on a Sunday.
        assert sum(bool(bar.segments) for bar in progress.bars) == 3
        assert len(progress.bars) == 13

    def test_days_are_named_where_they_begin(self, site: Site, some: list[str]) -> None:
        ticks = [bar.tick for bar in chart(overview(site), "progress").bars]
        named = [tick for tick in ticks if tick]
        assert len(named) == len(set(named)) == 3
        assert not any(":" in tick for tick in named)

    def test_conditions_stand_side_by_side(self, site: Site, some: list[str]) -> None:
        assert overview(site).conditions == []
        with site.database.writing() as db:
            for submission, name in zip(db.scalars(select(Submission)), "aab", strict=True):
                submission.condition = name
        first, second = overview(site).conditions
        assert (first.condition, first.submitted, first.flagged) == ("a", 2, 1)
        assert first.mean_arrived == pytest.approx(0.5)
        assert (second.condition, second.submitted, second.flagged) == ("b", 1, 0)

    @pytest.mark.parametrize("asked", [1, 2])
    def test_agreement_of_two_reviewers(self, site: Site, some: list[str], asked: int) -> None:
        with site.database.writing() as db:
            db.scalars(select(Study).where(Study.slug == "night")).one().reviews_per_submission = asked
        for name, kinds in {
            "rafael": ("exclude", "accept", "accept"),
            "olivia": ("exclude", "accept", "exclude"),
        }.items():
            for public_id, kind in zip(some, kinds, strict=True):
                site.visitor(name).post(f"/submissions/{public_id}/decisions", kind=kind)
        agreement = overview(site).agreement
        assert agreement is not None
        assert agreement.judged_twice == 3
        assert agreement.equal_share == pytest.approx(2 / 3)
        assert agreement.kappa == pytest.approx(0.4)

    def test_a_decision_is_counted_by_its_kind_when_all_have_judged(self, site: Site, some: list[str]) -> None:
        with site.database.writing() as db:
            db.scalars(select(Study).where(Study.slug == "night")).one().reviews_per_submission = 2
        for name, kinds in {"rafael": ("exclude", "accept", "second_look"), "olivia": ("exclude",)}.items():
            for public_id, kind in zip(some, kinds, strict=False):
                site.visitor(name).post(f"/submissions/{public_id}/decisions", kind=kind)
        counted = {key: count for key, _, count in overview(site).decisions}
        assert {key: count for key, count in counted.items() if count} == {"exclude": 1, "second_look": 1, "open": 1}
        for key, count in counted.items():
            assert len(site.visitor("vera").context(f"/studies/night?decision={key}").rows) == count

    def test_an_empty_study_says_what_to_do_next(self, site: Site) -> None:
        assert "Workers start at" in site.visitor("vera").page("/studies/night/overview")

    def test_it_costs_the_same_whatever_it_shows(self, site: Site) -> None:
        seen = []
        for _ in range(2):
            work = site.hand()
            work.hand.pastes(ELSEWHERE)
            work.submit()
            site.clock.advance(days=40)
            vera = site.visitor("vera")
            with site.counted_statements() as sent:
                vera.page("/studies/night/overview")
            seen.append(len(sent))
        assert seen == [12, 12]


@pytest.mark.parametrize(("longest", "bars", "last"), [(1, 8, "14–16"), (12, 13, "24–26"), (15, 16, "over 30")])  # noqa: RUF001  # as on the page
def test_no_empty_bars_stand_behind_the_longest_session(longest: int, bars: int, last: str) -> None:
    found = minutes_chart("/studies/night", [4 if place == 0 else int(place == longest) for place in range(16)])
    assert (len(found.bars), found.rows[-1][0]) == (bars, last)
