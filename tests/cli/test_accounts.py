"""Rights and budgets from the command line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from keytrail.cli import app
from keytrail.errors import DomainError

STUDY = 'title = "Short texts"\nslug = "short"\ninstructions = "Write."\n'


def keytrail(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"KEYTRAIL_DATA_DIR": "data"})


def add(name: str, *options: str) -> None:
    done = keytrail("user", "add", f"{name}@example.org", "--password", "a long password", *options)
    assert done.exit_code == 0, done.exception


def test_an_account_has_the_rights_that_it_was_made_with() -> None:
    add("a")
    add("b", "--no-create-studies", "--no-spend")
    add("c", "--operator")
    output = keytrail("user", "list").output.splitlines()
    assert [line.partition(": ")[2] for line in output] == [
        "create studies, publish and pay",
        "no rights",
        "create studies, publish and pay, operate",
    ]


def test_rights_are_given_taken_and_shown() -> None:
    add("a")
    assert keytrail("user", "rights", "a@example.org", "--no-spend").output.endswith(": create studies\n")
    assert keytrail("user", "rights", "a@example.org", "--operator").output.endswith(": create studies, operate\n")
    assert keytrail("user", "rights", "a@example.org").output.endswith(": create studies, operate\n")


def test_a_study_is_not_created_for_somebody_who_may_not(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(STUDY)
    add("o", "--operator")
    add("a", "--no-create-studies")
    refused = keytrail("study", "create", "study.toml", "--owner", "a@example.org").exception
    assert isinstance(refused, DomainError)
    assert "Ask o@example.org (o@example.org) to give you this right" in refused.message
    assert keytrail("study", "create", "study.toml", "--owner", "o@example.org").exit_code == 0


def test_the_servers_budget_is_set_shown_and_taken_away() -> None:
    assert "No budget limits this server" in keytrail("budget", "show").output
    assert "USD: 0.00 USD committed, budget: 500.00 USD" in keytrail("budget", "set", "usd", "500").output
    assert "No budget limits this server" in keytrail("budget", "set", "USD", "none").output


@pytest.mark.parametrize("arguments", [("dollars", "1"), ("USD", "many"), ("USD", "-5")])
def test_a_budget_that_makes_no_sense_is_refused(arguments: tuple[str, str]) -> None:
    assert keytrail("budget", "set", *arguments).exit_code != 0


def test_an_account_is_linked_to_the_institutions_and_unlinked() -> None:
    add("a")
    add("b")
    linked = keytrail("user", "link", "a@example.org", "4711")
    assert linked.output == "a@example.org may sign in as 4711 of proxy.\n"
    with pytest.raises(DomainError, match="has the account"):
        raise keytrail("user", "link", "b@example.org", "4711").exception or AssertionError
    assert keytrail("user", "unlink", "a@example.org").exit_code == 0
    assert keytrail("user", "link", "b@example.org", "4711").exit_code == 0


def test_a_sign_in_link_is_printed_once() -> None:
    add("a")
    output = keytrail("user", "sign-in-link", "a@example.org").output
    assert output.startswith("Works once, for 15 minutes: http://127.0.0.1:8000/invitation/")
