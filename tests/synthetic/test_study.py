import json
from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import delete, func, select

from keytrail.errors import BadRequest, ImportFailed, NotFound
from keytrail.models import Item, ReferenceText, ReportFinding, StoredReport, TextScore, TrainedModel, WritingSession
from keytrail.provenance import Report
from keytrail.review.analysis.bridge import analyse_submission, load_for_analysis
from keytrail.synthetic.prevalence.study import study_prevalence
from keytrail.synthetic.training.classifier import newest_model, study_corpus, train_study
from keytrail.synthetic.training.judgement import READS_SYNTHETIC
from keytrail.synthetic.training.references import (
    ImportedReferences,
    import_references,
    item_keys,
    read_references,
    store_references,
    study_material,
)
from keytrail.synthetic.training.scoring import score_study
from keytrail.text.classifier.corpus import text_key
from tests.synthetic.conftest import SLUG, ToyStudy
from tests.text import toycorpus

RULE = READS_SYNTHETIC.id


@pytest.fixture
def trained(toys: ToyStudy) -> ToyStudy:
    import_references(toys.database, toys.slug, toys.write_references(), toys.clock())
    train_study(toys.database, SLUG, toys.clock)
    return toys


class TestReferences:
    def test_are_stored_once(self, toys: ToyStudy) -> None:
        path = toys.write_references()
        first = import_references(toys.database, toys.slug, path, toys.clock())
        again = import_references(toys.database, toys.slug, path, toys.clock())
        with toys.database.reading() as db:
            count = db.scalar(select(func.count(ReferenceText.id)))
        assert first == ImportedReferences(toycorpus.ITEMS * (toycorpus.GENERATIONS + toycorpus.PEOPLE), 0, 0)
        assert first.left_out == ""
        assert again == ImportedReferences(0, first.stored, 0)
        assert count == first.stored

    def test_with_the_words_of_another_are_counted_and_left_out(self, toys: ToyStudy) -> None:
        path = toys.folder / "some.jsonl"
        path.write_text("".join(f'{{"item": "item-{n}", "text": "{text}"}}\n' for n, text in ((0, "One"), (1, "One"))))
        import_references(toys.database, toys.slug, path, toys.clock())
        texts = ((0, " One"), (0, "Two"), (0, "Two "), (0, " Two"), (1, "Two"))
        path.write_text("".join(f'{{"item": "item-{n}", "text": "{text}"}}\n' for n, text in texts))
        done = import_references(toys.database, toys.slug, path, toys.clock())
        assert done == ImportedReferences(stored=2, known=1, repeated=2)
        assert done.left_out == (
            "Left out: 1 text that the study has already and 2 texts that stand in the file more than once (the same "
            "words about the same item)."
        )

    def test_about_an_item_that_is_deleted_meanwhile_are_refused(self, toys: ToyStudy) -> None:
        with toys.database.reading() as db:
            keys = item_keys(db, toys.study(db))
        rows = read_references(b'{"item": "item-0", "text": "fine"}', "some.jsonl", keys)
        with toys.database.writing() as db:
            db.execute(delete(Item).where(Item.key == "item-0"))
        with toys.database.writing() as db, pytest.raises(ImportFailed) as refused:
            store_references(db, toys.study(db), rows, "some.jsonl", toys.clock())
        assert refused.value.problems == ["the study has no item 'item-0' any more"]

    def test_of_a_bad_file_are_refused_with_every_line(self, toys: ToyStudy) -> None:
        path = toys.folder / "bad.jsonl"
        path.write_text(
            '{"item": "item-0", "text": "fine"}\n{"item": "nowhere", "text": "x"}\nno\n{"item": "item-0"}\n'
        )
        with pytest.raises(ImportFailed) as refused:
            import_references(toys.database, toys.slug, path, toys.clock())
        with toys.database.reading() as db:
            assert db.scalar(select(func.count(ReferenceText.id))) == 0
        assert [problem.split(":")[0] for problem in refused.value.problems] == ["line 2", "line 3", "line 4"]

    def test_are_never_training_examples_too(self, trained: ToyStudy) -> None:
        with trained.database.reading() as db:
            corpus = study_corpus(db, trained.study(db), own_sessions=True)
        references = {text_key(text) for texts in corpus.references.values() for text in texts}
        assert len(references) == toycorpus.ITEMS * toycorpus.GENERATIONS // 2
        assert not references & {text_key(text.text) for text in corpus.texts}

    def test_keep_how_they_were_made(self, trained: ToyStudy) -> None:
        with trained.database.reading() as db:
            (origin,) = study_material(db, trained.study(db)).origins
        assert (origin.model, origin.temperature, origin.made_on) == ("toy", 0.7, "2026-03-01")


class TestTraining:
    def test_learns_from_own_sessions_that_began_while_pasting_was_possible(self, toys: ToyStudy) -> None:
        before = toycorpus.human_text(1, 600)
        toys.submit(1, before, pasted=False)
        with toys.database.writing() as db:
            toys.study(db).rules = {"refuse_paste": True}
        toys.submit(2, toycorpus.human_text(2, 600), pasted=False)
        with toys.database.reading() as db:
            corpus = study_corpus(db, toys.study(db), own_sessions=True)
        assert [text.text for text in corpus.texts] == [before]

    def test_needs_texts(self, toys: ToyStudy) -> None:
        with pytest.raises(BadRequest, match="Training needs"):
            train_study(toys.database, SLUG, toys.clock)

    def test_again_on_the_same_texts_replaces_the_model(self, trained: ToyStudy) -> None:
        train_study(trained.database, SLUG, trained.clock)
        with trained.database.reading() as db:
            (stored,) = db.scalars(select(TrainedModel))
            assert stored.errors is not None
            assert stored.errors["sensitivity"]["tried"] == toycorpus.ITEMS * toycorpus.GENERATIONS
            json.dumps(stored.body)


class TestScoring:
    def test_needs_a_model(self, toys: ToyStudy) -> None:
        with pytest.raises(NotFound, match="keytrail train"):
            score_study(toys.database, SLUG, toys.clock)

    def test_of_typed_machine_like_text_is_for_review_and_never_more(self, trained: ToyStudy) -> None:
        typed = trained.submit(1, toycorpus.machine_text(1, 900), pasted=False)
        plain = trained.submit(2, toycorpus.human_text(2, 900), pasted=False)
        assert score_study(trained.database, SLUG, trained.clock) == 2
        with trained.database.reading() as db:
            report = Report.from_json(db.get_one(StoredReport, typed).body)
            assert report.verdict == "review"
            assert [(f.family, f.severity) for f in report.findings if f.rule == RULE] == [("text", "review")]
            assert "decides nothing alone" in report.findings[-1].explanation
            findings = Report.from_json(db.get_one(StoredReport, plain).body).findings
            assert [finding.rule for finding in findings if finding.family == "text"] == []
            assert db.get_one(TextScore, plain).outcome == "human_like"
            assert db.get_one(TextScore, typed).body["posterior"]["probability"] < 0.6
            assert list(db.scalars(select(ReportFinding.submission_id).where(ReportFinding.rule == RULE))) == [typed]

    def test_stays_in_the_report_when_the_log_is_analysed_again(self, trained: ToyStudy) -> None:
        number = trained.submit(1, toycorpus.machine_text(1, 900), pasted=False)
        score_study(trained.database, SLUG, trained.clock)
        with trained.database.writing() as db:
            loaded = load_for_analysis(db, number)
            assert loaded is not None
            analyse_submission(db, loaded, trained.clock())
        with trained.database.reading() as db:
            assert RULE in [finding["id"] for finding in db.get_one(StoredReport, number).body["findings"]]

    def test_lets_others_write_while_it_works(self, trained: ToyStudy) -> None:
        """On SQLite a unit of work that writes would hold up every other one until it ends."""
        for number in range(3):
            trained.submit(number, toycorpus.human_text(number, 700), pasted=False)

        def note(ids: Sequence[int]) -> Iterator[int]:
            for submission_id in ids:
                with trained.database.writing() as db:
                    trained.study(db).title = f"after {submission_id}"
                yield submission_id

        assert score_study(trained.database, SLUG, trained.clock, note) == 3


class TestPrevalence:
    def submit_a_dozen(self, toys: ToyStudy) -> None:
        for number in range(4):
            toys.submit(number, toycorpus.machine_text(number, 700), pasted=True)
        for number in range(8):
            toys.submit(number, toycorpus.human_text(number, 700), pasted=False)

    def test_counts_log_and_text_beside_each_other(self, trained: ToyStudy) -> None:
        self.submit_a_dozen(trained)
        score_study(trained.database, SLUG, trained.clock)
        with trained.database.reading() as db:
            found = study_prevalence(db, trained.study(db))
        assert (found.submissions, found.analysed, found.scored, found.left_out) == (12, 12, 12, 0)
        assert found.by_submission is not None
        shares = {estimate.name: estimate for estimate in found.by_submission.raw[::2]}
        assert shares["external text"].value == pytest.approx(4 / 12)
        assert shares["reads synthetic"].value == pytest.approx(4 / 12)
        assert found.by_submission.corrected[0].interval.overlaps(4 / 12, 4 / 12)
        assert found.by_submission.two_tests is not None
        assert not found.by_submission.two_tests.identified
        assert sum(number for _, _, number in found.cross) == 12
        assert any("not their first" in caution for caution in found.cautions)
        json.dumps(found.as_json())

    def test_sets_texts_beside_those_of_people_and_models(self, trained: ToyStudy) -> None:
        for name in "abcd":
            trained.submit(1, toycorpus.machine_text(1, 900 + ord(name)), pasted=name in "ab", name=name)
        with trained.database.reading() as db:
            found = study_prevalence(db, trained.study(db)).homogeneity
        assert found is not None
        assert {group.name: (group.found.texts, group.found.pairs) for group in found.groups} == {
            "this study": (4, 6),
            "of these: typed": (2, 1),
            "of these: from elsewhere": (2, 1),
            "for comparison: by people": (toycorpus.PEOPLE, toycorpus.PEOPLE * (toycorpus.PEOPLE - 1) // 2),
            "for comparison: by language models": (
                toycorpus.GENERATIONS,
                toycorpus.GENERATIONS * (toycorpus.GENERATIONS - 1) // 2,
            ),
        }

    def test_splits_the_study_by_time_and_condition(self, trained: ToyStudy) -> None:
        self.submit_a_dozen(trained)
        trained.clock.advance(days=1)
        later = trained.submit(1, toycorpus.human_text(1, 800), pasted=False)
        score_study(trained.database, SLUG, trained.clock)
        with trained.database.writing() as db:
            for number, session in enumerate(db.scalars(select(WritingSession))):
                session.condition = "plea" if number % 2 else "none"
        with trained.database.reading() as db:
            found = study_prevalence(db, trained.study(db))
        assert list(found.parts) == ["condition", "time"]
        first, second = found.parts["time"]
        assert (first.name, second.name) == ("2026-03-01", "2026-03-02")
        assert (first.by_submission.submissions, second.by_submission.submissions) == (12, 1)
        assert later
        shares = {part.name: part.by_submission.raw[1].value for part in found.parts["condition"]}
        assert shares == {"none": pytest.approx(2 / 7), "plea": pytest.approx(2 / 6)}
        for part in found.parts["condition"]:
            assert part.by_submission.two_tests is not None
            assert [one.name for one in part.by_submission.two_tests.prevalence] == [part.name]
            assert part.by_worker.unit == "workers"
        json.dumps(found.as_json())

    def test_leaves_out_sessions_that_trained_the_classifier(self, toys: ToyStudy) -> None:
        self.submit_a_dozen(toys)
        import_references(toys.database, toys.slug, toys.write_references(), toys.clock())
        train_study(toys.database, SLUG, toys.clock, own_sessions=True)
        score_study(toys.database, SLUG, toys.clock)
        with toys.database.reading() as db:
            found = study_prevalence(db, toys.study(db))
        assert found.left_out == 12
        assert found.by_submission is not None
        assert found.by_submission.two_tests is None

    def test_without_a_classifier_counts_what_the_logs_show(self, toys: ToyStudy) -> None:
        self.submit_a_dozen(toys)
        with toys.database.reading() as db:
            assert newest_model(db, toys.study(db)) is None
            found = study_prevalence(db, toys.study(db))
        assert found.by_submission is not None
        assert [estimate.name for estimate in found.by_submission.raw] == [
            "pasted",
            "pasted",
            "external text",
            "external text",
        ]
        assert found.by_submission.corrected == ()

    def test_of_an_empty_study_is_empty(self, toys: ToyStudy) -> None:
        with toys.database.reading() as db:
            found = study_prevalence(db, toys.study(db))
        assert (found.submissions, found.by_submission, found.by_worker) == (0, None, None)
