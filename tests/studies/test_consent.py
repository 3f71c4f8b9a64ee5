"""What the consent text promises to record is what the recorder's events hold."""

from collections import Counter
from pathlib import Path

from keytrail.provenance.wire.events import VOCABULARY
from keytrail.studies.consent import RECORDED


def test_each_type_of_event_is_told_in_one_sentence_of_the_consent() -> None:
    named = Counter(kind for kinds in RECORDED.values() for kind in kinds)
    assert named == Counter(VOCABULARY.keys())


def test_no_sentence_of_the_consent_tells_of_nothing() -> None:
    assert all(RECORDED.values())


def test_the_information_sheet_names_the_same() -> None:
    sheet = Path(__file__).parents[2] / "docs" / "how-to" / "information-sheet.md"
    written = " ".join(sheet.read_text().split())
    assert [sentence for sentence in RECORDED if sentence not in written] == []
