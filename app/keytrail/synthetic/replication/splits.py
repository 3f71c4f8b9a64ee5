"""Evaluate the classifier against labels from logs, over several splits of the generations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from keytrail.synthetic.replication.material import PROLIFIC, FieldSubmission, Material
from keytrail.text.classifier.corpus import Corpus, build_corpus
from keytrail.text.classifier.gates import Reason
from keytrail.text.classifier.metrics import false_alarms_at_recall, figures_of
from keytrail.text.classifier.model import TextModel, train_model
from keytrail.text.classifier.samples import scoring_profiles
from keytrail.text.items import ItemProfile, profile_item

SPLITS = 3
HALF, ALL = "half as references", "all as references"
RATE = 0.02
RECALL = 0.8
JUDGED_ANYWAY: frozenset[tuple[Reason, ...]] = frozenset({(), (Reason.COPIED,)})
"""Texts included in the AUC: those that can be assessed, and copies of the item, which have a score though no
result."""


@dataclass(frozen=True)
class Split:
    """One split, with the references used for the field texts."""

    seed: int
    references: str
    auc: Mapping[str, float]
    """Area under the curve, from 0 to 1, by study."""
    false_alarms_at_recall: float
    """On Prolific, at a recall of 0.80."""
    alarms: int
    """Of `others`, over both studies, at or above the threshold for 2 % false alarms."""
    others: int


def splits_of(material: Material, populations: Sequence[str]) -> list[Split]:
    """Train on each split; score the field texts with its references, and with all generations."""
    found = []
    for seed in range(SPLITS):
        corpus = build_corpus(material.items, material.human, material.generated, seed=seed)
        model = train_model(corpus, seed=seed)
        for references, profiles in _references(material, corpus).items():
            found.append(_split(material, model, profiles, seed, references, populations))
    return found


def mean_of(splits: Sequence[Split], references: str, figure: Callable[[Split], float]) -> float:
    """Return the mean of a figure over the splits."""
    values = [figure(split) for split in splits if split.references == references]
    return sum(values) / len(values)


def _references(material: Material, corpus: Corpus) -> dict[str, dict[str, ItemProfile]]:
    everything = {item: profile_item(text, material.generated.get(item, ())) for item, text in material.items.items()}
    return {HALF: scoring_profiles(corpus), ALL: everything}


def _split(  # one row of a table
    material: Material,
    model: TextModel,
    profiles: Mapping[str, ItemProfile],
    seed: int,
    references: str,
    populations: Sequence[str],
) -> Split:
    scorer = model.with_references or model.without_references
    bound = scorer.thresholds.synthetic_from[RATE]
    auc, missed, alarms, others = {}, 0.0, 0, 0
    for population in populations:
        judged = _judged(material.of(population), model, profiles)
        likely, truth = [one[0] for one in judged], [one[1] for one in judged]
        auc[population] = figures_of(likely, truth).auc
        if population == PROLIFIC:
            missed = false_alarms_at_recall(likely, truth, RECALL)
        alarms += sum(p >= bound and can_be and not true for p, true, can_be in judged)
        others += sum(not true for true in truth)
    return Split(seed, references, auc, missed, alarms, others)


def _judged(
    submissions: Sequence[FieldSubmission], model: TextModel, profiles: Mapping[str, ItemProfile]
) -> list[tuple[float, bool, bool]]:
    """Return probability, label, and whether the text can be assessed."""
    rows = []
    for submission in submissions:
        assessment = model.assess(submission.text, profiles[submission.item_id])
        if submission.judged is not None and assessment.reasons in JUDGED_ANYWAY:
            rows.append((assessment.probability or 0.0, submission.judged, not assessment.reasons))
    return rows
