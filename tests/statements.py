"""Compile each SQL statement once in a test process, not once in every engine of every test."""

from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

from keytrail import db

_COMPILED: LRUCache[Any, Any] = LRUCache(3000)


def share_compiled_statements(patched: pytest.MonkeyPatch) -> None:
    """Give all engines one cache. Its keys hold the dialect, which is therefore equal to others of its class: the
    tests' databases of a kind are of one version.
    """
    patched.setattr(DefaultDialect, "__eq__", lambda one, other: type(one) is type(other))
    patched.setattr(DefaultDialect, "__hash__", lambda one: hash(type(one)))
    patched.setattr(db, "create_engine", _sharing)


def _sharing(url: str, **options: Any) -> Engine:
    engine = create_engine(url, **options)
    engine._compiled_cache = _COMPILED
    return engine
