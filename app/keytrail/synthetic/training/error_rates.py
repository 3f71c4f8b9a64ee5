"""The counting test's threshold and error rates."""

from keytrail.text.classifier.corpus import Corpus, CorpusSource, Label, mirrored, text_key
from keytrail.text.classifier.model import TextModel
from keytrail.text.classifier.training import CalibratedScorer
from keytrail.text.prevalence.corrected import Counted, ErrorCounts

COUNTING_RATE = 0.05
"""The false-alarm rate whose threshold is used for counting. Single submissions use 2 %; for a count a more even
balance of the two errors gives narrower intervals, because both are corrected."""


def error_counts(model: TextModel, corpus: Corpus, rate: float = COUNTING_RATE) -> ErrorCounts | None:
    """Return sensitivity and specificity on lab texts of held-out items, at the threshold for `rate`.

    None if the lab has only one kind of text: labels from a study's own logs must not correct its count.
    """
    scorer = model.with_references or model.without_references
    called = {
        (text.label, key): _called(scorer, key, rate)
        for text in (*corpus.texts, *mirrored(corpus).texts)
        if text.source is CorpusSource.LAB and (key := text_key(text.text)) in scorer.held_out
    }
    synthetic = [call for (label, _), call in called.items() if label is Label.LLM]
    human = [not call for (label, _), call in called.items() if label is Label.HUMAN]
    if not synthetic or not human:
        return None
    return ErrorCounts(
        Counted(sum(synthetic), len(synthetic)),
        Counted(sum(human), len(human)),
        f"{len(called)} lab texts about items that the judging model had not seen",
    )


def _called(scorer: CalibratedScorer, key: str, rate: float) -> bool:
    return scorer.platt.probability(scorer.held_out[key]) >= scorer.thresholds.synthetic_from[rate]
