"""Words that a writing assistant corrects: honest input (tests/provenance/people.py) is not flagged."""

import pytest

from keytrail.provenance import Report, Verdict
from tests.provenance.honest import HOWS, RIGHT, WRONG, origins, report, rules
from tests.provenance.people import (
    OWN,
    SENTENCE,
    correct,
    entered,
    set_value,
)
from tests.provenance.writer import CHROMIUM, FIREFOX, WEBKIT

REPHRASED = "Pedestrians choose longer routes under a canopy once temperatures rise. "


@pytest.mark.parametrize("agent", [CHROMIUM, FIREFOX, WEBKIT])
@pytest.mark.parametrize(("cause", "flags"), HOWS)
def test_words_that_an_assistant_corrects_are_the_writers(agent: str, cause: str, flags: int) -> None:
    writer = entered(agent=agent).type(WRONG)
    for wrong, right in RIGHT:
        correct(writer, wrong, right, cause, flags)
    made = report(writer)
    assert set(origins(made)) == {"typed", "assist"}
    assert made.verdict is Verdict.CLEAR


@pytest.mark.parametrize(("cause", "flags"), HOWS)
def test_all_corrections_taken_at_once(cause: str, flags: int) -> None:
    corrected = WRONG
    for wrong, right in RIGHT:
        corrected = corrected.replace(wrong, right, 1)
    made = report(set_value(entered().type(WRONG), corrected.capitalize(), cause, flags))
    assert set(origins(made)) <= {"typed", "assist", "moved"}
    assert made.accounted_share == 1
    assert made.verdict is Verdict.CLEAR


def test_a_correction_in_two_steps() -> None:
    writer = entered().type("I recieve it")
    writer.edit(2, 7, "", "deleteContentBackward", 0).edit(2, 0, "receive", "insertText", 0)
    assert origins(report(writer)) == {"typed": 5, "moved": 5, "assist": 2}


@pytest.mark.parametrize(
    ("typed", "pos", "added"),
    [("However it was", 7, ","), ("walk in shade when", 8, "the "), ("dont walk", 3, "'"), ("it hot now", 3, "is ")],
)
def test_a_mark_or_a_small_word_that_an_assistant_adds(typed: str, pos: int, added: str) -> None:
    made = report(entered().type(typed).edit(pos, 0, added, "silent", 0))
    assert origins(made) == {"typed": len(typed), "assist": len(added)}


@pytest.mark.parametrize(("cause", "flags"), [how for how in HOWS if how[0] != "insertFromPaste"])
def test_a_rewritten_sentence_is_worth_a_look_with_old_and_new_text(cause: str, flags: int) -> None:
    first, second = OWN.split(". ")[0] + ". ", OWN.split(". ")[1] + ". "
    writer = entered().type(first + second + SENTENCE)
    made = report(set_value(writer, REPHRASED + second + SENTENCE, cause, flags))
    assert set(origins(made)) == {"typed", "rewritten"}
    assert made.verdict is Verdict.REVIEW
    (finding,) = [found for found in made.findings if found.rule == "rewritten_text"]
    (pair,) = finding.rewrites
    assert pair.old.strip() in first
    assert pair.new.strip() in REPHRASED
    assert finding.explanation.startswith("A writing assistant")
    assert Report.from_json(made.as_json()) == made


def test_rewriting_most_of_the_text_is_strong() -> None:
    made = report(set_value(entered().type(OWN), REPHRASED * 2))
    assert rules(made) >= {"rewritten_text"}
    assert made.verdict is Verdict.STRONG
