import pytest
from sqlalchemy import delete, select

from keytrail.models import AcrossFinding, StoredReport, Submission
from keytrail.provenance import Report
from keytrail.synthetic.cross_submission import SAME_TEXT, SHARED_RHYTHM, compare_submissions, operators_of
from keytrail.synthetic.prevalence.study import study_prevalence
from keytrail.synthetic.training.references import import_references
from tests.synthetic.conftest import SLUG, ToyStudy
from tests.text import toycorpus


def _compare(toys: ToyStudy) -> int:
    return compare_submissions(toys.database, SLUG, toys.clock)


def _report(toys: ToyStudy, number: int) -> Report:
    with toys.database.reading() as db:
        return Report.from_json(db.get_one(StoredReport, number).body)


def _set_lag(toys: ToyStudy, number: int, lag_ms: int) -> None:
    with toys.database.writing() as db:
        stored = db.get_one(StoredReport, number)
        stored.body = stored.body | {"measures": stored.body["measures"] | {"paste_lags_ms": [lag_ms]}}


class TestSameText:
    def test_of_two_workers_is_for_review_and_points_to_the_other(self, toys: ToyStudy) -> None:
        text = toycorpus.human_text(1, 700)
        first = toys.submit(1, text, pasted=False, name="one")
        second = toys.submit(1, text + " And a little more.", pasted=False, name="two")
        other = toys.submit(1, toycorpus.human_text(1, 701), pasted=False, name="three")
        assert _compare(toys) == 2
        report = _report(toys, first)
        (finding,) = (found for found in report.findings if found.rule == SAME_TEXT.id)
        with toys.database.reading() as db:
            assert finding.figures["other"] == db.get_one(Submission, second).public_id
        assert (finding.family, finding.severity, report.verdict) == ("text", "review", "review")
        assert SAME_TEXT.id not in [found.rule for found in _report(toys, other).findings]

    def test_of_one_worker_says_nothing(self, toys: ToyStudy) -> None:
        text = toycorpus.human_text(1, 700)
        for session in "ab":
            toys.submit(1, text, pasted=False, name=session)
        with toys.database.writing() as db:
            first, second = db.scalars(select(Submission))
            db.refresh(first, ["session"])
            db.refresh(second, ["session"])
            second.session.worker_id = first.session.worker_id
        assert _compare(toys) == 0

    def test_as_a_reference_is_found_too(self, toys: ToyStudy) -> None:
        import_references(toys.database, toys.slug, toys.write_references(), toys.clock())
        number = toys.submit(1, toycorpus.generations()[toycorpus.item_id(1)][0], pasted=True)
        assert _compare(toys) == 1
        (finding,) = (found for found in _report(toys, number).findings if found.rule == SAME_TEXT.id)
        assert "a language model wrote for comparison" in finding.explanation

    def test_goes_when_its_reason_goes(self, toys: ToyStudy) -> None:
        text = toycorpus.human_text(1, 700)
        first = toys.submit(1, text, pasted=False, name="one")
        second = toys.submit(1, text, pasted=False, name="two")
        assert _compare(toys) == 2
        with toys.database.writing() as db:
            db.execute(delete(Submission).where(Submission.id == second))
        assert _compare(toys) == 0
        assert SAME_TEXT.id not in [found.rule for found in _report(toys, first).findings]
        with toys.database.reading() as db:
            assert db.scalars(select(AcrossFinding)).all() == []


@pytest.fixture
def shared(toys: ToyStudy) -> ToyStudy:
    for number in range(8):
        submitted = toys.submit(number, toycorpus.human_text(number, 700), pasted=False, name=f"worker {number}")
        _set_lag(toys, submitted, 300 if number < 3 else 5)
    return toys


class TestSubmittedTogether:
    def test_is_for_review_at_those_submissions_only(self, toys: ToyStudy) -> None:
        """Three of twelve workers within two seconds, where the others come an hour apart."""
        numbers = []
        for number in range(12):
            toys.clock.advance(seconds=1 if number in {5, 6} else 3600)
            numbers.append(toys.submit(number % 4, toycorpus.human_text(number, 300), pasted=False, name=f"w{number}"))
        _compare(toys)
        reports = [_report(toys, number) for number in numbers]
        with_it = [
            place for place, report in enumerate(reports) if SHARED_RHYTHM.id in {f.rule for f in report.findings}
        ]
        assert with_it == [4, 5, 6]
        (finding,) = (found for found in reports[4].findings if found.rule == SHARED_RHYTHM.id)
        assert (finding.severity, reports[4].verdict) == ("review", "review")
        assert finding.figures == {"group": 1, "together": 3, "seconds": 2.0}
        assert "in one room" in finding.explanation


class TestSharedRhythm:
    def test_is_for_review_over_workers_and_never_more(self, shared: ToyStudy) -> None:
        assert _compare(shared) == 3
        with shared.database.reading() as db:
            flagged = list(db.scalars(select(AcrossFinding.submission_id)))
        report = _report(shared, flagged[0])
        (finding,) = (found for found in report.findings if found.rule == SHARED_RHYTHM.id)
        assert (finding.severity, report.verdict) == ("review", "review")
        assert "shared remote desktop" in finding.explanation

    def test_widens_the_intervals_of_prevalence(self, shared: ToyStudy) -> None:
        _compare(shared)
        with shared.database.reading() as db:
            study = shared.study(db)
            assert set(operators_of(db, study.id).values()) == {"1"}
            found = study_prevalence(db, study)
        assert found.by_submission is not None
        methods = [estimate.method for estimate in found.by_submission.raw]
        assert "share, bootstrap over suspected operators" in methods
