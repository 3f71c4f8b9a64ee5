from keytrail.provenance import KeyLog, LoggedCopy, LoggedItem, LoggedKey, LoggedPaste, analyse_keylog
from keytrail.text.classifier.corpus import Label
from keytrail.text.fusion import LogEvidence
from keytrail.text.loglabels import external_share, log_evidence, log_label

ITEM = "We gave a drug to many people and looked at what it did to them over a year, and it did them good. " * 4
FOREIGN = "The study examined whether the treatment was effective and found significant improvement overall. " * 3


def _keys(text: str, start: int = 0) -> list[LoggedItem]:
    return [LoggedKey(character, start + 150 * number) for number, character in enumerate(text)]


def test_typed_text_is_by_a_person() -> None:
    text = "they gave a drug to people and it helped most of them"
    report = analyse_keylog(KeyLog(_keys(text), text, ITEM))
    assert external_share(report) == 0
    assert log_evidence(report) is LogEvidence.NOT_EXTERNAL
    assert log_label(report) is Label.HUMAN


def test_external_text_after_copying_out_is_by_a_model() -> None:
    log: list[LoggedItem] = [LoggedKey("c", 0), LoggedCopy(ITEM), LoggedKey("v", 40_000), LoggedPaste(FOREIGN, 40_010)]
    report = analyse_keylog(KeyLog(log, FOREIGN, ITEM))
    assert external_share(report) > 0.9
    assert log_label(report) is Label.LLM


def test_external_text_alone_has_no_label() -> None:
    report = analyse_keylog(KeyLog([LoggedPaste(FOREIGN, 10)], FOREIGN, ITEM))
    assert log_evidence(report) is LogEvidence.EXTERNAL
    assert log_label(report) is None


def test_text_taken_from_the_item_has_no_label() -> None:
    passage = ITEM[:300]
    report = analyse_keylog(KeyLog([LoggedPaste(passage, 10)], passage, ITEM))
    assert log_evidence(report) is LogEvidence.NOT_EXTERNAL
    assert log_label(report) is None


def test_a_mixture_is_unclear() -> None:
    typed = "i think they gave some drug to people and i am sure it was for a year "
    text = typed * 2 + FOREIGN[:60]
    report = analyse_keylog(KeyLog([*_keys(typed * 2), LoggedPaste(FOREIGN[:60], 90_000)], text, ITEM))
    assert log_evidence(report) is LogEvidence.UNCLEAR
    assert log_label(report) is None
