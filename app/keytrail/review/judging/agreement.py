"""Agreement between two reviewers who judged the same submissions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from keytrail.models import Submission
from keytrail.review.judging.decisions import decisions_by_submission
from keytrail.review.judging.settlement import latest_decisions


@dataclass(frozen=True)
class Agreement:
    """Of submissions that two people judged: their number, the share of equal decisions, and Cohen's kappa.

    `kappa` is None where it is undefined (everybody always decided the same).
    """

    judged_twice: int
    equal_share: float
    kappa: float | None


def agreement_of(db: Session, study_id: int) -> Agreement | None:
    """Return the agreement in a study; None if nothing was judged twice. Uses the first two decisions of each
    submission.
    """
    judged_twice = (Submission.study_id == study_id) & (Submission.reviewers > 1)
    pairs = []
    for decisions in decisions_by_submission(db, judged_twice).values():
        first_two = sorted(latest_decisions(decisions), key=lambda decision: decision.id)[:2]
        pairs.append((str(first_two[0].kind), str(first_two[1].kind)))
    return kappa_of(pairs) if pairs else None


def kappa_of(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Return Cohen's kappa (1960): agreement beyond chance, given each reviewer's frequencies.

    First and second are the order of decision; with changing people this is kappa of the two roles.
    """
    total = len(pairs)
    equal = sum(first == second for first, second in pairs) / total
    firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    chance = sum(firsts[kind] * seconds[kind] for kind in firsts) / total**2
    return Agreement(total, equal, None if chance == 1 else (equal - chance) / (1 - chance))
