from dataclasses import replace

import pytest

from keytrail.provenance import Limits, Origin, Severity
from keytrail.provenance.rules.rewriting import corrected_throughout
from tests.provenance.facts import text_of

LIMITS = Limits()


@pytest.mark.parametrize(
    ("corrected", "typed", "fires"),
    [(100, 100, True), (99, 101, False), (40, 40, True), (39, 0, False), (40, 0, True)],
)
def test_words_are_corrected_throughout_from_half_of_a_text_on(corrected: int, typed: int, *, fires: bool) -> None:
    assert (LIMITS.corrected_share, LIMITS.untyped_units) == (0.5, 40)
    found = corrected_throughout(text_of((Origin.ASSIST, corrected), (Origin.TYPED, typed)), LIMITS)
    assert (found is not None) == fires
    if found:
        assert found.severity is Severity.REVIEW
        assert found.figures["units"] == corrected


def test_what_a_keyboard_corrects_does_not_count() -> None:
    facts = text_of((Origin.ASSIST, 100), (Origin.TYPED, 100))
    by_keyboard = [replace(span, cause="insertReplacementText") for span in facts.spans]
    assert corrected_throughout(replace(facts, spans=by_keyboard), LIMITS) is None
