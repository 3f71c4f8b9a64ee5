"""The few numbers stored for a report agree with the report itself."""

from typing import Any

from sqlalchemy import select

from keytrail.db import Database
from keytrail.models import ReportFigures, StoredReport, Study, Submission
from keytrail.provenance import Report
from keytrail.studies.conditions import Condition, Measure
from keytrail.synthetic.prevalence.observations import analysed_submissions
from keytrail.synthetic.prevalence.study import cautions_of
from keytrail.text.fusion import LogEvidence
from keytrail.text.loglabels import log_evidence
from tests.synthetic.conftest import ToyStudy
from tests.text import toycorpus


def _write_variously(toys: ToyStudy) -> None:
    """Typed, pasted, part of each, and a log that ends before the text does."""
    own, foreign = toycorpus.human_text(1, 600), toycorpus.machine_text(1, 600)
    toys.submit(1, own, pasted=False)
    toys.submit(1, foreign, pasted=True)
    toys.submit(2, own, pasted=False, name="cut", logged=own[:200])
    toys.submit(2, own + foreign, pasted=True, name="part", logged=foreign)


def _stored(database: Database) -> list[dict[str, Any]]:
    """All figures but the stamps."""
    columns = [column for column in ReportFigures.__table__.columns if column.key != "stamp"]
    with database.reading() as db:
        return [dict(row._mapping) for row in db.execute(select(*columns).order_by(columns[0]))]


def test_the_evidence_of_a_log_is_that_of_its_report(toys: ToyStudy) -> None:
    _write_variously(toys)
    with toys.database.reading() as db:
        rows = db.execute(select(Submission.id, StoredReport.body).join(StoredReport).order_by(Submission.id))
        reports = {number: Report.from_json(body) for number, body in rows}
        found = {one.number: one.observation for one in analysed_submissions(db, toys.study(db))}
    known = {LogEvidence.EXTERNAL: True, LogEvidence.NOT_EXTERNAL: False, LogEvidence.UNCLEAR: None}
    assert {number: one.external for number, one in found.items()} == {
        number: known[log_evidence(report)] for number, report in reports.items()
    }
    assert {one.external for one in found.values()} == {True, False, None}
    assert {number: one.pasted for number, one in found.items()} == {
        number: report.measures["pastes"] > 0 for number, report in reports.items()
    }


def test_a_log_that_cannot_see_retyping_has_no_result(toys: ToyStudy) -> None:
    with toys.database.writing() as db:
        toys.study(db).rules = {"refuse_paste": True}
    _write_variously(toys)
    with toys.database.reading() as db:
        found = analysed_submissions(db, toys.study(db))
    assert len(found) == 4
    assert {(one.observation.external, one.observation.pasted) for one in found} == {(None, None)}


def test_a_rule_changes_nothing_about_sessions_that_began_without_it(toys: ToyStudy) -> None:
    _write_variously(toys)
    with toys.database.reading() as db:
        before = analysed_submissions(db, toys.study(db))
    with toys.database.writing() as db:
        toys.study(db).rules = {"refuse_copy": True}
    toys.submit(3, toycorpus.human_text(3, 600), pasted=False)
    with toys.database.reading() as db:
        *same, new = analysed_submissions(db, toys.study(db))
    assert same == before
    assert (new.hidden_by_rule, new.observation.external) == (True, None)


def test_cautions_say_how_many_texts_a_rule_hides() -> None:
    study = Study(conditions=[])
    assert "prevented" not in cautions_of(study, 0, 4)[0]
    assert cautions_of(study, 4, 4)[0].startswith("Pasting or copying was prevented in this study. There a text")
    assert "in 1 of 4 submissions: those" in cautions_of(study, 1, 4)[0]
    study.conditions = [Condition(name="hurdle", measures=frozenset({Measure.REFUSE_PASTE})).as_json()]
    mixed = cautions_of(study, 1, 4)
    assert "in 1 of 4 submissions" in mixed[0]
    assert "in “hurdle”" in mixed[1]
