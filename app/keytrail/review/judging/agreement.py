"""How far two reviewers who judged the same submissions agree."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from keytrail.models import Submission
from keytrail.review.judging.decisions import decisions_by_submission
from keytrail.review.judging.settlement import latest_decisions


@dataclass(frozen=True)
class Agreement:
    """Over submissions that two people judged: how many, the share of equal decisions, and Cohen's kappa.

    `kappa` is None where it is not defined (everybody always said the same).
    """

    judged_twice: int
    equal_share: float
    kappa: float | None


def agreement_of(db: Session, study_id: int) -> Agreement | None:
    """Of a study; None while nothing was judged twice. The first two of each submission count, not a third."""
    judged_twice = (Submission.study_id == study_id) & (Submission.reviewers > 1)
    pairs = []
    for decisions in decisions_by_submission(db, judged_twice).values():
        first_two = sorted(latest_decisions(decisions), key=lambda decision: decision.id)[:2]
        pairs.append((str(first_two[0].kind), str(first_two[1].kind)))
    return kappa_of(pairs) if pairs else None


def kappa_of(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Cohen's kappa (1960): agreement beyond what each one's habits would give by chance.

    First and second are whoever decided first and second; with changing people this is kappa of the two roles.
    """
    total = len(pairs)
    equal = sum(first == second for first, second in pairs) / total
    firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    chance = sum(firsts[kind] * seconds[kind] for kind in firsts) / total**2
    return Agreement(total, equal, None if chance == 1 else (equal - chance) / (1 - chance))
