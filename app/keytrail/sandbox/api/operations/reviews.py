"""Operations on results of review policies."""

from sqlalchemy import select

from keytrail.sandbox.api.call import Answer, Call, Parameters
from keytrail.sandbox.api.paging import Order, page_of
from keytrail.sandbox.api.records import Record
from keytrail.sandbox.columns import Json
from keytrail.sandbox.market.hits import get_hit
from keytrail.sandbox.tables import FINISHED, Assignment

_IN_ORDER = Order(Assignment.submitted_at, Assignment.id)


def list_results(call: Call, parameters: Parameters) -> Answer:
    """ListReviewPolicyResultsForHIT: assignment level. A page has the results of MaxResults assignments."""
    hit = get_hit(call.db, parameters["HITId"])
    answer: Answer = {"HITId": hit.id}
    levels = parameters.get("PolicyLevels") or ["Assignment", "HIT"]
    if hit.review_policy is None or "Assignment" not in levels:
        return answer
    query = select(Assignment).where(Assignment.hit_id == hit.id, Assignment.status.in_(FINISHED))
    rows, token = page_of(call, query, _IN_ORDER, parameters)
    reviewed = [(row.id, row.review) for row in rows if row.review]
    report: Record = {}
    if parameters.get("RetrieveResults", True):
        report["ReviewResults"] = [result for subject, review in reviewed for result in _results(subject, review)]
    if parameters.get("RetrieveActions", True):
        report["ReviewActions"] = [_action(subject, review) for subject, review in reviewed if review["action"]]
    if token is not None:
        answer["NextToken"] = token
    return {**answer, "AssignmentReviewPolicy": hit.review_policy, "AssignmentReviewReport": report}


def _results(subject: str, review: Json) -> list[Record]:
    about = {"ActionId": review["id"], "SubjectId": subject, "SubjectType": "Assignment"}
    per_question = [
        {**about, "QuestionId": question, "Key": "KnownAnswerCorrect", "Value": "1" if right else "0"}
        for question, right in review["right"].items()
    ]
    return [*per_question, {**about, "Key": "KnownAnswerScore", "Value": str(review["score"])}]


def _action(subject: str, review: Json) -> Record:
    return {
        "ActionId": review["id"],
        "ActionName": review["action"],
        "TargetId": subject,
        "TargetType": "Assignment",
        "Status": "Succeeded",
        "CompleteTime": review["at"],
    }
