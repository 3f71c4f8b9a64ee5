"""Generate missing reference texts; every answer is stored at once, so that nothing paid for is lost."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.errors import BadRequest
from keytrail.markdown import to_text
from keytrail.models import Item, ReferenceText
from keytrail.studies import study_by_slug
from keytrail.synthetic.generation import DEFAULT_COUNT
from keytrail.synthetic.generation.client import ChatClient, Completion
from keytrail.synthetic.generation.grid import Cell, cells_of, missing
from keytrail.synthetic.generation.prompts import ask_for
from keytrail.synthetic.training.references import hundredths
from keytrail.text.classifier.corpus import text_key

_CHARACTERS_A_TOKEN, _TOKENS_A_WORD = 4, 1.4
"""Of English text, by the tokenisers of today's models: about right, and endpoints differ."""


@dataclass(frozen=True)
class Wanted:
    """The models to ask, how often for each item, and how many tokens that may take."""

    models: Sequence[str]
    temperatures: Sequence[float] = (0.7, 1.0)
    count: int = DEFAULT_COUNT
    budget_tokens: int | None = None
    """Most tokens over all runs of the study; a request that would start beyond it is not sent."""


@dataclass(frozen=True)
class Generated:
    """The result of a run."""

    made: int
    there: int
    left: int
    """Texts that were not requested because of the budget."""
    tokens: int
    """Over all runs, as the endpoints counted."""


@dataclass(frozen=True)
class Expected:
    """What a run would ask for: how many texts, and about how many tokens in and out that takes."""

    texts: int
    tokens: int
    used: int
    """Tokens of all runs so far."""


def expected(db: Session, slug: str, wanted: Wanted) -> Expected:
    """Estimate a run before it is begun, by the length of what is asked and of what is wanted."""
    brief = _Brief.from_study(db, slug)
    stored, used = _stored(db, brief.study_id)
    grid = cells_of(list(brief.items), wanted.models, wanted.temperatures, wanted.count)
    todo = missing(grid, stored) if wanted.models and wanted.temperatures else []
    asked = {item_id: len(text) + len(brief.instructions) for item_id, text in brief.items.items()}
    answered = sum(brief.words) / 2 * _TOKENS_A_WORD
    tokens = sum(asked[cell.item_id] / _CHARACTERS_A_TOKEN + answered for cell in todo)
    return Expected(len(todo), round(tokens), used)


def generate_references(  # where, what, from whom, when, and how it shows
    database: Database,
    slug: str,
    wanted: Wanted,
    client: ChatClient,
    clock: Callable[[], datetime],
    track: Callable[[Sequence[Cell]], Iterable[Cell]] = iter,
) -> Generated:
    """Request every missing text; each is stored in a separate transaction.

    Run again after an interruption: existing texts are not requested again. Raises NotFound, BadRequest without items
    or models, and Unavailable if the endpoint gives up; what was stored stays.
    """
    with database.reading() as db:
        brief = _Brief.from_study(db, slug)
        stored, tokens = _stored(db, brief.study_id)
    if not brief.items or not wanted.models or not wanted.temperatures:
        raise BadRequest("There is nothing to ask: the study needs items, and the settings a model and a temperature.")
    grid = list(cells_of(list(brief.items), wanted.models, wanted.temperatures, wanted.count))
    todo = missing(iter(grid), stored)
    made = 0
    for cell in track(todo):
        if wanted.budget_tokens is not None and tokens >= wanted.budget_tokens:
            break
        words = ask_for(cell.prompt, instructions=brief.instructions, item=brief.items[cell.item_id], words=brief.words)
        completion = client.complete(model=cell.model, prompt=words, temperature=cell.temperature)
        with database.writing() as db:
            db.add(_row(brief.study_id, cell, completion, clock()))
        tokens += completion.tokens
        made += 1
    return Generated(made, len(grid) - len(todo), len(todo) - made, tokens)


@dataclass(frozen=True)
class _Brief:
    study_id: int
    instructions: str
    words: tuple[int, int]
    items: dict[int, str]

    @classmethod
    def from_study(cls, db: Session, slug: str) -> "_Brief":
        study = study_by_slug(db, slug)
        rows = db.scalars(select(Item).where(Item.study_id == study.id).order_by(Item.id))
        words = (study.minimum_words, study.maximum_words)
        return cls(study.id, to_text(study.instructions), words, {item.id: item.text for item in rows})


def _stored(db: Session, study_id: int) -> tuple[set[tuple[int, str, str, int, int]], int]:
    """Return cells that have a text, and the tokens that the study has used."""
    rows: list[Any] = list(db.scalars(select(ReferenceText).where(ReferenceText.study_id == study_id)))
    cells = {(row.item_id, row.model, row.prompt, row.temperature, row.number) for row in rows if row.by_model}
    return cells, sum(row.usage.get("total_tokens", 0) for row in rows)


def _row(study_id: int, cell: Cell, completion: Completion, now: datetime) -> ReferenceText:
    usage: dict[str, Any] = {**completion.usage, "answered_by": completion.model}
    return ReferenceText(
        study_id=study_id,
        item_id=cell.item_id,
        by_model=True,
        model=cell.model,
        prompt=cell.prompt,
        temperature=hundredths(cell.temperature),
        number=cell.number,
        key=text_key(completion.text),
        text=completion.text,
        usage=usage,
        made_at=now,
    )
