"""Invalid input gets the documented error, never a 500, and stored data stays unchanged."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from sqlalchemy import select

from keytrail.errors import TooLarge
from keytrail.keyring import Keyring
from keytrail.models import Epoch
from keytrail.worker.request_body import read_body
from keytrail.worker.tickets import Tickets
from tests.conftest import FakeClock
from tests.worker.posting import FIRST, body_of, post
from tests.worker.test_events import TYPED, database_of, stored_events
from tests.worker.visitor import Visitor

pytestmark = pytest.mark.usefixtures("undamaged")
Visit = Callable[..., Visitor]
KEY = [1, "k", "KeyA", "a", 0]
HUGE = 10**400


class TestShape:
    @pytest.mark.parametrize(
        "body",
        [b"", b"{", b"\xff\xfe{}", b"null", b"[]", b'"text"', b"{}", b"1" * 5000, b"[" * 100_000, b'{"a":' * 20_000],
    )
    def test_no_object_of_ours(self, client: TestClient, body: bytes) -> None:
        assert post(client, body)[:2] == (422, "bad_shape")

    def test_truncated_anywhere(self, client: TestClient, writing: Visitor) -> None:
        whole = json.dumps(body_of(writing))
        for length in range(0, len(whole), 17):
            assert post(client, whole[:length])[:2] == (422, "bad_shape")

    def test_bytes_that_are_no_utf_8(self, client: TestClient, writing: Visitor) -> None:
        whole = json.dumps(body_of(writing, events=[[1, "k", "KeyA", "@", 0]])).encode()
        assert post(client, whole.replace(b"@", b"\xed\xa0\xbd"))[:2] == (422, "bad_shape")

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("v", 2),
            ("v", "1"),
            ("v", None),
            ("ticket", 7),
            ("ticket", "x" * 2001),
            ("ticket", "\ud800"),
            ("seq", -1),
            ("seq", 1.5),
            ("seq", True),
            ("seq", 10_000_001),
            ("seq", HUGE),
            ("perf", "1"),
            ("perf", float("nan")),
            ("perf", float("inf")),
            ("perf", None),
            ("wall", -1),
            ("wall", 1e15),
            ("wall", HUGE),
            ("events", {}),
            ("events", []),
            ("events", "events"),
            ("events", None),
            ("more", 1),
        ],
    )
    def test_a_wrong_part_is_named(self, client: TestClient, writing: Visitor, key: str, value: Any) -> None:
        status, code, detail = post(client, json.dumps(body_of(writing, **{key: value})))
        assert (status, code) == (422, "bad_shape")
        assert detail["problems"][0]["where"] == [key]

    def test_a_body_that_is_wrong_everywhere_is_not_described(self, client: TestClient) -> None:
        body = json.dumps({f"{number}": 1 for number in range(20_000)})
        assert post(client, body) == (422, "bad_shape", {"problems": []})

    @pytest.mark.parametrize("key", ["v", "ticket", "seq", "perf", "wall", "events"])
    def test_a_missing_part_is_named(self, client: TestClient, writing: Visitor, key: str) -> None:
        body = body_of(writing)
        del body[key]
        assert post(client, json.dumps(body))[2]["problems"][0]["where"] == [key]

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            (None, "the event"),
            ({}, "the event"),
            ([1], "the event"),
            ([1, "?"], "type"),
            ([1, ["k"]], "type"),
            ([1, "k", "KeyA", "a"], "the event"),
            ([1, "k", "KeyA", "a", 0, 0], "the event"),
            ([True, "k", "KeyA", "a", 0], "dt"),
            ([HUGE, "k", "KeyA", "a", 0], "dt"),
            ([float("nan"), "k", "KeyA", "a", 0], "dt"),
            ([float("-inf"), "k", "KeyA", "a", 0], "dt"),
            ([1, "k", "KeyA", "a", True], "flags"),
            ([1, "k", "KeyA", "a", 512], "flags"),
            ([1, "k", "x" * 129, "a", 0], "code"),
            ([1, "e", -1, 0, "a", "insertText", 2], "pos"),
            ([1, "e", 0, 0.5, "a", "insertText", 2], "deleted"),
            ([1, "e", 0, 0, None, "insertText", 2], "inserted"),
            ([1, "e", 0, 0, "a", "insertText", 2, [0]], "selection"),
            ([1, "s", "0", 0], "start"),
            ([1, "n", 0, 2**32], "hash"),
            ([1, "p", 1, 1, "x" * 4001, [], 0], "text"),
            ([1, "E", {"v": "1", "plugins": 3}], "environment"),
            ([1, "E", {"v": "1", "vw": [[[[]]]]}], "environment"),
        ],
    )
    def test_a_wrong_event_is_named_with_its_place_and_field(
        self, client: TestClient, writing: Visitor, wrong: Any, field: str
    ) -> None:
        events = [KEY, wrong, [1, "?"]]
        status, code, detail = post(client, json.dumps(body_of(writing, events=events)))
        assert (status, code, detail) == (422, "bad_shape", {"event": 1, "field": field})


class TestSize:
    def test_a_batch_of_2000_events_is_taken_and_2001_are_not(self, client: TestClient, writing: Visitor) -> None:
        few = [[1, "m", 1]]
        assert post(client, json.dumps(body_of(writing, events=few * 2001)))[:2] == (413, "too_large")
        assert post(client, json.dumps(body_of(writing, events=few * 2000)))[2] == {"committed": 2001}

    def test_a_body_over_256_kb_is_refused(self, client: TestClient, writing: Visitor) -> None:
        paste = [[1, "e", 0, 0, "x" * 10_000_000, "insertFromPaste", 2]]
        assert post(client, json.dumps(body_of(writing, events=paste)))[:2] == (413, "too_large")

    def test_a_paste_of_10_mb_is_taken_in_pieces(self, client: TestClient, writing: Visitor) -> None:
        """As the recorder sends it: the edits of a paste hold 4,000 units each."""
        pieces = [[0, "e", 4000 * n, 0, "x" * 4000, "insertFromPaste", 2] for n in range(60)]
        for number in range(42):
            body = body_of(writing, seq=2 + 60 * number, events=pieces)
            assert post(client, json.dumps(body))[2] == {"committed": 61 + 60 * number}

    def test_a_body_that_lies_about_its_length_is_cut_off(self) -> None:
        """Read no further than needed: whoever sends without end is not listened to."""
        sent = 0

        async def receive() -> dict[str, Any]:
            nonlocal sent
            sent += 1
            return {"type": "http.request", "body": b"x" * 1000, "more_body": True}

        scope = {"type": "http", "method": "POST", "headers": [(b"content-length", b"5")]}
        with pytest.raises(TooLarge):
            asyncio.run(read_body(Request(scope, receive), 10_000))
        assert sent == 11


class TestOrder:
    def test_a_replayed_batch_changes_nothing(self, client: TestClient, writing: Visitor, server: FastAPI) -> None:
        for _ in range(3):
            assert post(client, json.dumps(body_of(writing)))[2] == {"committed": 4}
        assert stored_events(server) == [*FIRST, *TYPED]

    def test_a_forged_repeat_changes_nothing_and_is_counted(
        self, client: TestClient, writing: Visitor, server: FastAPI
    ) -> None:
        post(client, json.dumps(body_of(writing)))
        assert post(client, json.dumps(body_of(writing, events=[KEY])))[2] == {"committed": 4}
        assert stored_events(server) == [*FIRST, *TYPED]
        with database_of(server).reading() as db:
            assert db.scalars(select(Epoch.conflicting_batches)).one() == 1

    def test_batches_in_any_order_end_up_in_theirs(self, client: TestClient, writing: Visitor, server: FastAPI) -> None:
        for seq, committed in ((11, 1), (5, 1), (8, 1), (2, 13)):
            assert post(client, json.dumps(body_of(writing, seq=seq)))[2] == {"committed": committed}
        assert stored_events(server) == [*FIRST, *TYPED * 4]

    def test_overlapping_batches_are_kept_and_said(self, client: TestClient, writing: Visitor) -> None:
        assert post(client, json.dumps(body_of(writing)))[2] == {"committed": 4}
        assert post(client, json.dumps(body_of(writing, seq=3)))[2] == {"committed": 5}

    def test_a_gap_stays_a_gap(self, client: TestClient, writing: Visitor) -> None:
        assert post(client, json.dumps(body_of(writing, seq=10_000_000)))[2] == {"committed": 1}


class TestContent:
    @pytest.mark.parametrize(
        "event",
        [
            [1, "e", 0, 0, "\ud83d", "insertText", 2],
            [1, "e", 0, 0, "\udc00\ud800", "insertText", 2],
            [1, "k", "KeyA", "\udfff", 0],
            [1, "e", 0, 0, "a\0b", "insertText", 2],
            [1, "e", 0, 0, "\U0010ffff\U0001f600", "insertText", 2],
            [-(2**53 - 1), "m", 1],
            [2**53 - 1, "m", 1],
            [1, "e", 2**53 - 1, 2**53 - 1, "a", "insertText", 2],
            [1, "s", 2**53 - 1, 0],
            [1, "e", 0, 0, "x" * 200_000, "", 15],
            [1, "q", 1e-300, -(2**53 - 1), 0.1, -0.0, 0, 0],
        ],
    )
    def test_odd_but_right_is_stored_exactly(
        self, client: TestClient, writing: Visitor, server: FastAPI, event: list[Any]
    ) -> None:
        assert post(client, json.dumps(body_of(writing, events=[event])))[2] == {"committed": 2}
        assert json.dumps(stored_events(server)[2:]) == json.dumps([event])

    @pytest.mark.parametrize("perf", [0, -0.0, 1e308, -1e308, 5e-324])
    def test_odd_clocks_are_stored_exactly(self, client: TestClient, writing: Visitor, perf: float) -> None:
        assert post(client, json.dumps(body_of(writing, perf=perf, wall=1e14)))[2] == {"committed": 4}


class TestRight:
    def test_a_ticket_that_is_none(self, client: TestClient, writing: Visitor) -> None:
        for ticket in ("", "x", writing.ticket[:-1], "." + writing.ticket, "é" + writing.ticket, writing.ticket + "\0"):
            assert post(client, json.dumps(body_of(writing, ticket=ticket)))[:2] == (401, "ticket_invalid")

    def test_a_ticket_that_somebody_else_signed(self, client: TestClient, writing: Visitor, clock: FakeClock) -> None:
        theirs = Tickets(Keyring(b"a root secret of somebody else"))
        ours = Tickets(client.app.state.services.keyring)  # type: ignore[attr-defined]  # a FastAPI app
        forged = theirs.for_writing(ours.read_writing(writing.ticket, clock()), clock())
        assert post(client, json.dumps(body_of(writing, ticket=forged)))[:2] == (401, "ticket_invalid")

    def test_a_ticket_that_has_expired(self, client: TestClient, writing: Visitor, clock: FakeClock) -> None:
        clock.advance(days=30)
        assert post(client, json.dumps(body_of(writing)))[:2] == (401, "ticket_expired")

    def test_a_ticket_for_something_else(self, client: TestClient, writing: Visitor, visit: Visit) -> None:
        other = visit("W2", "A2")
        other.open()
        assert post(client, json.dumps(body_of(writing, ticket=other.ticket)))[:2] == (403, "ticket_foreign")

    def test_a_ticket_of_another_session_writes_there_and_only_there(
        self, client: TestClient, writing: Visitor, visit: Visit, server: FastAPI
    ) -> None:
        other = visit("W2", "A2")
        other.accept()
        assert post(client, json.dumps(body_of(writing, ticket=other.ticket)))[2] == {"committed": -1}
        assert stored_events(server) == FIRST

    def test_a_ticket_of_a_withdrawn_session(self, client: TestClient, visit: Visit) -> None:
        other = visit("W2", "A2")
        other.accept()
        ticket = other.ticket
        other.send("withdrawal")
        body = {"v": 1, "ticket": ticket, "seq": 0, "perf": 1, "wall": 1, "events": TYPED}
        assert post(client, json.dumps(body))[:2] == (403, "ticket_foreign")

    def test_events_after_the_submission(self, client: TestClient, writing: Visitor, server: FastAPI) -> None:
        assert writing.post_submission("three short words", events=2).status_code == 200
        assert post(client, json.dumps(body_of(writing)))[:2] == (409, "too_late")
        assert stored_events(server) == FIRST
