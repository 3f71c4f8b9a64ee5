"""Settings and facts of the whole installation."""

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from keytrail.models.base import Base


class InstallationBudget(Base):
    """The most that all studies together may commit in one currency, fees included."""

    __tablename__ = "installation_budgets"

    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    cents: Mapped[int] = mapped_column(Integer)


class DeletedSpending(Base):
    """What deleted studies had committed in one currency, fees included: it goes on counting against the budget."""

    __tablename__ = "deleted_spending"

    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    cents: Mapped[int] = mapped_column(Integer)


class InstallationFact(Base):
    """A fact by name: about the secret key (keytrail/key_rotation.py), or an unfinished analysis of all submissions
    (keytrail/review/analysis/run_of_all.py).
    """

    __tablename__ = "installation_facts"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
