"""The criteria of the replication, with bounds and results."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keytrail.synthetic.replication.material import MTURK, PROLIFIC
from keytrail.synthetic.replication.replication import PAPER_RANGE, Replication
from keytrail.synthetic.replication.splits import ALL, HALF, mean_of
from keytrail.text.prevalence.intervals import wilson


@dataclass(frozen=True)
class Criterion:
    """One figure and its bound. `beside` is the length-only baseline or the authors' figure, where there is one."""

    name: str
    value: float
    bound: float
    at_least: bool
    beside: str = ""
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether the bound is met."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    @property
    def shown(self) -> str:
        """The value with its unit."""
        return f"{self.value:.3g}{self.unit}" if self.unit else f"{self.value:.5g}"

    @property
    def asked(self) -> str:
        """The bound in words."""
        return f"at {'least' if self.at_least else 'most'} {self.bound:g}{self.unit}"


def criteria_of(found: Replication) -> list[Criterion]:
    """Return every criterion, in the order of the report."""
    return [*_lab(found), *_field(found), *_logs(found), *_speed(found)]


def _lab(found: Replication) -> Iterator[Criterion]:
    whole, beginnings = found.lab.evaluation.whole, found.lab.evaluation.beginnings
    referenced, alone, length = whole["references"], whole["style alone"], whole["length"]
    accuracy, short = f"length alone {length.accuracy:.3f}", f"length alone {beginnings['length'].auc:.3f}"
    error = f"length alone {length.calibration_error:.3f}"
    yield _least("accuracy by item, 10 references", referenced.accuracy, 0.94, accuracy)
    yield _least("AUC by item, 10 references", referenced.auc, 0.985, f"length alone {length.auc:.3f}")
    yield _least("accuracy by item, no references", alone.accuracy, 0.91, accuracy)
    yield _most("expected calibration error", referenced.calibration_error, 0.05, error)
    yield _least("AUC on the first 80 words, 10 references", beginnings["references"].auc, 0.93, short)
    yield _least("AUC on the first 80 words, no references", beginnings["style alone"].auc, 0.93, short)


def _field(found: Replication) -> Iterator[Criterion]:
    splits = found.field.splits
    prolific = found.field.scored[PROLIFIC]
    rate = prolific.authors_rate
    theirs = f"follow-up's own {rate.false_alarms / rate.others:.3f} at {rate.found / rate.synthetic:.3f}"
    their_auc = f"; follow-up's own {prolific.authors_auc or 0:.3f}"
    for how in (HALF, ALL):
        for study in (MTURK, PROLIFIC):
            values = [split.auc[study] for split in splits if split.references == how]
            beside = f"{min(values):.3f} to {max(values):.3f}" + (their_auc if study == PROLIFIC else "")
            yield _least(f"AUC in the field, {study}, {how}", sum(values) / len(values), 0.95, beside)
        chosen = [split for split in splits if split.references == how]
        recall = mean_of(splits, how, lambda split: split.false_alarms_at_recall)
        ours = _counted([round(split.false_alarms_at_recall * rate.others) for split in chosen], rate.others)
        yield _most(f"false alarms at a recall of 0.80, Prolific, {how}", recall, 0.05, f"{ours}; {theirs}")
        each = ", ".join(f"{split.alarms} of {split.others}" for split in chosen)
        alarms = sum(split.alarms for split in chosen) / sum(split.others for split in chosen)
        yield _most(f"false alarms of the 2 % threshold in the field, {how}", alarms, 0.03, each)
    yield _most("verbatim extracts read as synthetic", found.field.extract_alarms, 0, f"of {found.field.extracts}")


def _counted(alarms: Sequence[int], others: int) -> str:
    """Return the splits' counts, with the interval of a split with their average."""
    interval = wilson(round(sum(alarms) / len(alarms)), others)
    counts = ", ".join(map(str, alarms))
    return f"{counts} of {others}; one split's 95 % interval [{interval.low:.3f}, {interval.high:.3f}]"


def _logs(found: Replication) -> Iterator[Criterion]:
    for name, bound in ((MTURK, 0.999), (PROLIFIC, 0.98)):
        yield _least(f"characters with an origin, {name}", found.field.scored[name].known_origin, bound)
    estimate = found.mturk_prevalence.interval
    low, high = PAPER_RANGE
    beside = f"[{estimate.low:.2f}, {estimate.high:.2f}]"
    yield _most("two-test estimate for MTurk: lower end", estimate.low, high, beside)
    yield _least("two-test estimate for MTurk: upper end", estimate.high, low, beside)


def _speed(found: Replication) -> Iterator[Criterion]:
    speed = found.lab.speed
    yield _most("scoring a text", speed.scoring_ms, 5, unit=" ms")
    yield _most(f"training on {speed.training_texts} texts", speed.training_seconds, 30, unit=" s")
    if speed.similarity_seconds is not None:
        yield _most("similarity of 10,000 texts", speed.similarity_seconds, 60, unit=" s")


def _least(name: str, value: float, bound: float, beside: str = "") -> Criterion:
    return Criterion(name, value, bound, at_least=True, beside=beside)


def _most(name: str, value: float, bound: float, beside: str = "", unit: str = "") -> Criterion:
    return Criterion(name, value, bound, at_least=False, beside=beside, unit=unit)
