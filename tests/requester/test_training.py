from dataclasses import replace
from typing import Any

import pytest

from keytrail.models import JobKind, JobStep, TextJob, User
from keytrail.requester.synthetic import training_jobs
from keytrail.requester.synthetic.training import TrainingPage
from keytrail.synthetic.training.jobs import JobPlan
from keytrail.synthetic.training.references import read_references
from tests.requester.site import Site
from tests.requester.test_access import FROM_HERE

ADDRESS = "/studies/night/classifier"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, JobPlan]]:
    """Jobs that were begun, instead of processes (tests/synthetic/test_jobs.py has those)."""
    begun: list[tuple[int, JobPlan]] = []

    def note(_url: str, _study_id: int, run: int, _clock: object, plan: JobPlan) -> None:
        begun.append((run, plan))

    monkeypatch.setattr(training_jobs, "run_job_in_child", note)
    return begun


def test_the_page_begins_a_run_once_and_shows_it(site: Site, asked: list[tuple[int, JobPlan]]) -> None:
    rafael = site.visitor("rafael")
    page: TrainingPage = rafael.context(ADDRESS)
    assert (page.job, page.running, page.model, page.false_alarms) == (None, False, None, [])
    assert "nothing to learn from yet" in rafael.page(ADDRESS)
    for _ in range(2):
        assert rafael.post(ADDRESS, own_sessions="1").headers["location"] == ADDRESS
    assert asked == [(1, JobPlan(JobKind.TRAINING, own_sessions=True))]
    page = rafael.context(ADDRESS)
    assert page.running
    assert "data-running" in rafael.page(ADDRESS)
    rafael.post(f"{ADDRESS}/stop")
    assert "It was stopped." in rafael.page(ADDRESS)
    rafael.post(f"{ADDRESS}/scoring")
    assert asked[1:] == [(3, JobPlan(JobKind.SCORING))]


def test_references_are_uploaded_whole_or_not_at_all(site: Site, asked: list[tuple[int, JobPlan]]) -> None:
    olivia = site.visitor("olivia")
    bad = {"file": ("texts.csv", b"Item,Text,by\na,Some words,model\nnowhere,More words,\n")}
    answer = olivia.client.post(f"{ADDRESS}/references", files=bad, headers=FROM_HERE)
    assert answer.status_code == 400
    assert "line 3: the study has no item &#39;nowhere&#39;" in answer.text
    good = {"file": ("texts.csv", b"Item,Text,by\na,Some words,model\nb,More words,human\n")}
    answer = olivia.client.post(f"{ADDRESS}/references", files=good, headers=FROM_HERE)
    assert answer.headers["location"] == f"{ADDRESS}?stored=2&known=0&repeated=0"
    page: TrainingPage = olivia.context(answer.headers["location"])
    assert (page.learning.generated, page.learning.by_people) == (1, 1)
    again = olivia.client.post(f"{ADDRESS}/references", files=good, headers=FROM_HERE)
    assert " imported. Left out: 2 texts that the study has already" in olivia.page(again.headers["location"])
    rafael = site.visitor("rafael").client
    assert rafael.post(f"{ADDRESS}/references", files=good, headers=FROM_HERE).status_code == 403


def test_others_write_while_an_upload_is_read(
    site: Site, asked: list[tuple[int, JobPlan]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def reading(*read: Any) -> Any:
        with site.database.writing() as db:
            db.get_one(User, site.people["olivia"]).name = "Olivia, meanwhile"
        return read_references(*read)

    monkeypatch.setattr("keytrail.requester.synthetic.training_jobs.read_references", reading)
    files = {"file": ("texts.csv", b"item,text\na,Some words\n")}
    answer = site.visitor("olivia").client.post(f"{ADDRESS}/references", files=files, headers=FROM_HERE)
    assert answer.headers["location"] == f"{ADDRESS}?stored=1&known=0&repeated=0"


def test_asking_for_references_needs_an_endpoint_and_the_right_to_spend(
    site: Site, asked: list[tuple[int, JobPlan]]
) -> None:
    olivia = site.visitor("olivia")
    assert "KEYTRAIL_LLM_URL" in olivia.page(ADDRESS)
    assert olivia.post(f"{ADDRESS}/generation", texts="2", tokens="1000").status_code == 400
    services = site.app.state.services
    settings = services.settings.model_copy(update={"llm_url": "http://127.0.0.1:9/v1", "llm_models": ("toy",)})
    site.app.state.services = replace(services, settings=settings)
    page: TrainingPage = olivia.context(ADDRESS)
    assert page.expected is not None
    assert (page.expected.texts, page.expected.used) == (60, 0)
    assert olivia.post(f"{ADDRESS}/generation", texts="2", tokens="many").status_code == 400
    assert olivia.post(f"{ADDRESS}/generation", texts="2", tokens="1000").status_code == 303
    ((_, plan),) = asked
    assert plan.order is not None
    assert (plan.kind, plan.order.wanted.count, plan.order.wanted.budget_tokens) == (JobKind.REFERENCES, 2, 1000)
    with site.database.writing() as db:
        db.get_one(User, site.people["olivia"]).may_spend = False
    assert olivia.post(f"{ADDRESS}/generation", texts="2", tokens="1000").status_code == 403


def test_the_page_says_how_a_run_ended(site: Site, asked: list[tuple[int, JobPlan]]) -> None:
    olivia = site.visitor("olivia")
    olivia.post(ADDRESS)
    with site.database.writing() as db:
        job = db.query(TextJob).one()
        job.step, job.problem = JobStep.FAILED, "Training needs at least 20 texts."
    html = olivia.page(ADDRESS)
    assert "The last job did not finish: Training needs at least 20 texts." in html
    assert "data-running" not in html
    with site.database.writing() as db:
        db.query(TextJob).one().step = JobStep.SCORING
    site.clock.advance(hours=1)
    page: TrainingPage = olivia.context(ADDRESS)
    assert (page.running, page.stopped) == (False, True)


@pytest.mark.parametrize(("texts", "status"), [("0", 400), ("1", 303), ("1000", 303), ("1001", 400), ("1.5", 400)])
def test_one_to_a_thousand_texts_are_asked_for(
    site: Site, asked: list[tuple[int, JobPlan]], texts: str, status: int
) -> None:
    services = site.app.state.services
    settings = services.settings.model_copy(update={"llm_url": "http://127.0.0.1:9/v1", "llm_models": ("toy",)})
    site.app.state.services = replace(services, settings=settings)
    answer = site.visitor("olivia").post(f"{ADDRESS}/generation", texts=texts, tokens="1000")
    assert answer.status_code == status
    assert [plan.order.wanted.count for _, plan in asked if plan.order] == ([int(texts)] if status == 303 else [])


def test_a_viewer_looks_and_does_not_train(site: Site, asked: list[tuple[int, JobPlan]]) -> None:
    vera = site.visitor("vera")
    assert "<form" not in vera.page(ADDRESS).partition("<main")[2]
    assert vera.post(ADDRESS).status_code == 403
    assert asked == []
