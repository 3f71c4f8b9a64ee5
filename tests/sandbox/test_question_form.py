from typing import Any

import pytest

from tests.sandbox.pages import elements
from tests.sandbox.people import WorkerBrowser, create_hit, hit_parameters, hit_state, refusal

SURVEY = """<QuestionForm xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2017-11-06/QuestionForm.xsd">
<Overview><Title>A short survey</Title><Text>Three &lt;questions&gt;</Text><List><ListItem>one</ListItem></List>
<FormattedContent><![CDATA[<p onclick="x()">See <b>this</b><script>alert(1)</script></p>]]></FormattedContent>
</Overview>
<Question><QuestionIdentifier>why</QuestionIdentifier><DisplayName>Reason</DisplayName><IsRequired>true</IsRequired>
<QuestionContent><Text>Why?</Text></QuestionContent><AnswerSpecification><FreeTextAnswer><Constraints>
<Length minLength="2" maxLength="10"/></Constraints><DefaultText>be</DefaultText>
<NumberOfLinesSuggestion>3</NumberOfLinesSuggestion></FreeTextAnswer></AnswerSpecification></Question>
<Question><QuestionIdentifier>age</QuestionIdentifier><QuestionContent><Text>How old?</Text></QuestionContent>
<AnswerSpecification><FreeTextAnswer><Constraints><IsNumeric minValue="1"/></Constraints></FreeTextAnswer>
</AnswerSpecification></Question>
<Question><QuestionIdentifier>pets</QuestionIdentifier><DisplayName>Pets</DisplayName>
<QuestionContent><Text>Which?</Text></QuestionContent><AnswerSpecification><SelectionAnswer>
<MinSelectionCount>1</MinSelectionCount><MaxSelectionCount>2</MaxSelectionCount>
<StyleSuggestion>checkbox</StyleSuggestion><Selections>
<Selection><SelectionIdentifier>cat</SelectionIdentifier><Text>A cat</Text></Selection>
<Selection><SelectionIdentifier>dog</SelectionIdentifier><Text>A dog</Text></Selection>
<Selection><SelectionIdentifier>cow</SelectionIdentifier><FormattedContent><![CDATA[<i>A cow</i>]]></FormattedContent>
</Selection></Selections></SelectionAnswer></AnswerSpecification></Question></QuestionForm>"""


def content(worker: WorkerBrowser, path: str) -> str:
    (frame,) = elements(worker.client.get(path).text, "iframe")
    return worker.client.get("/content/" + frame["src"].split("/content/")[1]).text


def test_a_survey_from_the_page_to_the_answer(requester: Any, worker: WorkerBrowser, origin: str) -> None:
    hit_id = create_hit(requester, Question=SURVEY)["HITId"]
    assignment_id = worker.accept(hit_id)
    page = content(worker, f"/work/{assignment_id}")
    (form,) = elements(page, "form")
    assert (form["method"], form["action"]) == ("post", f"{origin}/mturk/externalSubmit")
    (why,) = elements(page, "textarea")
    assert why.items() >= {"name": "why", "minlength": "2", "maxlength": "10", "rows": "3", "required": ""}.items()
    assert ">be</textarea>" in page
    fields = [(field["name"], field.get("type"), field.get("value")) for field in elements(page, "input")]
    assert fields == [
        ("age", None, ""),
        ("pets", "checkbox", "cat"),
        ("pets", "checkbox", "dog"),
        ("pets", "checkbox", "cow"),
        ("assignmentId", "hidden", assignment_id),
    ]
    answers = {"assignmentId": assignment_id, "why": "for fun", "age": "", "pets": ["dog", "cow"]}
    assert worker.client.post("/mturk/externalSubmit", data=answers).status_code == 200
    answer = requester.get_assignment(AssignmentId=assignment_id)["Assignment"]["Answer"]
    assert "<QuestionIdentifier>why</QuestionIdentifier><FreeText>for fun</FreeText>" in answer
    assert (
        "<Answer><QuestionIdentifier>pets</QuestionIdentifier><SelectionIdentifier>dog</SelectionIdentifier>"
        "<SelectionIdentifier>cow</SelectionIdentifier></Answer>"
    ) in answer


def test_text_of_the_requester_is_made_safe(requester: Any, worker: WorkerBrowser) -> None:
    page = content(worker, f"/hits/{create_hit(requester, Question=SURVEY)['HITId']}")
    assert "Three &lt;questions&gt;" in page
    assert "See <b>this</b>" in page
    assert "<i>A cow</i>" in page
    assert "onclick" not in page
    assert "alert(1)" not in page


def test_a_preview_cannot_be_sent(requester: Any, worker: WorkerBrowser) -> None:
    page = content(worker, f"/hits/{create_hit(requester, Question=SURVEY)['HITId']}")
    assert [button for button in elements(page, "button") if "disabled" in button]
    assert "assignmentId" not in [field["name"] for field in elements(page, "input")]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"why": ""}, "Reason\u201d: it needs an answer"),
        ({"why": "x"}, "at least 2 characters"),
        ({"why": "much too long"}, "at most 10 characters"),
        ({"age": "old"}, "write a number"),
        ({"pets": ["cat", "dog", "cow"]}, "choose 1 to 2"),
        ({"pets": ["wolf"]}, "one of the options shown"),
    ],
)
def test_answers_that_the_form_does_not_take(
    requester: Any, worker: WorkerBrowser, changes: dict[str, Any], says: str
) -> None:
    hit_id = create_hit(requester, Question=SURVEY)["HITId"]
    assignment_id = worker.accept(hit_id)
    answers = {"assignmentId": assignment_id, "why": "for fun", "age": "7", **changes}
    refused = worker.client.post("/mturk/externalSubmit", data=answers)
    assert refused.status_code == 400
    assert says in refused.text
    assert hit_state(requester, hit_id) == ("Unassignable", 0, 1, 0)


@pytest.mark.parametrize(
    ("style", "tag", "kind"), [("radiobutton", "input", "radio"), ("dropdown", "select", None), ("", "input", "radio")]
)
def test_one_choice(requester: Any, worker: WorkerBrowser, style: str, tag: str, kind: str | None) -> None:
    survey = SURVEY.replace("<MaxSelectionCount>2</MaxSelectionCount>", "")
    survey = survey.replace(
        "<StyleSuggestion>checkbox</StyleSuggestion>", f"<StyleSuggestion>{style}</StyleSuggestion>"
    )
    page = content(worker, f"/hits/{create_hit(requester, Question=survey)['HITId']}")
    found = [element for element in elements(page, tag) if element.get("name") == "pets"]
    assert {element.get("type") for element in found} == {kind}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<QuestionIdentifier>why</QuestionIdentifier>", "", "XMLParseError"),
        ("<QuestionIdentifier>age<", "<QuestionIdentifier>why<", "XMLParseError"),
        ("<MaxSelectionCount>2<", "<MaxSelectionCount>9<", "XMLParseError"),
        ("<NumberOfLinesSuggestion>3<", "<NumberOfLinesSuggestion>many<", "XMLParseError"),
        ("<Text>Why?</Text>", "<Binary/>", "Sandbox.NotOffered"),
        ("FreeTextAnswer", "FileUploadAnswer", "Sandbox.NotOffered"),
    ],
)
def test_forms_that_cannot_be_shown(requester: Any, old: str, new: str, code: str) -> None:
    assert refusal(requester.create_hit, **hit_parameters(Question=SURVEY.replace(old, new)))[0] == code
