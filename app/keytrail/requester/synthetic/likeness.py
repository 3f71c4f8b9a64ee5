"""The likeness of a study's texts, for the prevalence page."""

from collections.abc import Sequence
from dataclasses import dataclass

from keytrail.synthetic.prevalence.homogeneity import StudyHomogeneity
from keytrail.text.cross_submission.likeness import Homogeneity
from keytrail.web.formatting import decimal


@dataclass(frozen=True)
class LikenessRow:
    """The likeness of one set of texts, and its place on a scale to 100, the highest bound."""

    name: str
    mean: str
    interval: str
    pairs: int
    texts: int
    words: int
    at: float
    low: float
    width: float


def likeness_rows(found: StudyHomogeneity | None) -> Sequence[LikenessRow]:
    """Return a row for each set of texts; none if nothing could be compared."""
    groups = () if found is None else found.groups
    spans = [_span(group.found) for group in groups]
    scale = 100 / (max((high for _, high in spans), default=0) or 1)
    return [
        LikenessRow(
            name=group.name,
            mean=decimal(group.found.mean_jaccard or 0, 3),
            interval="too few workers" if group.found.interval is None else f"{decimal(low, 3)} to {decimal(high, 3)}",
            pairs=group.found.pairs,
            texts=group.found.texts,
            words=round(group.found.words),
            at=round(scale * (group.found.mean_jaccard or 0), 2),
            low=round(scale * low, 2),
            width=round(scale * (high - low), 2),
        )
        for group, (low, high) in zip(groups, spans, strict=True)
    ]


def _span(found: Homogeneity) -> tuple[float, float]:
    mean = found.mean_jaccard or 0.0
    return (mean, mean) if found.interval is None else (found.interval.low, found.interval.high)
