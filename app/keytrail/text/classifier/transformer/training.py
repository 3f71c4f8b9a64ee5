"""Train a transformer on a corpus, with the evaluation, calibration and thresholds of the linear classifier."""

from dataclasses import replace
from pathlib import Path

from keytrail.text.classifier.card import model_card
from keytrail.text.classifier.corpus import Corpus, references_as_examples
from keytrail.text.classifier.model import TextModel, own_study_keys
from keytrail.text.classifier.samples import samples_of
from keytrail.text.classifier.training import Member, train_scorer
from keytrail.text.classifier.transformer.network import weights_digest
from keytrail.text.classifier.transformer.scorer import TransformerScorer
from keytrail.text.classifier.transformer.tuning import FineTuner


def train_transformer(corpus: Corpus, tuner: FineTuner, store_in: Path, *, seed: int = 0) -> TextModel:
    """Fine-tune on a corpus, and save the weights in a folder of `keep_in` named by the model's version.

    It uses no references, so all generations are examples. It is tuned six times: five times for held-out scores, and
    once on everything. Raises BadRequest without the extra, without a checkpoint, or with too little to learn from.
    """
    checkpoint = weights_digest(tuner.checkpoint)
    complete = references_as_examples(corpus)
    scorer = train_scorer([samples_of(complete, seed)], with_references=False, seed=seed, learner=tuner)
    card = model_card(complete, {False: scorer}, seed, checkpoint=(tuner.checkpoint.resolve().name, checkpoint))
    (member,) = scorer.members
    assert isinstance(member.scorer, TransformerScorer)  # noqa: S101 -- the tuner gives nothing else
    stored = Member(member.scorer.keep(store_in / card["version"]), member.scale)
    return TextModel(card["version"], None, replace(scorer, members=(stored,)), card, own_study_keys(corpus))
