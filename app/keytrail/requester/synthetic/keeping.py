"""How the pages on prevalence and conditions come to their figures: at once, and anew beside the server."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import BackgroundTasks, Depends
from sqlalchemy.orm import Session

from keytrail.models import Study
from keytrail.synthetic.kept import Kept, Kind, bring_up_to_date, look, subject_of
from keytrail.synthetic.kept.kinds import Found
from keytrail.web.services import CurrentServices, Now, ReadSession, Services


@dataclass(frozen=True)
class Keeper:
    """Shows what is kept; what is out of date is worked out after the answer."""

    db: Session
    at_hand: Services
    now: datetime
    after: BackgroundTasks

    def look(self, kind: Kind[Found], *studies: Study) -> Kept[Found]:
        """The figures of these studies together, of whatever moment."""
        kept = look(self.db, kind, studies, self.now)
        if kept.due:
            subject = subject_of(kind, studies)
            self.after.add_task(bring_up_to_date, self.at_hand.database, subject, self.at_hand.clock)
        return kept


def _keeper(db: ReadSession, at_hand: CurrentServices, now: Now, after: BackgroundTasks) -> Keeper:
    return Keeper(db, at_hand, now, after)


CurrentKeeper = Annotated[Keeper, Depends(_keeper)]
