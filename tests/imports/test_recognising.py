"""A file of another tool is refused with one sentence that says what it is and what to do."""

from pathlib import Path

import pytest

from keytrail.errors import ImportFailed
from keytrail.imports.keylog import read_keylog
from keytrail.imports.wire import read_wire
from tests.conftest import FakeClock

FILES = {
    "inputlog.idfx": ("<log><meta><entry></entry></meta></log>", "keytrail import idfx"),
    "coauthor.jsonl": ('{"eventName": "a", "eventSource": "api"}', "keytrail import coauthor"),
    "table.csv": (
        "id,event_id,down_time,up_time,activity,down_event,text_change,cursor_position\n",
        "keytrail import keystrokes",
    ),
    "other_study.csv": ('"HITId","AssignmentId","WorkerId","Answer.summary"\n"a","b","c","d"\n', "another study"),
    "no_log.csv": (
        '"HITId","AssignmentId","WorkerId","Answer.taskAnswers"\n"a","b","c","[{""summary"":""x""}]"\n',
        "no log_of_what_they_did",
    ),
    "prolific.csv": ("Submission id,Participant id,Status\na,b,c\n", "it holds no logs"),
    "qualtrics.csv": ('StartDate,ResponseId\n"{""ImportId"":""startDate""}",R_1\n', "Qualtrics"),
    "psiturk.json": ('{"data":[{"uniqueid":"W:A","trialdata":{}}]}', "psiTurk"),
    "trialdata.csv": ('a:b,0,1,"{""phase"": ""TEXT""}"\n', "psiTurk"),
    "jatos.txt": ('[{"rt":1,"trial_type":"survey-text"}]\n', "jsPsych"),
    "136m.txt": ("PARTICIPANT_ID\tTEST_SECTION_ID\tSENTENCE\n", "136 million"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_another_tool_gets_one_sentence(tmp_path: Path, clock: FakeClock, name: str) -> None:
    content, problem = FILES[name]
    path = tmp_path / name
    path.write_text(content)
    for read in (read_keylog, lambda file: read_wire(file, clock())):
        with pytest.raises(ImportFailed) as failed:
            read(path)
        assert problem in failed.value.message
        assert failed.value.message.startswith(f"{path} is not ")
        assert failed.value.problems == []
