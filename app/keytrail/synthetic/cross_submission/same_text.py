"""Find texts of several workers that are nearly the same, or the same as a reference."""

from collections.abc import Mapping, Sequence
from typing import Final

from keytrail.messages import message
from keytrail.provenance import Family, Finding, Severity
from keytrail.provenance.formatting import percent
from keytrail.provenance.rules.rule import Rule
from keytrail.synthetic.cross_submission.submissions import NO_PROOF, ComparedSubmission
from keytrail.text.cross_submission.similarity import near_duplicates

SAME_TEXT: Final = Rule(
    id="same_text",
    title="Close to another worker's text",
    for_worker=message(
        "Your text is very similar to another one (%(similarity)s of its short runs of words are the same). "
        "This does not show who wrote it first."
    ),
    family=Family.TEXT,
    severities=(Severity.REVIEW,),
    false_alarm=(
        "Of 145 submissions of 2023 about 11 items three pairs are the same word for word; no other pair shares more "
        f"than {percent(0.24)}."
    ),
)
_REFERENCE = "reference "


def same_texts(
    compared: Mapping[int, ComparedSubmission], references: Mapping[int, str], items: Sequence[str]
) -> list[tuple[int, Finding]]:
    """Return, for each submission that is like another worker's text or a reference, the most similar one."""
    texts = {str(number): one.text for number, one in compared.items()}
    best: dict[int, tuple[float, str]] = {}
    for pair in near_duplicates(texts, item_texts=items):
        first, second = int(pair.first), int(pair.second)
        if compared[first].worker != compared[second].worker:
            for one, twin in ((first, second), (second, first)):
                best.setdefault(one, (pair.shingle_similarity, compared[twin].public_id))
    named = {f"{_REFERENCE}{number}": text for number, text in references.items()}
    for pair in near_duplicates(texts, against=named, item_texts=items) if named else ():
        name, reference = sorted((pair.first, pair.second), key=lambda text: text.startswith(_REFERENCE))
        if pair.shingle_similarity > best.get(int(name), (0.0, ""))[0]:
            best[int(name)] = (pair.shingle_similarity, reference)
    return [(number, _finding(alike, other)) for number, (alike, other) in best.items()]


def _finding(alike: float, other: str) -> Finding:
    whose = "a text that a language model wrote for comparison" if other.startswith(_REFERENCE) else "another worker's"
    return SAME_TEXT.finding(
        severity=Severity.REVIEW,
        explanation=(
            f"The text is nearly the same as {whose}: they share {percent(alike)} of the three-word sequences "
            f"that are not in the item. {NO_PROOF}"
        ),
        figures={"similarity": round(alike, 3), "other": other},
    )
