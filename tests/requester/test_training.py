import pytest

from keytrail.models import JobStep, TextJob
from keytrail.requester.synthetic import training
from keytrail.requester.synthetic.training import TrainingPage
from tests.requester.site import Site

ADDRESS = "/studies/night/classifier"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, bool]]:
    """Runs that were begun, instead of processes (tests/synthetic/test_jobs.py has those)."""
    begun: list[tuple[int, bool]] = []

    def note(_url: str, _study_id: int, run: int, _clock: object, *, own_sessions: bool) -> None:
        begun.append((run, own_sessions))

    monkeypatch.setattr(training, "run_job_in_child", note)
    return begun


def test_the_page_begins_a_run_once_and_shows_it(site: Site, asked: list[tuple[int, bool]]) -> None:
    rafael = site.visitor("rafael")
    page: TrainingPage = rafael.context(ADDRESS)
    assert (page.job, page.running, page.model, page.false_alarms) == (None, False, None, [])
    assert "nothing to learn from yet" in rafael.page(ADDRESS)
    for _ in range(2):
        assert rafael.post(ADDRESS, own_sessions="1").headers["location"] == ADDRESS
    assert asked == [(1, True)]
    page = rafael.context(ADDRESS)
    assert page.running
    assert "data-running" in rafael.page(ADDRESS)


def test_the_page_says_how_a_run_ended(site: Site, asked: list[tuple[int, bool]]) -> None:
    olivia = site.visitor("olivia")
    olivia.post(ADDRESS)
    with site.database.writing() as db:
        job = db.query(TextJob).one()
        job.step, job.problem = JobStep.FAILED, "Training needs at least 20 texts."
    html = olivia.page(ADDRESS)
    assert "It did not work: Training needs at least 20 texts." in html
    assert "data-running" not in html
    with site.database.writing() as db:
        db.query(TextJob).one().step = JobStep.SCORING
    site.clock.advance(hours=1)
    page: TrainingPage = olivia.context(ADDRESS)
    assert (page.running, page.stopped) == (False, True)


def test_a_viewer_looks_and_does_not_train(site: Site, asked: list[tuple[int, bool]]) -> None:
    vera = site.visitor("vera")
    assert "<form" not in vera.page(ADDRESS).partition("<main")[2]
    assert vera.post(ADDRESS).status_code == 403
    assert asked == []
