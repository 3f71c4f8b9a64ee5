"""Full-text search in submissions: FTS5 on SQLite, a GIN index on PostgreSQL (migration `search`)."""

import re
from typing import Any

from sqlalchemy import Boolean, ColumnElement, false, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

_WORD = re.compile(r"[\w'\u2019-]+")
_MOST_WORDS = 12


def matches(words: str) -> ColumnElement[bool]:
    """Select submissions whose text or comment contains all the words, in any order and case."""
    found = _WORD.findall(words)[:_MOST_WORDS]
    if not found:
        return false()
    # Quoted, a word is a word to both engines and never an operator.
    return _Holds(literal(" ".join(f'"{word}"' for word in found)))


class _Holds(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True
    name = "holds"


@compiles(_Holds, "sqlite")
def _sqlite(element: _Holds, compiler: Any, **more: Any) -> str:
    words = compiler.process(element.clauses, **more)
    return f"submissions.id IN (SELECT rowid FROM submission_search WHERE submission_search MATCH {words})"


@compiles(_Holds, "postgresql")
def _postgresql(element: _Holds, compiler: Any, **more: Any) -> str:
    words = compiler.process(element.clauses, **more)
    return (
        "to_tsvector('simple'::regconfig, submissions.text || ' ' || submissions.comment) "
        f"@@ websearch_to_tsquery('simple'::regconfig, {words})"
    )
