"""The base class of all tables."""

import secrets

from sqlalchemy import BigInteger, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table; constraint names are fixed so that migrations can refer to them."""

    metadata = MetaData(naming_convention=NAMING)


def _fresh_stamp() -> int:
    """Return a random stamp of 40 bits: the sum of eight million stamps fits into a column."""
    return secrets.randbits(40)


class Stamped:
    """Rows on which study-level estimates depend. Every write gives a row another stamp.

    The number of a study's rows and the sum of their stamps therefore show whether anything was written, added or
    erased since the estimates were computed (keytrail/synthetic/prevalence/cache), without any effort by the writing
    code.
    """

    stamp: Mapped[int] = mapped_column(BigInteger, default=_fresh_stamp, onupdate=_fresh_stamp)
