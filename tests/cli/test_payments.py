"""The marketplace's commands against a sandbox: publish, status, and access rights."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from keytrail.cli import app
from keytrail.cli.installation import open_installation
from keytrail.errors import DomainError
from keytrail.models import Membership, Role
from keytrail.studies import study_by_slug
from keytrail.users.accounts import user_by_email
from tests.platform_actions.market import credentials_file
from tests.sandbox.conftest import (
    ACCESS_KEY,
    SECRET_KEY,
    config,
    connect,
    listener,
    origin,
    requester,
    server,
    sign_up,
    time,
)
from tests.sandbox.people import WorkerBrowser
from tests.sandbox.running import Time

__all__ = ["config", "connect", "listener", "origin", "requester", "server", "sign_up", "time"]

STUDY = """
title = "Short texts"
slug = "short"
instructions = "Write."
reward = 0.50
places_per_item = 2
institution = "The short laboratory"
contact = "lab@example.org"
ethics_number = "none"
retention = "two years"
"""
BY = ("--by", "o@example.org")


def keytrail(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"KEYTRAIL_DATA_DIR": "data", **environment})


def refusal(done: Result) -> str:
    assert isinstance(done.exception, DomainError)
    return done.exception.message


@pytest.fixture(autouse=True)
def _study(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(STUDY)
    (tmp_path / "items.csv").write_text("id,text\na,One text\nb,Another text\n")
    for arguments in (
        ("user", "add", "o@example.org", "--password", "a long password"),
        ("study", "create", "study.toml", "--owner", "o@example.org"),
        ("study", "items", "short", "items.csv"),
        ("study", "publish", "short", *BY, "--yes"),
    ):
        done = keytrail(*arguments)
        assert done.exit_code == 0, done.exception


def test_publish_tells_the_cost_and_status_shows_the_places(
    tmp_path: Path, time: Time, origin: str, requester: Any
) -> None:
    time.now = datetime.now(UTC)
    market = connected(tmp_path, origin)
    assert "more than the budget" in refusal(keytrail("mturk", "publish", "short", *BY, "--budget", "1", **market))
    done = keytrail("mturk", "publish", "short", *BY, "--budget", "9", "--yes", **market)
    assert done.exit_code == 0, done.exception
    assert "2 HITs with 2 places each: 2.00 USD + fees 0.40 USD = 2.40 USD." in done.output
    assert len(requester.list_hits()["HITs"]) == 2
    status = keytrail("mturk", "status", "short", *BY, **market).output
    assert "0 submitted, 0 in progress, 2 open of 2" in status
    assert "Left of the budget: 6.60 USD" in status
    assert keytrail("payments", "list", "short", *BY).output.count("sent") == 2


def connected(folder: Path, origin: str) -> dict[str, str]:
    """The settings of an installation that publishes on the sandbox."""
    file = credentials_file(folder, ACCESS_KEY, SECRET_KEY)
    return {"KEYTRAIL_MTURK_ENDPOINT": origin, "KEYTRAIL_MTURK_CREDENTIALS_FILE": str(file)}


def test_work_that_came_without_a_text_is_told_and_settled(
    tmp_path: Path, time: Time, origin: str, requester: Any, sign_up: Callable[..., WorkerBrowser]
) -> None:
    time.now = datetime.now(UTC)
    market = connected(tmp_path, origin)
    keytrail("mturk", "publish", "short", *BY, "--yes", **market)
    assignment_id = sign_up().work_on(requester.list_hits()["HITs"][0]["HITId"])
    output = keytrail("mturk", "sync", "short", *BY, **market).output
    assert f"Submitted there, no text here: number 1, {assignment_id}" in output
    settled = keytrail("payments", "settle", "short", "1", *BY, "--reject", "No text came.").output
    assert "3: reject is queued." in settled
    shown = keytrail("payments", "preview", "short", "3", *BY, **market).output
    assert "Message to the worker: No text came." in shown
    assert "Reject 1 submission." in shown
    assert keytrail("payments", "send", "short", "3", *BY, **market).exit_code == 1
    assert requester.get_assignment(AssignmentId=assignment_id)["Assignment"]["AssignmentStatus"] == "Submitted"
    assert keytrail("payments", "send", "short", "3", "--yes", *BY, **market).exit_code == 0
    found = requester.get_assignment(AssignmentId=assignment_id)["Assignment"]
    assert (found["AssignmentStatus"], found["RequesterFeedback"]) == ("Rejected", "No text came.")
    assert "no text here" not in keytrail("mturk", "status", "short", *BY, **market).output


def test_without_a_yes_nothing_is_sent() -> None:
    assert keytrail("mturk", "publish", "short", *BY).exit_code != 0
    assert keytrail("payments", "list", "short", *BY).output == ""


def test_without_a_marketplace_nothing_is_sent_and_the_setting_is_named() -> None:
    done = keytrail("mturk", "publish", "short", *BY, "--yes")
    assert "2 of 2 were not sent" in refusal(done)
    assert "KEYTRAIL_MTURK_ENDPOINT" in done.output


def test_somebody_without_a_part_in_the_study_sends_nothing() -> None:
    keytrail("user", "add", "p@example.org", "--password", "a long password")
    assert "has no role" in refusal(keytrail("payments", "list", "short", "--by", "p@example.org"))


def test_a_reviewer_looks_and_does_not_send() -> None:
    keytrail("user", "add", "r@example.org", "--password", "a long password")
    with open_installation(data_dir=Path("data")) as at, at.database.writing() as db:
        study, reviewer = study_by_slug(db, "short"), user_by_email(db, "r@example.org")
        db.add(Membership(user_id=reviewer.id, study_id=study.id, role=Role.REVIEWER))
    by = ("--by", "r@example.org")
    assert keytrail("payments", "list", "short", *by).exit_code == 0
    for command in (("mturk", "publish", "short"), ("payments", "send", "short", "1"), ("mturk", "approve", "short")):
        assert "Only an owner" in refusal(keytrail(*command, *by))


def test_a_bonus_or_a_message_for_an_unknown_submission_is_refused() -> None:
    for command in (("bonus", "short", "nowhere", "1.00", "Thanks"), ("message", "short", "nowhere", "Hello", "Text")):
        assert "no such submission" in refusal(keytrail("mturk", *command, *BY, "--yes"))
    assert keytrail("payments", "list", "short", *BY).output == ""


def test_signed_links_and_free_places_from_the_command_line(tmp_path: Path) -> None:
    lab = STUDY.replace('"short"', '"lab"') + 'platform = "direct"\n[platform_options]\nsigned_links = "yes"\n'
    (tmp_path / "lab.toml").write_text(lab)
    keytrail("study", "create", "lab.toml", "--owner", "o@example.org")
    secret, first, second = keytrail("study", "links", "lab", "P1", "P2", "--secret").output.split()
    made = hmac.new(secret.encode(), b"P2", hashlib.sha256).hexdigest()
    assert second.endswith(f"/task/lab?participant=P2&signature={made}")
    assert made not in first
    assert "Switch them on" in refusal(keytrail("study", "links", "short", "P1"))
    assert "Give the ids" in refusal(keytrail("study", "links", "lab"))
    assert keytrail("study", "free-places", "lab", *BY).output == "Places released: 0\n"
