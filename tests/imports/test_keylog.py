import csv
import gzip
import json
from pathlib import Path

import pytest
from sqlalchemy import select

from keytrail.db import Database
from keytrail.errors import ImportFailed
from keytrail.imports.keylog import read_keylog
from keytrail.imports.storing import store_session
from keytrail.imports.study import study_for_import
from keytrail.keyring import Keyring
from keytrail.models import Submission
from keytrail.provenance import Report
from keytrail.review.analysis.bridge import analyse_submission, load_for_analysis
from tests.conftest import FakeClock
from tests.fielddata import field_data

SOURCE = "Forty people walked for ten weeks. Their sleep improved by half an hour, but their weight did not change."
FOREIGN = "In this study a group of participants took walks; the outcome was more sleep and the same weight as before."


def key_entries(text: str) -> list[list[str]]:
    return [["key", character, f"2023-06-01T07:{n // 60:02}:{n % 60:02}.500Z"] for n, character in enumerate(text)]


def mturk_file(path: Path, *answers: tuple[str, list[list[str]]]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["AssignmentId", "WorkerId", "SubmitTime", "Input.texts", "Answer.taskAnswers"])
        for number, (summary, log) in enumerate(answers):
            answer = json.dumps([{"summary": summary, "log_of_what_they_did": json.dumps(log)}])
            writer.writerow([f"A{number}", f"W{number}", "Thu Jun 01 00:12:23 PDT 2023", SOURCE, answer])
    return path


def prolific_file(path: Path, summary: str, log: str) -> Path:
    with gzip.open(path, "wt", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["original_text", "text", "log_of_what_they_did", "datetime"])
        writer.writerow([SOURCE, f"Query: {summary}", log, "2023-07-03 18:45:26.585634+00:00"])
    return path


def analysed(database: Database, keyring: Keyring, clock: FakeClock, path: Path) -> list[Report]:
    """Import a file as the command does and return the reports in order."""
    reports = []
    with database.writing() as db:
        study = study_for_import(db, "", path, "", clock())
        for session in read_keylog(path):
            stored = store_session(db, study, session, keyring, clock())
            assert stored is not None
            loaded = load_for_analysis(db, stored.id)
            assert loaded is not None
            reports.append(analyse_submission(db, loaded, clock()))
    return reports


def test_both_formats_are_read_and_attributed(
    database: Database, keyring: Keyring, clock: FakeClock, tmp_path: Path
) -> None:
    typed = "people walked and slept better"
    pasted = [
        ["copy", SOURCE],
        ["key", "v", "2023-06-01T07:00:00.000Z"],
        ["paste", FOREIGN, "2023-06-01T07:00:00.100Z"],
    ]
    from_item = [["copy", SOURCE], ["paste", SOURCE, "2023-06-01T07:00:00.100Z"]]
    path = mturk_file(tmp_path / "batch.csv", (typed, key_entries(typed)), (FOREIGN, pasted), (SOURCE, from_item))
    origins = [dict(report.origins) for report in analysed(database, keyring, clock, path)]
    assert origins == [{"typed": len(typed)}, {"external": len(FOREIGN)}, {"source": len(SOURCE)}]
    prolific = prolific_file(tmp_path / "prolific.csv.gz", typed, json.dumps(key_entries(typed)))
    assert [dict(r.origins) for r in analysed(database, keyring, clock, prolific)] == [{"typed": len(typed)}]


def test_an_empty_log_tells_nothing_and_says_so(
    database: Database, keyring: Keyring, clock: FakeClock, tmp_path: Path
) -> None:
    path = prolific_file(tmp_path / "prolific.csv.gz", FOREIGN, "        ")
    [report] = analysed(database, keyring, clock, path)
    assert report.verdict == "unverifiable"
    assert dict(report.origins) == {"unknown": len(FOREIGN)}


def test_the_prefix_that_nobody_typed_is_not_part_of_the_text(
    database: Database, keyring: Keyring, clock: FakeClock, tmp_path: Path
) -> None:
    analysed(database, keyring, clock, prolific_file(tmp_path / "p.csv.gz", "short", json.dumps(key_entries("short"))))
    with database.reading() as db:
        assert db.scalars(select(Submission.text)).one() == "short"


@pytest.mark.parametrize("log", ['[["key"', '[["click", "x", "2023-06-01T07:00:00Z"]]', '[["key", "x", "never"]]', "7"])
def test_a_broken_log_is_named_with_its_row(tmp_path: Path, log: str) -> None:
    with pytest.raises(ImportFailed) as failed:
        read_keylog(prolific_file(tmp_path / "p.csv.gz", "text", log))
    assert failed.value.problems[0].startswith("row 1 ")


@pytest.mark.field
@pytest.mark.parametrize(
    ("name", "known", "pasters"),
    [
        # The paper counts 43 of 48 with a paste on MTurk (89.6 %), the follow-up 86 of 158 on Prolific (54.4 %) by a
        # rule that also takes unidentified keys of phones for pastes.
        ("gpturk/mturk_batch_results.csv", 0.999, (0.84, 0.95)),
        ("crowdwork/prolific_study1.csv.gz", 0.98, (0.44, 0.60)),
    ],
)
def test_the_field_files_are_attributed(
    sqlite_database_url: str, keyring: Keyring, clock: FakeClock, name: str, known: float, pasters: tuple[float, float]
) -> None:
    path = field_data() / name
    database = Database(sqlite_database_url)
    reports = analysed(database, keyring, clock, path)
    database.close()
    units = sum(report.length for report in reports)
    unknown = sum(report.origins.get("unknown", 0) for report in reports)  # type: ignore[call-overload]  # a StrEnum
    assert 1 - unknown / units >= known
    with_paste = [any(entry[0] == "paste" for entry in session.epochs[0]) for session in read_keylog(path)]
    assert pasters[0] <= sum(with_paste) / len(with_paste) <= pasters[1]
