import asyncio
import zlib
from typing import Any

import pytest

from tests.requester.site import Site

LARGEST_ON_LOOP = 32 * 1024


class Watched:
    """A compressor that records the size of what it compresses in the thread that serves everybody."""

    def __init__(self, real: Any, on_loop: list[int]) -> None:
        self._real, self._on_loop = real, on_loop

    def compress(self, data: bytes) -> bytes:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            pass
        else:
            self._on_loop.append(len(data))
        return bytes(self._real.compress(data))

    def flush(self, *mode: int) -> bytes:
        return bytes(self._real.flush(*mode))


@pytest.fixture
def compressed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sizes of what was compressed on the event loop."""
    found: list[int] = []
    real = zlib.compressobj
    monkeypatch.setattr(zlib, "compressobj", lambda *args: Watched(real(*args), found))
    return found


def test_a_large_answer_is_compressed_beside_the_event_loop(site: Site, compressed: list[int]) -> None:
    answer = site.visitor("olivia").client.get("/help/findings", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.content) > LARGEST_ON_LOOP
    small = site.visitor().client.get("/sign-in", headers={"accept-encoding": "gzip"})
    assert small.headers["content-encoding"] == "gzip"
    assert [size <= LARGEST_ON_LOOP for size in compressed] == [True]


@pytest.mark.parametrize(("name", "compresses"), [("xlsx", False), ("parquet", False), ("jsonl", True), ("csv", True)])
def test_files_that_are_compressed_inside_are_sent_as_they_are(site: Site, name: str, *, compresses: bool) -> None:
    path = f"/studies/night/export/file?table=items&format={name}"
    answer = site.visitor("olivia").client.get(path, headers={"accept-encoding": "gzip"})
    assert answer.status_code == 200
    assert ("content-encoding" in answer.headers) is compresses
