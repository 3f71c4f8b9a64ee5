"""What all tables have in common."""

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
    """Every table of Keytrail; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(naming_convention=NAMING)


def _fresh_stamp() -> int:
    """Of 40 bits: the stamps of eight million rows add up to no more than a column holds."""
    return secrets.randbits(40)


class Stamped:
    """Rows that estimates of a whole study rest on. Every writing of one gives it another stamp.

    So the number of a study's rows and the sum of their stamps tell whether anything was written, added or erased
    since figures were worked out (keytrail/synthetic/prevalence/cache), and nobody who writes has to think of it.
    """

    stamp: Mapped[int] = mapped_column(BigInteger, default=_fresh_stamp, onupdate=_fresh_stamp)
