from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import delete, select

from keytrail.sandbox import SandboxConfig
from keytrail.sandbox.clock import utc_now
from keytrail.sandbox.market.eligibility import Eligibility, access, meets
from keytrail.sandbox.market.opening import open_market
from keytrail.sandbox.store import Store
from keytrail.sandbox.tables import Entry, QualificationType
from tests.sandbox.people import WorkerBrowser, create_hit, hit_parameters, refusal
from tests.sandbox.running import Time

SignUp = Callable[..., WorkerBrowser]
LOCALE = "00000000000000000071"
ADULT = "00000000000000000060"
NUMBER_APPROVED = "00000000000000000040"
PERCENT_APPROVED = "000000000000000000L0"


def requirement(type_id: str, comparator: str, *values: int, **more: Any) -> dict[str, Any]:
    numbers = {"IntegerValues": list(values)} if values else {}
    return {"QualificationTypeId": type_id, "Comparator": comparator, **numbers, **more}


def places(comparator: str, *codes: str) -> dict[str, Any]:
    split = [code.split("-") for code in codes]
    values = [{"Country": parts[0], **({"Subdivision": parts[1]} if parts[1:] else {})} for parts in split]
    return {"QualificationTypeId": LOCALE, "Comparator": comparator, "LocaleValues": values}


@pytest.fixture
def new_type(requester: Any) -> Callable[..., str]:
    def new_type(name: str = "Excluded", **more: Any) -> str:
        values = {"Name": name, "Description": "d", "QualificationTypeStatus": "Active", **more}
        made: str = requester.create_qualification_type(**values)["QualificationType"]["QualificationTypeId"]
        return made

    return new_type


@pytest.mark.parametrize(
    ("value", "comparator", "wanted", "met"),
    [
        (5, "LessThan", [6], True),
        (5, "LessThan", [5], False),
        (5, "LessThanOrEqualTo", [5], True),
        (5, "GreaterThan", [5], False),
        (5, "GreaterThanOrEqualTo", [5], True),
        (5, "EqualTo", [5], True),
        (5, "EqualTo", [4], False),
        (5, "NotEqualTo", [4], True),
        (5, "NotEqualTo", [5], False),
        (5, "In", [1, 5], True),
        (5, "In", [1, 4], False),
        (5, "NotIn", [1, 4], True),
        (5, "NotIn", [1, 5], False),
        (5, "Exists", [], True),
        (5, "DoesNotExist", [], False),
        (None, "Exists", [], True),
        (None, "EqualTo", [0], False),
    ],
)
def test_comparators_on_a_held_qualification(
    value: int | None, comparator: str, wanted: list[int], *, met: bool
) -> None:
    assert meets(requirement("3Q", comparator, *wanted), Eligibility(values={"3Q": value})) is met


@pytest.mark.parametrize("comparator", ["LessThan", "NotEqualTo", "NotIn", "In", "Exists"])
def test_all_but_does_not_exist_need_the_qualification(comparator: str) -> None:
    assert not meets(requirement("3Q", comparator, 1), Eligibility())
    assert meets(requirement("3Q", "DoesNotExist"), Eligibility())


@pytest.mark.parametrize(
    ("asked", "met"),
    [
        (places("EqualTo", "US"), True),
        (places("EqualTo", "US-CA"), True),
        (places("EqualTo", "US-NY"), False),
        (places("NotEqualTo", "DE"), True),
        (places("NotEqualTo", "US"), False),
        (places("In", "DE", "US-CA"), True),
        (places("NotIn", "DE", "FR"), True),
        (places("NotIn", "US-NY"), True),
    ],
)
def test_places(asked: Mapping[str, Any], *, met: bool) -> None:
    assert meets(asked, Eligibility(country="US", subdivision="CA")) is met
    assert not meets(asked, Eligibility())


def test_the_strictest_unmet_guard_counts() -> None:
    guards = [
        requirement("3A", "Exists", ActionsGuarded="Accept"),
        requirement("3B", "Exists", RequiredToPreview=True),
        requirement("3C", "Exists", ActionsGuarded="DiscoverPreviewAndAccept"),
    ]

    def allowed(*held: str) -> tuple[bool, bool, bool]:
        given = access(guards, Eligibility(values=dict.fromkeys(held, 1)))
        return given.discover, given.preview, given.accept

    assert allowed() == (False, False, False)
    assert allowed("3C") == (True, False, False)
    assert allowed("3C", "3B") == (True, True, False)
    assert allowed("3C", "3B", "3A") == (True, True, True)
    assert not access([], Eligibility(blocked=True)).preview


def test_a_type_from_creation_to_deletion(requester: Any, new_type: Callable[..., str]) -> None:
    kind = new_type("Excluded", Keywords="k")
    taken = {"Name": "Excluded", "Description": "d", "QualificationTypeStatus": "Active"}
    code, message = refusal(requester.create_qualification_type, **taken)
    assert code == "QualificationTypeAlreadyExists"
    assert "already created a QualificationType with this name" in message
    changed = requester.update_qualification_type(
        QualificationTypeId=kind, Description="new", QualificationTypeStatus="Inactive"
    )["QualificationType"]
    assert changed.items() >= {"Name": "Excluded", "Description": "new", "QualificationTypeStatus": "Inactive"}.items()
    assert requester.get_qualification_type(QualificationTypeId=kind)["QualificationType"] == changed
    using = hit_parameters(QualificationRequirements=[requirement(kind, "DoesNotExist")])
    assert refusal(requester.create_hit, **using)[0] == "InvalidQualificationTypeState"
    requester.delete_qualification_type(QualificationTypeId=kind)
    assert refusal(requester.get_qualification_type, QualificationTypeId=kind)[0] == "QualificationTypeDoesNotExist"
    assert refusal(requester.create_hit, **using)[0] == "QualificationTypeDoesNotExist"
    assert new_type("Excluded") != kind


def test_searching_types(requester: Any, new_type: Callable[..., str]) -> None:
    new_type("Careful reader")
    new_type("Excluded 100%")

    def names(**asked: Any) -> set[str]:
        found = requester.list_qualification_types(**{"MustBeRequestable": False, "MaxResults": 100, **asked})
        return {kind["Name"] for kind in found["QualificationTypes"]}

    assert names(MustBeOwnedByCaller=True) == names(MustBeRequestable=True) == {"Careful reader", "Excluded 100%"}
    assert names(MustBeOwnedByCaller=True, Query="careful") == {"Careful reader"}
    assert names(MustBeOwnedByCaller=True, Query="%") == {"Excluded 100%"}
    assert "Masters" in names()


def test_granting_reading_and_revoking(requester: Any, new_type: Callable[..., str], worker: WorkerBrowser) -> None:
    kind = new_type()
    of_worker = {"QualificationTypeId": kind, "WorkerId": worker.id}
    assert refusal(requester.get_qualification_score, **of_worker)[0] == "QualificationDoesNotExist"
    requester.associate_qualification_with_worker(**of_worker, IntegerValue=7, SendNotification=False)
    held = requester.get_qualification_score(**of_worker)["Qualification"]
    assert (held["IntegerValue"], held["Status"]) == (7, "Granted")
    requester.associate_qualification_with_worker(**of_worker)
    assert requester.get_qualification_score(**of_worker)["Qualification"]["IntegerValue"] == 1
    listed = requester.list_workers_with_qualification_type
    assert [q["WorkerId"] for q in listed(QualificationTypeId=kind)["Qualifications"]] == [worker.id]
    requester.disassociate_qualification_from_worker(**of_worker, Reason="mistake")
    code, message = refusal(requester.get_qualification_score, **of_worker)
    assert code == "InvalidQualificationState"
    assert "operation can be called with a status of: Granted" in message
    assert listed(QualificationTypeId=kind)["NumResults"] == 0
    assert listed(QualificationTypeId=kind, Status="Revoked")["NumResults"] == 1
    inbox = worker.client.get("/inbox").text
    assert inbox.count("You were given the qualification “Excluded”") == 1
    assert "mistake" in inbox


def test_only_own_types_can_be_granted(requester: Any, worker: WorkerBrowser, new_type: Callable[..., str]) -> None:
    of_worker = {"QualificationTypeId": LOCALE, "WorkerId": worker.id}
    assert refusal(requester.associate_qualification_with_worker, **of_worker)[0] == "PermissionDenied"
    unknown = {"QualificationTypeId": new_type(), "WorkerId": "ANOBODY"}
    assert refusal(requester.associate_qualification_with_worker, **unknown)[0] == "WorkerDoesNotExist"


def test_an_exclusion_keeps_a_worker_out(requester: Any, new_type: Callable[..., str], sign_up: SignUp) -> None:
    kind = new_type()
    ada, bob = sign_up("ada"), sign_up("bob")
    requester.associate_qualification_with_worker(QualificationTypeId=kind, WorkerId=bob.id)
    hidden = requirement(kind, "DoesNotExist", ActionsGuarded="DiscoverPreviewAndAccept")
    hit = create_hit(requester, MaxAssignments=2, QualificationRequirements=[hidden])
    assert f"/groups/{hit['HITGroupId']}" in ada.links("/")
    assert f"/groups/{hit['HITGroupId']}" not in bob.links("/")
    assert bob.client.get(f"/hits/{hit['HITId']}").status_code == 403
    assert bob.try_to_accept(hit["HITId"]).status_code == 403
    ada.accept(hit["HITId"])
    (found,) = requester.list_hits_for_qualification_type(QualificationTypeId=kind)["HITs"]
    assert found["HITId"] == hit["HITId"]
    assert requester.list_hits_for_qualification_type(QualificationTypeId=LOCALE)["NumResults"] == 0


def test_the_approval_rate_counts_from_a_hundred_on(requester: Any, worker: WorkerBrowser) -> None:
    done = worker.work_on(create_hit(requester)["HITId"])
    requester.reject_assignment(AssignmentId=done, RequesterFeedback="no")
    needed = [requirement(PERCENT_APPROVED, "GreaterThanOrEqualTo", 95)]
    worker.accept(create_hit(requester, QualificationRequirements=needed)["HITId"])
    experienced = [requirement(NUMBER_APPROVED, "GreaterThanOrEqualTo", 1)]
    hit_id = create_hit(requester, QualificationRequirements=experienced)["HITId"]
    refused = worker.client.get(f"/hits/{hit_id}")
    assert "Number of HITs approved is at least 1" in refused.text
    assert worker.try_to_accept(hit_id).status_code == 403


@pytest.mark.parametrize(
    "nonsense",
    [
        requirement(LOCALE, "EqualTo", 1),
        requirement(LOCALE, "Exists"),
        requirement(PERCENT_APPROVED, "EqualTo"),
        requirement(PERCENT_APPROVED, "EqualTo", 1, 2),
        requirement(PERCENT_APPROVED, "In", *range(16)),
        requirement(PERCENT_APPROVED, "Exists", 1),
        {**requirement(PERCENT_APPROVED, "EqualTo"), "LocaleValues": [{"Country": "US"}]},
        places("EqualTo", "US", "DE"),
        places("In", *["US"] * 31),
    ],
)
def test_requirements_that_make_no_sense(requester: Any, nonsense: Mapping[str, Any]) -> None:
    parameters = hit_parameters(QualificationRequirements=[nonsense])
    assert refusal(requester.create_hit, **parameters)[0] == "ParameterValidationError"


def test_at_most_ten_requirements(requester: Any) -> None:
    many = [requirement(NUMBER_APPROVED, "EqualTo", number) for number in range(11)]
    assert (
        refusal(requester.create_hit, **hit_parameters(QualificationRequirements=many))[0] == "ParameterValidationError"
    )


def test_a_value_may_be_given_without_granting_it(requester: Any, new_type: Callable[..., str]) -> None:
    kind = requester.get_qualification_type(QualificationTypeId=new_type(AutoGrantedValue=3))["QualificationType"]
    assert (kind["AutoGranted"], "AutoGrantedValue" in kind) == (False, False)
    requester.update_qualification_type(QualificationTypeId=kind["QualificationTypeId"], AutoGranted=True)
    kind = requester.get_qualification_type(QualificationTypeId=kind["QualificationTypeId"])["QualificationType"]
    assert kind["AutoGrantedValue"] == 3


def test_adult_content_is_for_workers_who_agree(requester: Any, worker: WorkerBrowser) -> None:
    hit_id = create_hit(requester, QualificationRequirements=[requirement(ADULT, "EqualTo", 1)])["HITId"]
    assert worker.try_to_accept(hit_id).status_code == 403
    assert "at least 18 years old" in worker.client.get("/qualifications").text
    assert worker.client.post(f"/qualifications/{ADULT}/ask").status_code == 303
    worker.accept(hit_id)
    assert worker.client.post(f"/qualifications/{LOCALE}/ask").status_code == 404


def test_an_older_database_gets_what_is_new(config: SandboxConfig) -> None:
    with Store(config.database).unit() as db:
        open_market(db, config, utc_now())
        db.execute(delete(QualificationType).where(QualificationType.id == ADULT))
    with Store(config.database).unit() as db:
        open_market(db, config, utc_now())
        assert db.get_one(QualificationType, ADULT).auto_granted
        assert db.scalars(select(Entry.kind)).all() == ["deposit"]


def test_asking_for_a_qualification(
    requester: Any, new_type: Callable[..., str], worker: WorkerBrowser, time: Time
) -> None:
    asked = new_type("By hand", RetryDelayInSeconds=60)
    given = new_type("By itself", AutoGranted=True, AutoGrantedValue=3)
    for kind in (asked, given):
        assert worker.client.post(f"/qualifications/{kind}/ask").status_code == 303
    score = requester.get_qualification_score(QualificationTypeId=given, WorkerId=worker.id)["Qualification"]
    assert score["IntegerValue"] == 3
    (request,) = requester.list_qualification_requests(QualificationTypeId=asked)["QualificationRequests"]
    assert request["WorkerId"] == worker.id
    assert worker.client.post(f"/qualifications/{asked}/ask").status_code == 409
    requester.reject_qualification_request(QualificationRequestId=request["QualificationRequestId"], Reason="not yet")
    assert "not yet" in worker.client.get("/inbox").text
    assert worker.client.post(f"/qualifications/{asked}/ask").status_code == 409
    time.jump(seconds=60)
    assert worker.client.post(f"/qualifications/{asked}/ask").status_code == 303
    (again,) = requester.list_qualification_requests()["QualificationRequests"]
    answer = {"QualificationRequestId": again["QualificationRequestId"]}
    requester.accept_qualification_request(**answer, IntegerValue=9)
    assert refusal(requester.accept_qualification_request, **answer)[0] == "InvalidQualificationRequestState"
    assert "Granted: 9" in worker.client.get("/qualifications").text


def test_tests_are_not_offered(requester: Any) -> None:
    parameters = {"Name": "n", "Description": "d", "QualificationTypeStatus": "Active", "Test": "<QuestionForm/>"}
    assert refusal(requester.create_qualification_type, **parameters)[0] == "Sandbox.NotOffered"
