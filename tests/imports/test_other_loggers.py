"""Logs of Inputlog, CoAuthor and the essay competition's table become sessions in wire format 1."""

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from keytrail.errors import ImportFailed
from keytrail.exports.idfx import idfx_of
from keytrail.imports.coauthor import read_coauthor
from keytrail.imports.idfx import read_idfx
from keytrail.imports.keystrokes import read_keystrokes
from keytrail.imports.storing import ImportedSession
from keytrail.provenance import EpochLog, Report, Verdict, WritingLog, analyse, decode_all
from tests.provenance.writer import Writer

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def analysed(session: ImportedSession) -> Report:
    return analyse(WritingLog([EpochLog(decode_all(session.epochs[0]))], session.text, session.item_text))


def keyboard(start: int, end: int, key: str, value: str, position: int | None = None) -> str:
    place = "" if position is None else f'<part type="wordlog"><position>{position}</position></part>'
    return (
        f'<event type="keyboard">{place}<part type="winlog"><startTime>{start}</startTime><endTime>{end}</endTime>'
        f"<key>{key}</key><value>{value}</value><keyboardstate/></part></event>"
    )


def idfx_file(path: Path, *events: str) -> Path:
    about = "<entry><key>Participant</key><value>P7</value></entry>"
    raw = f'\ufeff<?xml version="1.0"?><log><session>{about}</session>{"".join(events)}</log>'.encode()
    path.write_bytes(gzip.compress(raw) if path.suffix == ".gz" else raw)
    return path


def test_an_inputlog_file_is_rebuilt_from_its_keys(tmp_path: Path) -> None:
    """A document may hold text before; forbidden control characters stand for keys without text."""
    path = idfx_file(
        tmp_path / "one.idfx.gz",
        keyboard(1000, 1090, "VK_H", "h", 353),
        keyboard(1150, 1230, "VK_O", "o", 354),
        keyboard(1400, 1480, "VK_BACK", "&#x8;", 355),
        keyboard(1700, 1790, "VK_I", "i", 354),
        keyboard(3000, 3080, "VK_S", "s", 353),
    )
    [session] = read_idfx(path, NOW)
    report = analysed(session)
    assert (session.session, session.worker, session.text) == ("one", "P7", "shi")
    assert dict(report.origins) == {"typed": 3}
    assert report.verdict is Verdict.CLEAR
    assert report.measures["hold_median_ms"] == 85


def test_a_key_that_is_held_is_one_press(tmp_path: Path) -> None:
    """Inputlog gives the repeats of a held key no mark and no duration."""
    times = [1000, 1500, 1533, 1566, 1599]
    held = [keyboard(at, at, "VK_A", "a") for at in times]
    [session] = read_idfx(idfx_file(tmp_path / "a.idfx", *held, keyboard(1632, 1650, "VK_A", "a")), NOW)
    downs = [event for event in session.epochs[0] if event[1] == "k"]
    assert [event[4] & 2 for event in downs] == [0, 2, 2, 2, 2, 2]
    assert analysed(session).measures["hold_median_ms"] == 650


def test_a_completed_word_is_the_keyboards_and_stays_verifiable(tmp_path: Path) -> None:
    word = (
        '<event type="replacement"><part type="wordlog"><start>0</start><end>2</end><newtext>hello </newtext></part>'
        '<part type="winlog"><startTime>1300</startTime></part></event>'
    )
    typed = (keyboard(1000, 1080, "VK_H", "h", 0), keyboard(1150, 1230, "VK_E", "e", 1))
    [session] = read_idfx(idfx_file(tmp_path / "w.idfx", *typed, word), NOW)
    report = analysed(session)
    assert session.text == "hello "
    assert report.accounted_share == 1
    assert report.verdict is Verdict.CLEAR


def test_our_own_logs_read_back_from_inputlogs_format(tmp_path: Path) -> None:
    writer = Writer().type("Some words, Typed.\nAgain").backspace(3).at(4).type(" more").paste(" pasted text").finish()
    log = {"session": "s1", "worker": "w1", "epochs": [{"events": writer.events}]}
    path = tmp_path / "s1.idfx"
    path.write_text(idfx_of(log), encoding="utf-8")
    [session] = read_idfx(path, NOW)
    assert session.text == writer.text
    assert (session.session, session.worker) == ("s1", "w1")


def coauthor_file(path: Path, *deltas: tuple[str, list[Mapping[str, Any]]]) -> Path:
    first = {"eventName": "system-initialize", "eventSource": "api", "textDelta": "", "currentDoc": "Prompt.\n"}
    events = [first] + [
        {"eventName": "text-insert", "eventSource": source, "textDelta": {"ops": ops}} for source, ops in deltas
    ]
    lines = [json.dumps(event | {"eventTimestamp": 1_000 * number}) for number, event in enumerate(events)]
    path.write_text("\n".join(lines))
    return path


def test_a_coauthor_session(tmp_path: Path) -> None:
    path = coauthor_file(
        tmp_path / "c.jsonl",
        ("user", [{"retain": 8}, {"insert": "H"}]),
        ("user", [{"retain": 9}, {"insert": "x"}]),
        ("user", [{"retain": 9}, {"delete": 1}]),
        ("api", [{"retain": 9}, {"insert": "e walked home."}]),
        ("user", [{"retain": 4}, {"delete": 5}, {"insert": "S"}]),
    )
    [session] = read_coauthor(path)
    assert session.item_text == "Prompt.\n"
    assert session.text == "Se walked home."
    assert dict(analysed(session).origins) == {"typed": 1, "external": 14}


HEADER = "id,event_id,down_time,up_time,action_time,activity,down_event,up_event,text_change,cursor_position,word_count"


def table(path: Path, *rows: Sequence[object]) -> Path:
    path.write_text("\n".join([HEADER, *(",".join(map(str, row)) for row in rows)]))
    return path


def test_the_competitions_table(tmp_path: Path) -> None:
    path = table(
        tmp_path / "t.csv",
        ("e1", 1, 0, 30, 30, "Nonproduction", "Leftclick", "Leftclick", "NoChange", 0, 0),
        ("e1", 2, 1000, 1080, 80, "Input", "q", "q", "q", 1, 1),
        ("e1", 3, 1200, 1290, 90, "Input", "Space", "Space", " ", 2, 1),
        ("e1", 4, 1400, 1480, 80, "Input", "q", "q", "q", 3, 2),
        ("e1", 5, 1600, 1680, 80, "Remove/Cut", "Backspace", "Backspace", "q", 2, 1),
        ("e1", 6, 2000, 2080, 80, "Replace", "q", "q", "q => qq", 2, 1),
        ("e2", 1, 500, 580, 80, "Paste", "v", "v", "qqq qqq qqq qqqq", 16, 4),
    )
    one, two = read_keystrokes(path, NOW)
    assert (one.session, one.text) == ("e1", "qq ")
    assert analysed(one).verdict is Verdict.CLEAR
    assert dict(analysed(two).origins) == {"external": 16}


def test_rows_without_times_are_named(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed) as failed:
        read_keystrokes(table(tmp_path / "t.csv", ("e1", 1, "", 30, 30, "Input", "q", "q", "q", 1, 1)), NOW)
    assert failed.value.problems == ["line 2: down_time, up_time and cursor_position must be whole numbers"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.idfx", ""),
        ("page.idfx", "<html></html>"),
        ("bomb.idfx", '<!DOCTYPE a [<!ENTITY b "c">]><log><event/></log>'),
        ("none.idfx", "<log><event type='focus'/></log>"),
    ],
)
def test_what_is_no_inputlog_file_is_refused_in_words(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(ImportFailed, match=r"Inputlog|keyboard events"):
        read_idfx(tmp_path / name, NOW)


def test_entities_are_not_hidden_by_characters_that_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "hidden.idfx").write_text('<!DOC&#1;TYPE log [<!ENTI&#2;TY b "c">]><log><event/></log>')
    with pytest.raises(ImportFailed, match="declares entities"):
        read_idfx(tmp_path / "hidden.idfx", NOW)


@pytest.mark.parametrize("read", [read_coauthor, lambda path: read_keystrokes(path, NOW)])
def test_broken_files_are_refused_in_words(tmp_path: Path, read: Callable[[Path], object]) -> None:
    for content in ("", "{", "[1]", "\x00\xff"):
        path = tmp_path / "file.gz"
        path.write_text(content)
        with pytest.raises(ImportFailed):
            read(path)
        path = tmp_path / "file.jsonl"
        path.write_text(content)
        with pytest.raises(ImportFailed):
            read(path)
