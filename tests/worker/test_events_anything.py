"""Arbitrary values get the documented answer."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.worker.posting import body_of, post
from tests.worker.visitor import Visitor

pytestmark = pytest.mark.usefixtures("undamaged")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None, categories=None)),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=30,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(changed=st.dictionaries(st.sampled_from(["v", "seq", "perf", "wall", "events", "ticket"]), json_values))
def test_anything_at_all_gets_a_documented_answer(
    client: TestClient, writing: Visitor, changed: dict[str, Any]
) -> None:
    status, code, _ = post(client, json.dumps(body_of(writing) | changed))
    assert (status, code) in {(200, ""), (422, "bad_shape"), (401, "ticket_invalid")}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(events=st.lists(json_values.map(lambda v: v if isinstance(v, list) else [1, "e", v]), min_size=1, max_size=5))
def test_any_events_at_all_get_a_documented_answer(client: TestClient, writing: Visitor, events: list[Any]) -> None:
    status, code, _ = post(client, json.dumps(body_of(writing, seq=500, events=events)))
    assert (status, code) in {(200, ""), (422, "bad_shape")}
