"""Operations on qualification types."""

from sqlalchemy import or_, select

from keytrail.sandbox.api.call import Answer, Call, Parameters, short, within
from keytrail.sandbox.api.paging import Order, listing, page_of
from keytrail.sandbox.api.records import qualification_type_record
from keytrail.sandbox.ids import new_entity_id
from keytrail.sandbox.market.faults import NotOffered
from keytrail.sandbox.market.qualifications import delete_type, get_own_type, get_type, require_new_name
from keytrail.sandbox.tables import QualificationType

_IN_ORDER = Order(QualificationType.created_at, QualificationType.id)
_LONGEST_DELAY_S = 10 * 365 * 86_400


def create(call: Call, parameters: Parameters) -> Answer:
    """CreateQualificationType; without a test, which would be a QuestionForm."""
    name = short("Name", parameters["Name"], 200, 1)
    require_new_name(call.db, name)
    kind = QualificationType(
        id=new_entity_id(),
        name=name,
        keywords=short("Keywords", parameters.get("Keywords", ""), 1000),
        description="",
        system=False,
        active=True,
        auto_granted=False,
        auto_granted_value=1,
        created_at=call.now,
    )
    _change(kind, parameters)
    call.db.add(kind)
    return {"QualificationType": qualification_type_record(kind)}


def update(call: Call, parameters: Parameters) -> Answer:
    """UpdateQualificationType: missing parameters stay unchanged."""
    kind = get_own_type(call.db, parameters["QualificationTypeId"])
    _change(kind, parameters)
    return {"QualificationType": qualification_type_record(kind)}


def get(call: Call, parameters: Parameters) -> Answer:
    """GetQualificationType."""
    return {"QualificationType": qualification_type_record(get_type(call.db, parameters["QualificationTypeId"]))}


def delete(call: Call, parameters: Parameters) -> Answer:
    """DeleteQualificationType: at once, while MTurk may take two days."""
    delete_type(call.db, get_own_type(call.db, parameters["QualificationTypeId"]), call.now)
    return {}


def list_types(call: Call, parameters: Parameters) -> Answer:
    """ListQualificationTypes, searched by name, description and keywords."""
    query = select(QualificationType).where(QualificationType.deleted_at.is_(None))
    if parameters["MustBeRequestable"] or parameters.get("MustBeOwnedByCaller", False):
        query = query.where(QualificationType.system.is_(False))
    if parameters.get("Query"):
        columns = (QualificationType.name, QualificationType.description, QualificationType.keywords)
        query = query.where(or_(*(column.icontains(parameters["Query"], autoescape=True) for column in columns)))
    rows, token = page_of(call, query, _IN_ORDER, parameters)
    return listing("QualificationTypes", [qualification_type_record(row) for row in rows], token)


def _change(kind: QualificationType, parameters: Parameters) -> None:
    if any(name in parameters for name in ("Test", "AnswerKey", "TestDurationInSeconds")):
        raise NotOffered("qualification tests; grant the qualification, or let it be granted by itself")
    if "Description" in parameters:
        kind.description = short("Description", parameters["Description"], 2000, 1)
    if "QualificationTypeStatus" in parameters:
        kind.active = parameters["QualificationTypeStatus"] == "Active"
    if "RetryDelayInSeconds" in parameters:
        kind.retry_delay_s = within("RetryDelayInSeconds", parameters["RetryDelayInSeconds"], 0, _LONGEST_DELAY_S)
    kind.auto_granted = parameters.get("AutoGranted", kind.auto_granted)
    kind.auto_granted_value = parameters.get("AutoGrantedValue", kind.auto_granted_value)
