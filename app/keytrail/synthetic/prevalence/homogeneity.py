"""Homogeneity of a study's texts, compared with texts by people and language models about the same items."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.models import Item, ReferenceText, Study, Submission
from keytrail.synthetic.prevalence.observations import AnalysedSubmission
from keytrail.text.cross_submission.likeness import Homogeneity, SubmittedText, compared_places, homogeneity
from keytrail.text.loglabels import MainOrigin

_AT_A_TIME = 1000
EXPLAINED = (
    (
        "The similarity of two texts about one item is the share of their two-word phrases that both have, phrases of "
        "the item excluded. The table shows the mean over pairs of texts by different workers."
    ),
    "Texts by language models are good, but alike; a study whose texts are more alike than people's has lost variety.",
    (
        "Similarity is not a share of synthetic texts, and says nothing about any one text. Short texts, strict "
        "instructions and an example to follow make texts alike too: compare groups of about equally long texts."
    ),
    "Whole workers are resampled; with fewer than twenty the interval is too narrow.",
)


@dataclass(frozen=True)
class Group:
    """One set of texts and its similarity."""

    name: str
    found: Homogeneity


@dataclass(frozen=True)
class StudyHomogeneity:
    """The study's texts, subgroups of them by their logs, and the texts for comparison."""

    groups: Sequence[Group]
    """Only those with two texts about one item."""
    explained: tuple[str, ...] = EXPLAINED


def study_homogeneity(db: Session, study: Study, written: Sequence[AnalysedSubmission]) -> StudyHomogeneity | None:
    """Compute it from analysed submissions; None if no two workers wrote about one item.

    Texts for comparison are the study's reference texts about the items of these submissions.
    """
    items = {
        str(item_id): text for item_id, text in db.execute(select(Item.id, Item.text).where(Item.study_id == study.id))
    }
    sets = {
        "this study": _drawn(written),
        "of these: typed": _drawn([one for one in written if one.origin is MainOrigin.TYPED]),
        "of these: from elsewhere": _drawn([one for one in written if one.origin is MainOrigin.EXTERNAL]),
    }
    wanted = {one.number for drawn in sets.values() for one in drawn}
    texts = {number: text for number, text in submitted_texts(db, study) if number in wanted}
    groups = [
        Group(name, homogeneity([_submitted_text(one, texts[one.number]) for one in drawn], items))
        for name, drawn in sets.items()
    ]
    about = {one.item_id for one in written}
    for name, by_model in (("by people", False), ("by language models", True)):
        compared = _references(db, study, about, by_model=by_model)
        groups.append(Group(f"for comparison: {name}", homogeneity(compared, items)))
    usable = [group for group in groups if group.found.pairs]
    return StudyHomogeneity(usable) if any(group.name == "this study" for group in usable) else None


def submitted_texts(db: Session, study: Study) -> Iterator[tuple[int, str]]:
    """Yield each submission's number with its text, read in batches: together they may be many megabytes."""
    query = select(Submission.id, Submission.text).where(Submission.study_id == study.id).order_by(Submission.id)
    yield from db.execute(query.execution_options(yield_per=_AT_A_TIME))


def _drawn(written: Sequence[AnalysedSubmission]) -> list[AnalysedSubmission]:
    """Return the submissions that are compared, before any text is read."""
    return [written[place] for place in compared_places([str(one.item_id) for one in written])]


def _submitted_text(one: AnalysedSubmission, text: str) -> SubmittedText:
    return SubmittedText(str(one.item_id), one.observation.worker, text)


def _references(db: Session, study: Study, about: set[int], *, by_model: bool) -> list[SubmittedText]:
    """Return references, each as a different author's text: who wrote it is not stored."""
    query = select(ReferenceText.id, ReferenceText.item_id, ReferenceText.text).where(
        ReferenceText.study_id == study.id, ReferenceText.by_model.is_(by_model)
    )
    query = query.order_by(ReferenceText.item_id, ReferenceText.id)
    return [
        SubmittedText(str(item_id), f"reference {number}", text)
        for number, item_id, text in db.execute(query)
        if item_id in about
    ]
