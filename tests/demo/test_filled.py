"""The data with which set-up fills the pages, read by the pages' own queries."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.demo.studies import ABSTRACTS, COMPARED, GERMAN, RECORDED, STUDIES, DemoStudy
from keytrail.models import (
    AssignmentIdentity,
    Objection,
    Study,
    Submission,
    TextScore,
    User,
    WorkerIdentity,
    WorkerStatement,
    WritingSession,
)
from keytrail.platform_actions.action_list import action_lines
from keytrail.platform_actions.differences import differences
from keytrail.platform_actions.exclusion_list import list_exclusions
from keytrail.platform_actions.exclusion_states import PlatformExclusionState
from keytrail.platform_actions.ledger import totals
from keytrail.platform_actions.tasks import tasks_of
from keytrail.sorted_pages import SortedPage
from keytrail.studies import study_by_slug
from keytrail.studies.publishing import checklist
from keytrail.synthetic.prevalence.comparison import CORRECTED, compare_conditions
from keytrail.synthetic.prevalence.joint import joint_prevalence
from keytrail.synthetic.prevalence.self_reports import count_self_reports
from keytrail.synthetic.prevalence.study import study_prevalence
from keytrail.synthetic.training.classifier import newest_model
from keytrail.users.accounts import user_by_email
from tests.demo.conftest import Made

pytestmark = pytest.mark.xdist_group("demo")

NOW = datetime.now(UTC)


def study(db: Session, demo: DemoStudy = ABSTRACTS) -> Study:
    return study_by_slug(db, demo.slug)


def owner(db: Session, made: Made) -> User:
    return user_by_email(db, made.told["email"])


def test_everything_says_that_it_is_a_demonstration(filled: Database) -> None:
    with filled.reading() as db:
        assert db.scalars(select(Study.demo)).all() == [True] * (len(RECORDED) + 1)
        labels = db.scalars(select(Submission.label).distinct()).all()
        assert all(label and label.startswith("simulated: ") for label in labels)


@pytest.mark.parametrize("demo", RECORDED, ids=lambda demo: demo.slug)
def test_every_text_is_work_that_the_marketplace_holds(filled: Database, demo: DemoStudy) -> None:
    with filled.reading() as db:
        texts = db.scalars(select(Submission.id).where(Submission.study_id == study(db, demo).id)).all()
        held = (
            select(func.count())
            .select_from(Submission)
            .join(AssignmentIdentity, AssignmentIdentity.session_id == Submission.session_id)
            .join(WorkerIdentity, WorkerIdentity.worker_id == Submission.worker_id)
            .where(Submission.id.in_(texts), WorkerIdentity.platform == "mturk")
        )
        assert db.scalar(held) == len(texts) > 0
        assert sum(task.completed for task in tasks_of(db, study(db, demo).id)) >= len(texts)


def test_work_was_done_before_the_demo_was_made_and_not_long_ago(filled: Database) -> None:
    with filled.reading() as db:
        first, last = db.execute(select(func.min(Submission.submitted_at), func.max(Submission.submitted_at))).one()
    assert 10 < (NOW - first).days < 30
    assert (NOW - last).days < 2
    assert last < NOW


def test_payments_are_sent_and_wait_and_one_was_refused(filled: Database) -> None:
    with filled.reading() as db:
        found = study(db)
        lines = action_lines(db, found)
        kinds = Counter((line.word, line.state) for line in lines)
        money = totals(db, found.id, NOW)
    assert kinds["Approve", "sent"] >= 20
    assert kinds["Approve", "queued"] >= 5
    assert kinds["Bonus", "sent"] >= 2
    assert kinds["Bonus", "queued"] == kinds["Message", "sent"] == kinds["Reject", "failed"] == 1
    assert kinds["Reject", "queued"] >= 1
    assert [line.outcome for line in lines if line.state == "failed"] == [
        "The platform says that this assignment is approved."
    ]
    assert money.paid > 0
    assert money.waiting > 0
    assert money.left is not None
    assert money.left > 0


def test_the_study_that_is_over_is_paid(filled: Database) -> None:
    with filled.reading() as db:
        found = study(db, COMPARED)
        states = Counter((line.word, line.state) for line in action_lines(db, found))
        assert all(task.available == 0 for task in tasks_of(db, found.id))
    assert states["Approve", "sent"] >= 20
    assert states["Approve", "queued"] == 0
    assert states["End", "sent"] == 12


def test_some_work_needs_a_look_at_the_platform(filled: Database) -> None:
    with filled.reading() as db:
        found = differences(db, study(db), NOW)
    assert [one.began for one in found.only_there] == [False]
    assert found.only_here == []
    assert found.unfinished


def test_workers_are_kept_out_with_a_reason(filled: Database, made: Made) -> None:
    with filled.reading() as db:
        lines, _ = list_exclusions(db, owner(db, made), "", SortedPage("-excluded", 50))
    assert Counter(line.platform.state for line in lines) == {
        PlatformExclusionState.IN_FORCE: 3,
        PlatformExclusionState.WAITS: 1,
    }
    assert all(line.reason and line.studies for line in lines)


def test_conditions_are_compared_and_hold_what_was_recorded_in_them(filled: Database) -> None:
    with filled.reading() as db:
        found = compare_conditions(db, study(db, COMPARED), NOW)
        recorded = db.execute(
            select(WritingSession.condition, Submission.label)
            .join(Submission)
            .where(WritingSession.condition.is_not(None))
        ).all()
        labels = {condition: {label for one, label in recorded if one == condition} for condition, _ in recorded}
    counts = {one.condition: one for one in found.counts}
    assert set(counts) == {"plain page", "request", "no pasting"}
    assert all(one.submitted >= 8 for one in counts.values())
    assert {name: one.dropped for name, one in counts.items()} == {"plain page": 2, "request": 2, "no pasting": 3}
    assert counts["no pasting"].pastes_prevented > 0
    assert counts["plain page"].pastes_prevented == counts["request"].pastes_prevented == 0
    assert "simulated: pasted from elsewhere" in labels["plain page"]
    assert "simulated: pasted from elsewhere" not in labels["no pasting"]
    assert {"external text", "reads synthetic", "dropped out"} <= {one.figure for one in found.comparisons}


def test_where_pasting_is_prevented_only_the_classifier_tells(filled: Database) -> None:
    """Of the texts in "no pasting", 0.38 were written by a language model and retyped: the log cannot show them."""
    with filled.reading() as db:
        found = compare_conditions(db, study(db, COMPARED), NOW)
    figures = {one.figure: one for one in found.comparisons}
    external, corrected = figures["external text"], figures[CORRECTED]
    assert external.not_comparable == ("no pasting",)
    assert "no pasting" not in {row.condition for row in external.rows}
    assert corrected.not_comparable == ()
    [row] = [row for row in corrected.rows if row.condition == "no pasting"]
    assert row.interval is not None
    assert row.interval.low <= 0.38 <= row.interval.high


@pytest.mark.parametrize("demo", STUDIES, ids=lambda demo: demo.slug)
def test_a_classifier_has_judged_every_text(filled: Database, demo: DemoStudy) -> None:
    with filled.reading() as db:
        found = study(db, demo)
        model = newest_model(db, found)
        assert model is not None
        card = model.body["card"]
        outcomes = Counter(db.scalars(select(TextScore.outcome).where(TextScore.study_id == found.id)))
        texts = db.scalar(select(func.count()).where(Submission.study_id == found.id))
    assert {origin["model"] for origin in card["reference_origins"]} == {"made up for this demo"}
    assert card["training"]["own_study"] == 0
    assert outcomes.total() == texts
    assert outcomes["llm_like"] > 0
    assert outcomes["human_like"] > 0


def test_the_german_study_has_reports_and_no_classifier(filled: Database) -> None:
    with filled.reading() as db:
        found = study(db, GERMAN)
        assert found.language == "de"
        assert newest_model(db, found) is None
        texts = db.scalars(select(Submission).where(Submission.study_id == found.id)).all()
        verdicts: dict[str | None, set[str | None]] = {}
        for one in texts:
            verdicts.setdefault(one.label, set()).add(one.verdict)
        assert not any(one.text.isascii() for one in texts)
        assert 0 < sum(one.settled for one in texts) < len(texts)
    assert verdicts["simulated: typed"] == {"clear"}
    assert verdicts["simulated: pasted from elsewhere"] == {"strong"}


def test_prevalence_is_estimated_by_study_and_together(filled: Database) -> None:
    with filled.reading() as db:
        alone = study_prevalence(db, study(db))
        joint = joint_prevalence(db, [study(db, demo) for demo in STUDIES])
    for report in (alone.by_submission, alone.by_worker, joint.by_submission, joint.by_worker):
        assert report is not None
        assert report.raw
        assert report.two_tests is not None
    assert alone.by_submission is not None
    assert alone.by_submission.corrected
    assert joint.by_submission is not None
    assert joint.by_submission.two_tests is not None
    assert joint.by_submission.two_tests.together is not None


def test_the_compared_study_shows_what_workers_say(filled: Database) -> None:
    with filled.reading() as db:
        whole, *parts = count_self_reports(db, study(db, COMPARED))
    assert whole.asked == 46
    assert 0 < whole.used < whole.answered < whole.asked
    assert [part.condition for part in parts] == ["no pasting", "plain page", "request"]


def test_some_workers_explain_their_texts_and_two_object(filled: Database) -> None:
    with filled.reading() as db:
        found = study(db)
        assert (found.copy_shows_decision, found.asks_text_origin, found.asks_input_aids) == (True, True, True)
        statement_query = select(WorkerStatement).join(Submission, Submission.id == WorkerStatement.submission_id)
        statements = db.scalars(statement_query.where(Submission.study_id == found.id)).all()
        objections = db.scalars(select(Objection).order_by(Objection.submission_id)).all()
        waiting = db.scalars(select(Submission).where(Submission.objected)).all()
    assert {origin for one in statements for origin in one.text_origins} >= {"notes", "language_model", "translation"}
    assert any(one.input_aids for one in statements)
    assert [bool(one.answer) for one in objections] == [True, False]
    said = {one.submission_id: one.text_origins for one in statements}
    assert [said[one.submission_id] for one in objections] == [["notes", "editor"], ["translation"]]
    assert [one.decision for one in waiting] == ["exclude"]


def test_a_third_study_is_a_german_draft_without_a_contact(filled: Database) -> None:
    with filled.reading() as db:
        draft = study_by_slug(db, "zusammenfassungen")
        undone = [point.name for point in checklist(db, draft) if not point.done]
    assert (draft.state, draft.language) == ("draft", "de")
    assert "contact" in undone
    assert "items" not in undone
