"""Print the time of the dashboard's pages for a study of 100,000 submissions: `python -m benchmarks.dashboard_pages
[N]`.

Server time as seen by a client in the same process, without a network; nothing is asserted. The targets are 50 ms for
the queue and 100 ms for a submission of 5,000 events, each at the 95th percentile.
"""

import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from fastapi.testclient import TestClient

from benchmarks.large_study import CONDITIONS, NOW, WORDS, fill
from keytrail.db import Database
from keytrail.imports.storing import ImportedSession, store_session
from keytrail.keyring import load_keyring
from keytrail.main import create_app
from keytrail.models import WIRE_1, Membership, Role, User
from keytrail.provenance import fnv1a32
from keytrail.requester.people.access import COOKIE
from keytrail.review.analysis.bridge import analyse_submission, load_for_analysis
from keytrail.schema import migrate
from keytrail.settings import Settings
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study, study_by_slug
from keytrail.synthetic.prevalence.cache import CONDITIONS as CONDITION_FIGURES
from keytrail.synthetic.prevalence.cache import PREVALENCE, FigureKind, current_figures
from keytrail.users.signing_in import start_sign_in
from keytrail.web.gc_tuning import keep_startup_objects

ROUNDS = 60
# A page that takes seconds is requested fewer times.
LONGEST_S = 8
EVENTS = 5_000
ERASING = 0.1
OK = 200


def now() -> datetime:
    """Return the time of all requests, which stands still so that no cache expires."""
    return NOW


def long_session() -> tuple[list[list[Any]], str]:
    """Return about 5,000 events of typing with corrections, and the text that they make."""
    chance = random.Random(2)
    events: list[list[Any]] = [[0, "E", {"v": "bench"}], [0, "i", "empty", 0, fnv1a32("")]]
    text = ""
    while len(events) < EVENTS:
        for char in f"{chance.choice(WORDS)} ":
            events.append([chance.randint(60, 400), "k", "KeyA", char, 0])
            events.append([1, "e", len(text), 0, char, "insertText", 2])
            events.append([70, "u", "KeyA", 0])
            text += char
        if chance.random() < ERASING:
            events += [[200, "k", "Backspace", "Backspace", 0]]
            events.append([1, "e", len(text) - 1, 1, "", "deleteContentBackward", 2])
            text = text[:-1]
    return [*events, [10, "z", len(events), len(text), fnv1a32(text), 0, 0]], text


def prepare(folder: Path, count: int) -> tuple[TestClient, str]:
    """Return a server with the study, a signed-in client, and the address of a long submission."""
    settings = Settings.model_validate({"data_dir": folder, "public_url": "http://bench.test"})
    database = Database(settings.database)
    migrate(database.engine)
    with database.writing() as db:
        user = User(
            email="a@b", name="A", password_hash="!", created_at=NOW, may_create_studies=True, may_spend=True
        )  # signs in by cookie
        db.add(user)
        db.flush()
        study = create_study(
            db, StudyDefinition(title="Bench", instructions="Write.", conditions=list(CONDITIONS)), None, NOW
        )
        db.add(Membership(user_id=user.id, study_id=study.id, role=Role.OWNER))
        add_items(db, study, [ItemRow(key=f"i{n}", text="Amber light. " * 40) for n in range(40)])
        fill(db, study, count)
        cookie = start_sign_in(db, user, 12, NOW)
        events, text = long_session()
        imported = ImportedSession("long", "w", "Amber light. " * 40, text, [events], WIRE_1, NOW)
        stored = store_session(db, study, imported, load_keyring(settings), NOW)
        assert stored is not None  # it is new
        db.flush()
        loaded = load_for_analysis(db, stored.id)
        assert loaded is not None  # it was just stored
        analyse_submission(db, loaded, NOW)
        public_id = stored.public_id
    database.close()
    keep_startup_objects()  # as `keytrail serve` does
    client = TestClient(create_app(settings, clock=now), base_url="http://bench.test")
    client.cookies.set(COOKIE, cookie)
    return client, f"/submissions/{public_id}"


def work_out(client: TestClient) -> None:
    """Compute the cached figures of pages, each in a child process as in the server, and print the time."""
    database = client.app.state.services.database  # type: ignore[attr-defined]  # put there by create_app
    with database.reading() as db:
        study = study_by_slug(db, "bench")
    kinds: tuple[FigureKind[Any], ...] = (PREVALENCE, CONDITION_FIGURES)
    for kind in kinds:
        start = perf_counter()
        current_figures(database, kind, [study], now)
        print(f"{kind.name:28} worked out in {perf_counter() - start:7.1f} s, once", flush=True)


def timed(get: Callable[[], Any]) -> Iterator[tuple[float, float]]:
    """Return the milliseconds of each request, and of processor time for it, of two at least.

    On a busy machine only the second can be compared.
    """
    first = perf_counter()
    for number in range(ROUNDS):
        start, busy = perf_counter(), process_time()
        if number > 1 and start - first > LONGEST_S:
            return
        answer = get()
        yield (perf_counter() - start) * 1000, (process_time() - busy) * 1000
        assert answer.status_code == OK, answer.text  # the figure would mean nothing


def _summary(times: list[float]) -> str:
    return f"median {times[len(times) // 2]:7.1f}   p95 {times[int(len(times) * 0.95)]:7.1f}"


def main(count: int) -> None:
    """Fill the database, request the pages, print the times."""
    with tempfile.TemporaryDirectory() as folder:
        client, submission = prepare(Path(folder), count)
        queue = "/studies/bench/queue"
        pages = {
            "queue": queue,
            "queue, by verdict": f"{queue}?verdict=review",
            "queue, by finding": f"{queue}?finding=round_trip",
            "queue, by item": f"{queue}?item=i7",
            "queue, by worker": f"{queue}?worker=w00000000007",
            "queue, by condition": f"{queue}?condition=plain",
            "queue, words in the text": f"{queue}?words=amber+label",
            "queue, by words": f"{queue}?order=-words",
            "queue, by item title": f"{queue}?order=item",
            "queue, choices": f"{queue}/facets",
            "queue, choices by item": f"{queue}/facets?item=i7",
            "queue, far down": f"{queue}?cursor=2.51-{count // 2}",
            "queue, counts by finding": f"{queue}/counts?finding=round_trip",
            "queue, counts by item": f"{queue}/counts?item=i7",
            "submissions": "/studies/bench",
            "submissions, counts of words": "/studies/bench/counts?words=amber",
            "palette": "/find?study=bench&words=w0000",
            "submissions, by finding": "/studies/bench?finding=round_trip",
            "submissions, by item": "/studies/bench?item=i7",
            "overview": "/studies/bench/overview",
            "workers": "/studies/bench/workers",
            "workers, most submissions": "/studies/bench/workers?order=-submitted",
            "a worker": "/studies/bench/workers/w00000000007",
            "items": "/studies/bench/items",
            "home": "/",
            "submission, 5,000 events": submission,
            "its playback": f"{submission}/playback",
            "prevalence": "/studies/bench/prevalence",
            "conditions": "/studies/bench/conditions",
        }
        work_out(client)
        print(f"{count:,} submissions; ms of server time, {ROUNDS} rounds each, fewer of slow pages")
        for name, path in pages.items():
            client.get(path)
            walls, busy = map(sorted, zip(*timed(lambda path=path: client.get(path)), strict=True))  # type: ignore[misc]
            print(f"{name:28} {_summary(walls)}   processor {_summary(busy)}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
