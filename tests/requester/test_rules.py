"""Every rule that can fire is one object, from which titles, filters, the API's ids and the documents derive."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from keytrail.provenance import Severity
from keytrail.provenance.rules.rule import CoreRule
from keytrail.requester.api_shapes import FindingShape
from keytrail.requester.queue.submissions import SubmissionsPage
from keytrail.synthetic.rules import RULES, rule_title
from tests.requester.site import Site

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "app" / "keytrail"
REBUILDS = {"provenance/report.py", "provenance/rules/rule.py", "evaluation/judging.py"}
"""Modules that make findings again from what was stored or counted, or for a rule that they are given."""


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in PACKAGE.rglob("*.py"):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.AST, name: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]


def judges() -> dict[str, ast.FunctionDef]:
    """The functions of the core that are rules, by id."""
    return {
        node.name: node
        for place, tree in trees()
        if place.startswith("provenance/rules/")
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(one, ast.Call) and ast.unparse(one.func) == "rule" for one in node.decorator_list)
    }


def declared() -> set[str]:
    """The ids of rules outside the core, by the source of the whole package."""
    return {
        str(ast.literal_eval(keyword.value))
        for _, tree in trees()
        for call in calls(tree, "Rule")
        for keyword in call.keywords
        if keyword.arg == "id"
    }


def test_every_rule_in_the_source_is_in_the_catalogue() -> None:
    assert len(declared()) >= 5
    assert judges().keys() | declared() == RULES.keys()


def test_findings_are_made_by_rules_alone() -> None:
    """Outside the rules nothing makes a finding under an id of its own."""
    making = {place for place, tree in trees() if calls(tree, "Finding")}
    assert {place for place in making - REBUILDS if not place.startswith("provenance/rules/")} == set()


@pytest.mark.parametrize("rule", judges())
def test_a_rule_of_the_core_finds_what_it_is_registered_for(rule: str) -> None:
    judge, registered = judges()[rule], RULES[rule]
    made = [*calls(judge, "Finding"), *calls(judge, "_found")]
    named = {keyword.value.value for one in made for keyword in one.keywords if keyword.arg == "rule"}  # type: ignore[attr-defined]
    named |= {one.args[0].value for one in made if one.args}  # type: ignore[attr-defined]
    body = "\n".join(map(ast.unparse, judge.body))
    assert isinstance(registered, CoreRule)
    assert named == {rule}
    assert set(re.findall(r"Family\.(\w+)", body)) <= {registered.family.name}
    assert set(re.findall(r"Severity\.(\w+)", body)) <= {severity.name for severity in registered.severities}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_says_what_it_is_and_how_often_it_is_wrong(rule: str) -> None:
    known = RULES[rule]
    assert known.severities == tuple(one for one in Severity if one in known.severities) != ()
    assert known.title[0].isupper()
    assert rule_title(rule) == known.title
    assert known.false_alarm.endswith(".")
    assert sum(other.title == known.title for other in RULES.values()) == 1


def test_a_rule_that_is_gone_is_shown_by_its_id() -> None:
    assert rule_title("held_keys") == "Held keys"


def test_the_filters_offer_every_rule(site: Site) -> None:
    page: SubmissionsPage = site.visitor("vera").context("/studies/night")
    assert {choice.value: choice.label for choice in page.form.findings} == {
        rule.id: rule.title for rule in RULES.values()
    }


def test_the_api_names_every_rule(site: Site) -> None:
    assert FindingShape.model_json_schema()["properties"]["id"]["enum"] == list(RULES)
    listing = site.app.openapi()["paths"]["/api/v1/studies/{study}/submissions"]["get"]
    (finding,) = (one for one in listing["parameters"] if one["name"] == "finding")
    assert finding["schema"]["enum"] == list(RULES)


def test_the_document_has_a_row_for_every_rule() -> None:
    document = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
    rows: dict[str, set[str]] = {}
    last = ""
    for line in document.partition("\n## Findings\n")[2].splitlines():
        if line.startswith("| "):
            cells = [cell.strip() for cell in line.split("|")]
            last = cells[1].strip("`") or last
            rows.setdefault(last, set()).update(re.findall(r"\b(info|review|high)\b", cells[3]))
    assert rows.keys() >= RULES.keys()
    missing = {rule.id: set(rule.severities) - rows[rule.id] for rule in RULES.values() if rule.id != "automation"}
    assert {rule: named for rule, named in missing.items() if named} == {}
