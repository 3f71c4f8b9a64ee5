import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser

from keytrail.db import Database
from keytrail.schema import migrate
from keytrail.settings import Settings
from tests.browser.dashboard.reader import Reader
from tests.conftest import FakeClock
from tests.requester.night_study import night_study
from tests.requester.site import ORIGIN, Site
from tests.waiting import free_port

ELSEWHERE = "Amber illumination preserved melatonin and lengthened recovery sleep in rotating hospital staff. "
OPEN_READER = Callable[..., Reader]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    """A study with twelve submissions of several kinds, served to browsers on a port of this machine."""
    with serving(tmp_path_factory.mktemp("dashboard")) as (site, url):
        fill(site)
        page = site.visitor("olivia").context("/studies/night")
        site.exclude_worker(page.rows[-1].line.worker, "Sent the same text from two accounts.")
        yield site, url


@contextmanager
def serving(folder: Path, **changed: Any) -> Iterator[tuple[Site, str]]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = Settings.model_validate(
        {"data_dir": folder, "public_url": url, "allowed_hosts": [urlsplit(ORIGIN).hostname], **changed}
    )
    database = Database(settings.database)
    migrate(database.engine)
    database.close()
    site = night_study(settings, FakeClock())
    server = uvicorn.Server(uvicorn.Config(site.app, port=port, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            thread.join(0.02)
            assert thread.is_alive()
        yield site, url
    finally:
        server.should_exit = True
        thread.join()
        site.database.close()


def fill(site: Site, count: int = 12) -> list[str]:
    """Submissions as they come: typed, pasted, mixed, copied from the item, set by a script; the last not analysed."""
    ids = []
    for number in range(count):
        work = site.hand(worker=f"W{number % 5}", seed=number)
        hand = work.hand.wait(20_000)
        match number % 5:
            case 0:
                hand.types("Amber light at the end of the night helped staff to sleep a litle").erases(3)
                hand.types("tle longer.").wait(9_000).types(" It was hard to read by.")
            case 1:
                hand.types("ok ").copies_item(0, 200).leaves(41_000).pastes(ELSEWHERE * 3)
            case 2:
                hand.types("The study looked at light in wards. ").leaves(8_000).pastes(ELSEWHERE)
                hand.types("That is what I found in it, and I would say the effect is small.")
            case 3:
                hand.copies_item(12, 120).pastes(work.hand.item[12:120]).types(" So it says.")
            case _:
                hand.types("A script did the rest: ").sets(ELSEWHERE)
        ids.append(work.submit(comment="Thanks!" if number % 4 == 0 else "", analysed=number < count - 1))
        site.clock.advance(minutes=50)
    return ids


@pytest.fixture
def reader(chromium: Browser, served: tuple[Site, str]) -> Iterator[OPEN_READER]:
    """Opens windows for people by name; nothing may go wrong in any of them."""
    readers: list[Reader] = []

    def open_reader(name: str = "olivia", **options: Any) -> Reader:
        readers.append(Reader(chromium, *served, name, **options))
        return readers[-1]

    yield open_reader
    for one in readers:
        one.close()
    assert [failure for one in readers for failure in one.failures] == []
