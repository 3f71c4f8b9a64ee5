"""A study's transformer, from its references to a finding; skipped where the extra is not installed."""

from functools import partial

from sqlalchemy import select

from keytrail.models import TextScore
from keytrail.synthetic.training.classifier import newest_model, train_study
from keytrail.synthetic.training.false_alarms import false_alarm_counts
from keytrail.synthetic.training.references import import_references
from keytrail.synthetic.training.scoring import score_study
from keytrail.text.classifier.assessment import Basis
from keytrail.text.classifier.transformer.training import train_transformer
from tests.synthetic.conftest import SLUG, ToyStudy
from tests.text import toycorpus
from tests.text.classifier.tinycheckpoint import tiny_checkpoint, tiny_tuner, with_extra


@with_extra
def test_a_transformer_scores_a_study_as_the_built_in_model_does(toys: ToyStudy) -> None:
    checkpoint = toys.folder / "checkpoint"
    checkpoint.mkdir()
    train = partial(train_transformer, tuner=tiny_tuner(tiny_checkpoint(checkpoint)), store_in=toys.folder / "kept")
    import_references(toys.database, toys.slug, toys.write_references(), toys.clock())
    pasted = toys.submit(0, toycorpus.machine_text(0, 300), pasted=True)
    toys.submit(0, toycorpus.human_text(0, 300), pasted=False)
    model = train_study(toys.database, SLUG, toys.clock, train=train)
    assert (toys.folder / "kept" / model.version / "model.safetensors").is_file()
    assert score_study(toys.database, SLUG, toys.clock) == 2
    with toys.database.reading() as db:
        scores = list(db.scalars(select(TextScore)))
        stored = newest_model(db, toys.study(db))
        assert {score.body["assessment"]["basis"] for score in scores} == {Basis.TRANSFORMER}
        assert [score.submission_id for score in scores if score.body["finding"]] == [pasted]
        assert false_alarm_counts(stored)[0].people == toycorpus.ITEMS * toycorpus.PEOPLE
