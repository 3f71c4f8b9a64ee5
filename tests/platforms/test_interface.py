import ast
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import keytrail
from keytrail.errors import BadRequest, Forbidden
from keytrail.platforms import Assignment, Capability, Preview, SessionOutcome, platform_of
from keytrail.platforms.fees import Cost, mturk_bonus_fee, mturk_cost, mturk_reward_fee
from keytrail.platforms.mturk_question import external_question

PACKAGE = Path(keytrail.__file__).parent
DISPATCHERS = {
    f"platform_actions/{name}.py" for name in ("performing", "reconciliation", "recruitment", "send_preview")
}
"""Modules that choose a platform's own API client; all others ask the platform's class."""
NAMES = ("mturk", "prolific", "connect", "panel", "direct")
CODES = {"completion_code": "DONE", "no_consent_code": "NOPE", "screened_out_code": "OUT"}
WORK = Assignment("W", "A&B/1")


@pytest.mark.parametrize("name", NAMES)
def test_every_platform_can_do_a_thing_or_says_what_to_do_instead(name: str) -> None:
    capabilities = platform_of(name, {}).capabilities
    for capability in Capability:
        assert capabilities.can(capability) or capabilities.instead(capability).endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_every_platforms_own_example_is_recognised(name: str) -> None:
    platform = platform_of(name, {})
    assert isinstance(platform.identify(platform.example()), Assignment)
    assert platform.identify({}) == Preview()
    assert all(paste.where for paste in platform.pastes("https://k.example/task/s"))


def test_mturk_says_which_task_it_previews() -> None:
    preview = {"assignmentId": "ASSIGNMENT_ID_NOT_AVAILABLE", "turkSubmitTo": "https://www.mturk.com"}
    mturk = platform_of("mturk", {})
    assert mturk.identify({**preview, "hitId": "HIT1"}) == Preview("HIT1")
    assert mturk.identify(preview) == Preview()
    with pytest.raises(BadRequest):
        mturk.identify({**preview, "hitId": "<b>"})


@pytest.mark.parametrize(
    ("name", "options", "outcome", "kind", "target"),
    [
        ("prolific", CODES, SessionOutcome.DONE, "redirect", "https://app.prolific.com/submissions/complete?cc=DONE"),
        (
            "prolific",
            CODES,
            SessionOutcome.NO_CONSENT,
            "redirect",
            "https://app.prolific.com/submissions/complete?cc=NOPE",
        ),
        (
            "prolific",
            CODES,
            SessionOutcome.SCREENED_OUT,
            "redirect",
            "https://app.prolific.com/submissions/complete?cc=OUT",
        ),
        ("prolific", {}, SessionOutcome.DONE, "done", None),
        ("prolific", {}, SessionOutcome.NO_CONSENT, "return", None),
        ("connect", CODES, SessionOutcome.DONE, "code", None),
        ("connect", {"completion_url": "javascript:x", "completion_code": "C"}, SessionOutcome.DONE, "code", None),
        (
            "panel",
            {"completion_url": "https://p.example/?a={assignment}&r={receipt}"},
            SessionOutcome.DONE,
            "redirect",
            "https://p.example/?a=A%26B%2F1&r=r1",
        ),
        ("mturk", {}, SessionOutcome.DONE, "post", "https://www.mturk.com/mturk/externalSubmit"),
        ("mturk", {}, SessionOutcome.SCREENED_OUT, "return", None),
        ("direct", {}, SessionOutcome.DONE, "done", None),
    ],
)
def test_each_outcome_ends_as_the_platform_wants(
    name: str, options: Mapping[str, str], outcome: SessionOutcome, kind: str, target: str | None
) -> None:
    finish = platform_of(name, options).finish(WORK, "r1", outcome)
    assert (finish.kind, finish.url) == (kind, target)


@pytest.mark.parametrize(
    "odd",
    [
        "https://evil.example",
        "//evil.example",
        "javascript:alert(1)",
        "https://www.mturk.com@evil.example",
        "https://www.mturk.com.evil.example/",
        "http://[",
        "https://www.mturk.com:444",
        "x" * 10_000,
    ],
)
def test_work_is_submitted_to_known_places_only(odd: str) -> None:
    query = {"assignmentId": "A", "workerId": "W", "turkSubmitTo": odd}
    with pytest.raises(Forbidden):
        platform_of("mturk", {}).identify(query)


@pytest.mark.parametrize("usual", ["https://www.mturk.com", "https://workersandbox.mturk.com/", ""])
def test_a_trailing_slash_or_no_address_is_no_reason_to_refuse(usual: str) -> None:
    visit = platform_of("mturk", {}).identify({"assignmentId": "A", "workerId": "W", "turkSubmitTo": usual})
    assert isinstance(visit, Assignment)
    assert (visit.submit_origin or "").endswith("mturk.com")


@pytest.mark.parametrize("odd", ["<script>", "a b", "x" * 129, "é", "a\n", "..%2f"])
@pytest.mark.parametrize("name", NAMES)
def test_ids_are_letters_digits_and_joiners(name: str, odd: str) -> None:
    platform = platform_of(name, {})
    for parameter in platform.example():
        if parameter != "turkSubmitTo":
            with pytest.raises(BadRequest):
                platform.identify({**platform.example(), parameter: odd})


def test_the_questions_xml_holds_exactly_the_address() -> None:
    url = 'https://k.example/task/a?x=1&y=<"ü">]]>'
    root = ET.fromstring(external_question(url))
    assert root.tag.endswith("2006-07-14/ExternalQuestion.xsd}ExternalQuestion")
    assert [child.text for child in root] == [url, "0"]


@pytest.mark.parametrize("odd", ["", "task/a", "javascript:x", "https:///x", "https://k.example/" + "&" * 20_000])
def test_what_no_marketplace_could_frame_is_no_question(odd: str) -> None:
    with pytest.raises(BadRequest):
        external_question(odd)


def test_fees_are_those_of_the_price_list() -> None:
    assert [mturk_reward_fee(100, 9), mturk_reward_fee(100, 10), mturk_reward_fee(1, 1)] == [20, 40, 1]
    assert [mturk_bonus_fee(150), mturk_bonus_fee(2), mturk_bonus_fee(13)] == [30, 1, 3]
    assert mturk_cost(50, hits=4, assignments=3) == Cost(600, 120)


def test_only_dispatchers_compare_a_platform_by_its_name() -> None:
    comparing = {
        str(file.relative_to(PACKAGE))
        for file in PACKAGE.rglob("*.py")
        if "platforms" not in file.parts and compares_a_platform(file.read_text(encoding="utf-8"))
    }
    assert comparing == DISPATCHERS


@pytest.mark.parametrize(
    "code", ["study.platform == 'mturk'", "platform in ('connect',)", "Study.platform != 'direct'"]
)
def test_a_comparison_by_name_is_found(code: str) -> None:
    assert compares_a_platform(code)
    assert not compares_a_platform(code.replace("platform", "command"))


def compares_a_platform(code: str) -> bool:
    """Whether some code compares something called `platform` with a platform's name."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            named = {getattr(side, "attr", getattr(side, "id", "")) for side in sides}
            values = {one.value for side in sides for one in ast.walk(side) if isinstance(one, ast.Constant)}
            if "platform" in named and values & set(NAMES):
                return True
    return False
