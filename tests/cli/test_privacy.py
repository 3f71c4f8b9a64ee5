import sqlite3
from pathlib import Path

from tests.cli.running import keytrail
from tests.cli.test_analysis import imported


def test_old_logs_lose_their_times_and_still_fit(tmp_path: Path) -> None:
    data = tmp_path / "data"
    imported(data)
    asked = keytrail("privacy", "coarsen", data=data)
    assert asked.returncode == 2
    assert "KEYTRAIL_KEY_TIMING_DAYS" in asked.stderr
    done = keytrail("privacy", "coarsen", "--days", "0", data=data)
    assert done.stdout == "Rounded the times of 3 events in 1 session to seconds.\n"
    assert keytrail("verify", data=data).stdout.startswith("Checked 1 batch of 1 session: everything fits.\n")


def test_a_worker_is_shown_before_being_erased(tmp_path: Path) -> None:
    data = tmp_path / "data"
    imported(data, worker="ANNA")
    nobody = keytrail("privacy", "erase", "BERT", data=data)
    assert nobody.returncode == 2
    assert "No worker with this id" in nobody.stderr
    shown = keytrail("privacy", "erase", "ANNA", data=data)
    assert "would be erased" in shown.stdout
    assert "       1  submissions" in shown.stdout
    done = keytrail("privacy", "erase", "ANNA", "--yes", data=data)
    assert done.stdout.startswith("Erased")
    assert keytrail("privacy", "erase", "ANNA", data=data).returncode == 2


def test_ids_are_counted_before_they_are_forgotten(tmp_path: Path) -> None:
    data = tmp_path / "data"
    imported(data, worker="ANNA")
    asked = keytrail("privacy", "forget-ids", data=data)
    assert asked.returncode == 2
    assert "KEYTRAIL_PLATFORM_ID_DAYS" in asked.stderr
    counted = keytrail("privacy", "forget-ids", "--days", "0", data=data)
    assert counted.stdout == "The ids of 0 workers would be deleted; add --yes to do it.\n"
    assert keytrail("privacy", "forget-ids", "--days", "0", "--yes", data=data).stdout.endswith("ids of 0 workers.\n")


def test_logs_of_decided_work_are_counted_before_they_are_masked(tmp_path: Path) -> None:
    data = tmp_path / "data"
    imported(data)
    asked = keytrail("privacy", "mask", data=data)
    assert asked.returncode == 2
    assert "KEYTRAIL_LOG_TEXT_DAYS" in asked.stderr
    undecided = keytrail("privacy", "mask", "--days", "0", data=data)
    assert undecided.stdout == "The logs of 0 sessions would be masked for good; add --yes to do it.\n"
    with sqlite3.connect(data / "keytrail.sqlite3") as database:
        database.execute("UPDATE submissions SET settled = 1")
    database.close()
    counted = keytrail("privacy", "mask", "--days", "0", data=data)
    assert counted.stdout == "The logs of 1 session would be masked for good; add --yes to do it.\n"
    done = keytrail("privacy", "mask", "--days", "0", "--yes", data=data)
    assert done.stdout == "Masked the text of 3 events in 1 session.\n"
    assert keytrail("verify", data=data).stdout.startswith("Checked 1 batch of 1 session: everything fits.\n")
