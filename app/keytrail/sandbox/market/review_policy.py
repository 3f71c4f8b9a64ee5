"""The review policy ScoreMyKnownAnswers: score an assignment against known answers when it is submitted.

Source: AWSMturkAPI, "Review Policies". Of its actions, approving and rejecting are supported; adding assignments is
not, and neither are HIT-level policies.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from keytrail.sandbox.columns import Json
from keytrail.sandbox.config import FeeRates
from keytrail.sandbox.ids import new_entity_id
from keytrail.sandbox.market.decisions import approve, reject
from keytrail.sandbox.market.faults import NotOffered, invalid
from keytrail.sandbox.tables import Assignment, Hit

POLICY = "ScoreMyKnownAnswers/2011-09-01"
_APPROVE = "ApproveIfKnownAnswerScoreIsAtLeast"
_REJECT = "RejectIfKnownAnswerScoreIsLessThan"
_OFFERED = {"AnswerKey", _APPROVE, "ApproveReason", _REJECT, "RejectReason"}
_MOST = 101
"""A threshold above the best score of 100 means never."""


@dataclass(frozen=True)
class KnownAnswers:
    """A parsed policy: scores in percent, None for no such action."""

    answers: Mapping[str, frozenset[str]]
    approve_from: int | None
    reject_below: int | None
    reasons: Mapping[str, str]


def checked_policy(parameters: Mapping[str, Any]) -> Json | None:
    """Return the assignment-level policy of a new HIT, if it has one. Raises NotOffered or ParameterValidationError."""
    if "HITReviewPolicy" in parameters:
        raise NotOffered("HIT-level review policies")
    policy: Json | None = parameters.get("AssignmentReviewPolicy")
    if policy is not None:
        _read(policy)
    return policy


def apply_policy(
    db: Session, hit: Hit, assignment: Assignment, fields: Sequence[tuple[str, str]], rates: FeeRates, now: datetime
) -> None:
    """Score a submitted assignment and apply the HIT's policy, if it has one."""
    if hit.review_policy is None:
        return
    known = _read(hit.review_policy)
    right = {question: _given(fields, question) == values for question, values in known.answers.items()}
    score = round(100 * sum(right.values()) / len(right))
    action = _action(known, score)
    assignment.review = {
        "id": new_entity_id(),
        "score": score,
        "right": right,
        "action": action,
        "at": now.timestamp(),
    }
    if action is None:
        return
    assignment.feedback = known.reasons.get(action)
    if action == "approve":
        approve(db, hit, assignment, rates, now)
    else:
        reject(db, hit, assignment, now)


def _action(known: KnownAnswers, score: int) -> str | None:
    if known.approve_from is not None and score >= known.approve_from:
        return "approve"
    if known.reject_below is not None and score < known.reject_below:
        return "reject"
    return None


def _given(fields: Iterable[tuple[str, str]], question: str) -> frozenset[str]:
    return frozenset(value for name, value in fields if name == question)


def _read(policy: Json) -> KnownAnswers:
    if policy["PolicyName"] != POLICY:
        raise NotOffered(f"the review policy {policy['PolicyName']!r}; only {POLICY}")
    parameters = {parameter.get("Key"): parameter for parameter in policy.get("Parameters", [])}
    unknown = sorted(str(key) for key in parameters.keys() - _OFFERED)
    if unknown:
        raise NotOffered(f"the review policy parameters {', '.join(unknown)}")
    entries = parameters.get("AnswerKey", {}).get("MapEntries", [])
    if not entries or not all(entry.get("Key") and entry.get("Values") for entry in entries):
        raise invalid("The review policy needs an AnswerKey with a Key and Values in each of its MapEntries.")
    return KnownAnswers(
        answers={entry["Key"]: frozenset(entry["Values"]) for entry in entries},
        approve_from=_percent(parameters, _APPROVE),
        reject_below=_percent(parameters, _REJECT),
        reasons={"approve": _single(parameters, "ApproveReason"), "reject": _single(parameters, "RejectReason")},
    )


def _percent(parameters: Mapping[str, Json], key: str) -> int | None:
    value = _single(parameters, key)
    if not value:
        return None
    if not value.isdecimal() or int(value) > _MOST:
        raise invalid(f"{key} must be a whole number from 0 to {_MOST}.")
    return int(value)


def _single(parameters: Mapping[str, Json], key: str) -> str:
    values = parameters.get(key, {}).get("Values", [])
    return str(values[0]) if values else ""
