"""The recording tool: its small parts, and one session through the real page."""

import gzip
import json
import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any, cast

import pytest
from rich.console import Console

from keytrail.demo.people.actions import PressKey, ReleaseKey
from keytrail.demo.people.profiles import person
from keytrail.demo.people.styles import STYLES
from keytrail.demo.people.writings import read_sources, read_writings
from keytrail.demo.recording.cast import PROGRAMME, CastMember, Texts, under
from keytrail.demo.recording.cast import cast as cast_roles
from keytrail.demo.recording.playing import PlanFailed, key_event
from keytrail.demo.recording.recording import SentEvents, record, submission_times, write_sessions
from keytrail.demo.studies import ABSTRACTS
from keytrail.studies.conditions import Measure
from keytrail.text.length import count_words


class Request:
    """The part of Playwright's request that the recording reads."""

    def __init__(self, seq: int, events: list[Any], path: str = "/api/worker/events") -> None:
        self.method = "POST"
        self.url = f"http://127.0.0.1{path}"
        self.post_data = json.dumps({"v": 1, "seq": seq, "events": events})


def sent(*requests: Request) -> SentEvents:
    log = SentEvents()
    for request in requests:
        log.listen(cast("Any", request))
    return log


def test_batches_are_put_in_order_once() -> None:
    first, last = Request(0, [[0, "E", {}], [1, "i", "empty", 0, 1]]), Request(2, [[5, "z"]])
    assert sent(last, first, first, Request(0, [], "/api/worker/submission")).events() == [
        [0, "E", {}],
        [1, "i", "empty", 0, 1],
        [5, "z"],
    ]


@pytest.mark.parametrize("requests", [(), (Request(0, [[0, "E", {}]]),), (Request(1, [[5, "z"]]),)])
def test_a_log_with_a_gap_or_without_an_end_is_not_kept(requests: tuple[Request, ...]) -> None:
    with pytest.raises(PlanFailed):
        sent(*requests).events()


def test_keys_are_what_a_keyboard_sends() -> None:
    down = key_event(PressKey(code="KeyT", key="T", text="T", shift=True))
    assert down == {
        "type": "keyDown",
        "code": "KeyT",
        "key": "T",
        "text": "T",
        "unmodifiedText": "T",
        "windowsVirtualKeyCode": 84,
        "modifiers": 8,
        "location": 0,
        "autoRepeat": False,
    }
    assert key_event(ReleaseKey(code="KeyV", key="v", ctrl=True))["modifiers"] == 2
    assert key_event(PressKey(code="Enter", key="Enter", text="\n"))["text"] == "\r"
    assert "text" not in key_event(PressKey(code="KeyV", key="v", ctrl=True))


def test_the_cast_plays_the_programme_and_nobody_changes_sides() -> None:
    roles = cast_roles(48, seed=3)
    assert Counter(role.style for role in roles) == Counter(PROGRAMME * 2)
    sides = {(role.worker, STYLES[role.style].honest) for role in roles}
    assert len(sides) == len({role.worker for role in roles})
    assert roles == cast_roles(48, seed=3) != cast_roles(48, seed=4)


def test_a_page_that_takes_no_paste_gets_none() -> None:
    role = CastMember(0, "SIMULATED001", person("quick", 1), "pasted")
    pasting = {"pasted", "edited", "source", "reworked"}
    assert under(role, {Measure.REFUSE_PASTE}).style not in pasting
    assert under(role, set()) == role


def test_texts_are_not_handed_out_twice() -> None:
    texts, source = Texts(60), read_sources()[0].text
    assert len({texts.task(source, "typed").own for _ in range(20)}) == 20
    assert len({texts.task(source, "pasted").foreign for _ in range(10)}) == 10
    again = Texts(60, used_before=True)
    whole = {writing.text for writing in read_writings()}
    assert not {again.task(source, "typed").own for _ in range(12)} & whole


@pytest.mark.parametrize("source", [source.text for source in read_sources()])
def test_no_text_is_handed_out_that_the_page_would_refuse(source: str) -> None:
    texts = Texts(ABSTRACTS.definition.minimum_words, used_before=True)
    words = [count_words(texts.task(source, "typed").own) for _ in range(12)]
    assert min(words) >= 60


def test_submissions_come_one_after_the_other_by_day() -> None:
    times = submission_times(60, seed=1)
    assert times == sorted(times)
    assert {time.hour for time in times} <= set(range(7, 22))
    assert times[-1] - times[0] > timedelta(hours=8)


def test_the_same_sessions_make_the_same_file(tmp_path: Path) -> None:
    one, other = tmp_path / "one.jsonl.gz", tmp_path / "other.jsonl.gz"
    for path in (one, other):
        write_sessions(path, [{"text": "\ud83d lone"}, {"text": "\u2014"}])
    assert one.read_bytes() == other.read_bytes()
    lines = gzip.decompress(one.read_bytes()).decode().splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["\ud83d lone", "\u2014"]


@pytest.mark.browser
def test_a_session_through_the_real_page() -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on the PATH")
    role = CastMember(0, "SIMULATED001", person("quick", 1), "pasted")
    # In a thread of its own, because other tests of the same process may have a Playwright running.
    with ThreadPoolExecutor(1) as pool:
        (session,) = pool.submit(list, record(ABSTRACTS, [role], 1, chromium, Console(file=StringIO()))).result()
    kinds = Counter(event[1] for event in session["events"])
    assert kinds["E"] == kinds["z"] == kinds["p"] == 1
    assert session["label"] == "simulated: pasted from elsewhere"
    pasted = next(event for event in session["events"] if event[1] == "p")
    assert pasted[4] == session["text"]
    assert any(event[1:] == ["f", 0, "window", 0] for event in session["events"])
