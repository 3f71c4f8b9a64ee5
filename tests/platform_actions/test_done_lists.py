"""Lists of what was done by hand, as people upload them: from spreadsheets, marketplaces and by heart."""

import pytest

from keytrail.models import ActionKind
from tests.platform_actions.test_by_hand import PAYMENTS, olivia, site, states, upload, work
from tests.requester.site import Site, Visitor, words_of

__all__ = ["olivia", "site"]


@pytest.mark.parametrize(
    "content",
    [
        "Participant ID;Action\nP1;Bonus\n",
        "\ufeffassignment_id,kind\nA-P1,bonus\n",
        "workerId\taction\n'P1\tBONUS\n",
        " platform_id , action \n P1 , bonus \n\n",
        'sep=;\r\nid;action\r\n="P1";bonus\r\n',
        "action_number\n2.0\n",
        "P1,1.50\n",
        "platform_id,action,amount\nP1,bonus,1.5\n",
        "Participant id,Completion code,Status,Action\nP1,C0DE,APPROVED,bonus\n",
    ],
)
def test_lists_of_other_shapes_are_understood(site: Site, olivia: Visitor, content: str) -> None:
    work(site, "P1", ActionKind.APPROVE, ActionKind.BONUS)
    assert upload(olivia, content).is_redirect
    assert states(site) == ["queued", "sent"]


def test_a_plain_list_of_ids_marks_each(site: Site, olivia: Visitor) -> None:
    for person in ("P1", "P2"):
        work(site, person, ActionKind.APPROVE)
    assert upload(olivia, "P1\n\nP2\nP1\n", "ids.txt").is_redirect
    assert states(site) == ["sent", "sent"]


def test_a_list_of_one_id_needs_no_header(site: Site, olivia: Visitor) -> None:
    for person in ("P1", "P2"):
        work(site, person, ActionKind.APPROVE)
    assert upload(olivia, "P2").is_redirect
    assert states(site) == ["queued", "sent"]


def test_prolifics_form_for_bonuses_comes_back_and_tells_two_of_one_worker_apart(site: Site, olivia: Visitor) -> None:
    receipt = work(site, "P1", ActionKind.APPROVE, ActionKind.BONUS)
    asked = olivia.post(f"{PAYMENTS}/bonus", submission=receipt, amount="0.25", reason="Thanks", token="t")
    assert asked.is_redirect
    form = olivia.post(f"{PAYMENTS}/list", table="bonuses").text
    assert form == "P1,1.50\nP1,0.25\n"
    assert upload(olivia, form).is_redirect
    assert states(site) == ["queued", "sent", "sent"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("platform_id,action\nP1,approve\nP9,approve\n", "line 3: no approve for “P9” is waiting in this study"),
        ("platform_id\nP1\n", "line 2: “P1” has 2 actions waiting (approve, bonus). Add a column “action”"),
        ("name,sum\nAnna,3\n", "has no column with ids"),
        ("action_number\n1\n99\n", "line 3: no action for “99” is waiting"),
        ("platform_id\n1.23457E+17\n", "line 2: “1.23457E+17” is a long number that a spreadsheet has shortened"),
        ("platform_id,action\n", "has no ids below its header"),
        ("p1\n", "line 1: no action for “p1” is waiting"),
    ],
)
def test_a_row_that_fits_nothing_marks_nothing(site: Site, olivia: Visitor, content: str, sentence: str) -> None:
    work(site, "P1", ActionKind.APPROVE, ActionKind.BONUS)
    refused = upload(olivia, content)
    assert refused.status_code == 400
    assert "Nothing was marked as done" in words_of(refused.text)
    assert sentence in words_of(refused.text)
    assert states(site) == ["queued", "queued"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("action_number,platform_id\n1,P2\n3,P1\n", "line 2: action 1 is about “P1”, and this row says “P2”"),
        ("action_number,receipt\n1,0123456789abcdef\n", "and this row says “0123456789abcdef”"),
        ("platform_id,action,amount\nP1,bonus,2.50\n", "line 2: action 2 is for 1.50, and this row says 2.50"),
        ("platform_id,action,amount,currency\nP1,bonus,1.50,GBP\n", "action 2 is in USD, and this row says GBP"),
        ("action_number,platform_id\n1,123\n", "action 1 is about “P1”, and this row says “123”"),
        ("P1,15\n", "line 1: action 2 is for 1.50, and this row says 15"),
        ("Submission id,Status\nA-P2,AWAITING REVIEW\n", "line 2: it is “AWAITING REVIEW” in this file"),
        ("Submission id,Status\nA-P2,rejected\n", "so “approve” was not done there"),
        ("AssignmentId,AssignmentStatus\nA-P2,Submitted\n", "so “approve” was not done there"),
    ],
)
def test_a_row_that_contradicts_its_action_marks_nothing(
    site: Site, olivia: Visitor, content: str, sentence: str
) -> None:
    """Whoever is paid nothing must not be marked as paid: a sorted column, another amount, an export of everybody."""
    work(site, "P1", ActionKind.APPROVE, ActionKind.BONUS)
    work(site, "P2", ActionKind.APPROVE)
    refused = upload(olivia, content)
    assert (refused.status_code, sentence in words_of(refused.text)) == (400, True), words_of(refused.text)
    assert states(site) == ["queued"] * 3


def test_the_downloaded_list_comes_back_from_a_spreadsheet(site: Site, olivia: Visitor) -> None:
    """Semicolons, a decimal comma, quotation marks, long ids shortened, the rows in another order."""
    for person in ("12345678901234567", "P2"):
        work(site, person, ActionKind.APPROVE)
    header, *rows = olivia.post(f"{PAYMENTS}/list", table="waiting-actions").text.splitlines()
    as_excel = [row.replace(",", ";").replace("1.50", "1,50") for row in rows]
    changed = [row.replace(";12345678901234567;", ";1,23457E+16;") for row in as_excel]
    assert "1,23457E+16" in changed[0]
    content = "\r\n".join(("\ufeff" + header.replace(",", ";"), *reversed(changed), ""))
    answer = upload(olivia, content)
    assert answer.is_redirect, words_of(answer.text)
    assert states(site) == ["sent", "sent"]


def test_a_marketplaces_export_of_what_was_approved_marks_it(site: Site, olivia: Visitor) -> None:
    work(site, "P1", ActionKind.APPROVE)
    export = "Submission id,Participant id,Status,Completion code\nA-P1,P1,APPROVED,NOCODE\n"
    assert upload(olivia, export).is_redirect
    assert states(site) == ["sent"]


@pytest.mark.parametrize(
    ("platform_id", "said", "same"),
    [
        ("0000123", "123", True),
        ("123", "123.0", True),
        ("123456789012345678", "1.23457E+17", True),
        ("123456789012345678", "123456789012345000", True),
        ("123456789012345678", "1.23458E+17", False),
        ("123456789012345678", "123456789012347000", False),
        ("1230", "123", False),
        ("5e10", "5.00E+10", True),
        ("5e10", "5.00E+11", False),
        ("P1", "1", False),
        ("1" * 100, "2" * 100, False),
    ],
)
def test_an_id_that_a_spreadsheet_took_for_a_number_is_the_same_or_another(
    site: Site, olivia: Visitor, platform_id: str, said: str, *, same: bool
) -> None:
    """Beside the action's number; a column that was sorted without the others must not go unnoticed."""
    work(site, platform_id, ActionKind.APPROVE)
    answer = upload(olivia, f"action_number,platform_id\n1,{said}\n")
    assert answer.is_redirect == same, words_of(answer.text)
    assert states(site) == ["sent" if same else "queued"]


@pytest.mark.parametrize(("ids", "row"), [(("007",), "7"), (("7", "007"), "7")])
def test_zeros_that_a_spreadsheet_dropped_mark_nobody_else(
    site: Site, olivia: Visitor, ids: tuple[str, ...], row: str
) -> None:
    for one in ids:
        work(site, one, ActionKind.APPROVE)
    refused = upload(olivia, f"platform_id\n{row}\n")
    assert (refused.status_code, "zeros in front" in words_of(refused.text)) == (400, True)
    assert states(site) == ["queued"] * len(ids)
