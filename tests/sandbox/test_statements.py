"""Pages and listings use a fixed number of SQL statements, whatever they show."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.sandbox.people import WorkerBrowser, create_hit
from tests.sandbox.running import Time


@pytest.fixture
def counted() -> Callable[[Callable[[], object]], int]:
    @contextmanager
    def listening(statements: list[str]) -> Iterator[None]:
        def note(_connection: Any, _cursor: Any, statement: str, *_details: Any) -> None:
            statements.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    def counted(action: Callable[[], object]) -> int:
        statements: list[str] = []
        with listening(statements):
            action()
        return len(statements)

    return counted


@pytest.mark.parametrize("path", ["/", "/queue", "/earnings", "/inbox", "/qualifications"])
def test_pages(
    path: str, requester: Any, worker: WorkerBrowser, counted: Callable[[Callable[[], object]], int], time: Time
) -> None:
    def fill(number: int) -> None:
        kind = {"Name": f"Kind {number}", "Description": "d", "QualificationTypeStatus": "Active"}
        qualification = requester.create_qualification_type(**kind)["QualificationType"]["QualificationTypeId"]
        needed = [{"QualificationTypeId": qualification, "Comparator": "DoesNotExist"}]
        done = worker.work_on(create_hit(requester, Title=f"Done {number}")["HITId"])
        requester.approve_assignment(AssignmentId=done)
        requester.send_bonus(WorkerId=worker.id, AssignmentId=done, BonusAmount="1", Reason="r")
        worker.accept(create_hit(requester, Title=f"In work {number}")["HITId"])
        create_hit(requester, Title=f"Open {number}", QualificationRequirements=needed)
        time.jump(seconds=1)

    def show() -> None:
        assert worker.client.get(path).status_code == 200

    fill(0)
    show()
    few = counted(show)
    for number in range(1, 4):
        fill(number)
    show()
    assert counted(show) == few


def test_listings(requester: Any, worker: WorkerBrowser, counted: Callable[[Callable[[], object]], int]) -> None:
    def assignments() -> None:
        requester.list_assignments_for_hit(HITId=hit_id)

    hit_id = create_hit(requester, MaxAssignments=3)["HITId"]
    worker.work_on(hit_id)
    few, few_assignments = counted(requester.list_hits), counted(assignments)
    for number in range(3):
        worker.work_on(create_hit(requester, Title=f"Kind {number}")["HITId"])
    assert counted(requester.list_hits) == few
    assert counted(assignments) == few_assignments
