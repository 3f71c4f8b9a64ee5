"""The kinds of figures that are kept: how each is made and stored."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from keytrail.models import Study
from keytrail.synthetic.prevalence.comparison import StudyComparison, compare_conditions
from keytrail.synthetic.prevalence.joint import JointPrevalence, joint_prevalence
from keytrail.synthetic.prevalence.study import StudyPrevalence, study_prevalence

Found = TypeVar("Found")


@dataclass(frozen=True)
class FigureKind(Generic[Found]):
    """`make` works the figures out at a moment; `of_sessions` says that unfinished sessions count too."""

    name: str
    shape: TypeAdapter[Found]
    make: Callable[[Session, Sequence[Study], datetime], Found]
    of_sessions: bool = False


@dataclass(frozen=True)
class CacheKey:
    """Which figures of which studies. Plain values, for another process."""

    kind: str
    study_ids: tuple[int, ...]

    @property
    def key(self) -> str:
        """The name under which they are kept; of several studies a hash, for there may be many."""
        ids = " ".join(map(str, self.study_ids))
        return f"{self.kind} {ids if len(self.study_ids) == 1 else hashlib.sha256(ids.encode()).hexdigest()[:32]}"


def cache_key(kind: FigureKind[Any], studies: Sequence[Study]) -> CacheKey:
    """In one order, and each study once: together they have the same figures however they were named."""
    return CacheKey(kind.name, tuple(sorted({study.id for study in studies})))


PREVALENCE: Final = FigureKind(
    "prevalence", TypeAdapter(StudyPrevalence), lambda db, studies, _now: study_prevalence(db, studies[0])
)
CONDITIONS: Final = FigureKind(
    "conditions",
    TypeAdapter(StudyComparison),
    lambda db, studies, now: compare_conditions(db, studies[0], now),
    of_sessions=True,
)
JOINT: Final = FigureKind(
    "joint", TypeAdapter(JointPrevalence), lambda db, studies, _now: joint_prevalence(db, studies)
)
KINDS: Final[Mapping[str, FigureKind[Any]]] = {kind.name: kind for kind in (PREVALENCE, CONDITIONS, JOINT)}
