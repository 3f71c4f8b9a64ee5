"""What a study's figures rest on, as one short text that is another one as soon as any of it is."""

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
from keytrail.synthetic.prevalence.cache.kinds import FigureKind
from keytrail.synthetic.training.classifier import counting_test

_STAMPED = (ReportFigures, TextScore, AcrossFinding, Item, ReferenceText)


def fingerprint(db: Session, kind: FigureKind[Any], studies: Sequence[Study], now: datetime) -> str:
    """Rows are known by their number and the sum of their stamps, what is small by itself.

    The version of this program is part of it: another one may work figures out differently.
    """
    ids = [study.id for study in studies]
    counts = [
        (name, number, int(rows), int(stamps)) for name, number, rows, stamps in db.execute(_sums(kind, ids, now))
    ]
    small = [
        [study.id, study.slug, study.title, study.platform, study.conditions, repr(counting_test(db, study))]
        for study in studies
    ]
    plain = json.dumps([__version__, sorted(counts), small], sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def _sums(kind: FigureKind[Any], ids: Sequence[int], now: datetime) -> CompoundSelect[*tuple[Any, ...]]:
    """One statement, in indexes alone where there are many rows."""
    parts = [_sum(table.__tablename__, table, ids, table.stamp) for table in _STAMPED]
    # Only their number is shown; whatever else is known of one comes with its report.
    parts.append(_sum("submissions", Submission, ids))
    if kind.of_sessions:
        late = (WritingSession.state == SessionState.OPEN) & (WritingSession.expires_at <= now)
        parts += [
            _sum("sessions", WritingSession, ids, WritingSession.stamp),
            # A session whose time runs out has dropped out, though nobody writes it down.
            _sum("late", WritingSession, ids).where(late),
        ]
    return union_all(*parts)


def _sum(name: str, table: Any, ids: Sequence[int], stamp: Any = None) -> Select[*tuple[Any, ...]]:
    total = literal(0) if stamp is None else func.sum(stamp)
    query = select(literal(name), table.study_id, func.count(), total)
    return query.where(table.study_id.in_(ids)).group_by(table.study_id)
