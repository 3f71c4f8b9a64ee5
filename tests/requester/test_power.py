import pytest

from keytrail.requester.synthetic.power import PowerPage
from keytrail.text.prevalence.power import PowerPlan, workers_needed
from tests.requester.site import Site, words_of


def test_the_page_answers_at_once_with_the_errors_of_2023(site: Site) -> None:
    otto = site.visitor("otto")
    page: PowerPage = otto.context("/power")
    assert page.answer == workers_needed(PowerPlan(0.3, sensitivity=0.89, specificity=0.92))
    assert page.answer.workers_per_condition > workers_needed(PowerPlan(0.3)).workers_per_condition
    assert [ratio for ratio, _ in page.rows] == [0.75, 0.5, 0.25, 0.0]
    html = words_of(otto.page("/power"))
    assert "a change from 30 % to 15 %" in html


def test_a_larger_effect_takes_fewer_workers(site: Site) -> None:
    page: PowerPage = site.visitor("otto").context("/power?baseline=40&sensitivity=100&specificity=100&comparisons=2")
    columns = list(zip(*(workers for _, workers in page.rows), strict=True))
    assert all(list(column) == sorted(column, reverse=True) for column in columns)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("baseline=many", "a number in each field"),
        ("baseline=150", "between 0 and 1"),
        ("ratio=100", "that changes the prevalence"),
        ("sensitivity=50&specificity=40", "no better than chance"),
        ("comparisons=0", "at least one comparison"),
        ("baseline=nan", "between 0 and 1"),
        ("submissions_per_worker=inf", "a number in each field"),
        ("submissions_per_worker=0", "at least one"),
        ("comparisons=99999999999999999999", "at most 1,000"),
        ("submissions_per_worker=99999999999999999999", "at most 1,000"),
        ("ratio=99.99999999999999", "hardly find a difference"),
        ("sensitivity=50&specificity=50.00000000001", "hardly find a difference"),
        ("baseline=0.000001", "hardly find a difference"),
    ],
)
def test_what_cannot_be_planned_is_said(site: Site, query: str, words: str) -> None:
    answer = site.visitor("otto").get(f"/power?{query}")
    assert answer.status_code == 400
    assert words in words_of(answer.text)
