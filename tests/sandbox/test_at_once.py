"""Concurrent requests: places and tokens are given out once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import ClientError

from tests.sandbox.people import HOUR, WorkerBrowser, create_hit, hit_parameters, hit_state


def test_workers_who_race_for_three_places(requester: Any, sign_up: Callable[..., WorkerBrowser]) -> None:
    hit_id = create_hit(requester, MaxAssignments=3)["HITId"]
    workers = [sign_up(f"worker{number}") for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda worker: worker.try_to_accept(hit_id).status_code, workers))
    assert sorted(answers) == [303] * 3 + [409] * 5
    assert hit_state(requester, hit_id) == ("Unassignable", 0, 3, 0)


def test_one_form_sent_many_times(requester: Any, worker: WorkerBrowser) -> None:
    assignment_id = worker.accept(create_hit(requester, AutoApprovalDelayInSeconds=HOUR)["HITId"])
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: worker.submit(assignment_id, receipt=str(n)).status_code, range(8)))
    assert sorted(answers) == [200] + [409] * 7


def test_one_token_sent_many_times(requester: Any) -> None:
    def create(_number: int) -> tuple[str, str]:
        """What came of it, and the HIT that is named."""
        try:
            made = requester.create_hit(**hit_parameters(UniqueRequestToken="t"))["HIT"]
        except ClientError as error:
            return str(error.response["TurkErrorCode"]), str(error.response["Error"]["Message"].split('"')[1])
        return "made", str(made["HITId"])

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(create, range(8)))
    (only,) = requester.list_hits()["HITs"]
    assert {named for _, named in outcomes} == {only["HITId"]}
    assert sorted(code for code, _ in outcomes) == ["AWS.MechanicalTurk.HitAlreadyExists"] * 7 + ["made"]
