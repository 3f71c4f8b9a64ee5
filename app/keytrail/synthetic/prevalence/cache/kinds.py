"""The kinds of cached estimates: how each is computed and stored."""

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
    """`make` computes the estimates at a given time; `of_sessions` says that unfinished sessions count too."""

    name: str
    shape: TypeAdapter[Found]
    make: Callable[[Session, Sequence[Study], datetime], Found]
    of_sessions: bool = False


@dataclass(frozen=True)
class CacheKey:
    """Names estimates and studies. Plain values, so that another process can use it."""

    kind: str
    study_ids: tuple[int, ...]

    @property
    def key(self) -> str:
        """The name under which they are cached; of several studies a hash, because there may be many."""
        ids = " ".join(map(str, self.study_ids))
        return f"{self.kind} {ids if len(self.study_ids) == 1 else hashlib.sha256(ids.encode()).hexdigest()[:32]}"


def cache_key(kind: FigureKind[Any], studies: Sequence[Study]) -> CacheKey:
    """Return the key for studies in one order, each once: together they have the same estimates in any order."""
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
