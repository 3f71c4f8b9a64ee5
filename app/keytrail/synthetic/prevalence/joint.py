"""Joint estimates over several studies, as populations with the same error rates."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from keytrail.errors import BadRequest
from keytrail.models import Study
from keytrail.synthetic.prevalence.observations import analysed_submissions
from keytrail.synthetic.prevalence.study import CAUTIONS
from keytrail.synthetic.training.classifier import counting_test
from keytrail.text.prevalence.observations import Observation
from keytrail.text.prevalence.report import PrevalenceReport, prevalence_report, worker_report

FEWEST_STUDIES = 2
JOINT_CAUTIONS = (
    (
        "The studies are treated as populations with the same error rates of log and classifier. Each study has its "
        "own classifier: where tasks, devices or classifiers differ much, estimate each study separately."
    ),
    "The error rates of the two tests can be estimated only if the studies' prevalences differ.",
    "A person who took part in two of the studies counts as two workers.",
    *CAUTIONS,
)


@dataclass(frozen=True)
class JoinedStudy:
    """One of the studies; `judged` are its submissions with a result of both the log and the text."""

    slug: str
    title: str
    analysed: int
    judged: int
    model_version: str | None


@dataclass(frozen=True)
class JointPrevalence:
    """Estimates over all studies; the two-test estimate also for each."""

    studies: Sequence[JoinedStudy]
    by_submission: PrevalenceReport | None
    """None without any analysed submission. The classifier's count is not corrected: error rates belong to
    one study."""
    by_worker: PrevalenceReport | None
    cautions: tuple[str, ...] = JOINT_CAUTIONS

    def as_json(self) -> dict[str, Any]:
        """Return the fields as values that JSON can hold."""
        return asdict(self)


def joint_prevalence(db: Session, studies: Sequence[Study]) -> JointPrevalence:
    """Return the estimates over these studies, each counted once. Raises BadRequest for fewer than two."""
    chosen = several(studies)
    seen = {study.slug: observations_within(db, study) for study in chosen}
    everything = [one for observations in seen.values() for one in observations]
    return JointPrevalence(
        [_joined(db, study, seen[study.slug]) for study in chosen],
        prevalence_report(everything) if everything else None,
        worker_report(everything) if everything else None,
    )


def several(studies: Sequence[Study]) -> list[Study]:
    """Return each of these studies once, in a fixed order. Raises BadRequest for fewer than two."""
    chosen = sorted({study.id: study for study in studies}.values(), key=lambda study: study.id)
    if len(chosen) < FEWEST_STUDIES:
        raise BadRequest("Choose at least two studies; one alone has its own estimate.")
    return chosen


def observations_within(db: Session, study: Study) -> list[Observation]:
    """Return the observations of one of several studies: suspected operators are numbered within each, and workers have
    a pseudonym in each.
    """
    return [
        one if one.operator is None else replace(one, operator=f"{one.operator} of {study.slug}")
        for one in (row.observation for row in analysed_submissions(db, study))
    ]


def _joined(db: Session, study: Study, observations: Sequence[Observation]) -> JoinedStudy:
    test = counting_test(db, study)
    return JoinedStudy(
        study.slug,
        study.title,
        len(observations),
        sum(one.external is not None and one.llm_like is not None for one in observations),
        None if test is None else test.model_version,
    )
