"""Validate the answers to a QuestionForm."""

from collections.abc import Sequence

from keytrail.errors import BadRequest
from keytrail.sandbox.market.question_form import FormQuestion, FreeText, QuestionForm, Selection

Fields = Sequence[tuple[str, str]]


def require_complete(form: QuestionForm, fields: Fields) -> None:
    """Raises BadRequest, with a message for the worker, at the first invalid answer."""
    for question in form.questions:
        problem = _problem(question, [value for name, value in fields if name == question.id and value])
        if problem is not None:
            raise BadRequest(f"“{_called(question)}”: {problem} Go back with your browser, change it and submit again.")


def selections_of(form: QuestionForm) -> set[str]:
    """Return the questions with choices."""
    return {question.id for question in form.questions if isinstance(question.answer, Selection)}


def _problem(question: FormQuestion, values: Sequence[str]) -> str | None:
    if not values:
        return "it needs an answer." if question.required else None
    if isinstance(question.answer, FreeText):
        return _text_problem(question.answer, values[0])
    return _selection_problem(question.answer, values)


def _text_problem(answer: FreeText, text: str) -> str | None:
    if answer.least is not None and len(text) < answer.least:
        return f"please write at least {answer.least} characters."
    if answer.most is not None and len(text) > answer.most:
        return f"please write at most {answer.most} characters."
    if answer.numeric and not _is_number(text):
        return "please write a number."
    return None


def _selection_problem(answer: Selection, values: Sequence[str]) -> str | None:
    if not set(values) <= {option.id for option in answer.options}:
        return "please choose one of the options shown."
    if not answer.least <= len(values) <= answer.most:
        asked = str(answer.least) if answer.least == answer.most else f"{answer.least} to {answer.most}"
        return f"please choose {asked}."
    return None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _called(question: FormQuestion) -> str:
    return question.name or next((block.lines[0] for block in question.content if block.kind != "html"), question.id)
