from app.requester.prevalence import PrevalencePage
from tests.requester.site import Site


def test_the_page_counts_what_the_logs_show_and_says_what_it_cannot_tell(site: Site) -> None:
    pasted = site.hand()
    pasted.hand.pastes("This came from another place altogether, in one piece, and stayed as it was to the end of it.")
    pasted.submit()
    typed = site.hand()
    typed.hand.types("Staff slept a bit longer under amber light.")
    typed.submit()
    olivia = site.visitor("olivia")
    page: PrevalencePage = olivia.context("/studies/night/prevalence")
    assert [table.title for table in page.tables] == ["By submission", "By worker"]
    first = page.tables[0].rows[0]
    assert (first.name, first.share, first.units, first.at) == ("external text", "50%", 2, 50.0)
    assert 0 < first.low < 50 < first.low + first.width < 100
    html = olivia.page("/studies/night/prevalence")
    assert "language that is not their first" in html
    assert "decides nothing" in html
    assert "There is no classifier yet" in html
    assert "style=" not in html.split("<main", 1)[-1]


def test_the_page_of_an_empty_study_says_so(site: Site) -> None:
    page: PrevalencePage = site.visitor("vera").context("/studies/night/prevalence")
    assert page.tables == []
