"""Each paste is told once on a submission's page, and its timeline has an axis."""

from itertools import pairwise

from keytrail.requester.submission.page import SubmissionPage
from tests.requester.site import Site

ELSEWHERE = "In summary, amber lighting may improve the duration of sleep among the staff of a hospital at night. "


def _page(site: Site, public_id: str) -> SubmissionPage:
    page: SubmissionPage = site.visitor("vera").context(f"/submissions/{public_id}")
    return page


def test_a_paste_is_told_in_one_place(site: Site) -> None:
    work = site.hand()
    work.hand.types("Good light helps. ").leaves(41_000).pastes(ELSEWHERE).wait(5_000).sets("Set without a key. ")
    public_id = work.submit()
    page = _page(site, public_id)
    assert page.evidence is not None
    assert [(one.marks, one.look, one.clip is not None) for one in page.arrivals] == [
        ([1], "external", True),
        ([2], "silent", False),
    ]
    assert "100\u00a0% still in the text" in page.arrivals[0].size
    html = site.visitor("vera").page(f"/submissions/{public_id}")
    assert html.count("What did not come by typing") == 1
    assert "What came from the clipboard" not in html
    # The bar of the text's origins is whole.
    widths = [entry.width for entry in page.evidence.legend]
    assert abs(sum(widths) - 100) < 0.1
    assert [round(entry.start + entry.width, 1) for entry in page.evidence.legend][-1] == 100
    assert [finding.severity for finding in page.evidence.findings] == sorted(
        (finding.severity for finding in page.evidence.findings), key=["high", "review", "info"].index
    )


def test_the_axis_has_round_moments_that_do_not_run_into_each_other(site: Site) -> None:
    work = site.hand()
    work.hand.types("Good light helps. ").wait(400_000).types("It helps at night. ").wait(60_000).types("The end.")
    page = _page(site, work.submit())
    assert page.replay is not None
    ticks = page.replay.timeline.ticks
    assert ticks[0].label == "00:00"
    assert len(ticks) >= 3
    assert all(later.x - earlier.x >= 14 for earlier, later in pairwise(ticks))
    assert all(tick.label.endswith("0") for tick in ticks)
