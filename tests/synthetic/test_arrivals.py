"""New submissions are scored by the study's classifier as they arrive."""

import pytest
from sqlalchemy import select

from keytrail.child_process import InProcessHelper
from keytrail.models import StoredReport, TextScore
from keytrail.review.analysis.analyst import Analyst
from keytrail.synthetic.prevalence.unjudged import UnjudgedCause, unjudged
from keytrail.synthetic.training import scoring
from keytrail.synthetic.training.classifier import train_study
from keytrail.synthetic.training.judgement import READS_SYNTHETIC
from keytrail.synthetic.training.references import import_references
from keytrail.synthetic.training.scoring import score_study
from keytrail.web.services import OF_LOG_AND_TEXT
from tests.synthetic.conftest import ToyStudy
from tests.text import toycorpus


@pytest.fixture
def trained(toys: ToyStudy) -> ToyStudy:
    import_references(toys.database, toys.slug, toys.write_references(), toys.clock())
    train_study(toys.database, toys.slug, toys.clock)
    return toys


def _arrive(toys: ToyStudy, text: str) -> set[str]:
    """Submit a text, and return the rules of the findings in its report."""
    number = toys.submit(1, text, pasted=False)
    Analyst(toys.database, InProcessHelper(toys.database), toys.clock, at_once=True, steps=OF_LOG_AND_TEXT).soon(number)
    with toys.database.reading() as db:
        report = db.scalars(select(StoredReport).where(StoredReport.submission_id == number)).one()
        return {finding["id"] for finding in report.body["findings"]}


def _scores(toys: ToyStudy) -> list[TextScore]:
    with toys.database.reading() as db:
        return list(db.scalars(select(TextScore).order_by(TextScore.submission_id)))


def test_what_arrives_is_scored_as_scoring_again_would(trained: ToyStudy) -> None:
    assert READS_SYNTHETIC.id in _arrive(trained, toycorpus.machine_text(1, 901))
    assert READS_SYNTHETIC.id not in _arrive(trained, toycorpus.human_text(1, 902))
    arrived = [(score.probability, score.outcome, score.body) for score in _scores(trained)]
    assert all("posterior" in body for _, _, body in arrived)
    assert score_study(trained.database, trained.slug, trained.clock, again=False) == 0
    assert score_study(trained.database, trained.slug, trained.clock) == 2
    assert [(score.probability, score.outcome, score.body) for score in _scores(trained)] == arrived


def test_a_study_without_a_classifier_has_no_scores(toys: ToyStudy) -> None:
    _arrive(toys, toycorpus.machine_text(1, 901))
    assert _scores(toys) == []
    with toys.database.reading() as db:
        assert unjudged(db, toys.study(db), classifier=False) == {UnjudgedCause.NO_CLASSIFIER: 1}


def test_a_text_that_cannot_be_scored_is_analysed_all_the_same(
    trained: ToyStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("made up")

    with monkeypatch.context() as patch:
        patch.setattr(scoring, "judge_text", fail)
        _arrive(trained, toycorpus.machine_text(1, 901))
    assert _scores(trained) == []
    _arrive(trained, "Too short.")
    with trained.database.reading() as db:
        causes = unjudged(db, trained.study(db), classifier=True)
    assert causes == {UnjudgedCause.NOT_SCORED: 1, UnjudgedCause.SHORT: 1}
    assert score_study(trained.database, trained.slug, trained.clock, again=False) == 1
