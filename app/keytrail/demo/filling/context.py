"""The context of all steps that fill a demo."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from keytrail.db import Database
from keytrail.demo.filling.account import EMAIL
from keytrail.demo.filling.marketplace import Marketplace
from keytrail.keyring import Keyring
from keytrail.platform_actions.performing import Connections
from keytrail.platform_actions.reconciliation import Reconciler
from keytrail.platform_actions.sender import Sender
from keytrail.settings import Settings
from keytrail.users.accounts import user_by_email


@dataclass(frozen=True)
class DemoContext:
    """A new database, the marketplace, and the owner of all studies. Times come from the marketplace's clock."""

    database: Database
    keyring: Keyring
    settings: Settings
    market: Marketplace
    connections: Connections

    @cached_property
    def owner_id(self) -> int:
        """The id of the user whom visitors of the demo sign in as."""
        with self.database.reading() as db:
            return user_by_email(db, EMAIL).id

    def at(self, now: datetime) -> None:
        """Set the clock of the simulated marketplace to a moment."""
        self.market.clock.now = now

    @property
    def now(self) -> datetime:
        """Return the simulated time, in UTC."""
        return self.market.clock()

    @property
    def sender(self) -> Sender:
        """A sender for queued actions."""
        return Sender(self.database, self.connections, self.keyring, self.market.clock)

    @property
    def reconciler(self) -> Reconciler:
        """Return a reconciler, which compares the stored assignments with the marketplace's."""
        return Reconciler(self.database, self.connections, self.keyring, self.market.clock)
