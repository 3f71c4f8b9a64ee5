"""Fingerprint the inputs of a study's estimates, so that any change of them is detected."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from keytrail import __version__
from keytrail.models import (
    AcrossFinding,
    Item,
    ReferenceText,
    ReportFigures,
    SessionState,
    Study,
    Submission,
    TextScore,
    WritingSession,
)
from keytrail.studies.conditions import hiding_conditions
from keytrail.synthetic.prevalence.cache.kinds import FigureKind
from keytrail.synthetic.training.classifier import counting_test

_STAMPED = (ReportFigures, TextScore, AcrossFinding, Item, ReferenceText)


def fingerprint(db: Session, kind: FigureKind[Any], studies: Sequence[Study], now: datetime) -> str:
    """Return the fingerprint: number of rows and sum of their stamps, and small inputs directly.

    This program's version is included, because another one may compute estimates differently.
    """
    ids = [study.id for study in studies]
    counts = [
        (name, number, int(rows), int(stamps)) for name, number, rows, stamps in db.execute(_sums(kind, ids, now))
    ]
    small = [
        [
            *(study.id, study.slug, study.title, study.platform, study.conditions),
            sorted(hiding_conditions(study)),
            repr(counting_test(db, study)),
        ]
        for study in studies
    ]
    plain = json.dumps([__version__, sorted(counts), small], sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def _sums(kind: FigureKind[Any], ids: Sequence[int], now: datetime) -> CompoundSelect[*tuple[Any, ...]]:
    """Return counts and sums with one statement, from indexes only where there are many rows."""
    parts = [_sum(table.__tablename__, table, ids, table.stamp) for table in _STAMPED]
    # Only their number is shown; everything else about them comes with their reports.
    parts.append(_sum("submissions", Submission, ids))
    if kind.of_sessions:
        late = (WritingSession.state == SessionState.OPEN) & (WritingSession.expires_at <= now)
        parts += [
            _sum("sessions", WritingSession, ids, WritingSession.stamp),
            # A session that expires has dropped out, though no row is written.
            _sum("late", WritingSession, ids).where(late),
        ]
    return union_all(*parts)


def _sum(name: str, table: Any, ids: Sequence[int], stamp: Any = None) -> Select[*tuple[Any, ...]]:
    total = literal(0) if stamp is None else func.sum(stamp)
    query = select(literal(name), table.study_id, func.count(), total)
    return query.where(table.study_id.in_(ids)).group_by(table.study_id)
