"""Files as other tools write them, with all that Keytrail does not need, go through the command into a study."""

import json
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from keytrail.cli import app
from keytrail.db import Database
from keytrail.errors import ImportFailed
from keytrail.evaluation.judging import judge
from keytrail.evaluation.reading import find
from keytrail.imports.keylog import read_keylog
from keytrail.imports.wire import read_wire
from keytrail.models import StoredReport, Submission
from tests.conftest import FakeClock
from tests.fielddata import reported_cases

IDFX = """\
\ufeff<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<log>
    <meta>
        <entry><key>__LogProgramVersion</key><value>9.0</value></entry>
        <entry><key>__LogCreationDate</key><value>26/03/02 09:30:00.000</value></entry>
        <entry><key>__MainDocument</key><value>WordLog.docx</value></entry>
    </meta>
    <session><entry><key>Participant</key><value>W3</value></entry></session>
    <event id="0" type="focus">
        <part type="winlog"><startTime>200</startTime><endTime>200</endTime><title>WordLog.docx</title></part>
    </event>
    <event id="1" type="mouse">
        <part type="winlog"><startTime>700</startTime><endTime>790</endTime><x>9</x><y>4</y><type>click</type></part>
    </event>
    <event id="2" type="keyboard">
        <part type="wordlog"><position>0</position><documentLength>1</documentLength><replay>True</replay></part>
        <part type="winlog"><startTime>1600</startTime><endTime>1710</endTime><key>VK_N</key><value>n</value></part>
    </event>
    <event id="3" type="keyboard">
        <part type="wordlog"><position>1</position><documentLength>2</documentLength><replay>True</replay></part>
        <part type="winlog"><startTime>1820</startTime><endTime>1905</endTime><key>VK_O</key><value>o</value></part>
    </event>
    <event id="4" type="keyboard">
        <part type="wordlog"><position>2</position><documentLength>3</documentLength><replay>True</replay></part>
        <part type="winlog"><startTime>2040</startTime><endTime>2133</endTime><key>VK_W</key><value>w</value></part>
    </event>
</log>
"""
COAUTHOR_EVENTS: list[dict[str, Any]] = [
    {
        "eventName": "system-initialize",
        "eventSource": "api",
        "textDelta": "",
        "currentDoc": "Write about rain.\n",
        "currentCursor": 18,
        "currentSuggestions": [],
        "currentSuggestionIndex": 0,
        "currentHoverIndex": "",
    },
    {"eventName": "cursor-forward", "eventSource": "user", "textDelta": "", "currentCursor": 18},
    {
        "eventName": "text-insert",
        "eventSource": "user",
        "textDelta": {"ops": [{"retain": 18}, {"insert": "O"}]},
        "currentDoc": "",
        "currentCursor": 19,
    },
    {"eventName": "suggestion-get", "eventSource": "user", "textDelta": "", "currentDoc": ""},
    {"eventName": "suggestion-open", "eventSource": "api", "textDelta": "", "currentDoc": ""},
    {"eventName": "suggestion-select", "eventSource": "user", "textDelta": "", "currentDoc": ""},
    {
        "eventName": "text-insert",
        "eventSource": "api",
        "textDelta": {"ops": [{"retain": 19}, {"insert": "n Monday it rained."}]},
        "currentDoc": "",
        "currentCursor": 38,
    },
    {"eventName": "suggestion-close", "eventSource": "user", "textDelta": "", "currentDoc": ""},
]
COAUTHOR = "\n".join(
    json.dumps({"eventTimestamp": 1_700_000_000_000 + 900 * number, "cursorRange": "", "eventNum": number} | event)
    for number, event in enumerate(COAUTHOR_EVENTS)
)
KEYSTROKES = """\
id,event_id,down_time,up_time,action_time,activity,down_event,up_event,text_change,cursor_position,word_count
00a1b2c3,1,3810,3893,83,Nonproduction,Leftclick,Leftclick,NoChange,0,0
00a1b2c3,2,9120,9120,0,Nonproduction,Shift,Shift,NoChange,0,0
00a1b2c3,3,9204,9291,87,Input,q,q,q,1,1
00a1b2c3,4,9460,9548,88,Input,q,q,q,2,1
00a1b2c3,5,9702,9702,0,Input,Space,Space, ,3,1
00a1b2c3,6,9950,10041,91,"Move From [0, 2] To [1, 3]",Leftclick,Leftclick,NoChange,3,1
"""


class Foreign(NamedTuple):
    """A file of another tool, the command that imports it, and the text that it ends with."""

    name: str
    content: str
    command: str
    text: str


MADE = [
    Foreign("essay.idfx", IDFX, "idfx", "now"),
    Foreign("story.jsonl", COAUTHOR, "coauthor", "On Monday it rained."),
    Foreign("essays.csv", KEYSTROKES, "keystrokes", " qq"),
]
REPORTED = [
    Foreign("inputlog.idfx", "", "idfx", "hi"),
    Foreign("coauthor.jsonl", "", "coauthor", "This was suggested."),
    Foreign("kaggle_writing_processes.csv", "", "keystrokes", "q"),
]


def imported(path: Path, command: str) -> list[tuple[str, str]]:
    """Import a file into an empty installation; the text and the verdict of each submission."""
    done = CliRunner().invoke(app, ["import", command, str(path)], env={"KEYTRAIL_DATA_DIR": "data"})
    assert done.exit_code == 0, done.output
    database = Database(f"sqlite:///{Path('data/keytrail.sqlite3').absolute()}")
    try:
        with database.reading() as db:
            query = select(Submission.text, StoredReport.verdict).join(StoredReport)
            return [(text, verdict) for text, verdict in db.execute(query)]
    finally:
        database.close()


@pytest.mark.parametrize("file", MADE, ids=lambda file: file.command)
def test_a_file_of_another_tool_becomes_a_submission(tmp_path: Path, file: Foreign) -> None:
    path = tmp_path / file.name
    path.write_text(file.content, encoding="utf-8")
    [(text, verdict)] = imported(path, file.command)
    assert text == file.text
    assert verdict != "unverifiable"


@pytest.mark.parametrize("file", MADE, ids=lambda file: file.command)
def test_the_evaluation_reads_the_same_file(tmp_path: Path, file: Foreign) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / file.name).write_text(file.content, encoding="utf-8")
    found = find([folder])
    assert list(found.skipped) == []
    [session] = judge(found)
    assert session.dataset == "set"


@pytest.mark.field
@pytest.mark.parametrize("file", REPORTED, ids=lambda file: file.command)
def test_a_reported_file_of_another_tool_becomes_a_submission(tmp_path: Path, file: Foreign) -> None:
    path = tmp_path / file.name
    shutil.copy(reported_cases() / "foreign-files" / file.name, path)
    [(text, verdict)] = imported(path, file.command)
    assert text == file.text
    assert verdict != "unverifiable"


@pytest.mark.field
def test_each_reported_file_gets_one_sentence_from_the_wrong_command(clock: FakeClock) -> None:
    files = sorted((reported_cases() / "foreign-files").iterdir())
    assert len(files) >= 12
    for path in files:
        for read in (read_keylog, lambda file: read_wire(file, clock())):
            with pytest.raises(ImportFailed) as failed:
                read(path)
            assert failed.value.message.startswith(f"{path} is not ")
            assert "it looks like " in failed.value.message
            assert failed.value.problems == []
