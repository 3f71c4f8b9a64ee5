"""How alike a study's texts are, beside what people and language models wrote about the same items."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Item, ReferenceText, Study
from app.text.across.likeness import Handed, Homogeneity, homogeneity
from app.text.loglabels import MainOrigin

EXPLAINED = (
    (
        "Two texts about one item are alike by the share of their two-word phrases, those of the item left out, that "
        "both have. Shown is the mean over pairs of texts by different workers."
    ),
    "Texts by language models are good, but alike; a study whose texts are more alike than people's has lost variety.",
    (
        "It is no share of texts and says nothing about one of them. Short texts, strict instructions and a worker who "
        "follows an example make texts alike too: compare groups of about equally long texts."
    ),
    "Whole workers are resampled; with fewer than twenty the interval is too narrow.",
)


@dataclass(frozen=True)
class Group:
    """One set of texts and how alike they are."""

    name: str
    found: Homogeneity


@dataclass(frozen=True)
class StudyHomogeneity:
    """The study's texts, those of them that its logs tell apart, and the texts to compare them with."""

    groups: Sequence[Group]
    """Only those with two texts about one item."""
    explained: tuple[str, ...] = EXPLAINED


def study_homogeneity(
    db: Session, study: Study, written: Sequence[tuple[Handed, MainOrigin]]
) -> StudyHomogeneity | None:
    """Of submissions with where their text came from; None if no two workers wrote about one item.

    Texts to compare with are the study's reference texts about the items of these submissions.
    """
    items = {str(item.id): item.text for item in db.scalars(select(Item).where(Item.study_id == study.id))}
    everybody = [handed for handed, _ in written]
    about = {handed.item_id for handed in everybody}
    references = list(db.scalars(select(ReferenceText).where(ReferenceText.study_id == study.id)))
    sets = {
        "this study": everybody,
        "of these: typed": [handed for handed, origin in written if origin is MainOrigin.TYPED],
        "of these: from elsewhere": [handed for handed, origin in written if origin is MainOrigin.EXTERNAL],
        "for comparison: by people": _references(references, about, by_model=False),
        "for comparison: by language models": _references(references, about, by_model=True),
    }
    groups = [Group(name, homogeneity(texts, items)) for name, texts in sets.items()]
    kept = [group for group in groups if group.found.pairs]
    return StudyHomogeneity(kept) if any(group.name == "this study" for group in kept) else None


def _references(rows: Iterable[ReferenceText], about: set[str], *, by_model: bool) -> list[Handed]:
    """Each reference counts as somebody's only text: who wrote it is not stored."""
    return [
        Handed(str(row.item_id), f"reference {row.id}", row.text)
        for row in rows
        if row.by_model is by_model and str(row.item_id) in about
    ]
