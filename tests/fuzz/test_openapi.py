"""The JSON API with what its OpenAPI description allows, and with what it does not: never an answer of 500 or more.

Requests are made by schemathesis, as the owner with a token and as nobody; half of them lead to what exists. Seeded:
the same requests in each run. KEYTRAIL_TEST_API_EXAMPLES asks for more of each operation and kind.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.generation.case import Case

from tests.fuzz.asking import Asker, known_values
from tests.requester.site import ORIGIN, Site
from tests.worker.visitor import Visitor

EXAMPLES = int(os.environ.get("KEYTRAIL_TEST_API_EXAMPLES", "5"))
SEED = 20261130
_OWN_HEADERS = {"authorization", "content-length", "host", "connection", "transfer-encoding"}


@pytest.fixture
def asker(site: Site) -> Iterator[Asker]:
    with Asker(site, known_values(site)) as found:
        visitor = Visitor(found.client, "night", {"assignmentId": "A1", "workerId": "W1", "hitId": "H1"})
        visitor.accept()
        found.known["ticket"] = visitor.ticket
        yield found


def test_no_request_to_the_api_is_a_server_error(asker: Asker) -> None:
    listed = list(schemathesis.openapi.from_dict(asker.site.app.openapi()).get_all_operations())
    operations = [one.ok() for one in listed if isinstance(one, Ok)]
    assert len(operations) == sum(len(methods) for methods in asker.site.app.openapi()["paths"].values())
    for operation in operations:
        for mode in GenerationMode:
            try_operation(asker, operation, mode)
    assert asker.faults == []
    assert asker.count >= len(operations) * EXAMPLES


def try_operation(asker: Asker, operation: Any, mode: GenerationMode) -> None:
    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode), leads_somewhere=st.booleans(), known=st.booleans())
    def try_case(case: Case[Any], *, leads_somewhere: bool, known: bool) -> None:
        if leads_somewhere:
            lead_somewhere(case, asker.known)
        send(asker, case, known=known)

    try:
        try_case()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, f"{operation.label}: nothing in it can be wrong"


def lead_somewhere(case: Case[Any], known: dict[str, str]) -> None:
    """Name the study, submission and page load that exist; everything else stays."""
    case.path_parameters = {name: known.get(name, value) for name, value in (case.path_parameters or {}).items()}
    if isinstance(case.body, dict) and "ticket" in case.body:
        case.body["ticket"] = known["ticket"]


def send(asker: Asker, case: Case[Any], *, known: bool) -> None:
    made = case.as_transport_kwargs(base_url=ORIGIN)
    headers = {name.lower(): str(value).encode("latin-1", "replace") for name, value in (made["headers"] or {}).items()}
    sent = {name: value for name, value in headers.items() if name not in _OWN_HEADERS}
    body = asker.client.build_request(
        "POST", ORIGIN, content=made.get("data") or None, json=made.get("json"), files=made.get("files")
    ).read()
    address = str(asker.client.build_request(case.method, made["url"], params=made.get("params")).url)
    kind = sent.pop("content-type", b"application/json").decode("latin-1")
    asker.ask(case.method, address, body, kind, known=known, headers=sent)
