"""What was stored beside a text is exported with its values, in every format that holds it."""

import io
import json
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import select

from keytrail.models import Item, Objection, StatedOrigin, Submission, TextScore, WorkerStatement
from keytrail.studies import add_items, study_by_slug
from keytrail.studies.item_files import read_table, rows_of
from keytrail.studies.item_files.columns import checked_mapping
from tests.requester.exported import fetch, rows
from tests.requester.site import Site

FIELDS = {"Année": "2018", "Source, page": 'Lancet; "p. 7"', "empty": ""}
WORDS, ANSWER = "I typed it,\nin my own editor.", "Thank you: the decision was changed."
STORED: dict[str, tuple[Any, str]] = {
    "says_text_from": ("editor notes", "editor notes"),
    "says_input_aids": (True, "true"),
    "objection": (WORDS, WORDS),
    "objection_answer": (ANSWER, ANSWER),
    "text_outcome": ("llm_like", "llm_like"),
    "text_probability": (0.9725, "0.9725"),
    "reads_synthetic": (True, "true"),
    "text_model": ("3-ab", "3-ab"),
}
"""Each column's value in JSON Lines and Parquet, and in CSV."""
NOTHING: dict[str, tuple[Any, str]] = {
    column: (False, "false") if column == "says_input_aids" else (None, "") for column in STORED
}


@pytest.fixture
def two(site: Site) -> tuple[str, str]:
    """A submission with everything, and one with nothing."""
    with_all, bare = (site.hand(item="a"), site.hand(item="a"))
    for work in (with_all, bare):
        work.hand.types("Some words.")
    found = with_all.submit(), bare.submit()
    with site.database.writing() as db:
        submission = db.scalars(select(Submission).where(Submission.public_id == found[0])).one()
        origins = [StatedOrigin.EDITOR, StatedOrigin.NOTES]
        db.add(WorkerStatement(submission_id=submission.id, text_origins=origins, input_aids=True))
        db.add(Objection(submission_id=submission.id, words=WORDS, made_at=site.clock(), answer=ANSWER))
        score = TextScore(
            submission_id=submission.id,
            study_id=submission.study_id,
            model_version="3-ab",
            scored_at=site.clock(),
            outcome="llm_like",
            probability=0.9725,
            reads_synthetic=True,
            trained_on=False,
            body={},
        )
        db.add(score)
    return found


@pytest.mark.parametrize("column", STORED)
def test_values_beside_a_text_are_exported(site: Site, two: tuple[str, str], column: str) -> None:
    rafael = site.visitor("rafael")
    expected = dict(zip(two, (STORED[column], NOTHING[column]), strict=True))
    as_csv = {row["submission"]: row[column] for row in rows(rafael, "table=submissions")}
    assert as_csv == {key: text for key, (_, text) in expected.items()}
    lines = map(json.loads, fetch(rafael, "table=submissions&format=jsonl").splitlines())
    parquet = pq.read_table(io.BytesIO(fetch(rafael, "table=submissions&format=parquet"))).to_pylist()
    for found in (lines, parquet):
        assert {row["submission"]: row[column] for row in found} == {key: value for key, (value, _) in expected.items()}


def test_further_columns_of_items_are_exported_as_they_came(site: Site) -> None:
    cells = {"id": "new", "text": "Read this.", **FIELDS}
    table = read_table(f"{json.dumps(cells)}\n".encode(), "items.jsonl")
    with site.database.writing() as db:
        add_items(db, study_by_slug(db, "night"), rows_of(table, checked_mapping(table.columns, None, None, None)))
        stored = db.scalars(select(Item.fields).where(Item.key == "new")).one()
    assert {name: stored.get(name, "") for name in FIELDS} == FIELDS
    rafael = site.visitor("rafael")
    [in_csv] = [row for row in rows(rafael, "table=items") if row["item"] == "new"]
    lines = map(json.loads, fetch(rafael, "table=items&format=jsonl").splitlines())
    [in_lines] = [row for row in lines if row["item"] == "new"]
    assert json.loads(in_csv["fields"]) == in_lines["fields"] == stored
