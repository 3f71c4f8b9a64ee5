from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from keytrail.errors import BadRequest, Unavailable
from keytrail.models import ReferenceText
from keytrail.synthetic.generation.client import TRIES, ChatClient
from keytrail.synthetic.generation.grid import cells_of
from keytrail.synthetic.generation.prompts import PROMPTS
from keytrail.synthetic.generation.references import Generated, Wanted, generate_references
from keytrail.synthetic.training.references import study_material
from tests.synthetic.conftest import SLUG, ToyStudy
from tests.synthetic.endpoint import TOKENS, Endpoint, serving
from tests.text import toycorpus

ITEMS = toycorpus.ITEMS
WANTED = Wanted(["toy-model"], [0.7], count=2)


class Clock:
    """Time passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serving() as server:
        yield server


@pytest.fixture
def ticking() -> Clock:
    return Clock()


@pytest.fixture
def client(endpoint: Endpoint, ticking: Clock) -> Iterator[ChatClient]:
    with ChatClient(endpoint.url, "secret", per_minute=6000, timeout_s=0.3, sleep=ticking.sleep, clock=ticking) as made:
        yield made


def generate(toys: ToyStudy, client: ChatClient, wanted: Wanted = WANTED) -> Generated:
    return generate_references(toys.database, SLUG, wanted, client, toys.clock)


def stored(toys: ToyStudy) -> list[ReferenceText]:
    with toys.database.reading() as db:
        return list(db.scalars(select(ReferenceText).order_by(ReferenceText.id)))


class TestTheGrid:
    def test_begins_with_the_workers_own_instructions_and_uses_six_prompts(self) -> None:
        cells = list(cells_of([1], ["a", "b"], [0.7, 1.0], 20))
        assert cells[0].prompt == "task"
        assert len({cell.prompt for cell in cells}) == len(PROMPTS) == 6
        assert {cell.model for cell in cells} == {"a", "b"}
        assert len({cell.key for cell in cells}) == 20

    def test_of_more_texts_than_combinations_numbers_them(self) -> None:
        cells = list(cells_of([1], ["a"], [0.7], 20))
        assert Counter(cell.number for cell in cells) == {0: 6, 1: 6, 2: 6, 3: 2}


class TestGenerating:
    def test_asks_with_the_instructions_and_the_item_and_records_everything(
        self, toys: ToyStudy, client: ChatClient, endpoint: Endpoint
    ) -> None:
        assert generate(toys, client) == Generated(2 * ITEMS, 0, 0, 2 * ITEMS * TOKENS)
        first = endpoint.asked[0]
        assert (first["model"], first["temperature"]) == ("toy-model", 0.7)
        assert first["messages"][0]["content"] == f"Summarise the text.\n\n{toycorpus.item_text(0)}"
        assert set(endpoint.keys) == {"Bearer secret"}
        row = stored(toys)[0]
        assert (row.model, row.prompt, row.temperature, row.made_at) == ("toy-model", "task", 70, toys.clock())
        assert row.usage == {
            "prompt_tokens": 60,
            "completion_tokens": 40,
            "total_tokens": TOKENS,
            "answered_by": "toy-model-2026",
        }
        with toys.database.reading() as db:
            material = study_material(db, toys.study(db))
        assert {len(texts) for texts in material.generated.values()} == {2}

    def test_again_asks_for_nothing(self, toys: ToyStudy, client: ChatClient, endpoint: Endpoint) -> None:
        generate(toys, client)
        assert generate(toys, client) == Generated(0, 2 * ITEMS, 0, 2 * ITEMS * TOKENS)
        assert endpoint.answered == 2 * ITEMS

    def test_goes_on_where_it_was_cut_off(self, toys: ToyStudy, client: ChatClient, endpoint: Endpoint) -> None:
        endpoint.troubles.extend(["fine", "fine", "fine", *[500] * TRIES])
        with pytest.raises(Unavailable, match="Run again"):
            generate(toys, client)
        assert len(stored(toys)) == 3
        assert generate(toys, client).made == 2 * ITEMS - 3
        assert endpoint.answered == 2 * ITEMS
        cells = {(row.item_id, row.prompt, row.number) for row in stored(toys)}
        assert len(cells) == 2 * ITEMS

    def test_stops_at_the_budget_over_all_runs(self, toys: ToyStudy, client: ChatClient, endpoint: Endpoint) -> None:
        modest = Wanted(["toy-model"], [0.7], count=2, budget_tokens=3 * TOKENS)
        assert generate(toys, client, modest) == Generated(3, 0, 2 * ITEMS - 3, 3 * TOKENS)
        assert generate(toys, client, modest).made == 0
        assert endpoint.answered == 3

    def test_needs_a_model(self, toys: ToyStudy, client: ChatClient) -> None:
        with pytest.raises(BadRequest, match="nothing to ask"):
            generate(toys, client, Wanted([], [0.7]))


class TestTheClient:
    def ask(self, client: ChatClient) -> str:
        return client.complete(model="m", prompt="p", temperature=0.5).text

    def test_waits_as_long_as_a_429_says(self, client: ChatClient, endpoint: Endpoint, ticking: Clock) -> None:
        endpoint.troubles.append(429)
        assert self.ask(client).startswith("Text number 1")
        assert ticking.slept == [7.0]

    @pytest.mark.parametrize("trouble", [500, 503, "hang", "cut", "nonsense", "short"])
    def test_tries_again_after_what_may_pass(
        self, client: ChatClient, endpoint: Endpoint, ticking: Clock, trouble: int | str
    ) -> None:
        endpoint.troubles.extend([trouble, trouble])
        assert self.ask(client).startswith("Text number 1")
        assert ticking.slept == [1.0, 2.0]

    @pytest.mark.parametrize("status", [400, 401, 404])
    def test_does_not_repeat_what_was_refused(
        self, client: ChatClient, endpoint: Endpoint, ticking: Clock, status: int
    ) -> None:
        endpoint.troubles.append(status)
        with pytest.raises(Unavailable, match=f"status {status}"):
            self.ask(client)
        assert len(endpoint.keys) == 1
        assert ticking.slept == []

    def test_gives_up_after_six_tries(self, client: ChatClient, endpoint: Endpoint, ticking: Clock) -> None:
        endpoint.troubles.extend([500] * 20)
        with pytest.raises(Unavailable, match="status 500"):
            self.ask(client)
        assert len(endpoint.keys) == TRIES
        assert ticking.slept == [1.0, 2.0, 4.0, 8.0, 16.0]

    def test_asks_no_faster_than_it_may(self, endpoint: Endpoint, ticking: Clock) -> None:
        with ChatClient(endpoint.url, per_minute=30, sleep=ticking.sleep, clock=ticking) as slow:
            for _ in range(3):
                self.ask(slow)
        assert ticking.slept == [2.0, 2.0]
        assert endpoint.keys == [None] * 3
