import pytest

from keytrail.models import AuditEntry, Study, WritingSession
from keytrail.requester.study.editing import StudyFormPage
from keytrail.studies.conditions import Condition, Measure, conditions_of
from tests.requester.site import Site, Visitor
from tests.requester.test_study_editing import FIELDS

ADDRESS = "/studies/product-reviews/settings"
ROWS = {
    "condition_0_name": "as it was",
    "condition_0_percent": "40",
    "condition_2_name": "plea, no paste",
    "condition_2_percent": "60",
    "condition_2_direct_request": "1",
    "condition_2_refuse_paste": "1",
}


@pytest.fixture
def otto(site: Site) -> Visitor:
    return site.visitor("otto")


def _stored(site: Site) -> list[Condition]:
    with site.database.reading() as db:
        return conditions_of(db.query(Study).filter_by(slug="product-reviews").one())


def test_rows_become_conditions_and_empty_rows_nothing(site: Site, otto: Visitor) -> None:
    assert otto.post("/new-study", **(FIELDS | ROWS)).status_code == 303
    assert _stored(site) == [
        Condition(name="as it was", probability=0.4),
        Condition(
            name="plea, no paste",
            probability=0.6,
            measures=frozenset({Measure.DIRECT_REQUEST, Measure.REFUSE_PASTE}),
        ),
    ]


@pytest.mark.parametrize("percent", [("", "", ""), ("33.3", "33.3", "33.4"), ("12.5", "12.5", "75")])
def test_saving_what_is_shown_changes_nothing(site: Site, otto: Visitor, percent: tuple[str, ...]) -> None:
    rows = {f"condition_{row}_percent": chance for row, chance in enumerate(percent)}
    rows |= {f"condition_{row}_name": f"number {row}" for row in range(3)}
    rows |= {"condition_1_refuse_copy": "1", "condition_2_source_as_image": "1"}
    otto.post("/new-study", **(FIELDS | rows))
    before = _stored(site)
    assert len(before) == 3
    page: StudyFormPage = otto.context(ADDRESS)
    assert list(page.form.condition_rows) == [0, 1, 2, 3, 4]
    assert otto.post(ADDRESS, **page.form.values).status_code == 303
    assert _stored(site) == before
    with site.database.reading() as db:
        assert db.query(AuditEntry).all() == []


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"condition_0_name": "alone"}, "compares nothing"),
        (ROWS | {"condition_0_percent": "half"}, "a number of per cent"),
        (ROWS | {"condition_0_percent": "50"}, "110 %"),
        (ROWS | {"condition_1_refuse_copy": "1"}, "Fill in this field"),
    ],
)
def test_rows_that_will_not_do_come_back(site: Site, otto: Visitor, rows: dict[str, str], words: str) -> None:
    assert otto.post("/new-study", **(FIELDS | rows)).status_code == 400
    page: StudyFormPage = site.app.state.pages.last
    assert words in page.form.problems["conditions"]
    assert page.form.values["condition_0_name"] == rows["condition_0_name"]


def test_conditions_that_people_work_under_stay(site: Site) -> None:
    olivia = site.visitor("olivia")
    page: StudyFormPage = olivia.context("/studies/night/settings")
    site.hand().submit()
    with site.database.reading() as db:
        assert db.query(WritingSession).count() > 0
    answer = olivia.post("/studies/night/settings", **(dict(page.form.values) | ROWS))
    assert answer.status_code == 400
    assert "another study" in site.app.state.pages.last.form.problems["conditions"]
